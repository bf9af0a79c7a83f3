"""A statement with its list, ready to be typeset: every word is chosen, and the database is not needed
again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.formats import country_name, day, moment, number
from campaign.core.language import canonical, language, locale_of
from campaign.core.settings import settings
from campaign.core.text import render_markdown
from campaign.documents.blocks import Block, blocks_of, plain
from campaign.documents.document_numbers import Printed, grouped, number_of
from campaign.extensions import db
from campaign.handover.frozen_lists import published_digest, signatories_of
from campaign.handover.models import FrozenList
from campaign.people.queries import people_of, totals
from campaign.signatories.organisation_display import as_shown, by_name, grouped_by_country
from campaign.signatories.queries import Counts, SignatoryLine, counts_of, list_part, whole_list
from campaign.signatures.models import SignatoryKind
from campaign.statements.models import Kind, Revision
from campaign.statements.queries import Recipient, StatementPage, choose_translation, statement_page

# A first line of this length at most, without a full stop, greets somebody.
_LONGEST_GREETING = 90
# So many signatories stand in one file; a longer list has several. Typst takes 5 kB for each.
PART = 10_000


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of the list: the signatory, in small letters below what else is known, and the country that
    they are from.
    """

    name: str
    known: tuple[str, ...] = ()
    country: str | None = None

    @property
    def below(self) -> str:
        """What else is known, in one line."""
        return ", ".join(self.known)


@dataclass(frozen=True, slots=True)
class LetterGroup:
    """Signatories under one heading: those from a country, or of one consultative status."""

    name: str
    organisations: list[Signed]
    people: list[Signed]


@dataclass(frozen=True, slots=True)
class Part:
    """A file of several, with the signatories from `first` to `last`; `unnamed` of them show no name:
    (organisations, people).
    """

    number: int
    parts: int
    first: int
    last: int
    unnamed: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Letter:
    """The whole content of a printed letter, or of one part of it: the text stands in the first."""

    statement: StatementPage
    dated: str
    blocks: list[Block]
    organisations: list[Signed]
    people: list[Signed]
    counts: Counts
    as_of: dt.datetime
    number: str
    # Of a frozen list, the digest over its lines.
    list_sha256: str = ""
    # The same names once more, where the list is to be grouped.
    groups: tuple[LetterGroup, ...] = ()
    part: Part | None = None
    # The town from which it is sent, and the words that greet the addressee.
    place: str = ""
    salutation: str = ""

    @property
    def place_and_date(self) -> str:
        """The place, where it is known, and the date."""
        return f"{self.place}, {self.dated}" if self.place else self.dated

    @property
    def addressees(self) -> tuple[Recipient, ...]:
        """The addressees of the statement."""
        return self.statement.addressees

    @property
    def check_url(self) -> str:
        """The short address of the page that says whether it is genuine."""
        return canonical(f"/v/{self.number}")

    @property
    def unnamed(self) -> tuple[int, int]:
        """(organisations, people) that are counted without a name."""
        if self.part:
            return self.part.unnamed
        return max(self.counts.organisations - len(self.organisations), 0), max(
            self.counts.people - len(self.people), 0
        )

    def labels(self) -> dict[str, str]:
        """The words around the text, in the language of the interface."""
        organisations, people = self.unnamed
        unnamed = [
            ngettext(
                "%(num)s organisation whose name is not shown",
                "%(num)s organisations whose names are not shown",
                organisations,
            )
            if organisations
            else "",
            ngettext(
                "%(num)s person whose name is not shown", "%(num)s people whose names are not shown", people
            )
            if people
            else "",
        ]

        respelled = _(
            "Names marked with * are written in Latin letters here; the list on the page shows them as "
            "they were signed."
        )

        return {
            "to": _("To"),
            "organisations": counts_line(Counts(organisations=self.counts.organisations)),
            "people": counts_line(Counts(people=self.counts.people)),
            "signed": counts_line(self.counts),
            "unnamed": ", ".join(filter(None, unnamed)),
            "part": self._part_line(),
            "respelled": respelled,
            "as_of": _("List as of %(moment)s UTC", moment=moment(self.as_of)),
            "text": _("text %(number)s", number=self.statement.revision),
            "sha256": f"SHA-256 {self.statement.sha256}",
            "list_sha256": _("of the list: %(digest)s", digest=self.list_sha256) if self.list_sha256 else "",
            "check": _("Check that it is genuine, and what has changed since:"),
            "number": grouped(self.number),
            "publishers": _("Published by:"),
            "published_by": _("Published by:")
            + " "
            + ", ".join(owner.name for owner in self.statement.owners)
            if self.statement.owners
            else "",
            "source": _("Source: %(source)s", source=self.statement.source) if self.statement.source else "",
        }

    def _part_line(self) -> str:
        if not self.part or self.part.parts == 1:
            return ""
        part = self.part
        return str(
            _(
                "Part %(number)s of %(parts)s: signatories %(first)s to %(last)s",
                number=part.number,
                parts=part.parts,
                first=number(part.first),
                last=number(part.last),
            )
        )


