"""Audit actions of signing, and their wording for the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import format_decimal
from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class SigningAction(AuditAction):
    """What changes how people sign."""

    PROTECTION_CHANGED = "attack protection changed"
    PROTECTION_CHANGED_BY_ITSELF = "attack protection changed by itself"
    HELD_MAILS_SENT = "held mails sent"
    HELD_FORMS_DELETED = "held forms deleted"


def signing_words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        SigningAction.PROTECTION_CHANGED: _("The attack protection of a statement was changed"),
        SigningAction.PROTECTION_CHANGED_BY_ITSELF: _(
            "The attack protection of a statement changed automatically"
        ),
        SigningAction.HELD_MAILS_SENT: _("The e-mails for flagged forms were sent"),
        SigningAction.HELD_FORMS_DELETED: _("Flagged forms were deleted without an e-mail"),
    }


def signing_details() -> Mapping[str, Callable[[object], str]]:
    """The wording of the values of each detail, by its name."""
    return {"level": _level, "number": lambda value: format_decimal(value)}


def _level(value: object) -> str:
    words = {
        "off": _("Off"),
        "proof": _("Requires a calculation"),
        "quarantine": _("Every signature is reviewed"),
    }
    return str(words.get(str(value), value))
