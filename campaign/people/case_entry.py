"""A person entered in one form: names, role, portrait, what happened, the wish, and the address for letters.

The rest of the case file is folded away on the same page, and can follow on the person's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import RadioField
from wtforms.validators import StopValidation

from campaign.accounts.permissions import current_member
from campaign.config import LANGUAGES
from campaign.core import clock, pictures
from campaign.core.forms import DayField, LineField, NoLongerThan, PlainText, YesField
from campaign.core.ids import new_id
from campaign.core.integers import whole_number
from campaign.core.language import default_language, language
from campaign.extensions import db
from campaign.people import team_operations
from campaign.people.dates import When, parse
from campaign.people.detention import Length
from campaign.people.errors import TimelineFault
from campaign.people.event_forms import MOST_YEARS
from campaign.people.forms import PARTS, PersonForm, person_form_values, refuse_future
from campaign.people.labels import fault_in_words, wish_words
from campaign.people.models import Person, PersonName
from campaign.people.portraits import DrawnPortrait, draw
from campaign.people.rights import may_find
from campaign.people.timeline import Event, ordered
from campaign.people.vocabulary import EventKind, Script, Wish

# What is a person's own, and so is not taken over from another file.
_OWN = ("others", "canonical", "aliases", "sealed", "born")
_OWN_PARTS = ("life", "health")


class _CaseEntryForm(PersonForm):
    picture = FileField(_l("Picture"))
    description = LineField(_l("Description"), [NoLongerThan(200), PlainText()])
    credit = LineField(_l("Photographer or source (optional)"), [NoLongerThan(200), PlainText()])
    arrested = LineField(_l("Arrested"))
    sentenced = LineField(_l("Sentenced"))
    years = LineField(_l("Sentence: years"))
    months = LineField(_l("and months"))
    released = LineField(_l("Released (if free again)"))
    still = YesField(_l("I have checked today that this is still so"))
    wish = RadioField(
        _l("What may be shown"),
        choices=lambda: list(wish_words().items()),
        default=Wish.UNKNOWN,
        validate_choice=False,
    )
    said_by = LineField(_l("Source of the wish"), [NoLongerThan(300), PlainText()])
    recorded_by = LineField(_l("Received by"), [NoLongerThan(300), PlainText()])
    said_on = DayField(_l("On"))
    namesake = YesField(_l("This is another person of the same name"))

    def __init__(self, *positional: Any, **values: Any) -> None:
        values.setdefault("data", {})
        values["data"] = {"recorded_by": current_member().name, "said_on": clock.today()} | values["data"]
        super().__init__(*positional, **values)
        # People with a name that was typed, where nobody has said yet that it is somebody else.
        self.known: list[Person] = []
        self.drawn: DrawnPortrait | None = None

    def validate_arrested(self, field: LineField) -> None:
        _read(field)

    def validate_sentenced(self, field: LineField) -> None:
        _read(field)

    def validate_released(self, field: LineField) -> None:
        _read(field)

    def validate_years(self, field: LineField) -> None:
        if field.data and whole_number(field.data, MOST_YEARS) is None:
            raise StopValidation(_("Please enter a whole number of years, such as 14."))
        if field.data and not self.sentenced.data:
            raise StopValidation(_("Please enter the day of the sentence too, or: unknown."))

    def validate_months(self, field: LineField) -> None:
        if field.data and whole_number(field.data, 11) is None:
            raise StopValidation(_("Please enter a number of months from 0 to 11; twelve make a year."))
        if field.data and not self.sentenced.data:
            raise StopValidation(_("Please enter the day of the sentence too, or: unknown."))

    def validate_still(self, field: YesField) -> None:
        if field.data and not self.arrested.data:
            raise StopValidation(_("Please say first what happened, at least when the person was arrested."))

    def validate_wish(self, field: RadioField) -> None:
        if field.data not in set(Wish):
            raise StopValidation(_("Please choose what may be shown."))

    def validate_said_by(self, field: LineField) -> None:
        if self.wish.data != Wish.UNKNOWN and not field.data:
            raise StopValidation(_("Please say who expressed the wish."))

    def validate_recorded_by(self, field: LineField) -> None:
        # Whoever enters it has received it, unless another is named.
        field.data = field.data or current_member().name

    def validate_said_on(self, field: DayField) -> None:
        if self.wish.data != Wish.UNKNOWN and not field.data and not field.errors:
            raise StopValidation(_("Please give the day."))
        refuse_future(field)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then the picture, and that nobody of this name is entered already."""
        passed = bool(super().validate(extra_validators))
        self.drawn = pictures.drawn_in(self.picture, draw, needed=False)
        if self.description.data and self.drawn is None and not self.picture.errors:
            self.picture.errors = [_("There is a description but no picture. Please choose the picture.")]
        return passed and not self.picture.errors and self._is_new()

    def story(self) -> list[Event]:
        """The events that were typed, once the form is valid. A sentence comes with its verdict."""
        arrested, sentenced, released = (
            parse(field.data) if field.data else None
            for field in (self.arrested, self.sentenced, self.released)
        )
        years, months = whole_number(self.years.data) or 0, whole_number(self.months.data) or 0
        length = Length(years, months) if years or months else None
        told: list[tuple[EventKind, When, Length | None]] = []
        if arrested:
            told.append((EventKind.ARREST, arrested, None))
        if sentenced:
            told += [(EventKind.VERDICT, sentenced, None), (EventKind.SENTENCE, sentenced, length)]
        if released:
            told.append((EventKind.RELEASE, released, None))
        return _one_after_another(told)

    def say(self, refused: TimelineFault) -> None:
        """Put the fault beside the field that it is about."""
        kind = refused.fault.at.kind
        field = {EventKind.ARREST: self.arrested, EventKind.RELEASE: self.released}.get(kind, self.sentenced)
        field.errors = [fault_in_words(refused.fault)]

    def name_typed(self) -> str:
        """The name of the person in the language of the desk, or in the first one there is."""
        names: Mapping[str, str] = self.entry().names
        return names.get(language()) or next(iter(names.values()))

    def _is_new(self) -> bool:
        if self.errors or self.namesake.data:
            return not self.errors
        named = select(PersonName.person_id).where(PersonName.name.in_(set(self.entry().names.values())))
        found = db.session.scalars(select(Person).where(Person.id.in_(named)).order_by(Person.slug))
        self.known = [person for person in found if may_find(person)]
        if self.known:
            self.namesake.errors = [
                _(
                    "There is a case file under this name already. If this is somebody else, please tick"
                    " the box."
                )
            ]
        return not self.known


