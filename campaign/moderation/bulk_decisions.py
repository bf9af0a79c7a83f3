"""Decisions on several signatures at once: the plan, carrying it out, and undoing it within a day."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.moderation import correspondence, operations
from campaign.moderation.models import Action, Batch, BatchLine
from campaign.moderation.reports import open_reports
from campaign.moderation.signature_table import SignatureRow, row_of
from campaign.organisations.models import Organisation
from campaign.organisations.operations import remove_unused
from campaign.signatures.errors import NotAllowed, OrganisationSigned
from campaign.signatures.models import Signature, State
from campaign.signatures.names import named_organisation, names_of, reason_of
from campaign.statements.errors import KeyDestroyed

UNDONE_WITHIN = dt.timedelta(days=1)
MOST = 500
_BOTH = (State.QUARANTINED, State.HIDDEN)


@dataclass(frozen=True, slots=True)
class Planned:
    """A signature in the plan and whether the decision fits it. A closed name is approved by itself, after a
    look.

    `target`: the organisation it would be listed as (None: a new one); `mailed`: whether its signer gets a
    mail.
    """

    row: SignatureRow
    fits: bool
    target: Organisation | None = None
    mailed: bool = False


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """The numbers of signatures decided, left as they were, and (of those decided) told by mail."""

    done: int
    left: int
    mailed: int


def plan(action: Action, signature_ids: Sequence[uuid.UUID], statements: list[int] | None) -> list[Planned]:
    """The plan for these signatures, of the statements that a member may work on (None: all)."""
    query = select(Signature).where(Signature.id.in_(list(signature_ids)[:MOST]))
    if statements is not None:
        query = query.where(Signature.statement_id.in_(statements))
    found = db.session.scalars(query.order_by(Signature.confirmed_at, Signature.id))
    return [_planned(action, signature) for signature in found]


def decide(
    session: Session, action: Action, signature_ids: Sequence[uuid.UUID], reason: str, member_id: int
) -> tuple[Batch, BulkOutcome]:
    """Carry out a decision; a signature that was decided meanwhile, or that it does not fit, stays as it
    is.
    """
    batch = Batch(action=action, member_id=member_id, decided_at=clock.now())
    session.add(batch)
    session.flush()
    for signature_id in signature_ids:
        signature = session.get(Signature, signature_id, with_for_update=True, populate_existing=True)
        if signature is None or not _planned(action, signature).fits:
            continue

        before = State(signature.state)
        enters = action is Action.APPROVE and _target_of(signature) is None
        try:
            with session.begin_nested():
                mailed = _do(session, action, signature, reason, len(signature_ids))
        except OrganisationSigned:
            # As for one by itself: nobody finds out without a trace which organisations have signed unseen.
            operations.note_refusal(session, signature)
            continue
        except (NotAllowed, KeyDestroyed):
            continue

        after = _mark_after(signature)
        batch.lines.append(
            BatchLine(signature_id=signature_id, before=before, after=after, mailed=mailed, entered=enters)
        )

    session.flush()
    done, mailed_to = len(batch.lines), sum(line.mailed for line in batch.lines)

    return batch, BulkOutcome(done, len(signature_ids) - done, mailed_to)


def undo(session: Session, batch: Batch) -> BulkOutcome:
    """Put back whatever has not changed since. Mails that were promised stay sent.

    Raises NotAllowed after a day, or when it was undone before.
    """
    if not batch_can_be_undone(batch):
        raise NotAllowed

    batch.undone_at = clock.now()
    undone = []
    for line in batch.lines:
        signature = session.get_one(
            Signature, line.signature_id, with_for_update=True, populate_existing=True
        )
        try:
            if line.after not in standing(signature):
                continue
            with session.begin_nested():
                organisation = named_organisation(signature)
                operations.undo_decision(
                    session, signature, State(line.before), batch.decided_at, at_once=len(batch.lines)
                )
                if line.entered and organisation is not None:
                    remove_unused(session, [organisation])
        except (NotAllowed, OrganisationSigned, KeyDestroyed, SealBroken):
            continue

        undone.append(line)

    session.flush()

    return BulkOutcome(len(undone), len(batch.lines) - len(undone), sum(line.mailed for line in undone))


def batch_can_be_undone(batch: Batch) -> bool:
    """True for a day, once."""
    return batch.undone_at is None and batch.decided_at > clock.now() - UNDONE_WITHIN


def latest_of(member_id: int) -> list[Batch]:
    """The decisions of this member within a day that are not undone, newest first."""
    recent = (
        Batch.member_id == member_id,
        Batch.undone_at.is_(None),
        Batch.decided_at > clock.now() - UNDONE_WITHIN,
    )
    return [
        batch
        for batch in db.session.scalars(select(Batch).where(*recent).order_by(Batch.id.desc()).limit(3))
        if batch.lines
    ]


def standing(signature: Signature) -> list[bytes]:
    """The marks of a signature's state and names, under the newest key first; being listed by the fold does
    not change them. Raises SealBroken.

    Keyed, since whoever has the disk could try names against a plain digest.
    """
    state = State.CONFIRMED if signature.state == State.LISTED else signature.state
    said = {
        "stands": state,
        "visibility": signature.visibility,
        "country": signature.country,
        "reason": reason_of(signature),
        "message": None,
    }
    return vault().indexes("decision", json.dumps(said | names_of(signature), sort_keys=True))


def _mark_after(signature: Signature) -> bytes:
    """The mark of a signature after a decision; of one that nobody can open any more, a mark of nothing."""
    try:
        return standing(signature)[0]
    except SealBroken:
        return os.urandom(32)


def purge_batches() -> int:
    """Delete decisions that can't be undone together any more. Returns how many."""
    over = delete(Batch).where(Batch.decided_at <= clock.now() - UNDONE_WITHIN)
    return changed_rows(db.session.execute(over))


def _planned(action: Action, signature: Signature) -> Planned:
    row = row_of(signature)
    if action is Action.APPROVE:
        named = row.organisation
        clear, target = operations.likely_target(named, row.country) if named else (False, None)
        fits = clear and signature.state == State.REVIEW
        told = correspondence.is_to_be_told(signature) and bool(correspondence.address_of(signature))
        return Planned(row, fits, target, mailed=told)
    if action is Action.REJECT:
        mailed = bool(correspondence.address_of(signature))
        return Planned(row, signature.state == State.REVIEW, mailed=mailed)
    return Planned(row, signature.state in _BOTH or bool(open_reports(db.session(), signature)))


def _do(session: Session, action: Action, signature: Signature, reason: str, number: int) -> bool:
    if action is Action.REJECT:
        return operations.reject(session, signature, reason, at_once=number)
    if action is Action.APPROVE:
        return operations.approve(session, signature, _target_of(signature), at_once=number)
    if action is Action.ACCEPT:
        operations.accept(session, signature, at_once=number)
    else:
        operations.invalidate(session, signature, reason, at_once=number)
    return False


def _target_of(signature: Signature) -> operations.Target:
    row = row_of(signature)
    return operations.likely_target(row.organisation or "", row.country)[1]
