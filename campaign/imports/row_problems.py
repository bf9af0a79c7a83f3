"""Sentences for the problems of a row of signatories, by code."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaign.imports.column_vocabulary import field_names
from campaign.sheets.plan import register_problems

_SENTENCES = {
    "kind": _l("The row does not say whether this is a person or an organisation."),
    "no name": _l("The name is empty."),
    "no organisation": _l("The name of the organisation is empty."),
    "person": _l("“%(column)s” must be empty for a person."),
    "organisation": _l("“%(column)s” must be empty for an organisation."),
    "only organisations": _l("Only organisations can sign this statement."),
    "only people": _l("Only people can sign this statement."),
    "long": _l("%(column)s: %(length)s characters; at most %(most)s are allowed."),
    "hidden": _l("%(column)s: it contains invisible characters."),
    "web": _l("%(column)s: it contains a web address."),
    "mail": _l("%(column)s: it contains an e-mail address, which would be public."),
    "phone": _l("%(column)s: it contains a telephone number, which would be public."),
    "emoji": _l("%(column)s: it contains emoji, which can't be printed."),
    "marks": _l("%(column)s: there are too many marks above or below one letter."),
    "formula": _l("%(column)s: it contains a formula instead of text."),
    "letters": _l("%(column)s: it contains no letters."),
    "country": _l("“%(cell)s” is not a country that we know. Please enter its name or its code, such as PL."),
    "website": _l("The website must be an address such as https://example.org."),
    "email": _l("Asked for updates, but “%(cell)s” is not an e-mail address."),
    "no email": _l("Asked for updates, but there is no e-mail address."),
    "signed": _l("This organisation has already signed."),
    "twice": _l("This organisation is also in row %(first)s."),
    "unclear": _l("Several organisations in the registry have this name."),
    "on list": _l("Somebody with this name and place is already on the list."),
    "mailbox": _l("Somebody has already signed with this e-mail address."),
    "same": _l("Same name and place as in row %(first)s."),
    "similar name": _l("The registry has a similar name: %(name)s."),
}


def _field_names() -> dict[str, str]:
    return {str(field): name for field, name in field_names().items()}


def init_app(app: Flask) -> None:
    """Register these sentences for the problems of rows."""
    register_problems(app, _SENTENCES, _field_names)
