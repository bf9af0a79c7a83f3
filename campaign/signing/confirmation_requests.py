"""Confirming at high safety: the request is kept whatever the code, and the worker does what follows from it,
so that no visitor sees what it found, nor how long it took.
"""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import insert_unless_taken, writing
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.signatures import states
from campaign.signatures.models import REQUESTS_KEPT, ConfirmationRequest
from campaign.signatures.withdrawal_phrase import phrase_mark, signature_of_mark, spend_mark
from campaign.signing.confirmation import confirm, submission_of_code
from campaign.signing.errors import CodeUnknown, SubmissionOver
from campaign.signing.one_time_codes import OneTimeCode, phrase_of
from campaign.statements.errors import KeyDestroyed, NotOpen

EVERY_SECONDS = 0.5
_NOTHING_FOLLOWS = (CodeUnknown, SubmissionOver, NotOpen, KeyDestroyed)


def request_confirmation(session: Session, code: OneTimeCode) -> str:
    """Store a request for the worker. Returns the withdrawal phrase to show.

    The statements run are the same for every code, and what is stored of one, however often it comes, is one
    row.
    """
    words, now = phrase_of(session, code), clock.now()
    mark = phrase_mark(words)
    request_id = _ids(mark)[0]
    asked = {"code": code.digits, "phrase": mark.hex(), "at": now.isoformat()}
    values = {
        "id": request_id,
        "sealed": vault().seal_json(asked, "confirmation_requests", "sealed", request_id),
        # To the minute: the moment itself is sealed.
        "expires_at": now.replace(second=0, microsecond=0) + REQUESTS_KEPT,
    }
    insert_unless_taken(session, ConfirmationRequest.__table__, values, ("id",))  # type: ignore[arg-type]
    return words


def request_withdrawal(session: Session, words: str) -> bool:
    """Note that the signature of these words is to be withdrawn as soon as it is made. False if no request
    waits that showed them.

    Only the request is looked at: whether its button had been pressed before makes no difference to the time
    that the answer takes.
    """
    for request_id in _ids(phrase_mark(words)):
        request = session.get(ConfirmationRequest, request_id, with_for_update=True)
        if request is not None and (asked := _asked(request)):
            asked["withdraw"] = True
            request.sealed = vault().seal_json(asked, "confirmation_requests", "sealed", request.id)
            session.flush()
            return True
    return False


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
    asked = _asked(request)
    if not asked:
        return
    mark, pressed_at = bytes.fromhex(asked["phrase"]), dt.datetime.fromisoformat(asked["at"])
    with suppress(*_NOTHING_FOLLOWS):
        waiting = submission_of_code(session, asked["code"], pressed_at)
        confirm(session, waiting, mark=mark, pressed_at=pressed_at)
    if signature_of_mark(session, mark) is None:
        spend_mark(session, mark)
    if asked.get("withdraw"):
        states.withdraw_by_mark(session, mark)


def _asked(request: ConfirmationRequest) -> dict[str, Any]:
    """What is sealed in a request; empty if its key is gone."""
    try:
        return vault().unseal_json(request.sealed, "confirmation_requests", "sealed", request.id)
    except SealBroken:
        return {}


def _ids(mark: bytes) -> list[uuid.UUID]:
    """The ids that the request has which showed the phrase of this digest, by each key, newest first."""
    return [uuid.UUID(bytes=index[:16]) for index in vault().indexes("confirmation request", mark.hex())]


def purge_requests() -> int:
    """Delete requests that could not be carried out for a week, after a last try: if no worker ran for as
    long, this may be the first one.
    """
    session = db.session()
    over = select(ConfirmationRequest).where(ConfirmationRequest.expires_at <= clock.now())
    requests = session.scalars(over).all()
    for request in requests:
        with suppress(Exception), session.begin_nested():
            _carry_out(session, request)
        session.delete(request)
    session.flush()
    return len(requests)


def init_app(app: Flask) -> None:
    """Register the job that carries requests out."""
    worker.register(app, "confirmations", EVERY_SECONDS, carry_out_requests)
