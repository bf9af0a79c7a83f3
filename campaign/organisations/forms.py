"""Forms of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField
from wtforms.validators import Optional, StopValidation

from campaign.config import LANGUAGES
from campaign.core import clock, edit_lock
from campaign.core.edit_lock import OpenedWithField
from campaign.core.formats import country_codes
from campaign.core.forms import (
    DayField,
    Filled,
    LineField,
    LinesField,
    NoLongerThan,
    PlainName,
    PlainText,
    TeamForm,
    Website,
    YesField,
)
from campaign.core.integers import whole_number
from campaign.core.language import language_name, language_tag
from campaign.core.long_select import KnownCountryField
from campaign.core.names import NameKind
from campaign.organisations.domains import own_domain
from campaign.organisations.errors import DomainRefused
from campaign.organisations.models import Organisation, UnStatus
from campaign.organisations.operations import OrganisationFacts

LONGEST_NAME = 200
MOST_LINES = 50
# The canonical name is the first of those in other languages.
OTHER = "other"
# The separator of the aliases in one cell of a sheet.
BETWEEN = "|"
_EARLIEST = 1000


@dataclass(frozen=True, slots=True)
class OrganisationContent:
    """An organisation as it was typed. `names` maps language to name, the canonical one first."""

    names: dict[str, str]
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    facts: OrganisationFacts


class _OrganisationForm(TeamForm):
    others = LinesField(_l("Names in other languages and scripts, one per line (optional)"))
    canonical = SelectField(
        _l("Main name"), choices=lambda: canonical_choices(), default="", validate_choice=False
    )
    aliases = LinesField(_l("Other names, one per line"))
    country = KnownCountryField(_l("Country"))
    website = LineField(_l("Website"), [NoLongerThan(500), PlainText(), Website()])
    domains = LinesField(_l("Own e-mail domains, one per line"))
    un_status = SelectField(
        _l("Consultative status with the UN"),
        choices=lambda: status_choices(),
        default=UnStatus.NONE,
        validate_choice=False,
    )
    founded = LineField(_l("Year founded (optional)"))
    liquidated_on = DayField(_l("Liquidated on (optional)"), [Optional()])
    liquidated_by = LineField(_l("By whom"), [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ORGANISATION)])
    continues_from = LineField(
        _l("Continues its work from"), [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ORGANISATION)]
    )
    is_network = YesField(_l("A network: its members are organisations"))
    # Confirmed once similar ones have been shown.
    sure = YesField()
    state = OpenedWithField()

    def validate_others(self, field: LinesField) -> None:
        _refuse_too_many(field)
        spoken: list[str] = []
        for line in field.data:
            tag, name = tagged_name(line)
            if tag in spoken:
                raise StopValidation(
                    _(
                        "There are two names for “%(code)s”. Please put the second one among the other "
                        "names.",
                        code=tag,
                    )
                )
            _check_length(name)
            _check_name(self, name)
            spoken.append(tag)

    def validate_aliases(self, field: LinesField) -> None:
        _refuse_too_many(field)
        for name in field.data:
            _check_length(name)
            _check_name(self, name)
            if BETWEEN in name:
                raise StopValidation(_("A name can't contain the character |."))

    def validate_canonical(self, field: SelectField) -> None:
        if field.data not in dict(canonical_choices()):
            raise StopValidation(_("Please choose the main name from the list."))
        if field.data and not (self.others.data if field.data == OTHER else self[f"name_{field.data}"].data):
            raise StopValidation(
                _("There is no name in this language. Please enter it, or choose another main name.")
            )

    def validate_country(self, field: SelectField) -> None:
        if field.data and field.data not in country_codes():
            raise StopValidation(_("Please choose a country from the list."))

    def validate_domains(self, field: LinesField) -> None:
        _refuse_too_many(field)
        field.data = list(dict.fromkeys(_own_domain(typed) for typed in field.data))

    def validate_un_status(self, field: SelectField) -> None:
        if field.data not in set(UnStatus):
            raise StopValidation(_("Please choose a status from the list."))

    def validate_founded(self, field: LineField) -> None:
        year = whole_number(field.data or "")
        if field.data and (year is None or not _EARLIEST <= year <= clock.today().year):
            raise StopValidation(_("Please enter a year with four digits, such as 1996."))

    def validate_liquidated_on(self, field: DayField) -> None:
        if field.data and field.data > clock.today():
            raise StopValidation(_("This day is in the future. Please record only what has happened."))

    def validate_liquidated_by(self, field: LineField) -> None:
        if (
            (field.data or self.continues_from.data)
            and not self.liquidated_on.data
            and not self.liquidated_on.errors
        ):
            raise StopValidation(_("Please give the day of the liquidation too."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is at least one name."""
        passed = bool(super().validate(extra_validators))
        if self.others.errors or any(self[f"name_{code}"].data for code in LANGUAGES) or self.others.data:
            return passed
        first = self[f"name_{next(iter(LANGUAGES))}"]
        first.errors = [*first.errors, _("Please enter the name in at least one language.")]
        return False

    def entry(self) -> OrganisationContent:
        """The organisation as it was typed, once the form is valid."""
        typed = {code: self[f"name_{code}"].data for code in LANGUAGES}
        others = dict(tagged_name(line) for line in self.others.data)
        names = {code: name for code, name in typed.items() if name} | others
        chosen = (
            next(iter(others)) if self.canonical.data == OTHER else self.canonical.data or next(iter(names))
        )
        aliases = tuple(alias for alias in self.aliases.data if alias not in set(names.values()))
        return OrganisationContent(
            {chosen: names[chosen], **names}, aliases, tuple(self.domains.data), self._facts()
        )

    def _facts(self) -> OrganisationFacts:
        return OrganisationFacts(
            country=self.country.data or None,
            website=self.website.data or None,
            un_status=UnStatus(self.un_status.data),
            founded=whole_number(self.founded.data or ""),
            liquidated_on=self.liquidated_on.data,
            liquidated_by=self.liquidated_by.data or None,
            continues_from=self.continues_from.data or None,
            is_network=self.is_network.data,
        )

    def language_fields(self) -> list[tuple[str, Any]]:
        """Language and field of each name, for the template."""
        return [(code, self[f"name_{code}"]) for code in LANGUAGES]


