"""The registry of organisations: what they are called, where they are, which mail domains are their own."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import Base, CountryCode, IntPk, LanguageCode, ShortText, WebAddress, one_of

KEY_LENGTH = 400


class Organisation(Base):
    """An organisation, known under several names, exactly one of which is canonical."""

    __tablename__ = "organisations"

    id: Mapped[IntPk]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    country: Mapped[CountryCode | None]
    website: Mapped[WebAddress | None]
    created_at: Mapped[dt.datetime]
    names: Mapped[list[OrganisationName]] = relationship(back_populates="organisation", cascade="all, delete-orphan", lazy="selectin")
    domains: Mapped[list[OrganisationDomain]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class OrganisationName(Base):
    """One name in one language: the `name` to show in it, or an `alias` by which the organisation is found."""

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
        Index("uq_organisation_names_canonical", "organisation_id", unique=True, sqlite_where=text("canonical"), postgresql_where=text("canonical")),
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
    """A mail domain that is the organisation's own: who has a mailbox there may sign for it without review."""

    __tablename__ = "organisation_domains"

    domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)

    __table_args__ = (CheckConstraint("domain = lower(domain)", name="lower_case"),)