# The fields for each language came with the form of a record.
CaseEntryForm: Any = _CaseEntryForm


def values_like(person: Person) -> dict[str, Any]:
    """The values of the form for somebody with a similar case: without what is the other person's own."""
    own = {*_OWN, *(f"name_{code}" for code in LANGUAGES)}
    own |= {f"{part}_{code}" for part in _OWN_PARTS for code in LANGUAGES}
    values = {name: value for name, value in person_form_values(person).items() if name not in own}
    for event in ordered(person.events):
        if event.kind == EventKind.ARREST:
            values |= {"arrested": str(event.when), "sentenced": "", "years": "", "months": ""}
        elif event.kind == EventKind.SENTENCE:
            values |= {
                "sentenced": str(event.when),
                "years": str(event.years or ""),
                "months": str(event.months or ""),
            }
    return values


def enter_case(session: Session, form: Any) -> Person:
    """A case file with all that was typed, once the form is valid. Flushes. Raises TimelineFault."""
    person = team_operations.open_file(session, form.entry())
    if story := form.story():
        team_operations.enter_events(session, person.id, story)
    if form.wish.data != Wish.UNKNOWN:
        told = form.said_by.data, form.recorded_by.data, form.said_on.data
        team_operations.write_down_wish(session, person.id, Wish(form.wish.data), *told)
    if form.drawn is not None:
        described = form.description.data or _("Portrait: %(name)s", name=form.name_typed())
        team_operations.change_portrait(session, person.id, form.drawn, described[:200], form.credit.data)
    if form.still.data:
        team_operations.confirm_status(session, person.id, clock.today())
    return person


def languages_first(wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """The languages whose fields stand open (those of a campaign's text, or the reader's own), and the
    others.
    """
    first = [code for code in wanted if code in LANGUAGES] or list(
        dict.fromkeys([language(), default_language()])
    )
    return first, [code for code in LANGUAGES if code not in first]


def folds(form: Any, others: Sequence[str]) -> dict[str, bool]:
    """The folded parts of the page, each True where it is open: something in it is wrong, or filled in."""
    parts = {
        "names": ["others", "canonical", "aliases", *_in(("name", "role"), others)],
        "letters": ["letters", "letter_languages", "moving", *(f"address_{script}" for script in Script)],
        "facts": ["employer", "kept_by", "born", "recognised", "sources", "sealed"],
        "story": _in([part for part in PARTS if part != "role"], LANGUAGES),
    }
    parts["letters"] += [f"country_{script}" for script in Script]
    return {
        fold: any(form[name].errors or _filled(form[name]) for name in names) for fold, names in parts.items()
    }


def _in(parts: Sequence[str], languages: Iterable[str]) -> list[str]:
    return [f"{part}_{code}" for code in languages for part in parts]


def _filled(field: Any) -> bool:
    return field.name not in ("canonical", "kept_by") and field.data not in (
        None,
        "",
        [],
        0,
        False,
        "unknown",
    )


def _one_after_another(told: list[tuple[EventKind, When, Length | None]]) -> list[Event]:
    """Events of which one without a date follows the one before it."""
    events: list[Event] = []
    for kind, when, length in told:
        behind = events[-1].event_id if events and when.day is None else None
        events.append(Event(kind, when, length, follows=behind, event_id=new_id()))
    return events


def _read(field: LineField) -> None:
    try:
        when = parse(field.data) if field.data else None
    except ValueError:
        raise StopValidation(
            _("Please enter the date as 2021-07-14, 2021-07, 2021, by 2025-09, or: unknown.")
        ) from None
    if when is not None and when.day is not None and when.day > clock.today():
        raise StopValidation(_("This day is in the future. Please record only what has happened."))
