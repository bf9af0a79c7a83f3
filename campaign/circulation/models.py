"""What goes round, to whom it was sent, what they answered, and what they would change.

All of it is unseen by the public.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, CountryCode, IntPk, LanguageCode, RandomPk, ShortText, one_of
from campaign.statements.models import Change

# An organisation signs once. Who is not known to speak for it keeps nobody else from it.
_SIGNS = "answer = 'sign' AND {} IS NOT NULL AND NOT over AND NOT unknown"


class Answer(StrEnum):
    """What an organisation has said."""

    NONE = "none"
    SIGN = "sign"
    BOARD = "board"
    MORE_TIME = "more time"
    DECLINE = "decline"


class Way(StrEnum):
    """How an invitation came to be."""

    # The team invited it, a colleague passed it on, it came by the shared link, or an answer that came
    # elsewhere was written down.
    MAIL = "mail"
    FORWARDED = "forwarded"
    SHARED = "shared"
    BY_HAND = "by hand"


class SuggestionVerdict(StrEnum):
    """What became of a suggested change."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Circulation(Base):
    """A statement that goes round, until `deadline`.

    `sealed` holds who invites: name and mail address, for From and Reply-To.
    """

    __tablename__ = "circulations"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    deadline: Mapped[dt.datetime]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    # Discreet: the subject of the mail says neither what nor until when.
    discreet: Mapped[bool] = mapped_column(default=False)
    # Days before the deadline on which the silent ones are reminded, comma separated, falling.
    remind_days: Mapped[str] = mapped_column(String(40), default="")
    # The shared link for a closed mailing list; switched off and on again it is another one.
    shared_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    # Where nobody signs any more once it is public.
    closes_at_once: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class CirculatedText(Base):
    """The text as it was sent round: all its translations (JSON), which never change, with the digest that a
    published one would have.
    """

    __tablename__ = "circulated_texts"

    id: Mapped[IntPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("circulations.statement_id", ondelete="CASCADE"))
    number: Mapped[int]
    change: Mapped[Change] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text, default="")
    texts: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        CheckConstraint(one_of("change", Change), name="change"),
        CheckConstraint("(number = 1) = (change = 'first')", name="first"),
    )


class Invitation(Base):
    """One organisation, or one of its people, asked to sign; and the answer.

    `sealed` holds whom we write to and, once answered, who signs and what they say:
    circulation.contacts.Contact.
    """

    __tablename__ = "invitations"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("circulations.statement_id", ondelete="CASCADE"))
    way: Mapped[Way] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    # HMAC of the canonical address under the statement's own key: nobody is invited twice.
    contact_index: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # HMAC of the organisation's name as it compares: what the registry does not know signs once, too.
    name_index: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    country: Mapped[CountryCode | None]
    language: Mapped[LanguageCode]
    forwarded_from: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitations.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[dt.datetime]
    # The newest mail that asks for an answer, for as long as the outbox remembers it; refused by a server, it
    # says so.
    mail_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    bounced: Mapped[bool] = mapped_column(default=False)

    answer: Mapped[Answer] = mapped_column(String(10), default=Answer.NONE)
    answered_at: Mapped[dt.datetime | None]
    text_id: Mapped[int | None] = mapped_column(
        ForeignKey("circulated_texts.id", ondelete="CASCADE"), index=True
    )
    # Others who are asked may see that this organisation has signed.
    shown_early: Mapped[bool] = mapped_column(default=False)
    # After the deadline: it waits until the team lets it join.
    late: Mapped[bool] = mapped_column(default=False)
    # The mailbox is not known to speak for the organisation that was typed: it waits until the team has
    # looked.
    unknown: Mapped[bool] = mapped_column(default=False)
    # Where an answer came from that was written down by hand.
    source: Mapped[ShortText | None]
    # For how many days before the deadline the last reminder was, and on which day it was sent.
    reminded_for: Mapped[int | None]
    reminded_on: Mapped[dt.date | None]
    # A later text with other demands was announced to who had signed an earlier one.
    asked_text_id: Mapped[int | None] = mapped_column(
        ForeignKey("circulated_texts.id", ondelete="SET NULL"), index=True
    )
    # Once published: the signature that it has become.
    signature_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("signatures.id", ondelete="SET NULL"), index=True
    )
    kit_sent: Mapped[bool] = mapped_column(default=False)
    # Taken back by the team, or passed on to a colleague who has answered.
    over: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer"),
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name="answered_at"),
        CheckConstraint("answer <> 'sign' OR text_id IS NOT NULL", name="signs_a_text"),
        CheckConstraint("way <> 'by hand' OR source IS NOT NULL", name="by_hand_has_source"),
        Index(
            "uq_invitations_contact",
            "statement_id",
            "contact_index",
            unique=True,
            sqlite_where=text("contact_index IS NOT NULL AND NOT over"),
            postgresql_where=text("contact_index IS NOT NULL AND NOT over"),
        ),
        Index(
            "uq_invitations_signed",
            "statement_id",
            "organisation_id",
            unique=True,
            sqlite_where=text(_SIGNS.format("organisation_id")),
            postgresql_where=text(_SIGNS.format("organisation_id")),
        ),
        Index(
            "uq_invitations_named",
            "statement_id",
            "name_index",
            unique=True,
            sqlite_where=text(_SIGNS.format("name_index")),
            postgresql_where=text(_SIGNS.format("name_index")),
        ),
        Index("ix_invitations_statement_id", "statement_id", "answer"),
    )


class Suggestion(Base):
    """A passage that somebody would like to read otherwise.

    One paragraph each, so that each is decided by itself.
    """

    __tablename__ = "suggestions"

    id: Mapped[IntPk]
    invitation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )
    text_id: Mapped[int] = mapped_column(ForeignKey("circulated_texts.id", ondelete="CASCADE"), index=True)
    language: Mapped[LanguageCode]
    # The paragraph as it stands; empty where a new one is to stand after `after`.
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[SuggestionVerdict] = mapped_column(String(10), default=SuggestionVerdict.OPEN)
    decided_at: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime]

    __table_args__ = (
        CheckConstraint(one_of("verdict", SuggestionVerdict), name="verdict"),
        CheckConstraint("(verdict = 'open') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("before <> after", name="changes_something"),
    )


class OrganisationContact(Base):
    """Whom one writes to at an organisation of the registry: the contact on record, sealed; the newest
    invitation says who it is.
    """

    __tablename__ = "organisation_contacts"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    language: Mapped[LanguageCode]
