"""Countries at risk as the team lists them, and the notices that it wrote."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import Base, CountryCode, LanguageCode


class CountryAtRisk(Base):
    """A country about which the team has decided: added to the list that comes with the product, taken off it
    (`listed` is false), or with a notice of its own. All others are as in that list.
    """

    __tablename__ = "countries_at_risk"

    country: Mapped[CountryCode] = mapped_column(primary_key=True)
    listed: Mapped[bool]

    __table_args__ = (CheckConstraint("length(country) = 2", name="country"),)


class RiskNotice(Base):
    """The team's notice for signers of one country, in one language. It stays when the country is taken off
    the list.
    """

    __tablename__ = "risk_notices"

    country: Mapped[CountryCode] = mapped_column(
        ForeignKey("countries_at_risk.country", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[LanguageCode] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("text <> ''", name="text"),)
