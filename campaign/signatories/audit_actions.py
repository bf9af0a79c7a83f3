"""Audit actions for exporting a public list in any form."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class ListAction(AuditAction):
    """An action on the list of a statement."""

    EXPORTED = "list exported"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {ListAction.EXPORTED: _("A public list was exported")}
