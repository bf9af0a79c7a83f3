"""The form of an update. Every field is flat: one per language."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Optional, StopValidation

from campaign.accounts.permissions import confined_to
from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.dates import Precision
from campaign.core.edit_lock import OpenedWithField
from campaign.core.forms import DayField, HourField, LineField, LinesField, NoLongerThan, PlainText, TeamForm
from campaign.core.integers import whole_number
from campaign.core.language import language
from campaign.core.long_select import ZoneField
from campaign.core.timezones import NoSuchTime, in_zone, local_moment, zone_names
from campaign.statements import topics
from campaign.statements.queries import statement_lines
from campaign.statements.rights import own_statements
from campaign.updates.labels import kind_choices
from campaign.updates.models import Update, UpdateKind
from campaign.updates.operations import Sitting, UpdateContent, UpdateWords, update_fingerprint

NOTHING = 0
LONGEST_BODY = 20_000
_MOST_SOURCES = 20
_FASTEST = 100_000
OF_HEARINGS = ("court", "case", "place", "outcome")
PARTS = ("title", "body", *OF_HEARINGS)
# A scheme, a host without a name or password before it, and no spaces.
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")


class _UpdateForm(TeamForm):
    kind = RadioField(
        _l("Kind of update"), choices=kind_choices, default=UpdateKind.NEWS, validate_choice=False
    )
    statement = SelectField(
        _l("Statement"),
        coerce=int,
        choices=lambda: statement_choices(),
        default=NOTHING,
        validate_choice=False,
    )
    topic = SelectField(
        _l("Topic"), coerce=int, choices=lambda: topic_choices(), default=NOTHING, validate_choice=False
    )
    happened_on = DayField(_l("When it happened (optional)"), [Optional()])
    precision = SelectField(
        _l("Date precision"),
        choices=lambda: precision_choices(),
        default=Precision.DAY,
        validate_choice=False,
    )
    sits_on = DayField(_l("Day of the hearing"), [Optional()])
    sits_at = HourField(_l("Time of the hearing (if known)"), [Optional()])
    time_zone = ZoneField(_l("Time zone of the court"))
    sources = LinesField(_l("Sources, one per line"))
    state = OpenedWithField()

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in set(UpdateKind):
            raise StopValidation(_("Please choose the kind of update."))
        if field.data != UpdateKind.HEARING and self.has_typed_hearing():
            raise StopValidation(
                _(
                    "A field is filled in that only a court hearing has. Please choose “Court hearing”, "
                    "or clear those fields."
                )
            )

    def validate_happened_on(self, field: DayField) -> None:
        if field.data and self.kind.data == UpdateKind.HEARING:
            raise StopValidation(_("A hearing has its own day field below. Please leave this one empty."))

    def validate_statement(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in statement_choices()}:
            raise StopValidation(_("Please choose a statement from the list."))
        if not field.data and confined_to() is not None:
            raise StopValidation(_("Please choose the statement that this is about."))
        if not field.data and not self.topic.data:
            raise StopValidation(_("Please choose the statement or the topic that this is about."))

    def validate_topic(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in topic_choices()}:
            raise StopValidation(_("Please choose a topic from the list."))

    def validate_precision(self, field: SelectField) -> None:
        if field.data not in set(Precision):
            raise StopValidation(_("Please choose the date precision."))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise StopValidation(_("Please choose a time zone from the list."))

    def validate_sits_at(self, field: HourField) -> None:
        if field.data and self.sits_on.data and self.time_zone.data in zone_names():
            try:
                local_moment(self.sits_on.data, field.data, self.time_zone.data)
            except NoSuchTime:
                raise StopValidation(
                    _("Clocks go forward that night, and this time does not exist. Please choose another.")
                ) from None

    def validate_sources(self, field: LinesField) -> None:
        if len(field.data) > _MOST_SOURCES or any(len(line) > 500 for line in field.data):
            raise StopValidation(
                _("Please enter at most %(most)s lines of at most 500 characters.", most=_MOST_SOURCES)
            )

        addresses = [line for line in field.data if "://" in line]
        if any(not line.startswith(("https://", "http://")) for line in addresses):
            raise StopValidation(_("Please begin web addresses with https://."))
        if not all(_ADDRESS.fullmatch(line) for line in addresses):
            raise StopValidation(
                _(
                    "Please enter each web address in full and on its own line, such as https://example.org/page."
                )
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is a title wherever anything else was typed, and at all."""
        passed = bool(super().validate(extra_validators))
        untitled = [
            code
            for code in LANGUAGES
            if not self[f"title_{code}"].data and any(self[f"{part}_{code}"].data for part in PARTS)
        ]
        wanting = untitled or ([] if self.texts() else [next(iter(LANGUAGES))])
        for code in wanting:
            self[f"title_{code}"].errors = [_("Please enter a title.")]

        dayless = self.kind.data == UpdateKind.HEARING and not self.sits_on.data
        if dayless and not self.sits_on.errors:
            self.sits_on.errors = [_("Please give the day of the hearing.")]

        return passed and not wanting and not dayless

    def has_typed_hearing(self) -> bool:
        """True where anything is filled in that only a hearing has."""
        return bool(
            self.sits_on.data
            or self.sits_at.data
            or any(self[f"{part}_{code}"].data for code in LANGUAGES for part in OF_HEARINGS)
        )

    def texts(self) -> list[UpdateWords]:
        """What was typed, the language of the original first, as it was offered."""
        said = []
        for code in LANGUAGES:
            typed = {part: (self[f"{part}_{code}"].data or "").strip() for part in PARTS}
            if typed["title"]:
                said.append(UpdateWords(code, **typed))
        return said

    def entry(self) -> UpdateContent:
        """What was typed, once it is valid."""
        kind = UpdateKind(self.kind.data)
        sitting = None
        if kind is UpdateKind.HEARING:
            moment = local_moment(self.sits_on.data, self.sits_at.data, self.time_zone.data)
            sitting = Sitting(moment, self.time_zone.data, self.sits_at.data is not None)
        happened = self.happened_on.data if kind is not UpdateKind.HEARING else None
        about = (self.statement.data or None, self.topic.data or None)
        return UpdateContent(
            kind, self.texts(), *about, happened, Precision(self.precision.data), self.sources.data, sitting
        )


