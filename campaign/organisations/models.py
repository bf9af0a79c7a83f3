"""The registry of organisations: their names, countries and own mail domains."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import Base, CountryCode, IntPk, LanguageCode, ShortText, WebAddress, one_of

KEY_LENGTH = 400


class UnStatus(StrEnum):
    """Consultative status with the Economic and Social Council of the United Nations."""

    NONE = "none"
    GENERAL = "general"
    SPECIAL = "special"
    ROSTER = "roster"


class Organisation(Base):
    """An organisation, known under several names, exactly one of which is canonical."""

    __tablename__ = "organisations"

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    country: Mapped[CountryCode | None]
    website: Mapped[WebAddress | None]
    un_status: Mapped[UnStatus] = mapped_column(String(10), default=UnStatus.NONE)
    # A year: the day on which a group of people became an organisation is rarely known.
    founded: Mapped[int | None]
    # Dissolved by a state; many go on elsewhere.
    liquidated_on: Mapped[dt.date | None]
    liquidated_by: Mapped[ShortText | None]
    continues_from: Mapped[ShortText | None]
    created_at: Mapped[dt.datetime]
    # Entered only because a signature named it: without signatures it is not shown, and deleted.
    from_signature: Mapped[bool] = mapped_column(default=False)
    # Made up as an example: its page says so, and it is never suggested for a name that somebody enters.
    fictional: Mapped[bool] = mapped_column(default=False)
    names: Mapped[list[OrganisationName]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", lazy="selectin"
    )
    domains: Mapped[list[OrganisationDomain]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    logo: Mapped[OrganisationLogo | None] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(one_of("un_status", UnStatus), name="un_status"),
        CheckConstraint("founded BETWEEN 1000 AND 2999", name="founded"),
        CheckConstraint(
            "liquidated_on IS NOT NULL OR (liquidated_by IS NULL AND continues_from IS NULL)",
            name="liquidated_on",
        ),
    )

    @property
    def log_subject(self) -> str:
        """The subject of an entry of the log, which stays for good: without the slug, which is made of the
        name, where only a signature brought the organisation.
        """
        return f"record:{self.id}" if self.from_signature else f"organisation:{self.slug}"


class OrganisationName(Base):
    """One name in one language: the `name` to show in it, or an `alias` by which the organisation is
    found.
    """

    __tablename__ = "organisation_names"

    id: Mapped[IntPk]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    language: Mapped[LanguageCode]
    name: Mapped[ShortText]
    use: Mapped[str] = mapped_column(String(10), default="name")
    canonical: Mapped[bool] = mapped_column(default=False)
    search_key: Mapped[str] = mapped_column(String(KEY_LENGTH), index=True)
    organisation: Mapped[Organisation] = relationship(back_populates="names")

    __table_args__ = (
        CheckConstraint(one_of("use", ("name", "alias")), name="use"),
        CheckConstraint("use = 'name' OR NOT canonical", name="canonical_is_name"),
        UniqueConstraint("organisation_id", "language", "name"),
        Index(
            "uq_organisation_names_canonical",
            "organisation_id",
            unique=True,
            sqlite_where=text("canonical"),
            postgresql_where=text("canonical"),
        ),
        Index(
            "uq_organisation_names_shown",
            "organisation_id",
            "language",
            unique=True,
            sqlite_where=text("use = 'name'"),
            postgresql_where=text("use = 'name'"),
        ),
    )


class OrganisationDomain(Base):
    """A mail domain that is the organisation's own: a signer with a mailbox there may sign for it without
    review.
    """

    __tablename__ = "organisation_domains"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (CheckConstraint("domain = lower(domain)", name="lower_case"),)


class OrganisationLogo(Base):
    """The logo as drawn anew from the upload: pixels alone, none of the file's other contents."""

    __tablename__ = "organisation_logos"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True
    )
    png: Mapped[bytes]
    width: Mapped[int]
    height: Mapped[int]
    # The description for screen readers.
    description: Mapped[ShortText]
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint("description <> ''", name="description"),
    )


class FormerOrganisationSlug(Base):
    """A former address of an organisation, or of one merged into it: it redirects."""

    __tablename__ = "former_organisation_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
