"""Signers' messages, held until a team member has read them."""

from __future__ import annotations

import hmac

from sqlalchemy.orm import Session

from campaign.core.vault import vault
from campaign.signatures.errors import NotAllowed
from campaign.signatures.models import Signature, Visibility
from campaign.signatures.names import write_message

_PURPOSE = "message of a signer"


def message_mark(message: str) -> str:
    """The fingerprint of a message, which ties a decision to the message that was read. Keyed: the page that
    carries it may stay in a browser longer than the message lives.
    """
    # Whole: a signer who writes both messages could look for two that share a shorter one.
    return vault().index(_PURPOSE, message).hex()


def decide_message(session: Session, signature: Signature, read: str, *, show: bool) -> None:
    """Publish a held message, or delete it.

    `read` is the message_mark() of what was read. Raises NotAllowed if the message has changed since.
    """
    if signature.sealed_message is None or signature.visibility != Visibility.PUBLIC:
        raise NotAllowed
    held = vault().unseal_text(signature.sealed_message, "signatures", "sealed_message", signature.id)
    # Under any key: one may have been added since the page was made.
    if not any(hmac.compare_digest(mark.hex(), read) for mark in vault().indexes(_PURPOSE, held)):
        raise NotAllowed
    write_message(signature, held if show else None)
    signature.sealed_message = None
    session.flush()
