"""The form for exporting a list."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import AnyOf

from campaign.core.forms import TeamForm
from campaign.exports.rows import Format


class ExportForm(TeamForm):
    """The format of the file."""

    format = StringField(validators=[AnyOf(list(Format))])
