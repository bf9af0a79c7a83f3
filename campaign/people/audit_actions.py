"""Audit actions of case files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class PersonAction(AuditAction):
    """The team's actions on a case file."""

    OPENED = "case file opened"
    CHANGED = "case file changed"
    WITHDRAWN = "case file withdrawn"
    SHOWN_AGAIN = "case file shown again"
    DELETED = "case file deleted"
    EXPORTED = "case files exported"
    IMPORTED = "case files imported"
    WISH_WRITTEN_DOWN = "wish written down"
    STATUS_CONFIRMED = "status confirmed"
    PORTRAIT_CHANGED = "portrait changed"
    PORTRAIT_REMOVED = "portrait removed"
    EVENT_ENTERED = "event entered"
    EVENT_CHANGED = "event changed"
    EVENT_REMOVED = "event removed"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        PersonAction.OPENED: _("A case file was opened"),
        PersonAction.CHANGED: _("A case file was changed"),
        PersonAction.WITHDRAWN: _("A case file was withdrawn from view"),
        PersonAction.SHOWN_AGAIN: _("A case file was made visible again"),
        PersonAction.DELETED: _("A case file was deleted"),
        PersonAction.EXPORTED: _("Case files were exported"),
        PersonAction.IMPORTED: _("Case files were imported"),
        PersonAction.WISH_WRITTEN_DOWN: _("The wish of a person or family was recorded"),
        PersonAction.STATUS_CONFIRMED: _("The status of a person was confirmed"),
        PersonAction.PORTRAIT_CHANGED: _("A portrait was changed"),
        PersonAction.PORTRAIT_REMOVED: _("A portrait was removed"),
        PersonAction.EVENT_ENTERED: _("An event was added to a timeline"),
        PersonAction.EVENT_CHANGED: _("An event in a timeline was changed"),
        PersonAction.EVENT_REMOVED: _("An event was deleted from a timeline"),
    }


def detail_words() -> Mapping[str, Callable[[object], str]]:
    """The functions that put the details of these actions into words; an empty text leaves one out."""
    return {
        # Values of the case, which its page puts into words.
        "kind": lambda _value: "",
        "wish": lambda _value: "",
        "day": str,
    }
