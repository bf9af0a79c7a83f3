"""Audit actions on the site itself: its settings, the countries at risk, and the sample content."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class SampleAction(AuditAction):
    """An action on the sample content of the site."""

    REMOVED = "sample content removed"


class RiskAction(AuditAction):
    """An action on the countries at risk. The subject is the country."""

    COUNTRY_ENTERED = "country at risk entered"
    COUNTRY_TAKEN_OFF = "country at risk taken off"
    NOTICE_WRITTEN = "notice of country written"


class SiteAction(AuditAction):
    """An action of an owner on the settings of the site."""

    CHANGED = "site settings changed"
    SET_UP = "site set up"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        SampleAction.REMOVED: _("The sample content was removed"),
        RiskAction.COUNTRY_ENTERED: _("A country was added to the countries at risk"),
        RiskAction.COUNTRY_TAKEN_OFF: _("A country was taken off the countries at risk"),
        RiskAction.NOTICE_WRITTEN: _("The notice for signers of a country was changed"),
        SiteAction.CHANGED: _("Settings of the site were changed"),
        SiteAction.SET_UP: _("Setting up the site was ended"),
    }


def details() -> Mapping[str, Callable[[object], str]]:
    """The wording of each detail of these actions; an empty text leaves the detail out."""
    return {
        "languages": lambda value: _("Languages: %(codes)s", codes=value) if value else "",
        "fields": lambda value: _("Fields: %(names)s", names=value),
    }
