"""Reading what is known of backups."""

from __future__ import annotations

from sqlalchemy import select

from campaign.core import clock
from campaign.extensions import db
from campaign.privacy.models import BackupNote


def longest_backup_days() -> int | None:
    """The days from now for which the backup kept longest exists; None where there is none."""
    last = db.session.scalar(select(BackupNote.expires_on).order_by(BackupNote.expires_on.desc()).limit(1))
    return max(0, (last - clock.today()).days) if last else None