def _fields(code: str) -> dict[str, Any]:
    return {
        f"title_{code}": LineField(_l("Title"), [NoLongerThan(200), PlainText()]),
        f"body_{code}": TextAreaField(
            _l("Text, in Markdown"), [NoLongerThan(LONGEST_BODY), PlainText(lines=True)]
        ),
        f"court_{code}": LineField(_l("Court"), [NoLongerThan(200), PlainText()]),
        f"case_{code}": LineField(_l("Case"), [NoLongerThan(200), PlainText()]),
        f"place_{code}": LineField(_l("Place"), [NoLongerThan(200), PlainText()]),
        f"outcome_{code}": TextAreaField(
            _l("Outcome, once it is known"), [NoLongerThan(2_000), PlainText(lines=True)]
        ),
    }


# FormMeta collects them as if they stood in the class.
UpdateForm = type(
    "UpdateForm", (_UpdateForm,), {name: field for code in LANGUAGES for name, field in _fields(code).items()}
)


def update_form_values(update: Update) -> dict[str, Any]:
    """The values of the form for an update, by field."""
    values: dict[str, Any] = {
        "kind": update.kind,
        "statement": update.statement_id or NOTHING,
        "topic": update.topic_id or NOTHING,
        "happened_on": update.happened_on,
        "precision": update.precision,
        "sources": update.sources.splitlines(),
        "state": update_fingerprint(update),
    }
    if update.hearing:
        local = in_zone(update.hearing.starts_at, update.hearing.time_zone)
        values |= {
            "sits_on": local.date(),
            "sits_at": local.time() if update.hearing.at_known else None,
            "time_zone": update.hearing.time_zone,
        }

    return values | {
        f"{part}_{text.language}": getattr(text, part) for text in update.texts for part in PARTS
    }


def precision_choices() -> list[tuple[str, str]]:
    """The precisions of a date, in words."""
    return [(Precision.DAY, _("day")), (Precision.MONTH, _("month")), (Precision.YEAR, _("year"))]


def statement_choices() -> list[tuple[int, str]]:
    """The statements that the signed-in member may work on."""
    lines = statement_lines(language(), drafts=True, ids=own_statements())
    return [(NOTHING, _("none")), *((line.id, line.title) for line in lines)]


def topic_choices() -> list[tuple[int, str]]:
    """All topics by name."""
    return [
        (NOTHING, _("none")),
        *((topic.id, topics.shown(topic, language()).name) for topic in topics.all_topics()),
    ]


class MailingForm(TeamForm):
    """When the mails about an update begin, in the time zone of the statement, and how fast they go."""

    on = DayField(_l("Begin on (empty: now)"), [Optional()])
    at = HourField(_l("At"), [Optional()])
    per_hour = LineField(_l("At most so many e-mails an hour (empty: no limit)"), [Optional()])
    zone = "UTC"

    def validate_on(self, field: DayField) -> None:
        """A day without a time must be to come."""
        if field.data and not self.at.data:
            self._check_moment()

    def validate_at(self, field: HourField) -> None:
        """A time needs a day, must exist on it, and must be to come."""
        if field.data and not self.on.data:
            raise StopValidation(_("Please choose the day, too."))
        self._check_moment()

    def _check_moment(self) -> None:
        try:
            moment = self.starts_at()
        except NoSuchTime:
            raise StopValidation(_("The clocks skip this time on that day: please choose another.")) from None
        if moment and moment < clock.now():
            raise StopValidation(_("This time has already passed."))

    def validate_per_hour(self, field: LineField) -> None:
        """A pace is a number that means something."""
        if field.data and not self.pace():
            raise StopValidation(_("Please enter a number from 1 to 100,000, or leave it empty."))

    def pace(self) -> int | None:
        """The most mails in an hour; None for no limit."""
        return whole_number(self.per_hour.data, _FASTEST)

    def starts_at(self) -> dt.datetime | None:
        """The chosen moment; None for now. Raises NoSuchTime."""
        return local_moment(self.on.data, self.at.data or dt.time(9), self.zone) if self.on.data else None
