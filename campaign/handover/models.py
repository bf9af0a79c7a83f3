"""Deliveries: who handed over what, the reply, and the list as it stood then."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, IntPk, RandomPk, ShortText, one_of


class Channel(StrEnum):
    """The channels by which a list reaches its addressee."""

    IN_PERSON = "in person"
    POST = "post"
    MAIL = "mail"
    ONLINE = "online form"
    OTHER = "other"


class FrozenList(Base):
    """A list as it stood at one moment.

    `sha256` is over the digests of its lines, each ended by a line feed, and outlives the lines. Each line
    has a random salt in it, so that nobody can try names against what is left of a removed one.
    """

    __tablename__ = "frozen_lists"

    # Its documents carry it as /v/<id>.
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    list_version: Mapped[int]
    people: Mapped[int]
    organisations: Mapped[int]
    sha256: Mapped[str | None] = mapped_column(String(64))
    # The digest of a list frozen before lines had salts, over the lines themselves: names can be tried
    # against it, so it is sealed, and published only as long as no line was removed.
    sealed_former: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    frozen_at: Mapped[dt.datetime]

    __table_args__ = (CheckConstraint("sha256 IS NULL OR sealed_former IS NULL", name="one_digest"),)


class FrozenLine(Base):
    """A signatory of a frozen list as it was written. Withdrawing or hiding the name removes it here too.

    `line` is JSON with a salt of its own; `digest` is its SHA-256, which stays.
    """

    __tablename__ = "frozen_lines"

    frozen_id: Mapped[str] = mapped_column(
        ForeignKey("frozen_lists.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signatures.id", ondelete="SET NULL"))
    line: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    # None for lists frozen before lines had salts.
    digest: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index(
            "ix_frozen_lines_written",
            "signature_id",
            sqlite_where=text("signature_id IS NOT NULL"),
            postgresql_where=text("signature_id IS NOT NULL"),
        ),
    )


class HiddenLine(Base):
    """The line of a signatory who is off the list until a person of the team has decided, sealed."""

    __tablename__ = "hidden_frozen_lines"

    id: Mapped[RandomPk]
    frozen_id: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)

    __table_args__ = (
        ForeignKeyConstraint(
            ["frozen_id", "number"], ["frozen_lines.frozen_id", "frozen_lines.number"], ondelete="CASCADE"
        ),
        UniqueConstraint("frozen_id", "number"),
    )


class Handover(Base):
    """The delivery of a list, and later perhaps the reply."""

    __tablename__ = "handovers"

    id: Mapped[IntPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    frozen_id: Mapped[str] = mapped_column(ForeignKey("frozen_lists.id"), index=True)
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressees.id"), index=True)
    # Written out where the addressee is not in the book, or somebody received it on their behalf.
    to_whom: Mapped[ShortText | None]
    by_whom: Mapped[ShortText]
    channel: Mapped[Channel] = mapped_column(String(12))
    handed_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    replied_on: Mapped[dt.date | None]
    reply: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("addressee_id IS NOT NULL OR to_whom IS NOT NULL", name="to_someone"),
        CheckConstraint("replied_on >= handed_on", name="replied_on"),
        CheckConstraint("reply IS NULL OR replied_on IS NOT NULL", name="reply"),
    )
