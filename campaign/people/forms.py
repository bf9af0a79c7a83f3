"""The form of a case file. Every field is flat: one per language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import StopValidation

from campaign.accounts.permissions import confined_to
from campaign.config import LANGUAGES
from campaign.core import clock, edit_lock
from campaign.core.dates import Precision, iso_date
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
    YesField,
)
from campaign.core.language import language_tag
from campaign.core.long_select import KnownCountryField
from campaign.core.names import NameKind
from campaign.organisations.fields import organisation_choices
from campaign.organisations.forms import (
    BETWEEN,
    LONGEST_NAME,
    MOST_LINES,
    OTHER,
    canonical_choices,
    tagged_name,
)
from campaign.people.dates import Bound, When, parse
from campaign.people.detention import can_precede
from campaign.people.labels import letter_words, script_words, wish_words
from campaign.people.models import Person
from campaign.people.operations import CaseFileContent, LetterAddress, PersonFacts, Told, sealed_sources
from campaign.people.vocabulary import Letters, Script, Wish

NOBODY = 0
LONGEST_TEXT = 20_000
LINES_OF_TEXT = ("role", "organisation", "recognised_by")
PARTS = (*LINES_OF_TEXT, "life", "health", "letter_note")


class _PersonForm(TeamForm):
    others = LinesField(_l("Names in other languages and scripts, one per line (optional)"))
    canonical = SelectField(
        _l("Main name"), choices=lambda: canonical_choices(), default="", validate_choice=False
    )
    aliases = LinesField(_l("Other spellings, one per line"))
    kept_by = SelectField(
        _l("File kept by"),
        coerce=int,
        choices=lambda: keeper_choices(),
        default=NOBODY,
        validate_choice=False,
    )
    employer = SelectField(
        _l("Organisation, from the registry"),
        coerce=int,
        choices=lambda: _employers(),
        default=NOBODY,
        validate_choice=False,
    )
    born = LineField(_l("Born (optional)"))
    recognised = LineField(_l("Recognised as a political prisoner (optional)"))
    letters = SelectField(
        _l("Letters"),
        choices=lambda: list(letter_words().items()),
        default=Letters.UNKNOWN,
        validate_choice=False,
    )
    letter_languages = LineField(_l("Languages in which letters get through (optional)"), [NoLongerThan(100)])
    moving = YesField(_l("May be moved any day: warn people who write"))
    sources = LinesField(_l("Public sources, one per line"))
    sealed = LinesField(_l("Sealed sources, one per line"))
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
            _check_name(self, name)
            spoken.append(tag)

    def validate_aliases(self, field: LinesField) -> None:
        _refuse_too_many(field)
        for name in field.data:
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

    def validate_kept_by(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in keeper_choices()}:
            raise StopValidation(_("Please choose an organisation that you work for."))

    def validate_employer(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in _employers()}:
            raise StopValidation(_("Please choose an organisation from the list."))

    def validate_born(self, field: LineField) -> None:
        _check_past(field)

    def validate_recognised(self, field: LineField) -> None:
        _check_past(field)
        try:
            born, recognised = read_date(self.born.data), read_date(field.data)
        except ValueError:
            return
        if born and recognised and not can_precede(born, recognised):
            raise StopValidation(_("This day comes before the birth. Please check both dates."))

    def validate_letters(self, field: SelectField) -> None:
        if field.data not in set(Letters):
            raise StopValidation(_("Please choose from the list whether letters arrive."))

    def validate_letter_languages(self, field: LineField) -> None:
        typed = [part.strip() for part in (field.data or "").split(",") if part.strip()]
        tags = [language_tag(part) for part in typed]
        if None in tags:
            raise StopValidation(_("Please enter language codes separated by commas, such as be, ru."))
        field.data = ",".join(dict.fromkeys(tag for tag in tags if tag))

    def validate_sources(self, field: LinesField) -> None:
        _check_sources(field)

    def validate_sealed(self, field: LinesField) -> None:
        _check_sources(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is at least one name, and a country for each address."""
        passed = bool(super().validate(extra_validators))
        return self._has_name() & self._addresses_are_whole() & passed

    def _has_name(self) -> bool:
        if self.others.errors or any(self[f"name_{code}"].data for code in LANGUAGES) or self.others.data:
            return True
        first = self[f"name_{next(iter(LANGUAGES))}"]
        first.errors = [*first.errors, _("Please enter the name in at least one language.")]
        return False

    def _addresses_are_whole(self) -> bool:
        whole = True
        for script in Script:
            lines, country = self[f"address_{script}"], self[f"country_{script}"]
            if country.data and country.data not in country_codes():
                country.errors, whole = [_("Please choose a country from the list.")], False
            elif lines.data and not country.data:
                country.errors, whole = [_("Please choose the country: no letter arrives without it.")], False
            elif country.data and not lines.data:
                lines.errors, whole = [_("Please enter the address, or leave out the country.")], False
        return whole

    def entry(self) -> CaseFileContent:
        """The person as typed, once the form is valid."""
        typed = {code: self[f"name_{code}"].data for code in LANGUAGES}
        others = dict(tagged_name(line) for line in self.others.data)
        names = {code: name for code, name in typed.items() if name} | others
        chosen = (
            next(iter(others)) if self.canonical.data == OTHER else self.canonical.data or next(iter(names))
        )

        return CaseFileContent(
            names={chosen: names[chosen], **names},
            aliases=[alias for alias in self.aliases.data if alias not in set(names.values())],
            texts={
                code: Told(**{part: (self[f"{part}_{code}"].data or "").strip() for part in PARTS})
                for code in LANGUAGES
            },
            addresses={
                script: LetterAddress(
                    "\n".join(self[f"address_{script}"].data), self[f"country_{script}"].data
                )
                for script in Script
                if self[f"address_{script}"].data
            },
            sources=self.sources.data,
            sealed_sources=self.sealed.data,
            facts=self._facts(),
        )

    def _facts(self) -> PersonFacts:
        born, recognised = read_date(self.born.data), read_date(self.recognised.data)
        return PersonFacts(
            kept_by_id=self.kept_by.data or None,
            organisation_id=self.employer.data or None,
            born_on=born.day if born else None,
            born_precision=born.precision if born else Precision.DAY,
            recognised_on=recognised.day if recognised else None,
            recognised_precision=recognised.precision if recognised else Precision.DAY,
            letters=Letters(self.letters.data),
            letter_languages=self.letter_languages.data or "",
            moving=self.moving.data,
        )

    def language_fields(self) -> list[tuple[str, Any]]:
        """Language and field of each name, for the template."""
        return [(code, self[f"name_{code}"]) for code in LANGUAGES]


