"""The list of a statement as of the last fold."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import Base


class SignatoryList(Base):
    """The counts and version of one statement's list.

    Only the fold writes it, so the counts can't drift from the rows.
    """

    __tablename__ = "signatory_lists"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    people: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    # The highest position ever given; positions are never given twice.
    last_position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[dt.datetime | None]
    # At high safety: the hour at which waiting signatures are listed together (signatories.shuffled_batches).
    batch_due_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint("people >= 0", name="people"),
        CheckConstraint("organisations >= 0", name="organisations"),
        CheckConstraint("last_position >= people + organisations", name="last_position"),
    )
