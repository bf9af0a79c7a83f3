"""Refusals by the rules of the team."""


class AddressTaken(Exception):
    """A member of the team has this mail address already."""


class OwnAccount(Exception):
    """Nobody changes their own role or switches off their own account: somebody else does."""


class OwnersOnly(Exception):
    """Only an owner adds owners, or changes their accounts."""


class LastOwner(Exception):
    """The change would leave the site without an active owner."""


class OwnerOfSite(Exception):
    """Somebody who looks after the whole site can't be confined to some of its organisations."""


class ResetOver(Exception):
    """The link for a new password was used, is too old, or its member is not active."""


class InvitationUsed(Exception):
    """A password was already set with this invitation."""


class TeamInvitationOver(Exception):
    """The invitation is too old, was replaced by a newer one, or its member is not active."""
