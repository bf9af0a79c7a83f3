"""The progress of key rotations, and the expiry dates of backups."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import Base, IntPk

# Between the last link that could still be confirmed and the end of a statement's key: time to decide
# about organisations in review, and to open again.
WAITS = dt.timedelta(days=7)


class KeyRotation(Base):
    """A run over all sealed values, which ends with each one that can be opened under the newest key.

    It holds no key, nor the name of one.
    """

    __tablename__ = "key_rotations"

    id: Mapped[IntPk]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    # Values under older keys when it began, those sealed again since, and those that no key could open.
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint("total >= 0 AND done >= 0 AND unreadable >= 0", name="counts"),)


class BackupNote(Base):
    """A backup and the day on which it is to be deleted: until then erased data can be brought back from
    it.
    """

    __tablename__ = "backup_notes"

    id: Mapped[IntPk]
    made_at: Mapped[dt.datetime] = mapped_column(index=True)
    expires_on: Mapped[dt.date]
