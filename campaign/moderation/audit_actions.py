"""Audit actions of moderation, and their words for the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import format_decimal
from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class ModerationAction(AuditAction):
    """The decisions of the team about signatures, and the reports of others."""

    ORGANISATION_APPROVED = "organisation approved"
    ORGANISATION_REJECTED = "organisation rejected"
    REJECTION_UNDONE = "rejection undone"
    SIGNATURE_HIDDEN = "signature hidden"
    SIGNATURE_SHOWN_AGAIN = "signature shown again"
    SIGNATURE_ACCEPTED = "signature accepted"
    SIGNATURE_INVALIDATED = "signature invalidated"
    SIGNATURE_REPORTED = "signature reported"
    REPORT_UPHELD = "report upheld"
    REPORT_DISMISSED = "report dismissed"
    QUESTION_ASKED = "question asked"
    DECISION_UNDONE = "decision undone"
    NAME_WATCHED = "name watched"
    NAME_NO_LONGER_WATCHED = "name no longer watched"
    MESSAGE_SHOWN = "message shown"
    MESSAGE_DELETED = "message deleted"
    APPROVAL_REFUSED = "approval refused"
    NAME_REQUESTED = "closed name asked"
    NAME_GRANTED = "closed name granted"
    NAME_REFUSED = "closed name refused"
    NAME_OPENED = "closed name opened"


def moderation_words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        ModerationAction.ORGANISATION_APPROVED: _("The signature of an organisation was approved"),
        ModerationAction.ORGANISATION_REJECTED: _("The signature of an organisation was rejected"),
        ModerationAction.REJECTION_UNDONE: _("A rejection was undone"),
        ModerationAction.SIGNATURE_HIDDEN: _("A signature was hidden"),
        ModerationAction.SIGNATURE_SHOWN_AGAIN: _("A hidden signature was shown again"),
        ModerationAction.SIGNATURE_ACCEPTED: _("A flagged signature was accepted"),
        ModerationAction.SIGNATURE_INVALIDATED: _("A signature was found to be false"),
        ModerationAction.SIGNATURE_REPORTED: _("A signature was reported as false"),
        ModerationAction.REPORT_UPHELD: _("A report was found to be true"),
        ModerationAction.REPORT_DISMISSED: _("A report was found to be wrong"),
        ModerationAction.QUESTION_ASKED: _("A signer was asked a question by e-mail"),
        ModerationAction.DECISION_UNDONE: _("A decision about a signature was undone"),
        ModerationAction.NAME_WATCHED: _("A name was added to the list of flagged names"),
        ModerationAction.NAME_NO_LONGER_WATCHED: _("A name was removed from the list of flagged names"),
        ModerationAction.MESSAGE_SHOWN: _("The message of a signer was made public"),
        ModerationAction.MESSAGE_DELETED: _("The message of a signer was deleted"),
        ModerationAction.APPROVAL_REFUSED: _(
            "An approval was refused, because the organisation had signed already"
        ),
        ModerationAction.NAME_REQUESTED: _("A name that only the team may see was asked for"),
        ModerationAction.NAME_GRANTED: _("A look at a name that only the team may see was granted"),
        ModerationAction.NAME_REFUSED: _("A look at a name that only the team may see was refused"),
        ModerationAction.NAME_OPENED: _("A name that only the team may see was opened"),
    }


def moderation_details() -> Mapping[str, Callable[[object], str]]:
    """By the name of a detail, how its value reads; an empty text leaves it out."""
    return {
        "own_domain": lambda value: _("its e-mail domain was recorded as its own") if value else "",
        "hidden": lambda value: (
            _("hidden at once") if value else _("left on the list: too many were hidden before")
        ),
        "mailed": lambda value: _("with an e-mail to the signer") if value else _("without an e-mail"),
        "at_once": lambda value: _("decided together with others: %(number)s", number=format_decimal(value)),
    }
