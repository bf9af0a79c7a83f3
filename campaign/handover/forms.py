"""Forms for recording a handover and the reply to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import Optional, StopValidation

from campaign.core import clock
from campaign.core.forms import (
    DayField,
    Filled,
    LineField,
    NoLongerThan,
    PlainName,
    PlainText,
    TeamForm,
    refuse_future,
)
from campaign.core.language import language
from campaign.handover.models import Channel
from campaign.handover.queries import channel_names
from campaign.statements.addressees import label
from campaign.statements.models import Addressee

NOBODY = 0


class HandoverForm(TeamForm):
    """Who handed over what to whom, when, and by which channel."""

    addressee = SelectField(_l("Addressee"), coerce=int, default=NOBODY, validate_choice=False)
    to_whom = LineField(_l("Received by, if not the addressee (optional)"), [NoLongerThan(200), PlainName()])
    by_whom = LineField(
        _l("Handed over by"), [Filled(_l("Please say who handed it over.")), NoLongerThan(200), PlainName()]
    )
    handed_on = DayField(_l("Day"), default=clock.today)
    channel = SelectField(_l("How"), choices=lambda: list(channel_names().items()), validate_choice=False)

    def offer(self, addressees: list[Addressee]) -> None:
        """Offer the addressees of the statement, the first of them chosen; anybody else can be written
        out.
        """
        self.addressee.choices = [
            *((one.id, label(one, language())) for one in addressees),
            (NOBODY, _("somebody else")),
        ]
        if addressees and not self.is_submitted():
            self.addressee.data = addressees[0].id

    def validate_addressee(self, field: SelectField) -> None:
        if field.data not in {addressee_id for addressee_id, _name in field.choices}:
            raise StopValidation(_("This addressee is no longer in the address book. Please choose again."))

    def validate_to_whom(self, field: LineField) -> None:
        if not field.data and not self.addressee.data:
            raise StopValidation(_("Please say who it was handed to."))

    def validate_handed_on(self, field: DayField) -> None:
        refuse_future(field.data)

    def validate_channel(self, field: SelectField) -> None:
        if field.data not in set(Channel):
            raise StopValidation(_("Please choose how it was handed over."))


class ReplyForm(TeamForm):
    """The reply and its day. Without a day there was none."""

    replied_on = DayField(_l("Day of the reply"), [Optional()])
    reply = TextAreaField(
        _l("What was answered, in a few words"), [NoLongerThan(2_000), PlainText(lines=True)]
    )

    def __init__(self, handed_on: dt.date, **kept: Any) -> None:
        super().__init__(**kept)
        self.handed_on = handed_on

    def validate_replied_on(self, field: DayField) -> None:
        if field.data and field.data < self.handed_on:
            raise StopValidation(_("This is before the handover. Please choose a later day."))
        refuse_future(field.data)

    def validate_reply(self, field: TextAreaField) -> None:
        if field.data and not self.replied_on.data and not self.replied_on.errors:
            raise StopValidation(_("Please give the day of the reply too."))
