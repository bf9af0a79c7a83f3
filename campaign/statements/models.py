"""Statements, their immutable revisions and translations, their owners and their addressees."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import PERSONAL, Base, CountryCode, IntPk, LanguageCode, RandomPk, ShortText, one_of
from campaign.core.dates import Precision


class Kind(StrEnum):
    """What a statement is in the field's own words."""

    JOINT_STATEMENT = "joint statement"
    OPEN_LETTER = "open letter"
    RELEASE_CAMPAIGN = "release campaign"
    PETITION = "petition"
    COMMUNICATION = "communication"


class Status(StrEnum):
    """Where a statement stands in its life."""

    DRAFT = "draft"
    # Circulating among organisations before the public may see it.
    CIRCULATING = "circulating"
    OPEN = "open"
    CLOSED = "closed"
    HANDED_OVER = "handed over"
    ARCHIVED = "archived"


# Nobody but the team, and those whom it asks, may know of these.
UNSEEN = (Status.DRAFT, Status.CIRCULATING)
# These take no more signatures.
ENDED = (Status.CLOSED, Status.HANDED_OVER, Status.ARCHIVED)


class Signers(StrEnum):
    """The kinds of signatories that a statement accepts."""

    ORGANISATIONS = "organisations"
    PEOPLE = "people"
    BOTH = "both"


class Safety(StrEnum):
    """How much is kept about a signature (design §3)."""

    STANDARD = "standard"
    HIGH = "high"


class Change(StrEnum):
    """What a revision does to the one before it; users read "wording only" and "demands change"."""

    FIRST = "first"
    EDITORIAL = "editorial"
    MATERIAL = "material"