def _fields(code: str) -> dict[str, Any]:
    return {
        f"name_{code}": LineField(
            _l("Name: %(language)s", language=LANGUAGES[code]), [NoLongerThan(LONGEST_NAME), PlainName()]
        ),
        f"role_{code}": LineField(_l("Role"), [NoLongerThan(200), PlainName(NameKind.ROLE)]),
        f"organisation_{code}": LineField(
            _l("Organisation, if it is not in the registry"),
            [NoLongerThan(200), PlainName(NameKind.ORGANISATION)],
        ),
        f"recognised_by_{code}": LineField(_l("Recognised by"), [NoLongerThan(200), PlainText()]),
        f"life_{code}": TextAreaField(
            _l("Life, in Markdown"), [NoLongerThan(LONGEST_TEXT), PlainText(lines=True)]
        ),
        f"health_{code}": TextAreaField(_l("Health"), [NoLongerThan(4_000), PlainText(lines=True)]),
        f"letter_note_{code}": TextAreaField(
            _l("What to know before writing a letter"), [NoLongerThan(4_000), PlainText(lines=True)]
        ),
    }


def _address(script: Script) -> dict[str, Any]:
    label = (
        _l("Address in Latin letters, without the country")
        if script is Script.LATIN
        else _l("Address in Cyrillic letters, without the country")
    )
    return {
        f"address_{script}": _AddressField(label),
        f"country_{script}": KnownCountryField(_l("Country"), nothing=lambda: _("not chosen")),
    }


