"""Circulations, circulated texts, invitations with their answers, and suggestions.

The public sees none of it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, CountryCode, IntPk, LanguageCode, RandomPk, one_of
from campaign.statements.models import Change

# An organisation signs once. A mailbox not known to speak for it keeps nobody else from signing.
_SIGNS = "answer = 'sign' AND {} IS NOT NULL AND NOT over AND NOT unknown"


class Answer(StrEnum):
    """The answer of an organisation."""

    NONE = "none"
    SIGN = "sign"
    BOARD = "board"
    MORE_TIME = "more time"
    DECLINE = "decline"


class Way(StrEnum):
    """How an invitation came about."""

    # Sent by the team, passed on by a colleague, asked for by the shared link, or made for an answer that
    # came elsewhere and was recorded.
    MAIL = "mail"
    FORWARDED = "forwarded"
    SHARED = "shared"
    BY_HAND = "by hand"


class SuggestionVerdict(StrEnum):
    """The decision on a suggested change."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Circulation(Base):
    """The circulation of a statement until `deadline`.

    `sealed` holds the inviter's name and mail address, for From and Reply-To.
    """

    __tablename__ = "circulations"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    deadline: Mapped[dt.datetime]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    # Discreet: the subject of the mail names neither the text nor the deadline.
    discreet: Mapped[bool] = mapped_column(default=False)
    # The days before the deadline on which those who have not answered are reminded, comma separated,
    # descending.
    remind_days: Mapped[str] = mapped_column(String(40), default="")
    # The shared link for a closed mailing list; switched off and on again, it is a new one.
    shared_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    # True if nobody can sign any more once the text is public.
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

    `sealed` holds the recipient and, once answered, the signer and their remark:
    circulation.contacts.Contact.
    """

    __tablename__ = "invitations"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("circulations.statement_id", ondelete="CASCADE"))
    way: Mapped[Way] = mapped_column(String(10))
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    # HMAC of the canonical address under the statement's own key: nobody is invited twice.
    contact_index: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # HMAC of the organisation's name as it compares: organisations that the registry does not know sign only
    # once, too.
    name_index: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    country: Mapped[CountryCode | None]
    language: Mapped[LanguageCode]
    forwarded_from: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("invitations.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[dt.datetime]
    # The handle of the newest mail that asks for an answer: refused by a server, the outbox says so.
    mail_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    bounced: Mapped[bool] = mapped_column(default=False)

    answer: Mapped[Answer] = mapped_column(String(10), default=Answer.NONE)
    answered_at: Mapped[dt.datetime | None]
    text_id: Mapped[int | None] = mapped_column(
        ForeignKey("circulated_texts.id", ondelete="CASCADE"), index=True
    )
    # True if other invited organisations may see that this one has signed.
    shown_early: Mapped[bool] = mapped_column(default=False)
    # Answered after the deadline: it waits until the team admits it.
    late: Mapped[bool] = mapped_column(default=False)
    # The mailbox is not known to speak for the organisation that was typed: the answer waits for review by
    # the team.
    unknown: Mapped[bool] = mapped_column(default=False)
    # The source of an answer recorded by hand: from whom, when.
    sealed_source: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # The number of days before the deadline that the last reminder was for, and the day on which it was sent.
    reminded_for: Mapped[int | None]
    reminded_on: Mapped[dt.date | None]
    # The later text with other demands that was announced to the signer of an earlier one.
    asked_text_id: Mapped[int | None] = mapped_column(
        ForeignKey("circulated_texts.id", ondelete="SET NULL"), index=True
    )
    # After publication: the signature that the answer has become. It names the organisation then, and
    # `organisation_id` is empty: sealed or erased with the signature, the name is to be read nowhere.
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
        CheckConstraint("way <> 'by hand' OR sealed_source IS NOT NULL", name="by_hand_has_source"),
        CheckConstraint("signature_id IS NULL OR organisation_id IS NULL", name="named_by_its_signature"),
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
    """A suggested change of one passage. One paragraph each, so that each is decided separately."""

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
    # Why, in the words of the organisation, for the team alone.
    sealed_remark: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    verdict: Mapped[SuggestionVerdict] = mapped_column(String(10), default=SuggestionVerdict.OPEN)
    decided_at: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime]

    __table_args__ = (
        CheckConstraint(one_of("verdict", SuggestionVerdict), name="verdict"),
        CheckConstraint("(verdict = 'open') = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("before <> after", name="changes_something"),
    )


class OrganisationContact(Base):
    """The contact on record of an organisation of the registry, sealed; taken from the newest invitation."""

    __tablename__ = "organisation_contacts"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    language: Mapped[LanguageCode]
