"""What a person of the team decides about a signature that was held or doubted, and the way back."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.signing.confirmation import claimed_index
from campaign.signing.errors import NotYours, OrganisationSigned
from campaign.signing.models import SignatoryKind, Signature, State
from campaign.signing.naming import names_of
from campaign.signing.operations import move
from campaign.statements.queries import statement_key

_STANDS = (State.CONFIRMED, State.LISTED)
_DOUBTED = (State.QUARANTINED, State.HIDDEN)
# From a decided state to those in which the signature may have been before.
_WAYS_BACK = {
    State.REJECTED: (State.REVIEW,),
    State.CONFIRMED: (State.REVIEW, *_DOUBTED),
    State.LISTED: (State.REVIEW, *_DOUBTED),
    State.INVALIDATED: (*_STANDS, *_DOUBTED),
}


def accept(session: Session, signature: Signature) -> None:
    """Let a signature that was held or hidden be listed. Raises NotYours."""
    if signature.state not in _DOUBTED:
        raise NotYours
    move(signature, State.CONFIRMED)
    session.flush()


def invalidate(session: Session, signature: Signature, reason: str) -> None:
    """Take a false signature off for good, with the reason for the team. Raises NotYours."""
    if signature.state not in (*_STANDS, *_DOUBTED):
        raise NotYours
    signature.reason = reason
    move(signature, State.INVALIDATED)
    session.flush()


def put_back(session: Session, signature: Signature, before: State) -> None:
    """Undo a decision: the signature is `before` again. Raises NotYours, OrganisationSigned when somebody has signed in its place, KeyDestroyed."""
    # A column of the database is a plain string.
    before = State(before)
    if before not in _WAYS_BACK.get(State(signature.state), ()):
        raise NotYours
    try:
        if before is State.REVIEW and signature.state != State.REJECTED:
            _claim_again(session, signature)
        signature.reason = None
        move(signature, State.CONFIRMED if before is State.LISTED else before)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def _claim_again(session: Session, signature: Signature) -> None:
    """An approved organisation holds the place of a claim again, and is none of the registry."""
    if signature.kind != SignatoryKind.ORGANISATION or signature.mailbox_index is None or signature.sealed is not None:
        raise NotYours
    key = statement_key(session, signature.statement_id)
    signature.organisation_index = claimed_index(key, signature.mailbox_index, names_of(signature)["organisation_name"] or "")
    signature.organisation_id = None
