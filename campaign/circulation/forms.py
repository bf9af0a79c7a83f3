"""The forms of the room: for answers, for the shared link, and for the team."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import StopValidation

from campaign.circulation.contacts import Contact
from campaign.circulation.models import Answer
from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.forms import (
    DayField,
    ExactMailField,
    Filled,
    HourField,
    LineField,
    NoLongerThan,
    PastedField,
    PlainName,
    PlainText,
    PublicForm,
    TeamForm,
    Website,
    YesField,
)
from campaign.core.names import NameKind
from campaign.core.timezones import NoSuchTime, local_moment
from campaign.organisations.name_question import NameQuestion
from campaign.site.country_question import SignersCountryField
from campaign.statements.models import Change

_LAST_DAYS = 60
_LONGEST = 100_000
_WHOLE_TEXT = [Filled(_l("Please leave some of the text.")), NoLongerThan(_LONGEST), PlainText(lines=True)]
_SENT_THERE = [
    Filled(_l("Please enter your e-mail address: your personal link will be sent there.")),
    NoLongerThan(200),
]


def _organisation(**more: Any) -> LineField:
    checks = [
        Filled(_l("Please enter the organisation that you sign for.")),
        NoLongerThan(200),
        PlainName(NameKind.ORGANISATION),
    ]
    return LineField(_l("Organisation"), checks, **more)


class InvitedSignForm(NameQuestion, PublicForm):
    """The form with which a representative signs for an invited organisation."""

    organisation = _organisation()
    name = LineField(_l("Your name"), [Filled(_l("Please enter your name.")), NoLongerThan(200), PlainName()])
    title = LineField(
        _l("Your position"),
        [
            Filled(_l("Please enter your position in the organisation.")),
            NoLongerThan(200),
            PlainName(NameKind.ROLE),
        ],
    )
    country = SignersCountryField(_l("Country"), [MayBeEmpty()], nothing=lambda: "—")
    website = LineField(_l("Website (optional)"), [NoLongerThan(500), PlainText(), Website()])
    show_name = YesField(_l("Show my name and position on the list"))
    logo = YesField(_l("Our organisation’s logo may be shown"))
    shown_early = YesField(_l("Tell other invited organisations that we have signed"))
    read = HiddenField()

    def contact(self) -> Contact:
        """The signing contact, as typed."""
        return Contact(
            "",
            self.name.data,
            self.organisation.data,
            self.title.data,
            self.website.data or "",
            bool(self.show_name.data),
            bool(self.logo.data),
        )


class RemarkForm(PublicForm):
    """The form for an answer other than a signature, with a remark."""

    remark = TextAreaField(
        _l("Message to the organisers (optional)"), [NoLongerThan(2_000), PlainText(lines=True)]
    )


class ForwardForm(PublicForm):
    """The form for passing the link on to a colleague."""

    person = LineField(
        _l("Your colleague’s name"),
        [Filled(_l("Please enter your colleague’s name.")), NoLongerThan(200), PlainName()],
    )
    email = ExactMailField(
        _l("Their e-mail"),
        [Filled(_l("Please enter your colleague’s e-mail address.")), NoLongerThan(200)],
    )


class SharedCodeForm(PublicForm):
    """The form for the code that went to the contact on record."""

    code = LineField(_l("Code"), [Filled(_l("Please enter the eight-digit code.")), NoLongerThan(40)])


class SuggestForm(PublicForm):
    """The form for suggesting changes: the text as it should read."""

    body = TextAreaField(_l("The text as you suggest it"), _WHOLE_TEXT)
    remark = TextAreaField(_l("Why (optional)"), [NoLongerThan(2_000), PlainText(lines=True)])
    read = HiddenField()


class SharedForm(NameQuestion, PublicForm):
    """The form in which somebody who came by the shared link says who they are."""

    organisation = _organisation()
    person = LineField(
        _l("Your name"), [Filled(_l("Please enter your name.")), NoLongerThan(200), PlainName()]
    )
    email = ExactMailField(_l("Your e-mail at the organisation"), _SENT_THERE)


class TermsForm(TeamForm):
    """The form for the terms of a circulation."""

    deadline_on = DayField(_l("Last day"), [Filled(_l("Please choose the last day for answers."))])
    deadline_at = HourField(_l("Until"), [MayBeEmpty()])
    inviter = LineField(
        _l("Invited by"),
        [
            Filled(_l("Please enter who sends the invitation: the e-mails give this name.")),
            NoLongerThan(100),
            PlainName(),
        ],
    )
    email = ExactMailField(
        _l("Their e-mail"),
        [Filled(_l("Please enter the address that replies go to.")), NoLongerThan(200)],
    )
    remind_days = LineField(_l("Reminders, in days before the deadline"), [NoLongerThan(40)])
    discreet = YesField(_l("Discreet: the subject of the e-mail mentions neither the topic nor the deadline"))
    closes_at_once = YesField(_l("Close for signatures on publication"))

    def __init__(self, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def validate_deadline_on(self, field: DayField) -> None:
        try:
            deadline = self.deadline()
        except NoSuchTime:
            raise StopValidation(
                _("Clocks go forward that day, and this time does not exist. Please choose another one.")
            ) from None
        if deadline <= clock.now():
            raise StopValidation(_("This time has already passed."))

    def validate_remind_days(self, field: LineField) -> None:
        try:
            days = self.days()
        except ValueError:
            raise StopValidation(
                _("Please enter days as numbers separated by commas, such as 5, 2, 1.")
            ) from None
        if any(not 0 <= day <= _LAST_DAYS for day in days) or len(days) > 8:
            raise StopValidation(
                _("Please enter at most eight numbers between 0 and %(most)s.", most=_LAST_DAYS)
            )

    def days(self) -> tuple[int, ...]:
        """The days before the deadline on which those who have not answered are reminded.

        Raises ValueError.
        """
        return tuple(
            int(part) for part in (self.remind_days.data or "").replace(";", ",").split(",") if part.strip()
        )

    def deadline(self) -> dt.datetime:
        """The moment, in UTC; without an hour the day counts to its end. Raises NoSuchTime."""
        return local_moment(self.deadline_on.data, self.deadline_at.data or dt.time(23, 59), self.zone)


class InvitationsForm(TeamForm):
    """The form for inviting: contacts of the registry, and pasted addresses."""

    organisations = SelectMultipleField(_l("From the registry"), coerce=int, validate_choice=False)
    pasted = PastedField(_l("Addresses, one per line"), [NoLongerThan(300_000)])
    language = SelectField(
        _l("Language of the e-mail"), choices=[(code, name) for code, name in LANGUAGES.items()]
    )

    def validate_pasted(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and not self.organisations.data:
            raise StopValidation(_("Please choose organisations or paste addresses."))


class ByHandForm(NameQuestion, TeamForm):
    """The form for recording an answer that came by reply or messenger."""

    answer = SelectField(
        _l("Answer"),
        choices=[
            (str(Answer.SIGN), _l("signs")),
            (str(Answer.BOARD), _l("their board decides")),
            (str(Answer.DECLINE), _l("will not sign")),
        ],
        default=str(Answer.SIGN),
    )
    organisation = _organisation()
    asked = _l(
        "The registry has an organisation with almost this name. Please choose it if it is the one; if not, "
        "press the button again."
    )
    person = LineField(_l("Signed by"), [NoLongerThan(200), PlainName()])
    title = LineField(_l("Position"), [NoLongerThan(200), PlainName(NameKind.ROLE)])
    show_name = YesField(_l("They agreed to their name and position being shown"))
    source = LineField(
        _l("How it was received"),
        [
            Filled(_l("Please say how it was received, such as: Signal, 18:40.")),
            NoLongerThan(200),
            PlainText(),
        ],
    )


class RoundForm(TeamForm):
    """The form for sending the changed text round."""

    change = RadioField(
        _l("What has changed"),
        choices=[(Change.EDITORIAL.value, _l("wording only")), (Change.MATERIAL.value, _l("demands change"))],
    )
    note = LineField(_l("What has changed, in one sentence"), [NoLongerThan(500), PlainText()])

    def validate_note(self, field: LineField) -> None:
        if self.change.data == Change.MATERIAL and not field.data:
            raise StopValidation(
                _(
                    "Please say in one sentence what is asked for now: those who have signed will be asked to"
                    " agree."
                )
            )


OTHER_ANSWERS = (Answer.BOARD, Answer.MORE_TIME, Answer.DECLINE)
