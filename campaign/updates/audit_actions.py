"""Audit actions of updates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class UpdateAction(AuditAction):
    """The changes to an update that are recorded."""

    WRITTEN = "update written"
    CHANGED = "update changed"
    PUBLISHED = "update published"
    WITHDRAWN = "update withdrawn"
    REMOVED = "update removed"
    MAILED = "update mailed"
    CALLED_OFF = "update mails stopped"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        UpdateAction.WRITTEN: _("An update was written"),
        UpdateAction.CHANGED: _("An update was changed"),
        UpdateAction.PUBLISHED: _("An update was published"),
        UpdateAction.WITHDRAWN: _("An update was unpublished"),
        UpdateAction.REMOVED: _("An update was deleted"),
        UpdateAction.MAILED: _("An update was mailed to signers who asked for news"),
        UpdateAction.CALLED_OFF: _("The e-mails about an update were stopped"),
    }


def detail_words() -> Mapping[str, Callable[[object], str]]:
    """Words for the details of these actions; an empty text leaves one out."""
    return {
        "published": lambda value: _("published at once") if value else "",
    }
