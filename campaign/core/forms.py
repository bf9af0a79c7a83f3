"""The base of every form, and the checks of single fields that all rooms share."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Form, PasswordField, StringField, TextAreaField, TimeField
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from campaign.core import clock
from campaign.core.address_slips import suggested_address
from campaign.core.mail_addresses import AddressRefused, AddressTrouble, sole_address
from campaign.core.mail_addresses import normal_address as normal_address  # noqa: PLC0414  for the rooms
from campaign.core.names import NameKind, NameTrouble, contact_trouble, has_piled_marks, name_trouble
from campaign.core.text import clean_line, clean_text, has_hidden_characters
from campaign.core.web_addresses import WebsiteRefused, WebsiteTrouble, website

# Beyond these years the offsets of time zones are not known, and nobody means them.
_FIRST_YEAR, _LAST_YEAR = 1800, 2999


def _cleaned(form: Any, formdata: Any) -> Any:
    """What was sent, without invisible marks before any field sees it; passwords, files and what says that it
    keeps them as they are.
    """
    if not isinstance(formdata, MultiDict):
        return formdata
    kept = {field.name for field in form if isinstance(field, (PasswordField, PastedField))}
    return MultiDict(
        (name, clean_text(value) if isinstance(value, str) and name not in kept else value)
        for name, value in formdata.items(multi=True)
    )


class PublicForm(Form):
    """A form of a signer: without CSRF token, since signers have no cookie (core.origin.guard_origin stands
    for it).
    """

    class Meta(Form.Meta):
        """How what was sent comes into the fields."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, without invisible marks."""
            return _cleaned(form, super().wrap_formdata(form, formdata))


class TeamForm(FlaskForm):
    """A form of the team, with CSRF token."""

    class Meta(FlaskForm.Meta):
        """How what was sent comes into the fields."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What was sent, without invisible marks."""
            return _cleaned(form, super().wrap_formdata(form, formdata))


class PastedField(TextAreaField):
    """Pasted lines as they came: tabs between cells, and marks that may part or join what stands beside them.

    Whoever reads them takes the marks out.
    """


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


def address_sentence(refused: AddressRefused) -> str:
    """What is wrong with a mail address, in the reader's language."""
    sentences: dict[Any, str] = {
        AddressTrouble.FORM: _(
            "This does not look like an e-mail address. It should have the form name@example.org."
        ),
        AddressTrouble.SEVERAL: _("There are several e-mail addresses here. Please give one."),
        AddressTrouble.MIXED: _(
            "This address contains letters of two alphabets that look alike, such as the Latin and the "
            "Cyrillic “c”. Please check the keyboard layout and type it again."
        ),
        AddressTrouble.LETTERS: _(
            "Before the @ an e-mail address has Latin letters. Please check the keyboard layout and "
            "type it again."
        ),
    }
    return sentences[refused.trouble]


class MailAddress:
    """A check of one mail address, where one is given, as it is typed; it is kept in its normal form."""

    def __call__(self, form: Form, field: Any) -> None:
        try:
            field.data = sole_address(field.data) if field.data else field.data
        except AddressRefused as refused:
            raise StopValidation(address_sentence(refused)) from None


class Asking:
    """A field that may ask about what was entered, once: the form comes back with it and with a question, and
    the same button sends it as it is. `asked` is what a question was asked about.

    It stands before the field's own class. Questions rest on what was entered and on what everyone may know.
    """

    id: str
    name: str
    asked = ""

    @property
    def asked_name(self) -> str:
        """The name under which a form says that it has asked, and about what."""
        return f"{self.name}-asked"

    def process(self, formdata: Any, *arguments: Any, **values: Any) -> None:
        """Take what was entered, and what was asked about before."""
        super().process(formdata, *arguments, **values)  # type: ignore[misc]
        self.asked = clean_line(formdata.get(self.asked_name, ""))[:254] if formdata else ""

    def asked_input(self, asked: str) -> Markup:
        """The hidden input by which the form remembers its question."""
        shown = Markup('<input type="hidden" id="{}-asked" name="{}" value="{}">')
        return shown.format(self.id, self.asked_name, asked)


class _AskedInput(TextInput):
    """The input of a mail address, and beside it the address that was asked about."""

    def __call__(self, field: Any, **attrs: Any) -> Markup:
        shown = Markup(super().__call__(field, **attrs))  # noqa: S704  made by WTForms
        return shown + field.asked_input(field.asked) if field.asked else shown


