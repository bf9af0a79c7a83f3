"""The short codes of the log, in words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import format_decimal
from flask_babel import gettext as _

from campaign.accounts.audit import AuditLine, action_words, detail_words
from campaign.accounts.forms import role_names


def action_text(action: str) -> str:
    """The action, as a sentence without its end. An action of a later version is shown as it is stored."""
    known: dict[str, str] = {}
    for words in action_words.answers():
        known |= words()
    return known.get(action, action)


def detail_texts(line: AuditLine) -> list[str]:
    """The details that say something to a person, one sentence each; the digest of a text is shown as
    it is.
    """
    wordings = dict(_details())
    for words in detail_words.answers():
        wordings |= words()
    return [
        said
        for name, value in line.details.items()
        if (said := wordings[name](value) if name in wordings else f"{name}: {value}")
    ]


def subject_of(line: AuditLine) -> tuple[str, str]:
    """The subject of an entry as (what, which), such as `("statement", "free-them")`; older entries separate
    the two by a space.
    """
    what, _mark, which = line.subject.replace(" ", ":", 1).partition(":")
    return what, which


def _details() -> dict[str, Callable[[object], str]]:
    """The functions that put a detail into words, by its name; an empty text leaves it out."""
    return {
        "change": lambda value: {
            "editorial": _("Wording only"),
            "material": _("Demands change"),
            "first": _("First text"),
        }.get(str(value), str(value)),
        "days": lambda value: _("Kept for days: %(number)s", number=_number(value)),
        "withdrawn": lambda value: _(
            "Withdrawn again, according to the journal: %(number)s", number=_number(value)
        ),
        "keys": lambda value: _("Keys destroyed again: %(number)s", number=_number(value)),
        "values": lambda value: _("Sealed values: %(number)s", number=_number(value)),
        "role": lambda value: _("Role: %(role)s", role=_role(value)),
        "before": lambda value: _("Role before: %(role)s", role=_role(value)),
        "after": lambda value: _("Role now: %(role)s", role=_role(value)),
        "format": lambda value: _(
            "Format: %(format)s", format={"text": _("Text")}.get(str(value), str(value).upper())
        ),
        "rows": lambda value: _("Signatories: %(number)s", number=_number(value)),
        "version": lambda value: _("Version of the list: %(number)s", number=_number(value)),
        "people": lambda value: _("People: %(number)s", number=_number(value)),
        # Distinguishes an imported list from others, for the command that imports.
        "list": lambda _value: "",
        "new": lambda value: _("New: %(number)s", number=_number(value)),
        "changed": lambda value: _("Changed: %(number)s", number=_number(value)),
        "organisations": lambda value: _("Organisations: %(number)s", number=_number(value)),
        "statements": lambda value: _("Statements: %(number)s", number=_number(value)) if value else "",
    }


def _role(value: object) -> str:
    return role_names().get(str(value), str(value))


def _number(value: object) -> str:
    return str(format_decimal(value)) if isinstance(value, int) else str(value)
