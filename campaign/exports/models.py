"""Requests for the complete list, on each of which two people decide."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, RandomPk, ShortText


class CompleteExport(Base):
    """A request for a list with names and addresses that are not public.

    Another member grants it, once, within a day. `recipient` is the age public key that the file is encrypted
    to: the member who decides sees for whom it is.
    """

    __tablename__ = "complete_exports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("team_members.id"))
    # The purpose, in the words of the member who asks.
    sealed_why: Mapped[bytes] = mapped_column(info=PERSONAL)
    recipient: Mapped[ShortText]
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("team_members.id"))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    fetched_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)",
            name="decided",
        ),
        CheckConstraint("fetched_at IS NULL OR (granted IS NOT NULL AND granted)", name="fetched_if_granted"),
    )
