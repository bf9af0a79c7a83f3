"""Writes of the team that the log keeps: updates.

Each locks the update and leaves its entry in the log last.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.updates import news_mail, operations
from campaign.updates.audit_actions import UpdateAction
from campaign.updates.models import Update
from campaign.updates.operations import UpdateContent


def write(session: Session, entry: UpdateContent, *, publish: bool) -> None:
    """A new update, published at once or kept for the team."""
    update = operations.enter_update(session, entry, publish=publish)
    record(session, UpdateAction.WRITTEN, f"update:{update.id}", published=update.published_at is not None)


def change(session: Session, update_id: int, entry: UpdateContent, read: str) -> None:
    """An update that says something else; `read` is its update_fingerprint() of before.

    Raises EditedMeanwhile.
    """
    operations.change_update(session, _locked(session, update_id), entry, read)
    record(session, UpdateAction.CHANGED, f"update:{update_id}")


def publish(session: Session, update_id: int) -> None:
    """An update that everyone may read. Twice is no error."""
    operations.publish_update(session, _locked(session, update_id))
    record(session, UpdateAction.PUBLISHED, f"update:{update_id}")


def withdraw(session: Session, update_id: int) -> None:
    """An update that only the team may read. Twice is no error."""
    operations.withdraw_update(session, _locked(session, update_id))
    record(session, UpdateAction.WITHDRAWN, f"update:{update_id}")


def remove(session: Session, update_id: int) -> None:
    """The end of an update."""
    operations.remove_update(session, _locked(session, update_id))
    record(session, UpdateAction.REMOVED, f"update:{update_id}")


def mail(session: Session, update_id: int) -> None:
    """Mails about an update, which the worker is to write. Raises NotForMail."""
    news_mail.order_mailing(session, _locked(session, update_id))
    record(session, UpdateAction.MAILED, f"update:{update_id}")


def _locked(session: Session, update_id: int) -> Update:
    return session.get_one(Update, update_id, with_for_update=True, populate_existing=True)
