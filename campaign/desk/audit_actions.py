"""Audit actions on the sample content, and on the countries at risk."""

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


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        SampleAction.REMOVED: _("The sample content was removed"),
        RiskAction.COUNTRY_ENTERED: _("A country was added to the countries at risk"),
        RiskAction.COUNTRY_TAKEN_OFF: _("A country was taken off the countries at risk"),
        RiskAction.NOTICE_WRITTEN: _("The notice for signers of a country was changed"),
    }


def details() -> Mapping[str, Callable[[object], str]]:
    """The wording of each detail of these actions; an empty text leaves the detail out."""
    return {
        "languages": lambda value: _("Languages: %(codes)s", codes=value) if value else "",
    }