class _AddressField(LinesField):
    """The lines of an address, which may repeat."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = [" ".join(line.split()) for line in str(valuelist[0]).splitlines()] if valuelist else []
        self.data = [line for line in lines if line]

    def pre_validate(self, form: Any) -> None:
        if len(self.data or []) > 10 or any(len(line) > 100 for line in self.data or []):
            raise StopValidation(_("Please enter at most 10 lines of at most 100 characters."))
        PlainText()(form, SimpleNamespace(data=" ".join(self.data or [])))


# FormMeta collects them as if they stood in the class.
PersonForm = type(
    "PersonForm",
    (_PersonForm,),
    {name: field for code in LANGUAGES for name, field in _fields(code).items()}
    | {name: field for script in Script for name, field in _address(script).items()},
)


class WishForm(TeamForm):
    """What the person or the family wants shown, and who expressed it."""

    wish = RadioField(
        _l("What may be shown"), choices=lambda: list(wish_words().items()), validate_choice=False
    )
    said_by = LineField(
        _l("Source of the wish"),
        [Filled(_l("Please say who expressed the wish.")), NoLongerThan(300), PlainText()],
    )
    recorded_by = LineField(
        _l("Received by"),
        [Filled(_l("Please say which member of the team received it.")), NoLongerThan(300), PlainText()],
    )
    said_on = DayField(_l("On"), [Filled(_l("Please give the day."))])

    def validate_wish(self, field: RadioField) -> None:
        if field.data not in set(Wish):
            raise StopValidation(_("Please choose what may be shown."))

    def validate_said_on(self, field: DayField) -> None:
        refuse_future(field)


class ConfirmForm(TeamForm):
    """The last day on which the status was confirmed."""

    still_on = DayField(_l("Status confirmed on"), [Filled(_l("Please give the day."))])

    def validate_still_on(self, field: DayField) -> None:
        refuse_future(field)


class PortraitForm(TeamForm):
    """A picture, its description for screen readers, and who took it."""

    picture = FileField(_l("Picture"))
    description = LineField(
        _l("Description"),
        [
            Filled(_l("Please say in a few words what the picture shows: a description for screen readers.")),
            NoLongerThan(200),
            PlainText(),
        ],
    )
    credit = LineField(_l("Photographer or source (optional)"), [NoLongerThan(200), PlainText()])


class FileForm(TeamForm):
    """A file of case files."""

    file = FileField(_l("File: CSV, Excel (.xlsx) or JSON"))


def person_form_values(person: Person) -> dict[str, Any]:
    """The values of the form for a case file, by field."""
    names = sorted(
        (name for name in person.names if name.use == "name"),
        key=lambda name: (not name.canonical, name.language),
    )
    return {
        **{f"name_{name.language}": name.name for name in names},
        "others": [f"{name.language}: {name.name}" for name in names if name.language not in LANGUAGES],
        "canonical": names[0].language if names[0].language in LANGUAGES else OTHER,
        "aliases": [name.name for name in person.names if name.use == "alias"],
        "kept_by": person.kept_by_id or NOBODY,
        "employer": person.organisation_id or NOBODY,
        "born": iso_date(person.born_on, person.born_precision) if person.born_on else "",
        "recognised": iso_date(person.recognised_on, person.recognised_precision)
        if person.recognised_on
        else "",
        "letters": person.letters,
        "letter_languages": person.letter_languages,
        "moving": person.moving,
        "sources": [row.line for row in person.sources if row.line is not None],
        "sealed": sealed_sources(person),
        **{f"{part}_{text.language}": getattr(text, part) for text in person.texts for part in PARTS},
        **{f"address_{row.script}": row.lines.splitlines() for row in person.addresses},
        **{f"country_{row.script}": row.country for row in person.addresses},
    }


def person_fingerprint(person: Person) -> str:
    """The fingerprint of the form's values for a case file, and of its id."""
    return edit_lock.fingerprint({"id": str(person.id)} | person_form_values(person))


def keeper_choices() -> list[tuple[int, str]]:
    """The organisations that can keep a file: for a member who works for some organisations, one of them."""
    confined = confined_to()
    if confined is None:
        return [(NOBODY, _("the team of the whole site")), *organisation_choices()]
    return [choice for choice in organisation_choices() if choice[0] in confined]


def read_date(typed: str | None) -> When | None:
    """A date of which a day, a month or a year is known; None for nothing. Raises ValueError."""
    when = parse(typed) if typed else None
    if when is not None and when.bound is not Bound.ON:
        raise ValueError(typed)
    return when


def script_label(script: Script) -> str:
    """The name of a script: in Latin letters, in Cyrillic letters."""
    return script_words()[script]


def _employers() -> list[tuple[int, str]]:
    return [(NOBODY, _("none, or not in the registry")), *organisation_choices()]


def _check_past(field: LineField) -> None:
    try:
        when = read_date(field.data)
    except ValueError:
        raise StopValidation(
            _("Please enter a day, a month or a year, such as 1979-05-21, 1979-05 or 1979.")
        ) from None
    if when is not None and not when.begun(clock.today()):
        raise StopValidation(_("This day is in the future. Please record only what has happened."))


def refuse_future(field: DayField) -> None:
    """Check that a day is not to come. Raises StopValidation."""
    day: dt.date | None = field.data
    if day is not None and day > clock.today():
        raise StopValidation(_("This day is in the future. Please record only what has happened."))


def _check_name(form: Any, name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise StopValidation(_("One of these names is longer than %(most)s characters.", most=LONGEST_NAME))
    PlainName()(form, SimpleNamespace(data=name))


def _check_sources(field: LinesField) -> None:
    _refuse_too_many(field)
    lines: Iterable[str] = field.data
    if any(len(line) > 500 for line in lines):
        raise StopValidation(_("Please enter at most 500 characters per line."))
    PlainText()(None, SimpleNamespace(data=" ".join(lines)))


def _refuse_too_many(field: LinesField) -> None:
    if len(field.data) > MOST_LINES:
        raise StopValidation(_("Please enter at most %(most)s lines.", most=MOST_LINES))
