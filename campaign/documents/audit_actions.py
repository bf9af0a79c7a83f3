"""Audit actions of papers made for the team."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class DocumentAction(AuditAction):
    """The papers whose making is recorded."""

    DAY_CARD_MADE = "day card made"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        DocumentAction.DAY_CARD_MADE: _("A day card was made"),
    }
