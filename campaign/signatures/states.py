"""What a person of the team decides about a signature that was held or doubted, and the way back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core.search import search_key
from campaign.core.vault import keyed_hash
from campaign.organisations.models import Organisation
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import ERASED_COLUMNS, AskedAnew, Assent, SignatoryKind, Signature, State, Submission, Visibility
from campaign.signatures.names import names_of, write_names
from campaign.signatures.organisation_identity import claimed_index, organisation_index
from campaign.signatures.tombstones import bury
from campaign.signatures.withdrawal_phrase import is_known_phrase, signature_of_phrase, spend_phrase
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
        raise NotAllowed
    move(signature, State.CONFIRMED)
    session.flush()


def invalidate(session: Session, signature: Signature, reason: str) -> None:
    """Take a false signature off for good, with the reason for the team. Raises NotYours."""
    if signature.state not in (*_STANDS, *_DOUBTED):
        raise NotAllowed
    signature.reason = reason
    move(signature, State.INVALIDATED)
    session.flush()


def put_back(session: Session, signature: Signature, before: State) -> None:
    """Undo a decision: the signature is `before` again. Raises NotYours, OrganisationSigned when somebody has signed in its place, KeyDestroyed."""
    # A column of the database is a plain string.
    before = State(before)
    if before not in _WAYS_BACK.get(State(signature.state), ()):
        raise NotAllowed
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
        raise NotAllowed
    key = statement_key(session, signature.statement_id)
    signature.organisation_index = claimed_index(key, signature.mailbox_index, names_of(signature)["organisation_name"] or "")
    signature.organisation_id = None


def withdraw(session: Session, signature: Signature) -> None:
    """Erase a signature and leave its tombstone. Doing it twice is no error."""
    if signature.state == State.WITHDRAWN:
        return
    bury(session, [signature.id])
    erase(session, signature)


def erase_everything(session: Session, submission: Submission) -> None:
    """Withdraw the signature of a submission, if it came to one, and delete all that leads to it: the link opens nothing from then on."""
    signature_id = submission.signature_id
    if signature_id is None:
        session.delete(submission)
    else:
        withdraw(session, session.get_one(Signature, signature_id, with_for_update=True))
        session.execute(delete(Submission).where(Submission.signature_id == signature_id))
    session.flush()


def withdraw_by_phrase(session: Session, words: str) -> bool:
    """Take back the signature of these words, which are known from then on and open nothing. False for words that nobody was shown."""
    if not is_known_phrase(session, words):
        return False
    signature = signature_of_phrase(session, words)
    if signature is not None:
        signature = session.get_one(Signature, signature.id, with_for_update=True, populate_existing=True)
        spend_phrase(session, words)
        withdraw(session, signature)
    return True


def erase(session: Session, signature: Signature) -> None:
    """What a withdrawal does, without its tombstone: for a restore, which finds that in the journal."""
    session.execute(delete(Assent).where(Assent.signature_id == signature.id))
    session.execute(delete(AskedAnew).where(AskedAnew.signature_id == signature.id))
    session.execute(update(Submission).where(Submission.signature_id == signature.id).values(sealed=None, code_index=None))
    for column in ERASED_COLUMNS:
        setattr(signature, column, None)
    signature.wants_updates = False
    # The hour told something about a person.
    signature.confirmed_at = dt.datetime.combine(signature.confirmed_at.date(), dt.time(), dt.UTC)
    move(signature, State.WITHDRAWN)
    session.flush()


def approve(session: Session, signature: Signature, organisation: Organisation | None) -> None:
    """Let an organisation that waits for review be listed as `organisation`. Raises OrganisationSigned, NotYours.

    None: one that only the team may see, and that is not in the registry, which is public. It is told from others by its name.
    """
    if signature.state not in (State.REVIEW, State.REJECTED) or signature.kind != SignatoryKind.ORGANISATION:
        raise NotAllowed
    if organisation is None and signature.visibility != Visibility.TEAM:
        raise NotAllowed
    key = statement_key(session, signature.statement_id)
    names = names_of(signature) | {"organisation_id": organisation.id if organisation else None}
    try:
        signature.organisation_index = (
            organisation_index(key, organisation.id)
            if organisation
            else keyed_hash(key, "unlisted organisation", search_key(names["organisation_name"]))
        )
        write_names(signature, names, Visibility(signature.visibility))
        signature.reason = None
        if not signature.wants_updates:
            signature.sealed_contact = None
        move(signature, State.CONFIRMED)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def reject(session: Session, signature: Signature, reason: str) -> None:
    """Refuse an organisation, with the reason. The address goes: it was kept for this decision only."""
    if signature.state != State.REVIEW:
        raise NotAllowed
    signature.reason = reason
    signature.sealed_contact = None
    move(signature, State.REJECTED)
    session.flush()


def review_again(session: Session, signature: Signature) -> None:
    """Undo a rejection. Raises OrganisationSigned when the same claim was made anew meanwhile."""
    if signature.state != State.REJECTED:
        raise NotAllowed
    try:
        signature.reason = None
        move(signature, State.REVIEW)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def hide(session: Session, signature: Signature) -> None:
    """Take a listed signature off the list until someone has looked."""
    if signature.state not in (State.LISTED, State.CONFIRMED):
        raise NotAllowed
    move(signature, State.HIDDEN)
    session.flush()


def show_again(session: Session, signature: Signature) -> None:
    """Put a hidden signature back on the list."""
    if signature.state != State.HIDDEN:
        raise NotAllowed
    move(signature, State.CONFIRMED)
    session.flush()


def move(signature: Signature, state: State) -> None:
    """Give a signature another state; the fold sees it."""
    signature.state = state
    signature.folded = False
