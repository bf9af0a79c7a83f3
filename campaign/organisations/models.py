"""The registry of organisations: their names, countries and own mail domains."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import Base, CountryCode, IntPk, LanguageCode, ShortText, WebAddress, one_of
from campaign.core.dates import Precision

KEY_LENGTH = 400
MARK_LENGTH = 24


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
    # An organisation of organisations. Marked by the team: of some networks no member is recorded yet.
    is_network: Mapped[bool] = mapped_column(default=False)
    # Made up as an example: its page says so, and it is never suggested for a name that somebody enters.
    fictional: Mapped[bool] = mapped_column(default=False)
    names: Mapped[list[OrganisationName]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", lazy="selectin"
    )
    domains: Mapped[list[OrganisationDomain]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    logos: Mapped[list[OrganisationLogo]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(one_of("un_status", UnStatus), name="un_status"),
        CheckConstraint("founded BETWEEN 1000 AND 2999", name="founded"),
        CheckConstraint(
            "liquidated_on IS NOT NULL OR (liquidated_by IS NULL AND continues_from IS NULL)",
            name="liquidated_on",
        ),
    )

    @property
    def logo(self) -> OrganisationLogo | None:
        """The logo of today."""
        return next((logo for logo in self.logos if logo.shown_until is None), None)

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
    marks: Mapped[list[NameMark]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

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


class NameMark(Base):
    """A mark of a name: by what they share, the registry suggests organisations (name_sounds.py)."""

    __tablename__ = "organisation_name_marks"

    mark: Mapped[str] = mapped_column(String(MARK_LENGTH), primary_key=True)
    name_id: Mapped[int] = mapped_column(
        ForeignKey("organisation_names.id", ondelete="CASCADE"), primary_key=True, index=True
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
    """A logo as drawn anew from the upload: pixels alone, none of the file's other contents.

    The one of today, or a former one, which stays for as long as a closed list shows it.
    """

    __tablename__ = "organisation_logos"

    id: Mapped[IntPk]
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    png: Mapped[bytes]
    width: Mapped[int]
    height: Mapped[int]
    # The description for screen readers.
    description: Mapped[ShortText]
    sha256: Mapped[str] = mapped_column(String(64))
    # NULL: not known, because an earlier release entered it.
    shown_from: Mapped[dt.datetime | None]
    # NULL: it is shown today.
    shown_until: Mapped[dt.datetime | None]
    # Of a record that was merged into this one: it stands beside the names with which that one signed.
    from_merged: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size"),
        CheckConstraint("description <> ''", name="description"),
        CheckConstraint("shown_until >= shown_from", name="until_after_from"),
        CheckConstraint("NOT from_merged OR shown_until IS NOT NULL", name="merged_is_former"),
        Index(
            "uq_organisation_logos_present",
            "organisation_id",
            unique=True,
            sqlite_where=text("shown_until IS NULL"),
            postgresql_where=text("shown_until IS NULL"),
        ),
    )


class FormerOrganisationSlug(Base):
    """A former address of an organisation, or of one merged into it: it redirects."""

    __tablename__ = "former_organisation_slugs"

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )


class NetworkMembership(Base):
    """A span of time in which an organisation is, or was, a member of a network.

    `since` is the first day and `until` the last one that the date can mean: of 2012, 1 January and
    31 December. So `until` is never before `since`, whatever is known of them. NULL: `since` is not known,
    `until` is not there.
    """

    __tablename__ = "network_memberships"

    id: Mapped[IntPk]
    network_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    since: Mapped[dt.date | None]
    since_precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    until: Mapped[dt.date | None]
    until_precision: Mapped[Precision] = mapped_column(String(5), default=Precision.DAY)
    # Where it is written, shown with it.
    source: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        CheckConstraint("network_id <> member_id", name="not_itself"),
        CheckConstraint("until >= since", name="until_after_since"),
        CheckConstraint(one_of("since_precision", Precision), name="since_precision"),
        CheckConstraint(one_of("until_precision", Precision), name="until_precision"),
        UniqueConstraint("network_id", "member_id", "since"),
        # At most one that goes on, and one of which the beginning is not known; the rest of what may not
        # overlap is refused by networks.py under a lock.
        Index(
            "uq_network_memberships_present",
            "network_id",
            "member_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index(
            "uq_network_memberships_without_since",
            "network_id",
            "member_id",
            unique=True,
            sqlite_where=text("since IS NULL"),
            postgresql_where=text("since IS NULL"),
        ),
    )
