"""Audit actions of imports."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class ImportAction(AuditAction):
    """The steps of an import that are recorded."""

    IMPORTED = "signatures imported"
    UNDONE = "import undone"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        ImportAction.IMPORTED: _("Signatures were imported"),
        ImportAction.UNDONE: _("An import of signatures was undone"),
    }
