"""What the rules of the team refuse."""


class AddressTaken(Exception):
    """Somebody of the team has this mail address already."""


class LastOwner(Exception):
    """The change would leave the site without an active owner."""


class OwnerOfSite(Exception):
    """Who looks after the whole site can't be confined to some of its organisations."""


class InvitationUsed(Exception):
    """A password was set with this invitation already."""


class InvitationOver(Exception):
    """The invitation is too old, was replaced by a newer one, or its member is not active."""
