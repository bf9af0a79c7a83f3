"""Audit actions of keys and backups."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class PrivacyAction(AuditAction):
    """The actions on keys and backups that are recorded."""

    KEYS_ROTATED = "keys rotated"
    KEY_DESTROYED = "statement key destroyed"
    BACKUP_MADE = "backup made"
    BACKUP_RESTORED = "backup restored"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        PrivacyAction.KEYS_ROTATED: _("Sealed values began to be sealed again under a new key"),
        PrivacyAction.KEY_DESTROYED: _(
            "The key of a statement was destroyed: nobody can find out who signed any more"
        ),
        PrivacyAction.BACKUP_MADE: _("A backup was made"),
        PrivacyAction.BACKUP_RESTORED: _("A backup was restored"),
    }
