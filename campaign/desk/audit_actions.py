"""What the audit log records of pages composed of several rooms."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class DeskAction(AuditAction):
    """What was done across rooms."""

    ORGANISATIONS_MERGED = "organisations merged"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        DeskAction.ORGANISATIONS_MERGED: _("Two records of one organisation were merged"),
    }
