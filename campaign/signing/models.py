"""What signing keeps beside signatures: requests for a lost link, attack protection, used proofs of work."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, LanguageCode, RandomPk

# How long a submission waits to be confirmed.
EXPIRES_AFTER = dt.timedelta(days=7)


class ProtectionLevel(StrEnum):
    """Attack protection of a statement: none, a proof of work with each form, and beyond it a look at every
    signature.
    """

    OFF = "off"
    PROOF = "proof"
    QUARANTINE = "quarantine"


class LinkRequest(Base):
    """Somebody has lost the link to their signature: the worker looks whether there is one, where no visitor
    can see it, and writes.
    """

    __tablename__ = "link_requests"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"))
    language: Mapped[LanguageCode]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class Protection(Base):
    """Attack protection of one statement, while it is on; it ends by itself at `until`."""

    __tablename__ = "protections"

    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True
    )
    level: Mapped[ProtectionLevel] = mapped_column(String(10))
    since: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    # Raised by a person, and so not lowered below their choice by the flow.
    by_hand: Mapped[bool]

    __table_args__ = (
        CheckConstraint("level IN ('proof', 'quarantine')", name="level"),
        CheckConstraint("until > since", name="until"),
    )


class SpentProof(Base):
    """A proof of work that was used, until it would have expired: `mark` is a digest of its challenge, which
    names nobody.
    """

    __tablename__ = "spent_proofs"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
