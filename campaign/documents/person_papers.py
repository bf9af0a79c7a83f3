"""Papers about one person: envelope, postcard, poster and cards.

The caller has made sure that all of it may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.core import clock
from campaign.core.formats import countries, day, number
from campaign.core.language import language
from campaign.core.settings import settings
from campaign.documents.paper_fonts import initials, set_line
from campaign.documents.pdf import drawn, typeset
from campaign.people.detention import Case
from campaign.people.dossier import PersonPage
from campaign.people.labels import standing_in_words
from campaign.people.vocabulary import Script
from campaign.site.queries import this_site

# Countries whose post reads Cyrillic, with the language in which the country is named there.
_CYRILLIC_POST = {
    "BY": "be",
    "RU": "ru",
    "UA": "uk",
    "KZ": "ru",
    "KG": "ru",
    "TJ": "ru",
    "BG": "bg",
    "RS": "sr",
    "MK": "mk",
    "MN": "mn",
}
_NAMES = {Script.CYRILLIC: ("be", "ru", "uk"), Script.LATIN: ("en", "be-Latn", "pl", "de")}
# This much of a name is the same in every grammatical case.
_STEM = 4
# The data for the code of papers that show none.
_NO_CODE = "none"


@dataclass(frozen=True, slots=True)
class Postal:
    """A postal address as it stands on an envelope: name, lines, country."""

    script: Script
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The address as text to copy."""
        return "\n".join(self.lines)


def postal_addresses(page: PersonPage) -> list[Postal]:
    """The postal addresses, in the script that the post there reads first."""
    if page.letters is None:
        return []
    found = [
        _postal(page, script, lines, country) for script, (lines, country) in page.letters.addresses.items()
    ]
    local = any(country in _CYRILLIC_POST for _lines, country in page.letters.addresses.values())
    return sorted(found, key=lambda postal: (postal.script is Script.CYRILLIC) is not local)


def postal_in(page: PersonPage, wanted: str | None) -> Postal:
    """The address in a script, else in the first one. At least one must exist."""
    found = postal_addresses(page)
    return next((postal for postal in found if postal.script == wanted), found[0])


def envelope_pdf(postal: Postal) -> bytes:
    """DL, with the address alone: nothing on it tells where it was printed. Raises TooManyAtOnce."""
    return typeset("envelope.typ", {"lines": list(map(set_line, postal.lines))}, _NO_CODE)


def postcard_pdf(postal: Postal) -> bytes:
    """A6, two sides: a landscape, and room for a message beside the address. Raises TooManyAtOnce."""
    return typeset("postcard.typ", {"lines": list(map(set_line, postal.lines))}, _NO_CODE)


def person_poster_pdf(page: PersonPage, portrait: bytes | None) -> bytes:
    """A4 for a wall, with a code that leads to the page. Raises TooManyAtOnce."""
    address = person_address(page)
    asked = (
        _("Write a letter. Sign. Tell others.")
        if page.may_be_written_to
        else _("Read what happened. Sign. Tell others.")
    )
    data = _told(page) | {"invitation": asked, "address": address.partition("://")[2]}
    return typeset("person_poster.typ", data, address, files=_with(portrait))


def person_card_png(page: PersonPage, portrait: bytes | None) -> bytes:
    """1080 × 1080 pixels. Raises TooManyAtOnce."""
    return typeset(
        "person_card.typ",
        _told(page) | {"layout": "portrait"},
        _NO_CODE,
        files=_with(portrait),
        result="set.png",
    )


def day_card_png(page: PersonPage, portrait: bytes | None) -> bytes:
    """1080 × 1080 pixels, with the number of days in front. Raises TooManyAtOnce."""
    return typeset(
        "person_card.typ", _told(page) | {"layout": "days"}, _NO_CODE, files=_with(portrait), result="set.png"
    )


def person_address(page: PersonPage) -> str:
    """The whole address of the person's page."""
    return settings().site_url + url_for("pages.person", slug=page.slug)


def _told(page: PersonPage) -> dict[str, Any]:
    name, case = set_line(page.name), page.case
    return {
        "name": name,
        "initials": initials(name.text),
        "role": set_line(page.role.text),
        "language": language(),
        "site": this_site().name,
        "credit": _("Photo: %(name)s", name=page.portrait.credit)
        if page.portrait and page.portrait.credit
        else "",
        "portrait": page.portrait is not None,
        **(_days(case) if case else {}),
    }


def _days(case: Case) -> dict[str, Any]:
    known = bool(case.periods) and case.days.known
    since = standing_in_words(case.status, None if case.in_custody else case.since)
    as_of = case.as_of if case.needs_checking and case.as_of else clock.today()
    return {
        "days": number(case.days.count) if known else "",
        "unit": ngettext("day in detention", "days in detention", case.days.count) if known else "",
        "least": _("at least") if known and not case.days.exact else "",
        "held": case.in_custody,
        "status": since[:1].upper() + since[1:],
        "as_of": _("as of %(date)s", date=day(as_of)),
    }


def _with(portrait: bytes | None) -> Mapping[str, bytes]:
    return {"portrait.svg": drawn(portrait)} if portrait else {}


def _postal(page: PersonPage, script: Script, lines: Sequence[str], country: str) -> Postal:
    names = {page.language: page.name, **dict(page.names)}
    # Whoever entered an address with a name knew how the prison spells it.
    stems = {
        word[:_STEM].casefold() for name in names.values() for word in name.split() if len(word) >= _STEM
    }
    named = any(stem in lines[0].casefold() for stem in stems)
    return Postal(
        script, (*(() if named else (_name_in(script, names, page),)), *lines, _country(script, country))
    )


def _name_in(script: Script, names: Mapping[str, str], page: PersonPage) -> str:
    let_through = page.letters.languages if page.letters else ()
    order = (*(code for code in let_through if code in _NAMES[script]), *_NAMES[script])
    return next((names[code] for code in order if code in names), page.name)


def _country(script: Script, code: str) -> str:
    """The country as the post there reads it; in Cyrillic also for the sender's post."""
    english = dict(countries("en")).get(code, code).upper()
    if script is Script.LATIN:
        return english
    local = dict(countries(_CYRILLIC_POST.get(code, "ru"))).get(code, code).upper()
    return f"{local} / {english}"
