"""The base of every form, and the checks of single fields that all rooms share."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Form, StringField, TextAreaField, TimeField
from wtforms.validators import StopValidation

from campaign.core import clock
from campaign.core.text import clean_line, has_hidden_characters, has_letter, has_web_address

# Beyond these years the offsets of time zones are not known, and nobody means them.
_FIRST_YEAR, _LAST_YEAR = 1800, 2999


class PublicForm(Form):
    """A form of a signer: without CSRF token, since signers have no cookie (core.origin.guard_origin stands
    for it).
    """


class TeamForm(FlaskForm):
    """A form of the team, with CSRF token."""


class LineField(StringField):
    """One line of text, kept as it will be stored: NFC, single spaces."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = clean_line(str(valuelist[0])) if valuelist else ""


class LinesField(TextAreaField):
    """One entry per line: `data` is the list of lines, without empty and repeated ones."""

    data: list[str]

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = [clean_line(line) for line in str(valuelist[0]).splitlines()] if valuelist else []
        self.data = list(dict.fromkeys(line for line in lines if line))


class DayField(DateField):
    """A day; in browsers without a picker it is typed as 2026-12-31."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Please enter the day in the form 2026-12-31.")) from None

        day: dt.date | None = cast(Any, self).data
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            # No other check may count this field.
            cast(Any, self).data = None
            raise ValueError(
                _l(
                    "Please enter a day between the years %(first)s and %(last)s.",
                    first=_FIRST_YEAR,
                    last=_LAST_YEAR,
                )
            )


class HourField(TimeField):
    """A time; in browsers without a picker it is typed as 18:30."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Please enter the time in the form 18:30.")) from None


class Filled:
    """A check that the field has a value. `message` says what to enter, in the reader's language."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Form, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(self.message))


class NoLongerThan:
    """A check for at most `most` characters."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Form, field: Any) -> None:
        if field.data and len(field.data) > self.most:
            raise StopValidation(
                _l(
                    "This is %(length)s characters long. Please use at most %(most)s.",
                    length=len(field.data),
                    most=self.most,
                )
            )


class PlainText:
    """A check against control and direction-override characters; line breaks only where `lines`
    allows them.
    """

    def __init__(self, *, lines: bool = False) -> None:
        self.lines = lines

    def __call__(self, form: Form, field: Any) -> None:
        typed = (field.data or "").replace("\r\n", "\n")
        if has_hidden_characters(typed.replace("\n", "") if self.lines else typed):
            raise StopValidation(
                _l("There are invisible characters in this. Please type it again instead of pasting it.")
            )


class YesField(BooleanField):
    """A box to tick. Only a clear yes counts: anything else that a program sends in its place is a no."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the last value sent under this name."""
        self.data = bool(valuelist) and str(valuelist[-1]).strip().lower() in {"y", "yes", "on", "true", "1"}


class MailAddress:
    """A check of a mail address, where one is given; it is kept in its normal form."""

    def __call__(self, form: Form, field: Any) -> None:
        try:
            field.data = normal_address(field.data) if field.data else field.data
        except ValueError:
            raise StopValidation(
                _l("This does not look like an e-mail address. It should have the form name@example.org.")
            ) from None


class PlainName(PlainText):
    """A check of a name in any script: no hidden characters, no web address, at least one letter.

    `domains`: it may read like Change.org.
    """

    def __init__(self, *, domains: bool = False) -> None:
        super().__init__()
        self.domains = domains

    def __call__(self, form: Form, field: Any) -> None:
        super().__call__(form, field)
        if field.data and has_web_address(field.data, domains=self.domains):
            raise StopValidation(_l("A name can't contain a web address."))
        if field.data and not has_letter(field.data):
            raise StopValidation(_l("Please enter a name with letters."))


def normal_address(value: str) -> str:
    """A mail address in its normal form, checked by syntax alone (RFC 5321).

    Raises ValueError with no detail.

    Non-ASCII letters before the @ (RFC 6531) are refused: most servers can't send to them, and the mail would
    be lost in silence. No question goes to the DNS: it would tell outsiders who signs, and let a slow server
    hold up the request.
    """
    try:
        return validate_email(value, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError from None


def refuse_future(day: dt.date | None) -> None:
    if day and day > clock.today():
        raise StopValidation(_("This day is in the future. Please record only what has happened."))
