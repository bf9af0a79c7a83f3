"""The export of all data held about one signer, machine-readable, for the signer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core.vault import SealBroken, vault
from campaign.signatures.models import Assent, Signature, Submission
from campaign.signatures.names import names_of, reason_of
from campaign.signatures.queries import held_message, typed_fields
from campaign.statements.models import Revision, Statement

_PLAIN = (
    "kind", "state", "visibility", "provenance", "source", "evidence", "country", "language",
    "notice", "position", "wants_updates", "shows_logo", "held_for",
)  # fmt: skip
_DAYS = ("collected_on", "changed_on", "confirmed_at", "approved_on", "removed_on", "ended_on")


def held_of(session: Session, submission: Submission) -> dict[str, Any]:
    """All data that a submission's link gives its signer. Readable data is included; for data that is only
    compared, the fact that it is held.

    `typed` is a form waiting to be confirmed or taken over. `mailbox_mark` says whether a keyed hash keeps
    this mailbox from counting twice.
    """
    typed = typed_fields(submission)
    held: dict[str, Any] = {
        "statement": session.scalar(select(Statement.slug).where(Statement.id == submission.statement_id)),
        "typed": {key: value for key, value in typed.as_sealed().items() if value not in ("", False)}
        if typed
        else None,
        "form_deleted_at": submission.expires_at.isoformat() if typed else None,
    }

    return (
        held | _of_signature(session, session.get_one(Signature, submission.signature_id))
        if submission.signature_id
        else held
    )


def _of_signature(session: Session, signature: Signature) -> dict[str, Any]:
    held = {column: getattr(signature, column) for column in _PLAIN}
    held |= {column: value.isoformat() if (value := getattr(signature, column)) else None for column in _DAYS}
    held |= {key: value for key, value in names_of(signature).items() if key != "organisation_id"}
    agreed = select(Revision.number, Assent.day).join(Revision, Revision.id == Assent.revision_id)
    texts = session.execute(agreed.where(Assent.signature_id == signature.id).order_by(Revision.number)).all()
    return held | {
        "reason": reason_of(signature),
        "message_waiting": held_message(signature),
        "email": _address(signature),
        "mailbox_mark": signature.mailbox_index is not None,
        "texts": [{"text": text.number, "day": text.day.isoformat()} for text in texts],
    }


def _address(signature: Signature) -> str | None:
    kept = signature.sealed_contact
    try:
        return vault().unseal_text(kept, "signatures", "sealed_contact", signature.id) if kept else None
    except SealBroken:
        return None
