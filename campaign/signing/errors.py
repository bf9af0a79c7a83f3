"""Why a form or a submission does not become a signature."""

from __future__ import annotations

from campaign.statements.models import Signers


class SubmissionOver(Exception):
    """The submission expired or was deleted; the form may be filled in again."""


class TextChanged(Exception):
    """The demands have changed since the form was sent: the signer is shown the new text, and asked whether
    they sign it.
    """


class KindRefused(Exception):
    """The text can be signed only by people, or only by organisations; `signers` says which."""

    def __init__(self, signers: Signers) -> None:
        super().__init__(signers)
        self.signers = signers


class CodeUnknown(Exception):
    """No submission waits for this code."""


class OtherMailbox(Exception):
    """The address is not the one used for signing, and nothing is sent to unconfirmed addresses."""
