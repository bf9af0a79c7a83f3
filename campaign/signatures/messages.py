"""Signers' messages, held until a team member has read them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.core.vault import digest, vault
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, Visibility


def message_mark(message: str) -> str:
    """The fingerprint of a message, which ties a decision to the message that was read."""
    # Whole: a signer who writes both messages could look for two that share a shorter one.
    return digest("message of a signer", message)


def decide_message(session: Session, signature: Signature, read: str, *, show: bool) -> None:
    """Publish a held message, or delete it.

    `read` is the message_mark() of what was read. Raises NotAllowed if the message has changed since.
    """
    if signature.sealed_message is None or signature.visibility != Visibility.PUBLIC:
        raise NotAllowed
    held = vault().unseal(signature.sealed_message, "signatures", "sealed_message", signature.id).decode()
    if message_mark(held) != read:
        raise NotAllowed
    signature.message = held if show else None
    signature.sealed_message = None
    signature.folded = False
    session.flush()
