"""The upload of a sheet: a chosen file, or the text of the one whose plan is confirmed."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from wtforms import FileField

from campaign.sheets.errors import SheetUnreadable


def uploaded(field: FileField) -> bytes:
    """The file, or the text that the confirmation brings back.

    Raises SheetUnreadable where there is neither.
    """
    body: bytes = field.data.read() if field.data else request.form.get("text", "").encode()
    if not body:
        raise SheetUnreadable(_("Please choose a file."))
    return body
