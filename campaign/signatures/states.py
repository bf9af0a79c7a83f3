"""The state machine of signatures: one table of transitions, and one function through which every change
goes.

`TRANSITIONS` has each transition: from which states, to which state, by whom, and with which consequences for
the row. move() applies one to a signature, withdraw_all() to a set. The fold writes many rows at once and
asks the table which of them it lists.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.search import search_key
from campaign.core.vault import keyed_hash
from campaign.organisations.models import Organisation
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import (
    ERASED_COLUMNS,
    AskedAnew,
    Assent,
    Provenance,
    SignatoryKind,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signatures.names import names_of, write_names
from campaign.signatures.organisation_identity import claimed_index, organisation_index
from campaign.signatures.tombstones import bury
from campaign.signatures.withdrawal_phrase import is_known_phrase, signature_of_phrase, spend_phrase
from campaign.statements.models import Safety
from campaign.statements.queries import statement_key, terms_of

_AT_ONCE = 1_000
_UNLOADED = {"synchronize_session": False}


class By(StrEnum):
    """The actors that can change the state of a signature."""

    SIGNER = "signer"
    TEAM = "team"
    # The team, undoing a decision.
    UNDO = "undo"
    # A person reporting that their name is listed and they did not sign.
    REPORT = "report"
    # An import of a list, and its undoing.
    IMPORT = "import"
    # A merge of two records of one organisation.
    MERGE = "merge"
    FOLD = "fold"
    # The restore of a backup that is older than the withdrawal.
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Transition:
    """The transitions to one state: from which states (None for a new signature), by whom, and the
    consequences for the row.
    """

    sources: tuple[State | None, ...]
    to: State
    by: tuple[By, ...]
    follows: Callable[[Signature], None] | None = None


def _approved(signature: Signature) -> None:
    """Keep the day and erase the address, which was kept for this decision, unless its signer asked
    for news.
    """
    signature.reason = None
    signature.approved_on = clock.today()
    if not signature.wants_updates:
        signature.sealed_contact = None


def _refused(signature: Signature) -> None:
    """Erase the address, which was kept for this decision only."""
    signature.sealed_contact = None


def _reviewed_anew(signature: Signature) -> None:
    """Forget the earlier decision."""
    signature.reason = signature.approved_on = signature.removed_on = None


def _not_removed(signature: Signature) -> None:
    signature.reason = signature.removed_on = None


def _removed(signature: Signature) -> None:
    """Keep the day, for the page on how the list was made."""
    signature.removed_on = clock.today()


def _hidden_again(signature: Signature) -> None:
    signature.reason = None
    signature.removed_on = signature.removed_on or clock.today()


_STANDS = (State.CONFIRMED, State.LISTED)
_HELD = (State.QUARANTINED, State.HIDDEN)
_CLAIMED = (State.REVIEW, State.REJECTED)
_NOT_WITHDRAWN = tuple(state for state in State if state is not State.WITHDRAWN)

TRANSITIONS = (
    # A signature is created.
    Transition((None,), State.CONFIRMED, (By.SIGNER, By.TEAM, By.IMPORT)),
    Transition((None,), State.QUARANTINED, (By.SIGNER, By.IMPORT)),
    Transition((None,), State.REVIEW, (By.SIGNER,)),
    # It is listed.
    Transition((State.CONFIRMED,), State.LISTED, (By.FOLD,)),
    # An organisation is reviewed; one approved for the team only is reviewed again before its name becomes
    # public.
    Transition(_CLAIMED, State.CONFIRMED, (By.TEAM,), _approved),
    Transition((State.REVIEW,), State.REJECTED, (By.TEAM,), _refused),
    Transition((State.REJECTED, *_STANDS), State.REVIEW, (By.UNDO,), _reviewed_anew),
    Transition(_STANDS, State.REVIEW, (By.SIGNER,), _reviewed_anew),
    # A held or hidden one is found genuine; a person who changes their name is checked like one who signs
    # with it.
    Transition(_HELD, State.CONFIRMED, (By.TEAM,), _not_removed),
    # The same of an organisation that its signer has made public meanwhile, and that no registry knows.
    Transition(_HELD, State.REVIEW, (By.TEAM,), _reviewed_anew),
    Transition((State.REVIEW,), State.QUARANTINED, (By.UNDO,)),
    Transition((State.REVIEW,), State.HIDDEN, (By.UNDO,), _hidden_again),
    Transition(_STANDS, State.QUARANTINED, (By.SIGNER, By.UNDO)),
    # It leaves the list until somebody has looked.
    Transition(_STANDS, State.HIDDEN, (By.TEAM, By.REPORT), _removed),
    Transition(_STANDS, State.HIDDEN, (By.UNDO,), _hidden_again),
    # It is found false, or is the second one of a merged organisation, which is listed already and was not
    # false.
    Transition((*_STANDS, *_HELD), State.INVALIDATED, (By.TEAM,), _removed),
    Transition((State.REVIEW, *_STANDS, *_HELD), State.INVALIDATED, (By.MERGE,), _not_removed),
    Transition((State.INVALIDATED,), State.CONFIRMED, (By.UNDO,), _not_removed),
    Transition((State.INVALIDATED,), State.QUARANTINED, (By.UNDO,), _not_removed),
    Transition((State.INVALIDATED,), State.HIDDEN, (By.UNDO,), _hidden_again),
    # It is withdrawn for good: erase() has the consequences, for one and for many.
    Transition(_NOT_WITHDRAWN, State.WITHDRAWN, (By.SIGNER, By.RESTORE)),
    Transition((*_STANDS, *_HELD), State.WITHDRAWN, (By.IMPORT,)),
)
_WAYS = {(source, way.to, by): way for way in TRANSITIONS for source in way.sources for by in way.by}


def may_move(state: State | None, to: State, by: By) -> bool:
    """True if the table has this transition. `state` is None for a new signature."""
    return (state, to, by) in _WAYS


def sources(to: State, by: By) -> tuple[State, ...]:
    """The states from which `by` may bring a signature to `to`."""
    return tuple(state for state in State if may_move(state, to, by))


def first_state(state: State, by: By) -> State:
    """The state of a new signature, checked against the table. Raises NotAllowed."""
    if not may_move(None, state, by):
        raise NotAllowed
    return state


def may_be_listed() -> tuple[State, ...]:
    """The states in which a signature is on the list after the next fold."""
    return (*sources(State.LISTED, By.FOLD), State.LISTED)


def move(signature: Signature, to: State, by: By, reason: str | None = None) -> None:
    """Move a signature to another state, with all consequences, and mark it for the fold. `reason` is for the
    team. Raises NotAllowed.

    The one function for a single signature; withdrawing, which can't be undone, goes through withdraw() and
    erase().
    """
    way = _WAYS.get((State(signature.state), to, by))
    if way is None or to is State.WITHDRAWN:
        raise NotAllowed
    signature.state = to
    signature.folded = False
    if way.follows:
        way.follows(signature)
    if reason is not None:
        signature.reason = reason


def approve(session: Session, signature: Signature, organisation: Organisation | None) -> None:
    """Approve an organisation that waits for review, to be listed as `organisation`. Raises
    OrganisationSigned, NotAllowed.

    `organisation` is None for one that only the team may see and that is not in the public registry. It is
    identified by its name.
    """
    if signature.state not in _CLAIMED or signature.kind != SignatoryKind.ORGANISATION:
        raise NotAllowed
    if organisation is None and signature.visibility != Visibility.TEAM:
        raise NotAllowed

    key = statement_key(session, signature.statement_id)
    names = names_of(signature) | {"organisation_id": organisation.id if organisation else None}
    try:
        if signature.visibility == Visibility.PUBLIC or not _is_guarded(session, signature):
            signature.organisation_index = (
                organisation_index(key, organisation.id)
                if organisation
                else keyed_hash(key, "unlisted organisation", search_key(names["organisation_name"]))
            )
        write_names(signature, names, Visibility(signature.visibility))
        move(signature, State.CONFIRMED, By.TEAM)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def reject(session: Session, signature: Signature, reason: str) -> None:
    """Refuse an organisation, with the reason. Raises NotAllowed."""
    move(signature, State.REJECTED, By.TEAM, reason)
    session.flush()


def accept(session: Session, signature: Signature) -> None:
    """Accept a held or hidden signature for the list. Raises NotAllowed.

    An organisation that is public and in no registry is reviewed first: its signer made it public meanwhile.
    """
    if signature.state not in _HELD:
        raise NotAllowed
    move(signature, State.REVIEW if is_unregistered(signature) else State.CONFIRMED, By.TEAM)
    session.flush()


def is_unregistered(signature: Signature) -> bool:
    """True for a public organisation that no registry knows: a review has to come first."""
    is_public = signature.kind == SignatoryKind.ORGANISATION and signature.visibility == Visibility.PUBLIC
    return is_public and signature.organisation_id is None


def hide(session: Session, signature: Signature, by: By = By.TEAM) -> None:
    """Take a signature off the list until someone has looked. Raises NotAllowed."""
    move(signature, State.HIDDEN, by)
    session.flush()


def invalidate(session: Session, signature: Signature, reason: str, by: By = By.TEAM) -> None:
    """Take a signature off the list for good, with the reason for the team. Raises NotAllowed."""
    move(signature, State.INVALIDATED, by, reason)
    session.flush()


def put_back(session: Session, signature: Signature, before: State) -> None:
    """Undo a decision: the signature returns to the state `before`.

    Raises NotAllowed, OrganisationSigned if somebody has signed in its place, KeyDestroyed.
    """
    # A column of the database is a plain string; the fold lists what is confirmed.
    before = State.CONFIRMED if before == State.LISTED else State(before)
    if not may_move(State(signature.state), before, By.UNDO):
        raise NotAllowed
    try:
        if before is State.REVIEW and signature.state != State.REJECTED:
            _claim_again(session, signature)
        move(signature, before, By.UNDO)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def _claim_again(session: Session, signature: Signature) -> None:
    """Turn an approved organisation back into a claim, without its link to the registry."""
    # Where no mailbox is kept, a claim holds a place for itself alone.
    itself = signature.provenance == Provenance.WEB and _is_guarded(session, signature)
    holder = signature.id.bytes if itself else signature.mailbox_index
    if signature.kind != SignatoryKind.ORGANISATION or holder is None or signature.sealed is not None:
        raise NotAllowed
    key = statement_key(session, signature.statement_id)
    name = names_of(signature)["organisation_name"] or ""
    signature.organisation_index = claimed_index(key, holder, name)
    signature.organisation_id = None


def _is_guarded(session: Session, signature: Signature) -> bool:
    """True at high safety, where a name that the team alone sees holds no place: who tried to sign for the
    same organisation would learn of it.
    """
    return terms_of(session, signature.statement_id).safety == Safety.HIGH


def withdraw(session: Session, signature: Signature) -> None:
    """Erase a signature and leave its tombstone. Doing it twice is no error."""
    if signature.state == State.WITHDRAWN:
        return
    bury(session, [signature.id])
    erase(session, signature, By.SIGNER)


def withdraw_all(session: Session, which: Sequence[ColumnElement[bool]], by: By) -> int:
    """Erase the signatures that meet these conditions, and leave their tombstones. Returns the number erased.

    Those that `by` may not withdraw stay as they are. The fold takes the others off the list.
    """
    ids = select(Signature.id).where(*which, Signature.state.in_(sources(State.WITHDRAWN, by)))
    count = bury(session, session.scalars(ids.with_for_update().execution_options(yield_per=_AT_ONCE)))
    _erase(session, ids)
    return count


def withdraw_by_phrase(session: Session, words: str) -> bool:
    """Withdraw the signature of this phrase, which is then spent.

    False for a phrase that nobody was shown.
    """
    if not is_known_phrase(session, words):
        return False
    signature = signature_of_phrase(session, words)
    if signature is not None:
        signature = session.get_one(Signature, signature.id, with_for_update=True, populate_existing=True)
        spend_phrase(session, words)
        withdraw(session, signature)
    return True


def erase_everything(session: Session, submission: Submission) -> None:
    """Withdraw the signature of a submission, if there is one, and delete the submission with it.

    Its link is dead from then on.
    """
    signature_id = submission.signature_id
    if signature_id is None:
        session.delete(submission)
    else:
        withdraw(session, session.get_one(Signature, signature_id, with_for_update=True))
        session.execute(delete(Submission).where(Submission.signature_id == signature_id))
    session.flush()


def erase(session: Session, signature: Signature, by: By) -> None:
    """Erase a signature without leaving a tombstone, for a restore, which finds that in the journal.

    Raises NotAllowed.
    """
    if not may_move(State(signature.state), State.WITHDRAWN, by):
        raise NotAllowed
    session.flush()
    _erase(
        session, select(Signature.id).where(Signature.id == signature.id, Signature.state != State.WITHDRAWN)
    )
    session.refresh(signature)


def _erase(session: Session, ids: Select[uuid.UUID]) -> None:
    """Erase everything of these signatures but their state and the day of confirmation, since the exact time
    could identify a person.
    """
    among = ids.correlate(None).scalar_subquery()
    for model in (Assent, AskedAnew):
        session.execute(delete(model).where(model.signature_id.in_(among)), execution_options=_UNLOADED)
    emptied = (
        update(Submission).where(Submission.signature_id.in_(among)).values(sealed=None, code_index=None)
    )
    session.execute(emptied, execution_options=_UNLOADED)
    erased: dict[str, Any] = dict.fromkeys(ERASED_COLUMNS) | {"wants_updates": False, "folded": False}
    moments = select(func.min(Signature.confirmed_at), func.max(Signature.confirmed_at)).where(
        Signature.id.in_(among)
    )
    first, last = session.execute(moments).one()
    day = _midnight(first) if first else None

    # By day and not by row: imported signatures share one moment.
    while day is not None and day <= last:
        next_day = day + dt.timedelta(days=1)
        on_day = (Signature.id.in_(among), Signature.confirmed_at >= day, Signature.confirmed_at < next_day)
        withdrawn = (
            update(Signature).where(*on_day).values(erased | {"state": State.WITHDRAWN, "confirmed_at": day})
        )
        session.execute(withdrawn, execution_options=_UNLOADED)
        day = next_day


def _midnight(moment: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(moment.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