class MailField(Asking, LineField):
    """A mail address, checked by syntax alone and kept in its normal form.

    A common slip such as gmial.com is asked about once. The question rests on the spelling alone.
    """

    widget = _AskedInput()
    reader = staticmethod(normal_address)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Bring it into its normal form, then ask about a slip."""
        before, self.asked = self.asked, ""
        if not self.data or validation_stopped:
            return
        typed = self.data
        try:
            self.data = self.reader(typed)
        except AddressRefused as refused:
            raise ValidationError(address_sentence(refused)) from None

        meant = suggested_address(self.data)
        if meant is None or self.data == before:
            self.asked = self.data if meant else ""
            return
        self.asked = self.data
        self.data = typed
        raise ValidationError(
            _(
                "Did you mean %(address)s? If so, please correct it. If yours is right, press the button "
                "again.",
                address=meant,
            )
        )


class ExactMailField(MailField):
    """A mail address for what only its owner may see: taken as it is typed, never mended."""

    reader = staticmethod(sole_address)


class PlainName(PlainText):
    """A check of a name in any script, by the rules of docs/names.md: no mail address, telephone number
    or web address,
    no emoji, at least one letter.
    """

    def __init__(self, kind: NameKind = NameKind.PERSON) -> None:
        super().__init__()
        self.kind = kind

    def __call__(self, form: Form, field: Any) -> None:
        super().__call__(form, field)
        if trouble := name_trouble(field.data or "", self.kind):
            raise StopValidation(name_sentence(trouble, self.kind))


class PublicText:
    """A check of a text that will be public: no mail address and no telephone number, which would be
    gathered there.
    """

    def __call__(self, form: Form, field: Any) -> None:
        text = field.data or ""
        if trouble := contact_trouble(text) or (NameTrouble.MARKS if has_piled_marks(text) else None):
            raise StopValidation(text_sentence(trouble))


def text_sentence(trouble: NameTrouble) -> str:
    """What is wrong with a public text, in the reader's language."""
    if trouble is NameTrouble.MAIL:
        return str(_("This will be public. Please leave out the e-mail address."))
    if trouble is NameTrouble.PHONE:
        return str(_("This will be public. Please leave out the telephone number."))
    return name_sentence(trouble)


def name_sentence(trouble: NameTrouble, kind: NameKind = NameKind.PERSON) -> str:
    """What is wrong with a name, in the reader's language."""
    sentences: dict[Any, str] = {
        NameTrouble.HIDDEN: _(
            "There are invisible characters in this. Please type it again instead of pasting it."
        ),
        NameTrouble.MAIL: _(
            "This looks like an e-mail address, and it would be public. Please enter only the name."
        ),
        NameTrouble.PHONE: _(
            "This looks like a telephone number, and it would be public. Please enter only the name."
        ),
        NameTrouble.WEB: _("A name can't contain a web address."),
        NameTrouble.EMOJI: _(
            "Please write the name without emoji: the list is also printed and handed over."
        ),
        NameTrouble.MARKS: _(
            "There are too many marks above or below one letter. Please write the name without them."
        ),
        NameTrouble.LETTERS: (
            _("Please enter a name with letters or digits.")
            if kind is NameKind.ORGANISATION
            else _("Please enter a name with letters.")
        ),
    }
    return sentences[trouble]


class Website:
    """A check of a website, where one is given; it is kept in its normal form, and empty for `-` or `no
    website`.
    """

    def __call__(self, form: Form, field: Any) -> None:
        try:
            field.data = website(field.data) if field.data else field.data
        except WebsiteRefused as refused:
            raise StopValidation(website_sentence(refused)) from None


def website_sentence(refused: WebsiteRefused) -> str:
    """What is wrong with a website, in the reader's language."""
    sentences: dict[Any, str] = {
        WebsiteTrouble.MAIL: _(
            "This is an e-mail address. Please enter a web address, or leave the field empty."
        ),
        WebsiteTrouble.SCHEME: _(
            "A web address begins with https://. Please enter it, or leave the field empty."
        ),
        WebsiteTrouble.CREDENTIALS: _("Please enter the web address without a user name and password."),
        WebsiteTrouble.PRIVATE: _(
            "Nobody else can open this address. Please enter a public one, or leave the field empty."
        ),
        WebsiteTrouble.MIXED: _(
            "This address contains letters of two alphabets that look alike, such as the Latin and the "
            "Cyrillic “c”. Please check the keyboard layout and type it again."
        ),
        WebsiteTrouble.INCOMPLETE: _("Please enter a web address such as https://our-organisation.org."),
    }
    return sentences[refused.trouble]


def refuse_future(day: dt.date | None) -> None:
    if day and day > clock.today():
        raise StopValidation(_("This day is in the future. Please record only what has happened."))
