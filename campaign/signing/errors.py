"""Why a submission does not become a signature."""


class MailboxFull(Exception):
    """Two people of different names have signed with this mailbox; a third can't."""


class OrganisationSigned(Exception):
    """Somebody else has signed for this organisation."""


class SubmissionOver(Exception):
    """The submission expired or was deleted; the form may be filled in again."""


class TextChanged(Exception):
    """The demands have changed since the form was sent: the signer is shown the new text, and asked whether they sign it."""


class CodeUnknown(Exception):
    """No submission waits for this code."""


class NotYours(Exception):
    """The action does not fit this signature: it is withdrawn, or of another kind or state."""


class OtherMailbox(Exception):
    """The address is not the one with which this was signed, and nothing is sent to addresses that nobody has confirmed."""


class NameMissing(Exception):
    """A signature that is shown, or kept for the team, needs a name."""