def letter_of(
    statement_id: int, wanted: str | None = None, *, by_country: bool = False, part: Part | None = None
) -> Letter:
    """A published statement with its list as it stands now, or with a part of it, grouped by country if
    wanted.

    Raises NotOpen for a draft.
    """
    page = statement_page(statement_id, language(), wanted)
    counts, now = counts_of(statement_id), clock.now()
    printed = Printed(page.id, page.revision, now, counts.people, counts.organisations)
    lines = whole_list(statement_id) if part is None else list_part(statement_id, part.number, PART)
    lines = as_shown(page, lines)
    letter = _letter(page, lines, counts, now, number_of(printed))
    if part is not None:
        letter = _only(letter, part, lines)
    return replace(letter, groups=tuple(_from_countries(lines))) if by_country else letter


def letter_in_order(
    page: StatementPage,
    counts: Counts,
    lines: Sequence[SignatoryLine],
    *,
    register: bool,
    part: Part | None,
    groups: Mapping[int, str] | None = None,
    place: str = "",
) -> Letter:
    """A letter with these lines in their order; with `register`, organisations by the names shown. `groups`:
    the headings by the positions of lines, where they are to be grouped. One of several parts says so.
    """
    now = clock.now()
    printed = Printed(page.id, page.revision, now, counts.people, counts.organisations)
    shown = as_shown(page, lines)
    letter = _letter(page, shown, counts, now, number_of(printed), register=register)
    letter = replace(letter, place=place, salutation=_salutation(letter))
    if part is not None:
        letter = _only(letter, part, shown)
    return replace(letter, groups=_under_headings(shown, groups)) if groups else letter


def _salutation(letter: Letter) -> str:
    """The words that greet the addressee, in the language of the text; empty where there is none, and where
    the text begins with such words: a short line that is no sentence.
    """
    page = letter.statement
    if not page.addressees or page.language not in LANGUAGES:
        return ""
    first = letter.blocks[0] if letter.blocks else None
    said = plain(first["words"]).strip() if first and first["is"] == "paragraph" else ""
    if said and len(said) <= _LONGEST_GREETING and not said.endswith("."):
        return ""
    with force_locale(locale_of(page.language)):
        one = page.addressees[0] if len(page.addressees) == 1 else None
        if one is not None and one.lines:
            return str(_("Dear %(name)s,", name=one.name))
        return str(_("Dear Sir or Madam,"))


def _under_headings(lines: list[SignatoryLine], groups: Mapping[int, str]) -> tuple[LetterGroup, ...]:
    """The signatories of a letter under their headings; those without a name are only counted."""
    found = {name: LetterGroup(name, [], []) for name in groups.values()}
    for line in lines:
        if line.organisation or line.name:
            group = found[groups[line.position]]
            if line.kind == SignatoryKind.ORGANISATION:
                group.organisations.append(_organisation(line))
            else:
                group.people.append(_person(line))
    return tuple(group for group in found.values() if group.organisations or group.people)


def parts_of(signatories: int) -> list[Part]:
    """The files in which the paper of a list of this length comes."""
    starts = range(1, max(signatories, 1) + 1, PART)
    return [
        Part(number, len(starts), first, min(first + PART - 1, signatories))
        for number, first in enumerate(starts, 1)
    ]


