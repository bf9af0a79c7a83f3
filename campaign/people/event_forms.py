"""The form of an event of a timeline."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional, StopValidation

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.edit_lock import OpenedWithField
from campaign.core.forms import HourField, LineField, NoLongerThan, PlainText, TeamForm
from campaign.core.ids import new_id
from campaign.core.integers import whole_number
from campaign.core.long_select import ZoneField
from campaign.core.timezones import NoSuchTime, in_zone, local_moment, zone_names
from campaign.people.dates import When, parse
from campaign.people.detention import Fault, FaultKind, Happening, Length, can_precede
from campaign.people.errors import TimelineFault
from campaign.people.labels import fault_in_words, kind_words, when_in_words
from campaign.people.models import CaseEvent
from campaign.people.timeline import Event, Words, event_fingerprint
from campaign.people.vocabulary import SENTENCING, SITTINGS, EventKind

WORDS = ("article", "explanation", "place", "note")
MOST_YEARS = 99


class _EventForm(TeamForm):
    kind = SelectField(
        _l("What happened"),
        choices=lambda: [("", _("Please choose")), *kind_words().items()],
        default="",
        validate_choice=False,
    )
    when = LineField(_l("When"))
    until = LineField(_l("Released (only for an arrest, if it is over)"))
    follows = SelectField(
        _l("Comes after (if the date is unknown)"), default="", validate_choice=False, choices=[("", "")]
    )
    sits_at = HourField(_l("Time of the hearing (if known)"), [Optional()])
    time_zone = ZoneField(_l("Time zone of the court"), default="Europe/Minsk")
    years = LineField(_l("Length: years"))
    months = LineField(_l("and months"))
    state = OpenedWithField()

    def validate_kind(self, field: SelectField) -> None:
        if field.data not in set(EventKind):
            raise StopValidation(_("Please choose what happened."))

    def validate_when(self, field: LineField) -> None:
        when = _read(field)
        ahead = when is not None and _lies_ahead(when)
        if when is None:
            raise StopValidation(_("Please say when, or enter: unknown."))
        if ahead and self.kind.data not in SITTINGS:
            raise StopValidation(
                _(
                    "This day is in the future. Only trials, hearings, verdicts and appeals can be entered "
                    "in advance."
                )
            )

    def validate_until(self, field: LineField) -> None:
        until = _read(field)
        if until is not None and self.kind.data != EventKind.ARREST:
            raise StopValidation(_("Only an arrest ends with a release here. Please leave this empty."))
        if until is not None and _lies_ahead(until):
            raise StopValidation(_("This day is in the future. Please record only what has happened."))
        arrested = self._when()
        if until is not None and arrested is not None and not can_precede(arrested, until):
            pair = Happening(EventKind.RELEASE, until), Happening(EventKind.ARREST, arrested)
            raise StopValidation(fault_in_words(Fault(FaultKind.END_BEFORE_START, *pair)))

    def validate_follows(self, field: SelectField) -> None:
        if field.data and field.data not in {value for value, _name in field.choices}:
            raise StopValidation(_("Please choose an event from the list."))

    def validate_sits_at(self, field: HourField) -> None:
        if not field.data:
            return
        if self.kind.data not in SITTINGS:
            raise StopValidation(
                _("Only trials, hearings, verdicts and appeals have a time. Please leave this empty.")
            )

        when = self._when()
        if when is None or not when.exact or when.day is None:
            raise StopValidation(
                _("A time needs a known day. Please enter the day above, such as 2026-03-03.")
            )

        try:
            local_moment(
                when.day, field.data, self.time_zone.data if self.time_zone.data in zone_names() else "UTC"
            )
        except NoSuchTime:
            raise StopValidation(
                _("Clocks go forward that night, and this time does not exist. Please choose another.")
            ) from None

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise StopValidation(_("Please choose a time zone from the list."))

    def validate_years(self, field: LineField) -> None:
        if field.data and self.kind.data not in SENTENCING:
            raise StopValidation(_("Only a sentence or an appeal has a length. Please leave this empty."))
        if field.data and whole_number(field.data, MOST_YEARS) is None:
            raise StopValidation(_("Please enter a whole number of years, such as 14."))

    def validate_months(self, field: LineField) -> None:
        if field.data and self.kind.data not in SENTENCING:
            raise StopValidation(_("Only a sentence or an appeal has a length. Please leave this empty."))
        if field.data and whole_number(field.data, 11) is None:
            raise StopValidation(_("Please enter a number of months from 0 to 11; twelve make a year."))

    def offer(self, others: Sequence[tuple[str, str]]) -> None:
        """Let the event follow one of these: (id, name)."""
        self.follows.choices = [("", _("nothing: it comes last")), *others]

    def events(self) -> list[Event]:
        """The events that were typed, once the form is valid: one, and with an arrest the release that ended
        it.
        """
        kind, when = EventKind(self.kind.data), parse(self.when.data)
        event = Event(
            kind,
            when,
            self._length(),
            self._starts_at(when),
            self.time_zone.data,
            uuid.UUID(self.follows.data) if self.follows.data and when.day is None else None,
            {
                code: Words(**{part: (self[f"{part}_{code}"].data or "").strip() for part in WORDS})
                for code in LANGUAGES
            },
            new_id(),
        )
        if not self.until.data:
            return [event]
        return [event, Event(EventKind.RELEASE, parse(self.until.data), event_id=new_id())]

    def say(self, refused: TimelineFault, entered: Sequence[Event]) -> None:
        """Put the fault beside the field that it is about."""
        ended = len(entered) > 1 and refused.fault.at.event_id == entered[1].event_id
        field = self.until if ended else self.when
        field.errors = [fault_in_words(refused.fault)]

    def _when(self) -> When | None:
        try:
            return parse(self.when.data or "")
        except ValueError:
            return None

    def _length(self) -> Length | None:
        years, months = whole_number(self.years.data) or 0, whole_number(self.months.data) or 0
        return Length(years, months) if years or months else None

    def _starts_at(self, when: When) -> dt.datetime | None:
        if self.sits_at.data is None or when.day is None:
            return None
        return local_moment(when.day, self.sits_at.data, self.time_zone.data)


def _fields(code: str) -> dict[str, Any]:
    return {
        f"article_{code}": LineField(_l("Article of the law"), [NoLongerThan(200), PlainText()]),
        f"explanation_{code}": TextAreaField(
            _l("What the article says, in a sentence"), [NoLongerThan(1_000), PlainText(lines=True)]
        ),
        f"place_{code}": LineField(_l("Place"), [NoLongerThan(200), PlainText()]),
        f"note_{code}": TextAreaField(
            _l("Further details, in Markdown"), [NoLongerThan(4_000), PlainText(lines=True)]
        ),
    }


# FormMeta collects them as if they stood in the class.
EventForm = type(
    "EventForm", (_EventForm,), {name: field for code in LANGUAGES for name, field in _fields(code).items()}
)


def event_form_values(event: CaseEvent) -> dict[str, Any]:
    """The values of the form for an event, by field."""
    values: dict[str, Any] = {
        "kind": event.kind,
        "when": str(event.when),
        "follows": str(event.follows_id) if event.follows_id else "",
        "years": str(event.years) if event.years else "",
        "months": str(event.months) if event.months else "",
        "state": event_fingerprint(event),
    }
    if event.starts_at:
        values |= {"sits_at": in_zone(event.starts_at, event.time_zone).time(), "time_zone": event.time_zone}
    return values | {f"{part}_{text.language}": getattr(text, part) for text in event.texts for part in WORDS}


def event_name(event: CaseEvent) -> str:
    """The name of an event: Arrest, 14 July 2021."""
    return f"{kind_words()[EventKind(event.kind)]}, {when_in_words(event.when)}"


def _lies_ahead(when: When) -> bool:
    """True for a date that nobody can know yet, also for one that says "by" a day to come."""
    return when.day is not None and when.day > clock.today()


def _read(field: LineField) -> When | None:
    try:
        return parse(field.data) if field.data else None
    except ValueError:
        raise StopValidation(
            _("Please enter the date as 2021-07-14, 2021-07, 2021, by 2025-09, or: unknown.")
        ) from None
