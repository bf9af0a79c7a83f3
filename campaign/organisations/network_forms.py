"""Forms of a network's members."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms.validators import StopValidation

from campaign.core.forms import Filled, LineField, NoLongerThan, PastedField, PlainText, TeamForm
from campaign.organisations.networks import Span
from campaign.organisations.partial_dates import PartialDate, partial_date

LONGEST_SOURCE = 500


class PartialDateField(LineField):
    """A day, a month or a year, as people type it; `known` is the date."""

    known: PartialDate | None = None

    def pre_validate(self, form: Any) -> None:
        """Read what was typed."""
        try:
            self.known = partial_date(self.data or "")
        except ValueError:
            sentence = _("Please enter a day, a month or a year, such as 2021-07-14, 2021-07 or 2021.")
            raise StopValidation(sentence) from None


class MembershipDatesForm(TeamForm):
    """The dates and the source of a membership."""

    since = PartialDateField(_l("Member since (optional)"))
    until = PartialDateField(_l("Until (optional)"))
    source = LineField(_l("Source"), [NoLongerThan(LONGEST_SOURCE), PlainText()])

    def span(self) -> Span:
        """The span that was typed, once the form is valid."""
        return Span(self.since.known, self.until.known)


class NewMemberForm(MembershipDatesForm):
    """An organisation of the registry that is a member."""

    organisation = LineField(
        _l("Name of the organisation"), [Filled(_l("Please enter the name of an organisation."))]
    )


class MemberTableForm(TeamForm):
    """A list of members: a file, or pasted."""

    sheet = FileField(_l("File: CSV or Excel (.xlsx)"))
    lines = PastedField(_l("Or paste the list"))