def _name_field(code: str) -> LineField:
    return LineField(
        _l("Name: %(language)s", language=LANGUAGES[code]),
        [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ORGANISATION)],
    )


# One field per language of the interface; FormMeta collects them as if they stood in the class.
OrganisationForm = type(
    "OrganisationForm", (_OrganisationForm,), {f"name_{code}": _name_field(code) for code in LANGUAGES}
)


class LogoForm(TeamForm):
    """A picture, and its description for screen readers."""

    picture = FileField(_l("Picture"))
    description = LineField(
        _l("Description"),
        [
            Filled(_l("Please say in a few words what the logo shows: a description for screen readers.")),
            NoLongerThan(200),
            PlainText(),
        ],
    )


class LogoRemovalForm(TeamForm):
    """The end of a logo."""

    everywhere = YesField(_l("On closed lists too"))


class SheetForm(TeamForm):
    """A sheet of the registry."""

    sheet = FileField(_l("File: CSV or Excel (.xlsx)"))


def organisation_form_values(organisation: Organisation) -> dict[str, Any]:
    """The values of the form for a record, by field."""
    names = sorted(
        (name for name in organisation.names if name.use == "name"),
        key=lambda name: (not name.canonical, name.language),
    )
    return {
        **{f"name_{name.language}": name.name for name in names},
        "others": [f"{name.language}: {name.name}" for name in names if name.language not in LANGUAGES],
        "canonical": names[0].language if names[0].language in LANGUAGES else OTHER,
        "aliases": [
            name.name for name in sorted(organisation.names, key=lambda name: name.id) if name.use == "alias"
        ],
        "country": organisation.country or "",
        "website": organisation.website or "",
        "domains": sorted(row.domain for row in organisation.domains),
        "un_status": organisation.un_status,
        "founded": str(organisation.founded or ""),
        "liquidated_on": organisation.liquidated_on,
        "liquidated_by": organisation.liquidated_by or "",
        "continues_from": organisation.continues_from or "",
        "is_network": organisation.is_network,
    }


def organisation_fingerprint(organisation: Organisation) -> str:
    """The fingerprint of the form's values for a record, and of its id: records are merged."""
    return edit_lock.fingerprint({"id": organisation.id} | organisation_form_values(organisation))


def status_choices() -> list[tuple[str, str]]:
    """Each consultative status with the Economic and Social Council, in words."""
    words = {
        UnStatus.NONE: _("none"),
        UnStatus.GENERAL: _("general"),
        UnStatus.SPECIAL: _("special"),
        UnStatus.ROSTER: _("roster"),
    }
    return [(str(status), word) for status, word in words.items()]


def canonical_choices() -> list[tuple[str, str]]:
    """The language of the main name."""
    named = [(code, language_name(code)) for code in LANGUAGES]
    return [("", _("the first name given")), *named, (OTHER, _("the first name in another language"))]


def tagged_name(line: str) -> tuple[str, str]:
    """The line `be-Latn: Viasna` as its two parts."""
    code, _colon, name = line.partition(":")
    tag, name = language_tag(code), name.strip()
    if tag is None or not name:
        raise StopValidation(
            _("Please begin each line with the code of its language, such as be-Latn: Viasna.")
        )

    if tag in LANGUAGES:
        raise StopValidation(
            _(
                "There is a separate field for the name in this language: %(language)s.",
                language=LANGUAGES[tag],
            )
        )

    return tag, name


def _check_length(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise StopValidation(_("One of these names is longer than %(most)s characters.", most=LONGEST_NAME))


def _check_name(form: _OrganisationForm, name: str) -> None:
    PlainName(NameKind.ORGANISATION)(form, SimpleNamespace(data=name))


def _refuse_too_many(field: LinesField) -> None:
    if len(field.data) > MOST_LINES:
        raise StopValidation(_("Please enter at most %(most)s lines.", most=MOST_LINES))


def _own_domain(typed: str) -> str:
    try:
        return own_domain(typed)
    except DomainRefused as refused:
        if refused.shared:
            message = _(
                "Anyone can have a mailbox at %(domain)s. Please enter a domain that only the organisation "
                "uses.",
                domain=refused.domain,
            )
            raise StopValidation(message) from None
        raise StopValidation(
            _(
                "“%(domain)s” is not an e-mail domain. It should have the form our-organisation.org.",
                domain=refused.domain,
            )
        ) from None
