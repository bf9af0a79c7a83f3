"""Audit actions of the team itself."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class AccountAction(AuditAction):
    """A member's actions on their own account."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SECOND_FACTOR_ON = "second factor switched on"
    SECOND_FACTOR_OFF = "second factor switched off"
    RECOVERY_CODE_USED = "recovery code used"
    RECOVERY_CODES_RENEWED = "recovery codes renewed"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    PASSKEY_COUNTED_BACK = "passkey counted back"
    RESET = "password reset"
    INVITATION_ACCEPTED = "invitation accepted"
    INVITATION_ASKED = "invitation asked for"
    WRONG_PASSWORDS = "wrong passwords"
    WRONG_CODES = "wrong codes"


class TeamAction(AuditAction):
    """The owners' actions on the team."""

    MEMBER_ADDED = "member added"
    INVITED = "invited"
    ROLE_CHANGED = "role changed"
    ORGANISATIONS_CHANGED = "organisations of member changed"
    MEMBER_DEACTIVATED = "member deactivated"
    MEMBER_ACTIVATED = "member activated"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        AccountAction.SIGNED_IN: _("A session was begun"),
        AccountAction.SIGNED_OUT: _("A session was ended"),
        AccountAction.SECOND_FACTOR_ON: _("A second factor was switched on"),
        AccountAction.SECOND_FACTOR_OFF: _("A second factor was switched off"),
        AccountAction.RECOVERY_CODE_USED: _("A recovery code was used to sign in"),
        AccountAction.RECOVERY_CODES_RENEWED: _("New recovery codes were made"),
        AccountAction.PASSKEY_ADDED: _("A passkey was added"),
        AccountAction.PASSKEY_REMOVED: _("A passkey was removed"),
        AccountAction.PASSKEY_COUNTED_BACK: _("A passkey was refused, since there may be a copy of it"),
        AccountAction.RESET: _("A new password was set by a link in an e-mail"),
        AccountAction.INVITATION_ACCEPTED: _("An invitation was accepted and a password was set"),
        AccountAction.INVITATION_ASKED: _("Somebody with an expired invitation asked for a new one"),
        AccountAction.WRONG_PASSWORDS: _("Somebody tried many wrong passwords on an account"),
        AccountAction.WRONG_CODES: _("Somebody with the right password tried wrong codes on an account"),
        TeamAction.MEMBER_ADDED: _("A member was added to the team"),
        TeamAction.INVITED: _("An invitation to the team was made"),
        TeamAction.ROLE_CHANGED: _("The role of a team member was changed"),
        TeamAction.ORGANISATIONS_CHANGED: _("The organisations that a team member works for were changed"),
        TeamAction.MEMBER_DEACTIVATED: _("The account of a team member was switched off"),
        TeamAction.MEMBER_ACTIVATED: _("The account of a team member was switched on again"),
    }
