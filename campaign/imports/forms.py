"""Forms for importing signatures collected elsewhere."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectMultipleField
from wtforms.validators import Optional, StopValidation

from campaign.core.forms import (
    DayField,
    Filled,
    LineField,
    NoLongerThan,
    PastedField,
    PlainText,
    TeamForm,
    YesField,
    refuse_future,
)


class UploadForm(TeamForm):
    """A list from elsewhere: a file, or pasted lines; and where it comes from."""

    sheet = FileField(_l("File: CSV or Excel (.xlsx)"))
    lines = PastedField(_l("Or paste the names, one per line"))
    # Of a statement of a network: those of its members that sign, each ticked by a person.
    members = SelectMultipleField(
        _l("Members that have decided to sign"), coerce=int, choices=[], validate_choice=False
    )
    source = LineField(
        _l("How were the names collected?"),
        [
            Filled(_l("Please say where the names come from: this is shown publicly.")),
            NoLongerThan(200),
            PlainText(),
        ],
    )
    collected_on = DayField(_l("When? (optional)"), [Optional()])
    evidence = LineField(_l("Who holds the originals? (optional)"), [NoLongerThan(200), PlainText()])

    def validate_collected_on(self, field: DayField) -> None:
        refuse_future(field.data)

    def validate_lines(self, field: PastedField) -> None:
        if not self.sheet.data and not self.members.data and not (field.data or "").strip():
            raise StopValidation(_("Please choose a file, or paste the names."))

    def validate_members(self, field: SelectMultipleField) -> None:
        if not set(field.data or ()) <= {value for value, _name in field.choices}:
            raise StopValidation(_("The list of members has changed meanwhile. Please tick them again."))
        if field.data and (self.sheet.data or (self.lines.data or "").strip()):
            raise StopValidation(
                _("Please import the ticked members and the other list one after the other.")
            )


class OrderForm(TeamForm):
    """The rows to leave out of an import."""

    leave_problems = YesField()
    leave_doubles = YesField()
    again = YesField()
