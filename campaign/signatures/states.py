"""The state machine of signatures: one table of transitions, and one function through which every change
goes.

`TRANSITIONS` has each transition: from which states, to which state, by whom, and with which consequences for
the row. move() applies one to a signature, withdraw_all() to a set. The fold writes many rows at once and
asks the table which of them it lists.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from campaign.core import clock
from campaign.core.hashed_names import name_for_hash
from campaign.core.vault import SealBroken, keyed_hash
from campaign.organisations.models import Organisation
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import (
    ERASED_COLUMNS,
    IDENTIFYING_COLUMNS,
    UNDOABLE,
    AskedAnew,
    Assent,
    Provenance,
    SignatoryKind,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signatures.names import is_shown, named_organisation, names_of, write_names, write_reason
from campaign.signatures.organisation_identity import claimed_index, organisation_index
from campaign.signatures.signals import signature_sealed, signature_shown
from campaign.signatures.tombstones import bury
from campaign.signatures.withdrawal_phrase import is_known_mark, phrase_mark, signature_of_mark, spend_mark
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
    write_reason(signature, None)
    signature.ended_on = None
    signature.approved_on = clock.today()
    if not signature.wants_updates:
        signature.sealed_contact = None


def _refused(signature: Signature) -> None:
    """Erase the address, which was kept for this decision only, and keep the day: the rest follows."""
    signature.sealed_contact = None
    signature.ended_on = clock.today()


def _reviewed_anew(signature: Signature) -> None:
    """Forget the earlier decision."""
    write_reason(signature, None)
    signature.approved_on = signature.removed_on = signature.ended_on = None


def _entered_anew(signature: Signature) -> None:
    """What its signer made public is another entry than the one approved before, of which they were told."""
    _reviewed_anew(signature)
    signature.told_approved = None


def _not_removed(signature: Signature) -> None:
    write_reason(signature, None)
    signature.removed_on = signature.ended_on = None


def _removed(signature: Signature) -> None:
    """Keep the day, for the page on how the list was made."""
    signature.removed_on = clock.today()


def _invalidated(signature: Signature) -> None:
    """Keep the day, for that page and for the time after which the name is erased."""
    signature.removed_on = signature.ended_on = clock.today()


def _merged_away(signature: Signature) -> None:
    """Keep the day for erasing alone: the page on how the list was made does not count it as removed."""
    write_reason(signature, None)
    signature.removed_on, signature.ended_on = None, clock.today()


def _hidden_again(signature: Signature) -> None:
    write_reason(signature, None)
    signature.ended_on = None
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
    Transition(_STANDS, State.REVIEW, (By.SIGNER,), _entered_anew),
    # A held or hidden one is found genuine; a person who changes their name is checked like one who signs
    # with it.
    Transition(_HELD, State.CONFIRMED, (By.TEAM,), _not_removed),
    # The same of an organisation that its signer has made public meanwhile, and that no registry knows.
    Transition(_HELD, State.REVIEW, (By.TEAM,), _entered_anew),
    Transition((State.REVIEW,), State.QUARANTINED, (By.UNDO,)),
    Transition((State.REVIEW,), State.HIDDEN, (By.UNDO,), _hidden_again),
    Transition(_STANDS, State.QUARANTINED, (By.SIGNER, By.UNDO)),
    # It leaves the list until somebody has looked.
    Transition(_STANDS, State.HIDDEN, (By.TEAM, By.REPORT), _removed),
    Transition(_STANDS, State.HIDDEN, (By.UNDO,), _hidden_again),
    # It is found false, or is the second one of a merged organisation, which is listed already and was not
    # false.
    Transition((*_STANDS, *_HELD), State.INVALIDATED, (By.TEAM,), _invalidated),
    Transition((State.REVIEW, *_STANDS, *_HELD), State.INVALIDATED, (By.MERGE,), _merged_away),
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
    erase(). The name is sealed as the signature leaves the list, and opened as it returns.
    """
    way = _WAYS.get((State(signature.state), to, by))
    if way is None or to is State.WITHDRAWN or is_erased(signature):
        raise NotAllowed
    before, after = is_shown(signature.visibility, signature.state), is_shown(signature.visibility, to)
    try:
        names = names_of(signature) if before != after else {}
    except SealBroken as error:
        raise NotAllowed from error

    signature.state = to
    signature.folded = False
    if way.follows:
        way.follows(signature)
    if reason is not None:
        write_reason(signature, reason)
    if before != after:
        write_names(signature, names, Visibility(signature.visibility))
        (signature_shown if after else signature_sealed).send(
            object_session(signature), signature_id=signature.id
        )


