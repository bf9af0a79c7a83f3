"""Audit actions on the site itself: its settings, and its sample content."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class SampleAction(AuditAction):
    """An action on the sample content of the site."""

    REMOVED = "sample content removed"


class SiteAction(AuditAction):
    """An action of an owner on the settings of the site."""

    CHANGED = "site settings changed"
    SET_UP = "site set up"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        SampleAction.REMOVED: _("The sample content was removed"),
        SiteAction.CHANGED: _("Settings of the site were changed"),
        SiteAction.SET_UP: _("Setting up the site was ended"),
    }


def detail_words() -> Mapping[str, Callable[[object], str]]:
    """The functions that put the details of these actions into words."""
    return {"fields": lambda value: _("Fields: %(names)s", names=value)}
