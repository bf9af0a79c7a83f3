"""Audit actions of exports."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class ExportAction(AuditAction):
    """The exports of a statement's list that are recorded."""

    COMPLETE_REQUESTED = "complete export asked"
    COMPLETE_GRANTED = "complete export granted"
    COMPLETE_REFUSED = "complete export refused"
    COMPLETE_DOWNLOADED = "complete export fetched"
    CONTACTS_EXPORTED = "contact list exported"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        ExportAction.COMPLETE_REQUESTED: _("A confidential full export was requested"),
        ExportAction.COMPLETE_GRANTED: _("A confidential full export was granted to another member"),
        ExportAction.COMPLETE_REFUSED: _("A confidential full export was refused"),
        ExportAction.COMPLETE_DOWNLOADED: _("A confidential full export was downloaded"),
        ExportAction.CONTACTS_EXPORTED: _("A contact list was exported"),
    }
