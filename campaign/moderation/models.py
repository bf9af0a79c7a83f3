"""What moderation stores beside the signatures: questions, reports, watched names, decisions on several."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.accounts.two_people import TwoPeopleRequest, two_people_checks
from campaign.core.base import PERSONAL, Base, IntPk, RandomPk, ShortText, one_of
from campaign.signatures.models import State


class Watched(StrEnum):
    """Why a name is watched: it is a word that is no name, or it belongs to a well-known person."""

    WORD = "word"
    PERSON = "person"


class ReportVerdict(StrEnum):
    """The outcome of a report."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Action(StrEnum):
    """The decisions that can be made on several signatures at once."""

    APPROVE = "approve"
    REJECT = "reject"
    ACCEPT = "accept"
    INVALIDATE = "invalidate"


class Question(Base):
    """A question that the team asked a signer by mail.

    Its words are in the mail alone; the answer goes to the team's mailbox. Deleted once the signature has
    ended.
    """

    __tablename__ = "review_questions"

    id: Mapped[IntPk]
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), index=True
    )
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_members.id", ondelete="SET NULL"))
    # Midnight of the day.
    asked_at: Mapped[dt.datetime]


class FalseReport(Base):
    """A report "my name, and I did not sign". `sealed` (JSON: email, note) is erased when it is decided."""

    __tablename__ = "false_reports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), index=True
    )
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # False where too many were hidden before: the name stands until somebody has looked.
    hid: Mapped[bool]
    reported_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    verdict: Mapped[ReportVerdict | None] = mapped_column(String(10))

    __table_args__ = (
        CheckConstraint(one_of("verdict", ReportVerdict), name="verdict"),
        CheckConstraint("(decided_at IS NULL) = (verdict IS NULL)", name="decided"),
        CheckConstraint("decided_at IS NULL OR sealed IS NULL", name="sealed_until_decided"),
        Index("ix_false_reports_of_statement", "statement_id", "reported_at"),
        Index(
            "ix_false_reports_open",
            "statement_id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )


class WatchedName(Base):
    """A name that a person of the team checks before it is listed. `key` is its search key."""

    __tablename__ = "watched_names"

    id: Mapped[IntPk]
    kind: Mapped[Watched] = mapped_column(String(8))
    name: Mapped[ShortText] = mapped_column(info=PERSONAL)
    key: Mapped[str] = mapped_column(String(400), unique=True, info=PERSONAL)

    __table_args__ = (
        CheckConstraint(one_of("kind", Watched), name="kind"),
        CheckConstraint("name <> ''", name="name"),
    )


class Batch(Base):
    """Decisions that were made together, and can be undone together within a day."""

    __tablename__ = "review_batches"

    id: Mapped[IntPk]
    action: Mapped[Action] = mapped_column(String(12))
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)
    decided_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]
    lines: Mapped[list[BatchLine]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (CheckConstraint(one_of("action", Action), name="action"),)


class BatchLine(Base):
    """A decision of a batch: the state before, and a keyed mark of how the signature stood after."""

    __tablename__ = "review_batch_lines"

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("review_batches.id", ondelete="CASCADE"), primary_key=True
    )
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    before: Mapped[State] = mapped_column(String(12))
    after: Mapped[bytes] = mapped_column(info=PERSONAL)
    mailed: Mapped[bool]
    # An approval that entered its organisation into the registry.
    entered: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint(one_of("before", State), name="before"),)


class NameLook(TwoPeopleRequest, Base):
    """A look of one member at one name that only the team may see: at high safety another member grants it.

    `fetched_at`: when the name was opened. Rows are deleted after two days; the audit log keeps that it was.
    """

    __tablename__ = "name_looks"

    id: Mapped[RandomPk]
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), index=True
    )
    # False at standard safety, where one member looks alone.
    two_people: Mapped[bool]

    __table_args__ = (
        *two_people_checks("NOT two_people OR (granted IS NOT NULL AND granted)"),
        Index("ix_name_looks_asked_by", "asked_by", "asked_at"),
    )
