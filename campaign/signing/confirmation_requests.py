"""Confirming at high safety: the request is kept whatever the code, and the worker does what follows from it,
so that no visitor sees what it found.
"""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.signatures.models import ConfirmationRequest
from campaign.signatures.withdrawal_phrase import is_mark_of_signature, phrase_mark, spend_mark
from campaign.signing.confirmation import confirm, submission_of_code
from campaign.signing.errors import CodeUnknown, SubmissionOver
from campaign.signing.one_time_codes import OneTimeCode, phrase_of
from campaign.statements.errors import KeyDestroyed, NotOpen

EVERY_SECONDS = 0.5
_EXPIRES_AFTER = dt.timedelta(days=7)
_NOTHING_FOLLOWS = (CodeUnknown, SubmissionOver, NotOpen, KeyDestroyed)


def request_confirmation(session: Session, code: OneTimeCode) -> str:
    """Store a request for the worker. Returns the withdrawal phrase to show.

    The statements run are the same for every code, and what is stored of one, however often it comes, is one
    row.
    """
    words = phrase_of(session, code)
    request_id = uuid.UUID(bytes=vault().index("confirmation request", code.digits)[:16])
    asked = {"code": code.digits, "phrase": phrase_mark(words).hex(), "at": clock.now().isoformat()}
    values = {
        "id": request_id,
        "sealed": vault().seal_json(asked, "confirmation_requests", "sealed", request_id),
        "expires_at": clock.now() + _EXPIRES_AFTER,
    }
    insert_unless_taken(session, ConfirmationRequest.__table__, values, ("id",))  # type: ignore[arg-type]
    return words


def carry_out_requests() -> bool:
    """Carry out the waiting requests. For the worker; False, since nothing more is waiting then.

    Raises PartlyDone if one could not be carried out; all others were, and it is tried again.
    """
    failed: Exception | None = None
    for request_id in db.session.scalars(select(ConfirmationRequest.id)).all():
        try:
            with writing() as session:
                request = session.get(ConfirmationRequest, request_id, with_for_update=True)
                if request is not None:
                    _carry_out(session, request)
                    session.delete(request)
        except Exception as error:  # noqa: BLE001  whatever stops one must not stop the others
            failed = error
    if failed is not None:
        raise worker.PartlyDone("confirmation") from failed
    return False


def _carry_out(session: Session, request: ConfirmationRequest) -> None:
    """Confirm the form that waits for this code, if one does. The phrase that was shown is known from now."""
    try:
        asked: dict[str, Any] = vault().unseal_json(
            request.sealed, "confirmation_requests", "sealed", request.id
        )
    except SealBroken:
        return
    mark, pressed_at = bytes.fromhex(asked["phrase"]), dt.datetime.fromisoformat(asked["at"])
    with suppress(*_NOTHING_FOLLOWS):
        waiting = submission_of_code(session, asked["code"], pressed_at)
        confirm(session, waiting, mark=mark, pressed_at=pressed_at)
    if not is_mark_of_signature(session, mark):
        spend_mark(session, mark)


def purge_requests() -> int:
    """Delete requests that could not be carried out for a week."""
    over = delete(ConfirmationRequest).where(ConfirmationRequest.expires_at <= clock.now())
    return db.session.execute(over).rowcount  # type: ignore[attr-defined, no-any-return]


def init_app(app: Flask) -> None:
    """Register the job that carries requests out."""
    worker.register(app, "confirmations", EVERY_SECONDS, carry_out_requests)
