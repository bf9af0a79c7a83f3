"""Requests for the complete list, on each of which two people decide; and files that the worker makes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.accounts.two_people import TwoPeopleRequest, two_people_checks
from campaign.core.base import PERSONAL, Base, RandomPk, ShortText, one_of


class CompleteExport(TwoPeopleRequest, Base):
    """A request for a list with names and addresses that are not public.

    Another member grants it, once, within a day. `recipient` is the age public key that the file is encrypted
    to: the member who decides sees for whom it is.
    """

    __tablename__ = "complete_exports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    # The purpose, in the words of the member who asks.
    sealed_why: Mapped[bytes] = mapped_column(info=PERSONAL)
    recipient: Mapped[ShortText]

    __table_args__ = two_people_checks()


class ExportStage(StrEnum):
    """The stage of an export that the worker makes.

    OUTDATED: somebody has left the list, or is shown in another way, since the file was made. FAILED: it
    could not be made; it can be asked for again.
    """

    QUEUED = "queued"
    MAKING = "making"
    DONE = "done"
    OUTDATED = "outdated"
    FAILED = "failed"


class ExportJob(Base):
    """A file of a long list, made by the worker for one member, and kept sealed for a day.

    `recipients` are the age public keys that the file is encrypted to, separated by spaces. `list_left` says
    how many had left the list when the file was begun (signatories.list_state).
    """

    __tablename__ = "export_jobs"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)
    # JSON (exports.wishes).
    wishes: Mapped[str] = mapped_column(Text)
    recipients: Mapped[str] = mapped_column(Text, default="")
    with_passphrase: Mapped[bool] = mapped_column(default=False)
    # Until the file is made with it.
    sealed_passphrase: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    stage: Mapped[ExportStage] = mapped_column(String(8), index=True)
    # Rows, and how many of them are written.
    total: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    list_left: Mapped[int | None]
    file_name: Mapped[ShortText | None]
    mimetype: Mapped[ShortText | None]
    asked_at: Mapped[dt.datetime]
    # Renewed by the worker that has it; another may take it over once this is old.
    claimed_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("stage", ExportStage), name="stage"),
        CheckConstraint("passed >= 0 AND total >= 0 AND attempts >= 0", name="counts"),
        CheckConstraint("stage <> 'done' OR file_name IS NOT NULL", name="file_name"),
        CheckConstraint(
            "sealed_passphrase IS NULL OR stage IN ('queued', 'making', 'failed')", name="sealed_passphrase"
        ),
    )
