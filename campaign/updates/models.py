"""Updates: news, outcomes and court hearings of a statement or a topic, after publication."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import Base, IntPk, LanguageCode, ShortText, one_of
from campaign.core.dates import Precision


class UpdateKind(StrEnum):
    """The kinds of updates."""

    NEWS = "news"
    OUTCOME = "outcome"
    HEARING = "hearing"


class Update(Base):
    """News about a statement, a topic, or both. Without `published_at` it is a draft of the team."""

    __tablename__ = "updates"

    id: Mapped[IntPk]
    kind: Mapped[UpdateKind] = mapped_column(String(10))
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), index=True)
    # The person it is about, if drafted from an event of a case: the wish of the person guards it, too.
    person_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), index=True
    )
    event_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("case_events.id", ondelete="SET NULL"), index=True
    )
    # The day it happened: the first of the month or year if no more is known; None if not even that is.
    happened_on: Mapped[dt.date | None]
    precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    # One per line: a web address, or the name of the source.
    sources: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    changed_at: Mapped[dt.datetime]
    texts: Mapped[list[UpdateText]] = relationship(
        order_by="UpdateText.rank", cascade="all, delete-orphan", lazy="selectin"
    )
    hearing: Mapped[Hearing | None] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (
        CheckConstraint(one_of("kind", UpdateKind), name="kind"),
        CheckConstraint(one_of("precision", Precision), name="precision"),
        CheckConstraint("statement_id IS NOT NULL OR topic_id IS NOT NULL", name="belongs_somewhere"),
        CheckConstraint("event_id IS NULL OR person_id IS NOT NULL", name="event_of_a_person"),
        # Each campaign has one update on an event.
        UniqueConstraint("statement_id", "event_id"),
    )


class UpdateText(Base):
    """An update in one language; rank 0 is the original. Court, place and outcome belong to hearings."""

    __tablename__ = "update_texts"

    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    rank: Mapped[int]
    title: Mapped[ShortText]
    body: Mapped[str] = mapped_column(Text, default="")
    court: Mapped[ShortText] = mapped_column(default="")
    case: Mapped[ShortText] = mapped_column("case_name", default="")
    place: Mapped[ShortText] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("update_id", "rank"), CheckConstraint("title <> ''", name="title"))


class Hearing(Base):
    """A court hearing, read and written in the time zone of the place (an IANA name).

    Without `at_known` only the day is known.
    """

    __tablename__ = "hearings"

    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[dt.datetime] = mapped_column(index=True)
    at_known: Mapped[bool] = mapped_column(default=True)
    time_zone: Mapped[str] = mapped_column(String(64))


class UpdateMailing(Base):
    """The mailing of an update to the signers of its statement who asked for news. Begun once, ended once;
    one that is called off before the first mail can be ordered anew.
    """

    __tablename__ = "update_mailings"

    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id", ondelete="CASCADE"), primary_key=True)
    ordered_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    # The number of mails written; it outlives the rows of update_told.
    written: Mapped[int] = mapped_column(default=0)
    # Nothing is written before; None: at once.
    starts_at: Mapped[dt.datetime | None]
    # The most mails in an hour of this mailing; None: as many as the relay takes.
    per_hour: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("written >= 0", name="written"),
        CheckConstraint("per_hour > 0", name="per_hour"),
    )


class UpdateTold(Base):
    """A signer who has been written to about an update, so that nobody gets two mails.

    Deleted some days after the mailing has ended.
    """

    __tablename__ = "update_told"

    update_id: Mapped[int] = mapped_column(
        ForeignKey("update_mailings.update_id", ondelete="CASCADE"), primary_key=True
    )
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True
    )
    # The handle of the mail, to recall it while it waits.
    mail_id: Mapped[uuid.UUID | None]