@dataclass(frozen=True, slots=True)
class Press:
    """The press contact, as shown on the page."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


NO_PRESS = Press()


class Statement(Base):
    """A text that is signed. The text itself is in its revisions."""

    __tablename__ = "statements"

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[Kind] = mapped_column(String(20))
    status: Mapped[Status] = mapped_column(String(12), default=Status.DRAFT)
    signers: Mapped[Signers] = mapped_column(String(15), default=Signers.BOTH)
    safety: Mapped[Safety] = mapped_column(String(10), default=Safety.STANDARD)
    goal: Mapped[int | None]
    # The moments at which the worker opens and closes the statement; people write and read them in
    # `time_zone` (an IANA name).
    opens_at: Mapped[dt.datetime | None]
    closes_at: Mapped[dt.datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    published_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    # The number of days after the handover, or after closing where there was none, until the addresses of
    # signers who asked for news are erased.
    contact_days: Mapped[int] = mapped_column(default=90)
    contacts_from: Mapped[dt.date | None]
    # The day on the letter, which for an archived text is long before it was entered here.
    dated: Mapped[dt.date | None]
    dated_precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    sample: Mapped[bool] = mapped_column(default=False)
    # Made up as an example: the page, lists and files say so.
    fictional: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(Text)
    # The network whose statement it is, and whose members sign it.
    network_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    # The press contact, shown on the page.
    press_name: Mapped[ShortText | None]
    press_email: Mapped[ShortText | None]
    press_phone: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[dt.datetime]
    # Raised by every change that a reader can see: caches of its pages are keyed by it.
    version: Mapped[int] = mapped_column(default=1)
    revisions: Mapped[list[Revision]] = relationship(
        back_populates="statement", order_by="Revision.number", cascade="all, delete-orphan"
    )
    owners: Mapped[list[StatementOwner]] = relationship(
        order_by="StatementOwner.rank", cascade="all, delete-orphan"
    )
    addressees: Mapped[list[StatementAddressee]] = relationship(
        order_by="StatementAddressee.rank", cascade="all, delete-orphan"
    )
    topics: Mapped[list[StatementTopic]] = relationship(
        order_by="StatementTopic.topic_id", cascade="all, delete-orphan"
    )

    @property
    def contacts_until(self) -> dt.date | None:
        """The day on which the addresses of signers who asked for news are erased; None while the statement
        takes signatures.
        """
        return self.contacts_from + dt.timedelta(days=self.contact_days) if self.contacts_from else None

    @property
    def press(self) -> Press:
        """The press contact."""
        return Press(self.press_name, self.press_email, self.press_phone)

    __table_args__ = (
        CheckConstraint(one_of("dated_precision", Precision), name="dated_precision"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint(one_of("signers", Signers), name="signers"),
        CheckConstraint(one_of("safety", Safety), name="safety"),
        CheckConstraint("goal > 0", name="goal"),
        CheckConstraint(f"({one_of('status', UNSEEN)}) = (published_at IS NULL)", name="published_at"),
        CheckConstraint(f"({one_of('status', ENDED)}) = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        CheckConstraint("contact_days BETWEEN 1 AND 730", name="contact_days"),
        CheckConstraint("(contacts_from IS NULL) = (closed_at IS NULL)", name="contacts_from"),
    )


class FormerSlug(Base):
    """A former address of a statement, which redirects to the present one."""

    __tablename__ = "former_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)


class Revision(Base):
    """A set of translations.

    Without `published_at` it is the draft that the team edits; with it, it never changes.
    """

    __tablename__ = "revisions"

    id: Mapped[IntPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"))
    number: Mapped[int]
    change: Mapped[Change] = mapped_column(String(10))
    # SHA-256 over all translations, see operations.revision_digest().
    sha256: Mapped[str | None] = mapped_column(String(64))
    published_at: Mapped[dt.datetime | None]
    # What changed, in the team's words, for the public list of versions.
    note: Mapped[str | None] = mapped_column(Text)
    statement: Mapped[Statement] = relationship(back_populates="revisions")
    translations: Mapped[list[Translation]] = relationship(
        order_by="Translation.rank", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        CheckConstraint(one_of("change", Change), name="change"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("(number = 1) = (change = 'first')", name="first"),
        CheckConstraint("(published_at IS NULL) = (sha256 IS NULL)", name="sha256_when_published"),
        Index(
            "uq_revisions_draft",
            "statement_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )


class Translation(Base):
    """Title and Markdown body in one language; rank 0 is the language in which the text was written."""

    __tablename__ = "translations"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    rank: Mapped[int]
    title: Mapped[ShortText]
    body: Mapped[str] = mapped_column(Text)
    # SHA-256 of the original with which this translation was last brought into line
    # (statements.translations); none for the original.
    follows: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("revision_id", "rank"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint("body <> ''", name="body"),
    )


class UnsavedText(Base):
    """What a member typed in the editor of a statement, or of a new one, and has not saved yet."""

    __tablename__ = "unsaved_texts"

    id: Mapped[RandomPk]
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"))
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), index=True
    )
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    saved_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (
        UniqueConstraint("member_id", "statement_id"),
        Index(
            "uq_unsaved_texts_new",
            "member_id",
            unique=True,
            sqlite_where=text("statement_id IS NULL"),
            postgresql_where=text("statement_id IS NULL"),
        ),
    )


class StatementOwner(Base):
    """An organisation that owns a statement."""

    __tablename__ = "statement_owners"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    rank: Mapped[int] = mapped_column(default=0)


class Addressee(Base):
    """An entry of the address book, used by any number of statements.

    An office that changes hands gets a new entry.
    """

    __tablename__ = "addressees"

    id: Mapped[IntPk]
    country: Mapped[CountryCode | None]
    address: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[ShortText] = mapped_column(default="")
    # Codes of the languages in which one can write to them, comma separated, the best first.
    languages: Mapped[ShortText] = mapped_column(default="")
    created_at: Mapped[dt.datetime]
    names: Mapped[list[AddresseeName]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class AddresseeName(Base):
    """An addressee's name, role and institution in one language."""

    __tablename__ = "addressee_names"

    addressee_id: Mapped[int] = mapped_column(
        ForeignKey("addressees.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    name: Mapped[ShortText]
    role: Mapped[ShortText] = mapped_column(default="")
    institution: Mapped[ShortText] = mapped_column(default="")

    __table_args__ = (CheckConstraint("name <> ''", name="name"),)


class StatementAddressee(Base):
    """An addressee of a statement, in the order shown."""

    __tablename__ = "statement_addressees"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    addressee_id: Mapped[int] = mapped_column(ForeignKey("addressees.id"), primary_key=True, index=True)
    rank: Mapped[int] = mapped_column(default=0)
    addressee: Mapped[Addressee] = relationship(lazy="selectin")


class Topic(Base):
    """A subject under which statements and updates are found and followed."""

    __tablename__ = "topics"

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    created_at: Mapped[dt.datetime]
    # Raised by every change that a reader can see: caches of its pages and feeds are keyed by it.
    version: Mapped[int] = mapped_column(default=1)
    names: Mapped[list[TopicName]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class TopicName(Base):
    """A topic's name and a sentence on it, in one language."""

    __tablename__ = "topic_names"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    name: Mapped[ShortText]
    description: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (CheckConstraint("name <> ''", name="name"),)


class StatementTopic(Base):
    """The membership of a statement in a topic."""

    __tablename__ = "statement_topics"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class StatementKey(Base):
    """The key under which the mailboxes of a statement's signers are indexed.

    Once it is destroyed, nobody can find out who signed.
    """

    __tablename__ = "statement_keys"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes | None]
    destroyed_at: Mapped[dt.datetime | None]

    __table_args__ = (CheckConstraint("(sealed IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_at"),)
