"""The room's own tables: requests for a lost link, attack protection, used proofs of work."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, LanguageCode, RandomPk

# The days for which a link of high safety is good: the day of the form and the next, by UTC.
GOOD_DAYS = 2


class ProtectionLevel(StrEnum):
    """The level of attack protection: none, a proof of work with each form, or in addition a review of every
    signature.
    """

    OFF = "off"
    PROOF = "proof"
    QUARANTINE = "quarantine"


class LinkRequest(Base):
    """A request of somebody who lost the link to their signature.

    The worker looks it up out of sight of any visitor, and answers by mail.
    """

    __tablename__ = "link_requests"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"))
    language: Mapped[LanguageCode]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    # True for one that is answered in turn: nothing was found, or it came without a proof of work.
    later: Mapped[bool] = mapped_column(default=False)


class LinkKey(Base):
    """The key of one day's links at high safety, from which the withdrawal phrases follow that they show.

    Deleted when these links end: from then on nobody can say, with all other keys, which phrase a link had.
    """

    __tablename__ = "link_keys"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class Protection(Base):
    """The attack protection of one statement while it is on; it ends automatically at `until`."""

    __tablename__ = "protections"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[ProtectionLevel] = mapped_column(String(10))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    # True if a person raised it: the flow then never lowers it below their choice.
    by_hand: Mapped[bool]

    __table_args__ = (
        CheckConstraint("level IN ('proof', 'quarantine')", name="level"),
        CheckConstraint("until > since", name="until"),
    )


class SpentProof(Base):
    """A used proof of work, kept until it would have expired: `mark` is a digest of its challenge, which
    identifies nobody.
    """

    __tablename__ = "spent_proofs"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