def is_erased(signature: Signature) -> bool:
    """True for a rejected or invalidated signature whose time for undoing is over: nothing is left of it."""
    return signature.state in UNDOABLE and signature.ended_on is None


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
    if is_erased(signature):
        raise NotAllowed
    try:
        names = names_of(signature) | {"organisation_id": organisation.id if organisation else None}
    except SealBroken as error:
        raise NotAllowed from error
    try:
        if signature.visibility == Visibility.PUBLIC or not _is_guarded(session, signature):
            signature.organisation_index = (
                organisation_index(key, organisation.id)
                if organisation
                else keyed_hash(key, "unlisted organisation", name_for_hash(names["organisation_name"]))
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
    move(signature, State.REVIEW if is_unregistered(session, signature) else State.CONFIRMED, By.TEAM)
    session.flush()


def is_unregistered(session: Session, signature: Signature) -> bool:
    """True for a public organisation that no registry knows (any more): a review has to come first."""
    if signature.kind != SignatoryKind.ORGANISATION or signature.visibility != Visibility.PUBLIC:
        return False
    known = named_organisation(signature)
    with session.no_autoflush:
        return known is None or session.get(Organisation, known) is None


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
    public = signature.visibility == Visibility.PUBLIC
    if signature.kind != SignatoryKind.ORGANISATION or holder is None or not public:
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
    wanted = select(Signature.id).where(*which, Signature.state.in_(sources(State.WITHDRAWN, by)))
    # Read once: on PostgreSQL a second read would find a signature that came in between, which has no
    # tombstone and is not locked.
    ids = session.scalars(wanted.with_for_update()).all()
    count = bury(session, ids)
    _erase(session, ids)
    return count


def withdraw_by_phrase(session: Session, words: str) -> bool:
    """Withdraw the signature of this phrase, which is then spent.

    False for a phrase that nobody was shown.
    """
    return withdraw_by_mark(session, phrase_mark(words))


def withdraw_by_mark(session: Session, mark: bytes) -> bool:
    """The same for the digest of a phrase."""
    if not is_known_mark(session, mark):
        return False
    signature = signature_of_mark(session, mark)
    if signature is not None:
        signature = session.get_one(Signature, signature.id, with_for_update=True, populate_existing=True)
        spend_mark(session, mark)
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
    _erase(session, [signature.id])
    session.refresh(signature)


def erase_ended(session: Session, until: dt.date) -> int:
    """Erase what identifies anybody from the signatures that were rejected or invalidated up to this day.

    State and days stay, for the page on how the list was made. Returns how many.
    """
    over = select(Signature.id).where(Signature.ended_on <= until).with_for_update()
    ids = session.scalars(over).all()
    emptied: dict[str, Any] = dict.fromkeys(IDENTIFYING_COLUMNS) | {"wants_updates": False}
    # The sentence of a merge names nobody, and distinguishes such rows on that page.
    reasons = case((Signature.removed_on.is_(None), Signature.sealed_reason))
    reason = case((Signature.state == State.INVALIDATED, reasons))
    for some in _parts(ids):
        _forget_beside(session, some)
        _write_by_day(session, some, emptied | {"sealed_reason": reason})
    return len(ids)


def _erase(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Erase everything of these signatures but their state and the day of confirmation, since the exact time
    could identify a person.
    """
    erased: dict[str, Any] = dict.fromkeys(ERASED_COLUMNS) | {"wants_updates": False, "folded": False}
    for some in _parts(ids):
        _forget_beside(session, some)
        _write_by_day(session, some, erased | {"state": State.WITHDRAWN})


def _forget_beside(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Delete what other tables have of these signatures; a submission stays, so that its link says why."""
    for model in (Assent, AskedAnew):
        session.execute(delete(model).where(model.signature_id.in_(ids)), execution_options=_UNLOADED)
    emptied = update(Submission).where(Submission.signature_id.in_(ids)).values(sealed=None, code_index=None)
    session.execute(emptied, execution_options=_UNLOADED)


def _write_by_day(session: Session, ids: Sequence[uuid.UUID], values: dict[str, Any]) -> None:
    """Write the values, and the day of confirmation in place of its time."""
    among = Signature.id.in_(ids)
    moments = select(func.min(Signature.confirmed_at), func.max(Signature.confirmed_at)).where(among)
    first, last = session.execute(moments).one()
    day = _midnight(first) if first else None

    # By day and not by row: imported signatures share one moment.
    while day is not None and day <= last:
        next_day = day + dt.timedelta(days=1)
        on_day = (among, Signature.confirmed_at >= day, Signature.confirmed_at < next_day)
        written = update(Signature).where(*on_day).values(values | {"confirmed_at": day})
        session.execute(written, execution_options=_UNLOADED)
        day = next_day


def _parts(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _midnight(moment: dt.datetime) -> dt.datetime:
    return dt.datetime.combine(moment.astimezone(dt.UTC).date(), dt.time(), dt.UTC)
