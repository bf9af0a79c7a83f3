"""Writes of the team, with their entries in the audit log.

Each locks the update and records its action last.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.updates import news_mail, operations
from campaign.updates.audit_actions import UpdateAction
from campaign.updates.models import Update
from campaign.updates.operations import UpdateContent


def write(session: Session, entry: UpdateContent, *, publish: bool) -> None:
    """Write a new update, published at once or kept as a draft."""
    update = operations.enter_update(session, entry, publish=publish)
    record(session, UpdateAction.WRITTEN, f"update:{update.id}", published=update.published_at is not None)


def change(session: Session, update_id: int, entry: UpdateContent, read: str) -> None:
    """Change an update; `read` is the update_fingerprint() it had when it was read.

    Raises EditedMeanwhile.
    """
    operations.change_update(session, _locked(session, update_id), entry, read)
    record(session, UpdateAction.CHANGED, f"update:{update_id}")


def publish(session: Session, update_id: int) -> None:
    """Publish an update. Doing it twice is no error."""
    operations.publish_update(session, _locked(session, update_id))
    record(session, UpdateAction.PUBLISHED, f"update:{update_id}")


def withdraw(session: Session, update_id: int) -> None:
    """Take an update off the public pages. Doing it twice is no error."""
    operations.withdraw_update(session, _locked(session, update_id))
    record(session, UpdateAction.WITHDRAWN, f"update:{update_id}")


def remove(session: Session, update_id: int) -> None:
    """Delete an update."""
    operations.remove_update(session, _locked(session, update_id))
    record(session, UpdateAction.REMOVED, f"update:{update_id}")


def mail(
    session: Session, update_id: int, starts_at: dt.datetime | None = None, per_hour: int | None = None
) -> None:
    """Order the mails about an update, which the worker writes. Raises NotForMail."""
    news_mail.order_mailing(session, _locked(session, update_id), starts_at, per_hour)
    record(session, UpdateAction.MAILED, f"update:{update_id}")


def call_off_mail(session: Session, update_id: int) -> None:
    """End the mails about an update; those that wait are not sent."""
    news_mail.call_off(session, _locked(session, update_id).id)
    record(session, UpdateAction.CALLED_OFF, f"update:{update_id}")


def _locked(session: Session, update_id: int) -> Update:
    return session.get_one(Update, update_id, with_for_update=True, populate_existing=True)
