"""Signatures when two records of one organisation are merged: they follow, and where both had signed, one of
them stands.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.core.vault import SealBroken, vault
from campaign.signatures.models import ENDED, SignatoryKind, Signature, State, Visibility
from campaign.signatures.names import named_organisation, names_of
from campaign.signatures.organisation_identity import organisation_index
from campaign.signatures.queries import revisions_signed
from campaign.signatures.states import By, invalidate
from campaign.statements.errors import KeyDestroyed
from campaign.statements.queries import statement_key


@dataclass(frozen=True, slots=True)
class MergeMove:
    """What a merge does on one statement: `moved` signatures will belong to the record that stays,
    `invalidated` leaves the list in favour of `kept`.
    """

    statement_id: int
    moved: list[Signature]
    kept: Signature | None = None
    invalidated: Signature | None = None


def shown_moves(session: Session, goes: int, stays: int) -> list[MergeMove]:
    """What a merge would do to signatures whose names are public: what may be shown, told and recorded.

    Those that only the team may see follow as well. A preview that counted them would tell anyone who may
    merge which organisations signed unseen.
    """
    shown = []
    for move in moves(session, goes, stays):
        moved = [one for one in move.moved if one.visibility == Visibility.PUBLIC]
        both = all(one and one.visibility == Visibility.PUBLIC for one in (move.kept, move.invalidated))
        pair = (move.kept, move.invalidated) if both else (None, None)
        if moved:
            shown.append(MergeMove(move.statement_id, moved, *pair))
    return shown


def moves(session: Session, goes: int, stays: int, *, lock: bool = False) -> list[MergeMove]:
    """What a merge would do to signatures, by statement.

    `lock` keeps the fold away from them until the end of the transaction.
    """
    return [
        move
        for statement_id in _statements(session, goes)
        if (move := _move(session, statement_id, goes, stays, lock=lock)).moved
    ]


def move_signatures(session: Session, *, goes: int, stays: int) -> None:
    """Transfer the signatures of one organisation to another, under the name as signed.

    Where both had, the later signature is invalidated.
    """
    for move in moves(session, goes, stays, lock=True):
        if move.invalidated is not None:
            reason = _("Signed twice: this organisation had two records in the registry, which were merged.")
            # The index frees the place for the other one only once this is flushed.
            invalidate(session, move.invalidated, reason, By.MERGE)
        index = _index(session, move.statement_id, stays)
        for signature in move.moved:
            _follow(signature, stays, index)
        session.flush()


def _statements(session: Session, organisation_id: int) -> list[int]:
    """The statements that the organisation may have signed: names that are not listed are sealed, so all
    statements with such names are included.
    """
    sealed = (Signature.kind == SignatoryKind.ORGANISATION) & Signature.sealed.is_not(None)
    where = or_(Signature.organisation_id == organisation_id, sealed)
    return list(
        session.scalars(
            select(Signature.statement_id).where(where).distinct().order_by(Signature.statement_id)
        )
    )


def _move(session: Session, statement_id: int, goes: int, stays: int, *, lock: bool) -> MergeMove:
    moved, there = _of(session, statement_id, goes, lock=lock), _of(session, statement_id, stays, lock=lock)
    live = [signature for signature in (*moved, *there) if signature.state not in ENDED]
    if len(live) < 2:
        return MergeMove(statement_id, moved)
    # One that stands on the list is kept before one that the team has hidden, one of a newer text before one
    # of an older; else the earlier one.
    signed = revisions_signed([signature.id for signature in live], session)
    kept, *later = sorted(
        live, key=lambda one: (one.state == State.HIDDEN, -signed.get(one.id, 0), one.confirmed_at)
    )
    return MergeMove(statement_id, moved, kept, later[0])


def _of(session: Session, statement_id: int, organisation_id: int, *, lock: bool) -> list[Signature]:
    """All signatures of an organisation on one statement, in any state that still names it."""
    same = [Signature.organisation_id == organisation_id]
    index = _index(session, statement_id, organisation_id)
    if index is not None:
        same.append(Signature.organisation_index == index)
    else:
        same.append(Signature.id.in_(_sealed_with(session, statement_id, organisation_id)))
    found = select(Signature).where(Signature.statement_id == statement_id, or_(*same)).order_by(Signature.id)
    return list(session.scalars(found.with_for_update() if lock else found))


def _sealed_with(session: Session, statement_id: int, organisation_id: int) -> list[uuid.UUID]:
    """The signatures of an organisation whose names are sealed, where no index tells any more."""
    of_statement = (Signature.statement_id == statement_id, Signature.kind == SignatoryKind.ORGANISATION)
    sealed = session.scalars(select(Signature).where(*of_statement, Signature.sealed.is_not(None)))
    return [signature.id for signature in sealed if named_organisation(signature) == organisation_id]


def organisations_in_seals(session: Session) -> set[int]:
    """The organisations of the registry that sealed names lead to; all such names are opened for it."""
    sealed = select(Signature).where(
        Signature.kind == SignatoryKind.ORGANISATION, Signature.sealed.is_not(None)
    )
    found = session.scalars(sealed.execution_options(yield_per=500))
    return {known for signature in found if (known := named_organisation(signature)) is not None}


def _index(session: Session, statement_id: int, organisation_id: int) -> bytes | None:
    """The organisation's index; None once the statement's key is destroyed, since nobody can sign it any
    more.
    """
    try:
        return organisation_index(statement_key(session, statement_id), organisation_id)
    except KeyDestroyed:
        return None


def _follow(signature: Signature, stays: int, index: bytes | None) -> None:
    """Point one signature to the record that stays; its name is as signed, and lists go on showing that."""
    if signature.sealed is not None:
        signature.sealed = _resealed(signature, stays)
    else:
        signature.organisation_id, signature.keeps_name = stays, True
    if index is not None and signature.organisation_index is not None:
        signature.organisation_index = index
    signature.folded = False


def _resealed(signature: Signature, stays: int) -> bytes | None:
    try:
        names = names_of(signature) | {"organisation_id": stays, "keeps_name": True}
    except SealBroken:
        # Nobody can unseal it any more, so it names nobody.
        return signature.sealed
    return vault().seal_json(names, "signatures", "sealed", signature.id)
