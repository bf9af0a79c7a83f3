"""Audit actions of deliveries."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class HandoverAction(AuditAction):
    """The steps of a delivery that are recorded."""

    HANDED_OVER = "handed over"
    REPLY_RECORDED = "reply recorded"
    REMOVED = "handover removed"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        HandoverAction.HANDED_OVER: _("A list was handed over"),
        HandoverAction.REPLY_RECORDED: _("A reply to a handover was recorded"),
        HandoverAction.REMOVED: _("A handover was removed"),
    }