def _only(letter: Letter, part: Part, lines: list[SignatoryLine]) -> Letter:
    """The letter as one part of several. Its text stands in the first."""
    bare = [line.kind for line in lines if not (line.organisation or line.name)]
    unnamed = bare.count(SignatoryKind.ORGANISATION), bare.count(SignatoryKind.PERSON)
    return replace(
        letter, part=replace(part, unnamed=unnamed), blocks=letter.blocks if part.number == 1 else []
    )


def frozen_letter(frozen: FrozenList, part: Part | None = None) -> Letter:
    """A list that was handed over, or a part of it, with its text at that time.

    Signatories who have taken their name back since are only counted.
    """
    page, revision = (
        statement_page(frozen.statement_id, language()),
        db.session.get_one(Revision, frozen.revision_id),
    )
    text = choose_translation(revision, language())
    said = replace(page, title=text.title, body=render_markdown(text.body), language=text.language)
    then = replace(said, revision=revision.number, sha256=revision.sha256 or "")
    counts = Counts(frozen.people, frozen.organisations)
    lines = signatories_of(frozen.id, part.first, part.last) if part else signatories_of(frozen.id)
    letter = _letter(then, lines, counts, frozen.frozen_at, frozen.id)
    return replace(_only(letter, part, lines) if part else letter, list_sha256=published_digest(frozen))


def _letter(
    page: StatementPage,
    lines: list[SignatoryLine],
    counts: Counts,
    moment: dt.datetime,
    number: str,
    *,
    register: bool = True,
) -> Letter:
    named = [line for line in lines if line.organisation or line.name]
    organisations = [line for line in named if line.kind == SignatoryKind.ORGANISATION]
    return Letter(
        page,
        day(page.dated, page.dated_precision),
        blocks_of(str(page.body)),
        [_organisation(line) for line in (by_name(organisations) if register else organisations)],
        [_person(line) for line in named if line.kind == SignatoryKind.PERSON],
        counts,
        moment,
        number,
    )


def _from_countries(lines: list[SignatoryLine]) -> Iterator[LetterGroup]:
    for part in grouped_by_country(line for line in lines if line.organisation or line.name):
        # Their country stands above them.
        yield LetterGroup(
            part.name or _("Country not given"),
            [_organisation(line, with_country=False) for line in part.organisations],
            [_person(line, with_country=False) for line in part.people],
        )


def page_address(page: StatementPage) -> str:
    """The whole address of the statement's page."""
    return settings().site_url + url_for("pages.statement", slug=page.slug)


def _organisation(line: SignatoryLine, *, with_country: bool = True) -> Signed:
    title = line.title if line.name else None
    country = country_name(line.country) if with_country else None
    return Signed(
        line.organisation or line.name or "",
        _known(line.name if line.organisation else None, title, country, _text_of(line)),
        line.country,
    )


def _person(line: SignatoryLine, *, with_country: bool = True) -> Signed:
    country = country_name(line.country) if with_country else None
    return Signed(
        line.name or "", _known(line.affiliation, line.city or country, _text_of(line)), line.country
    )


def _text_of(line: SignatoryLine) -> str:
    """The mark of a signatory who has not agreed to the demands as they stand; empty for all others."""
    return str(_("signed text %(number)s", number=line.revision)) if line.earlier else ""


def _known(*parts: str | None) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def counts_line(counts: Counts) -> str:
    """The numbers of organisations and of people."""
    organisations = ngettext(
        "%(number)s organisation",
        "%(number)s organisations",
        counts.organisations,
        number=number(counts.organisations),
    )
    people = ngettext("%(number)s person", "%(number)s people", counts.people, number=number(counts.people))
    if counts.organisations and counts.people:
        return str(_("%(organisations)s and %(people)s", organisations=organisations, people=people))
    return str(organisations if counts.organisations else people if counts.people else _("No signatures"))


def free_line(page: StatementPage) -> str | None:
    """The number of people of a release campaign who are free.

    None where nobody is yet, and for statements of another kind.
    """
    counted = totals(people_of(page.id, language())) if page.kind is Kind.RELEASE_CAMPAIGN else None
    if counted is None or not counted.free:
        return None
    shown = {"number": number(counted.free), "people": number(counted.people)}
    return str(
        ngettext(
            "%(number)s of %(people)s is free", "%(number)s of %(people)s are free", counted.free, **shown
        )
    )
