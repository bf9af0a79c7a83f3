"""Why a signature is not made or changed."""

from __future__ import annotations


class MailboxFull(Exception):
    """Two people of different names have signed with this mailbox; a third can't."""


class OrganisationSigned(Exception):
    """Somebody else has signed for this organisation."""


class NotAllowed(Exception):
    """The action does not fit this signature: it is withdrawn, or of another kind or state."""


class NameMissing(Exception):
    """A signature that is shown, or kept for the team, needs a name."""
