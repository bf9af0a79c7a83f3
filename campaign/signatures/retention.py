"""How long submissions and signatures are kept."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import delete, exists, select, update

from campaign.core import clock, retention
from campaign.extensions import db
from campaign.signatures.models import ConfirmationRequest, Signature, Submission
from campaign.statements.models import Statement


def purge_submissions() -> int:
    """Delete submissions that nobody confirmed, and all of confirmed ones but the link to the signature."""
    now = clock.now()
    over = Submission.expires_at <= now
    # A button pressed in time counts, also where no worker ran: such a form stays a day longer at most.
    waited_for = exists().where(ConfirmationRequest.id.is_not(None))
    unclaimed = over & ((Submission.expires_at <= now - dt.timedelta(days=1)) | ~waited_for)
    emptied = (
        update(Submission)
        .where(over, Submission.signature_id.is_not(None))
        .where((Submission.sealed.is_not(None)) | (Submission.code_index.is_not(None)))
    )
    db.session.execute(emptied.values(sealed=None, code_index=None))
    return db.session.execute(delete(Submission).where(unclaimed, Submission.signature_id.is_(None))).rowcount  # type: ignore[attr-defined, no-any-return]


def purge_contacts() -> int:
    """Erase the addresses of signers who asked for news, as many days after handover or closing as signers
    were told.
    """
    ended = db.session.execute(
        select(Statement.id, Statement.contacts_from, Statement.contact_days).where(
            Statement.contacts_from.is_not(None)
        )
    )

    over = [
        statement_id
        for statement_id, since, days in ended.tuples()
        if since and since + dt.timedelta(days=days) <= clock.today()
    ]
    held = update(Signature).where(Signature.statement_id.in_(over), Signature.sealed_contact.is_not(None))
    erased = db.session.execute(
        held.values(sealed_contact=None, wants_updates=False),
        execution_options={"synchronize_session": False},
    )

    return erased.rowcount  # type: ignore[attr-defined, no-any-return]


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(app, "submissions", "what was typed: 7 days, or until confirmed", purge_submissions)
    retention.keep(
        app,
        "signatures",
        "as the signer chose, until withdrawn; the address only for updates or until a review is decided, and"
        " at most as many days after the"
        " handover (or the closing) as the statement says",
        purge_contacts,
    )
