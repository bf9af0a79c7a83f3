"""Models of case files: who the people are, what happened to them, and what of it may be shown."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import PERSONAL, Base, CountryCode, IntPk, LanguageCode, RandomPk, ShortText, one_of
from campaign.core.dates import Precision
from campaign.people.dates import Bound, When
from campaign.people.vocabulary import SENTENCING, SITTINGS, EventKind, Letters, Script, Wish

KEY_LENGTH = 400


class Person(Base):
    """The case file of a person. Status and days are derived from its events (detention.py), never stored."""

    __tablename__ = "people"

    id: Mapped[RandomPk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    # The organisation whose team looks after the file; empty where the whole site does.
    kept_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    # The employer, when it is in the registry; PersonText.organisation where it is not.
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    wish: Mapped[Wish] = mapped_column(String(10), default=Wish.UNKNOWN)
    wish_on: Mapped[dt.date | None]
    # Who expressed the wish and who wrote it down. Relatives are persecuted too: it is sealed, and shown only
    # to members who work on the file.
    sealed_wish: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    born_on: Mapped[dt.date | None] = mapped_column(info=PERSONAL)
    born_precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    # As a political prisoner, by whom: PersonText.recognised_by.
    recognised_on: Mapped[dt.date | None]
    recognised_precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    letters: Mapped[Letters] = mapped_column(String(9), default=Letters.UNKNOWN)
    # Codes of the languages in which letters are let through, comma separated; empty where no rule is known.
    letter_languages: Mapped[ShortText] = mapped_column(default="")
    # May be moved any day: the address is to be checked before writing.
    moving: Mapped[bool] = mapped_column(default=False)
    # The last day on which the team confirmed the status.
    confirmed_on: Mapped[dt.date | None]
    # Withdrawn from view, whatever the wish.
    withdrawn_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    # Raised by every change: caches of everything that shows the person use it in their keys.
    version: Mapped[int] = mapped_column(default=1)
    names: Mapped[list[PersonName]] = relationship(cascade="all, delete-orphan", order_by="PersonName.id")
    texts: Mapped[list[PersonText]] = relationship(cascade="all, delete-orphan")
    addresses: Mapped[list[PersonAddress]] = relationship(
        cascade="all, delete-orphan", order_by="PersonAddress.script"
    )
    sources: Mapped[list[PersonSource]] = relationship(
        cascade="all, delete-orphan", order_by="PersonSource.rank"
    )
    events: Mapped[list[CaseEvent]] = relationship(
        cascade="all, delete-orphan", order_by="CaseEvent.created_at"
    )
    portrait: Mapped[PersonPortrait | None] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(one_of("wish", Wish), name="wish"),
        CheckConstraint(
            "wish = 'unknown' OR (sealed_wish IS NOT NULL AND wish_on IS NOT NULL)",
            name="wish_has_who_said_it",
        ),
        CheckConstraint(one_of("born_precision", Precision), name="born_precision"),
        CheckConstraint(one_of("recognised_precision", Precision), name="recognised_precision"),
        CheckConstraint(one_of("letters", Letters), name="letters"),
        CheckConstraint("version > 0", name="version"),
    )


class PersonName(Base):
    """One name in one language and script (a tag such as be-Latn): the `name` to show in it, or an `alias` by
    which the person is found.
    """

    __tablename__ = "person_names"

    id: Mapped[IntPk]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    language: Mapped[LanguageCode]
    name: Mapped[ShortText] = mapped_column(info=PERSONAL)
    use: Mapped[str] = mapped_column(String(10), default="name")
    canonical: Mapped[bool] = mapped_column(default=False)
    search_key: Mapped[str] = mapped_column(String(KEY_LENGTH), index=True, info=PERSONAL)

    __table_args__ = (
        CheckConstraint(one_of("use", ("name", "alias")), name="use"),
        CheckConstraint("use = 'name' OR NOT canonical", name="canonical_is_name"),
        CheckConstraint("name <> ''", name="name"),
        UniqueConstraint("person_id", "language", "name"),
        Index(
            "uq_person_names_canonical",
            "person_id",
            unique=True,
            sqlite_where=text("canonical"),
            postgresql_where=text("canonical"),
        ),
        Index(
            "uq_person_names_shown",
            "person_id",
            "language",
            unique=True,
            sqlite_where=text("use = 'name'"),
            postgresql_where=text("use = 'name'"),
        ),
    )


class PersonText(Base):
    """The texts about a person in one language. Life, health and the note on letters are Markdown."""

    __tablename__ = "person_texts"

    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    role: Mapped[ShortText] = mapped_column(default="", info=PERSONAL)
    organisation: Mapped[ShortText] = mapped_column(default="", info=PERSONAL)
    life: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    health: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    recognised_by: Mapped[ShortText] = mapped_column(default="")
    letter_note: Mapped[str] = mapped_column(Text, default="")


class PersonAddress(Base):
    """Where letters go, in the script that the post of that country reads.

    `lines` are separated by line feeds, without the country.
    """

    __tablename__ = "person_addresses"

    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    script: Mapped[Script] = mapped_column(String(4), primary_key=True)
    lines: Mapped[str] = mapped_column(Text, info=PERSONAL)
    country: Mapped[CountryCode]

    __table_args__ = (
        CheckConstraint(one_of("script", Script), name="script"),
        CheckConstraint("lines <> ''", name="lines"),
        CheckConstraint("length(country) = 2", name="country"),
    )


class PersonPortrait(Base):
    """The portrait as drawn anew from the upload: pixels alone (JPEG), in two sizes.

    Width and height are those of the large one.
    """

    __tablename__ = "person_portraits"

    person_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    large: Mapped[bytes] = mapped_column(info=PERSONAL)
    small: Mapped[bytes] = mapped_column(info=PERSONAL)
    width: Mapped[int]
    height: Mapped[int]
    # The description for screen readers, and who took it.
    description: Mapped[ShortText]
    credit: Mapped[ShortText] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint("description <> ''", name="description"),
    )


class PersonSource(Base):
    """A source of the file: a line that everyone may read, or a sealed one that only the team can."""

    __tablename__ = "person_sources"

    id: Mapped[RandomPk]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    rank: Mapped[int]
    line: Mapped[str | None] = mapped_column(String(500), info=PERSONAL)
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)

    __table_args__ = (
        UniqueConstraint("person_id", "rank"),
        CheckConstraint("(line IS NULL) <> (sealed IS NULL)", name="public_or_sealed"),
    )


class CaseEvent(Base):
    """An event, with what is known of its date (people.dates.When)."""

    __tablename__ = "case_events"

    id: Mapped[RandomPk]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[EventKind] = mapped_column(String(22))
    happened_on: Mapped[dt.date | None] = mapped_column(info=PERSONAL)
    precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    bound: Mapped[Bound] = mapped_column(String(7), default=Bound.ON)
    # The event after which it stands when its own date is unknown.
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_events.id", ondelete="SET NULL"))
    # When a court sits, written and read in the time zone of its place (an IANA name).
    starts_at: Mapped[dt.datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # The length of a sentence, or of the one after an appeal.
    years: Mapped[int | None]
    months: Mapped[int | None]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    texts: Mapped[list[CaseEventText]] = relationship(cascade="all, delete-orphan")

    @property
    def when(self) -> When:
        """Its date with what is known of it."""
        return When(self.happened_on, Precision(self.precision), Bound(self.bound))

    __table_args__ = (
        CheckConstraint(one_of("kind", EventKind), name="kind"),
        CheckConstraint(one_of("precision", Precision), name="precision"),
        CheckConstraint(one_of("bound", Bound), name="bound"),
        CheckConstraint("(bound = 'unknown') = (happened_on IS NULL)", name="date_unless_unknown"),
        CheckConstraint(
            f"starts_at IS NULL OR ({one_of('kind', tuple(map(str, SITTINGS)))} AND "
            "precision = 'day' AND bound = 'on')",
            name="sits_on_a_day",
        ),
        CheckConstraint(
            f"years IS NULL OR {one_of('kind', tuple(map(str, SENTENCING)))}", name="length_of_a_sentence"
        ),
        CheckConstraint("(years IS NULL) = (months IS NULL)", name="years_and_months"),
        CheckConstraint("years >= 0 AND months BETWEEN 0 AND 11 AND years + months > 0", name="length"),
    )


class CaseEventText(Base):
    """An event in one language: the article of law with a short explanation, the place, and a note."""

    __tablename__ = "case_event_texts"

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("case_events.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    article: Mapped[ShortText] = mapped_column(default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[ShortText] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)


class CampaignPerson(Base):
    """A person of a release campaign, in the order of its page.

    People taken off again are remembered: somebody may have signed for them.
    """

    __tablename__ = "campaign_people"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    rank: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None]
