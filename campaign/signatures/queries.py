"""Queries on submissions and signatures, for their signer and for the team."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from campaign.core.registration import Registry
from campaign.core.vault import vault
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import (
    ORGANISATION_IS_LIVE,
    REQUESTS_KEPT,
    UNDOABLE,
    Assent,
    ConfirmationRequest,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signatures.organisation_identity import organisation_index
from campaign.statements.models import Revision
from campaign.statements.queries import statement_key

IS_LISTED = text("signatures.state = 'listed'")
# The ids of organisations that rooms above know to have declined to sign a statement.
declined_to_sign: Registry[Callable[[Session, int], set[int]]] = Registry("organisations that declined")


def typed_fields(submission: Submission) -> SubmittedFields | None:
    """The fields of a submission, while they are kept."""
    return (
        SubmittedFields.of(vault().unseal_json(submission.sealed, "submissions", "sealed", submission.id))
        if submission.sealed
        else None
    )


def held_message(signature: Signature) -> str:
    """The message that waits to be read, for its signer and the team."""
    return (
        vault().unseal_text(signature.sealed_message, "signatures", "sealed_message", signature.id)
        if signature.sealed_message
        else ""
    )


def revision_signed(signature_id: uuid.UUID, session: Session) -> int | None:
    """The number of the newest revision that this signature agreed to."""
    agreed = (
        select(Revision.number)
        .join(Assent, Assent.revision_id == Revision.id)
        .where(Assent.signature_id == signature_id)
    )
    return session.scalar(agreed.order_by(Revision.number.desc()).limit(1))


def revisions_signed(ids: Collection[uuid.UUID], session: Session) -> dict[uuid.UUID, int]:
    """The number of the newest revision that each of these signatures agreed to."""
    agreed = select(Assent.signature_id, func.max(Revision.number)).join(
        Revision, Assent.revision_id == Revision.id
    )
    return dict(
        session.execute(agreed.where(Assent.signature_id.in_(ids)).group_by(Assent.signature_id))
        .tuples()
        .all()
    )


def organisations_signed(
    session: Session, statement_id: int, ids: Collection[int], *, shown: bool = False
) -> set[int]:
    """Those of the organisations `ids` that have signed the statement, however they are shown; with `shown`,
    those alone whose names are public.

    Raises KeyDestroyed.
    """
    key = statement_key(session, statement_id)
    by_index = {organisation_index(key, organisation_id): organisation_id for organisation_id in ids}
    holding = select(Signature.organisation_index).where(
        Signature.statement_id == statement_id, text(ORGANISATION_IS_LIVE)
    )
    if shown:
        holding = holding.where(Signature.visibility == Visibility.PUBLIC)
    return {by_index[index] for index in session.scalars(holding) if index in by_index}


def organisations_refused(session: Session, statement_id: int, ids: Collection[int]) -> set[int]:
    """Those of the organisations `ids` whose signature under the statement the team rejected or invalidated,
    as long as that can be undone. What was shown to the team alone is not told.

    Raises KeyDestroyed.
    """
    key = statement_key(session, statement_id)
    by_index = {organisation_index(key, organisation_id): organisation_id for organisation_id in ids}
    refused = select(Signature.organisation_index).where(
        Signature.statement_id == statement_id,
        Signature.state.in_(UNDOABLE),
        Signature.visibility == Visibility.PUBLIC,
    )
    return {by_index[index] for index in session.scalars(refused) if index in by_index}


def is_erased_row() -> ColumnElement[bool]:
    """The condition that a signature was withdrawn, or that its time for undoing is over: nothing is left of
    it.
    """
    over = Signature.state.in_(UNDOABLE) & Signature.ended_on.is_(None)
    return or_(Signature.state == State.WITHDRAWN, over)


def first_press_waiting(session: Session) -> dt.datetime | None:
    """The minute in which the oldest button was pressed, at high safety, that the worker has yet to carry
    out; None if there is none.
    """
    oldest = session.scalar(select(func.min(ConfirmationRequest.expires_at)))
    return oldest - REQUESTS_KEPT if oldest else None


def waiting_for_review(session: Session, statements: list[int] | None = None) -> list[Signature]:
    """Organisations of these statements, or of all, that wait for a decision, oldest first."""
    query = select(Signature).where(Signature.state == State.REVIEW)
    if statements is not None:
        query = query.where(Signature.statement_id.in_(statements))
    return list(session.scalars(query.order_by(Signature.confirmed_at)))
