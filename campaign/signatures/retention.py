"""How long submissions and signatures are kept."""

from __future__ import annotations

import datetime as dt

from flask import Flask
from sqlalchemy import delete, select, update

from campaign.core import clock, retention
from campaign.core.database import changed_rows
from campaign.extensions import db
from campaign.signatures.models import EXPIRES_AFTER, Signature, Submission
from campaign.signatures.queries import first_press_waiting
from campaign.signatures.signals import contact_gone
from campaign.signatures.states import erase_ended
from campaign.site.queries import this_site
from campaign.statements.models import Statement

_HOUR = dt.timedelta(hours=1)
# Attack protection compares the last minute with the hour before it.
_MOMENTS_KEPT = dt.timedelta(minutes=65)
_ROUNDED_DAYS = 9


def purge_submissions() -> int:
    """Delete submissions that nobody confirmed, and all of confirmed ones but the link to the signature; of
    those that stay, forget the moment.
    """
    _forget_moments()
    now = clock.now()
    over = Submission.expires_at <= now
    # A button pressed in time counts, however long no worker ran. One that was pressed later keeps nothing.
    pressed_at = first_press_waiting(db.session())
    unclaimed = over if pressed_at is None else over & (Submission.expires_at <= pressed_at)
    emptied = (
        update(Submission)
        .where(over, Submission.signature_id.is_not(None))
        .where((Submission.sealed.is_not(None)) | (Submission.code_index.is_not(None)))
    )
    db.session.execute(emptied.values(sealed=None, code_index=None))
    return changed_rows(
        db.session.execute(delete(Submission).where(unclaimed, Submission.signature_id.is_(None)))
    )


def _forget_moments() -> None:
    """Round the expiry of submissions to the hour, and at high safety the minute of the form to the day, once
    attack protection has no use for the moment: it would join them to the mails in a mail server's log.
    """
    before = clock.now() - _MOMENTS_KEPT
    today = before.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(_ROUNDED_DAYS):
        day = today - dt.timedelta(days=days)
        within = (
            Submission.received_at > day,
            Submission.received_at < min(day + dt.timedelta(days=1), before),
        )
        db.session.execute(
            update(Submission).where(*within).values(received_at=day),
            execution_options={"synchronize_session": False},
        )
    recent = before + EXPIRES_AFTER
    latest = recent.replace(minute=0, second=0, microsecond=0)
    # As far back as the worker may have been down.
    for hours in range(_ROUNDED_DAYS * 24):
        hour = latest - hours * _HOUR
        within = (Submission.expires_at > hour, Submission.expires_at < min(hour + _HOUR, recent))
        db.session.execute(
            update(Submission).where(*within).values(expires_at=hour),
            execution_options={"synchronize_session": False},
        )


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
    number = changed_rows(erased)
    for statement_id in over if number else ():
        contact_gone.send(db.session(), statement_id=statement_id)
    return number


def erase_undoable() -> int:
    """Erase rejected and invalidated signatures once the time for undoing the decision is over."""
    return erase_ended(db.session(), clock.today() - dt.timedelta(days=this_site().undo_days))


def _purge_signatures() -> int:
    return purge_contacts() + erase_undoable()


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(app, "submissions", "what was typed: 7 days, or until confirmed", purge_submissions)
    retention.keep(
        app,
        "signatures",
        "as the signer chose, until withdrawn; the address only for updates or until a review is decided, and"
        " at most as many days after the"
        " handover (or the closing) as the statement says; rejected and invalidated ones: sealed, and erased"
        " after the time for undoing",
        _purge_signatures,
    )
