"""Requests for the complete list, on each of which two people decide."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from campaign.accounts.two_people import TwoPeopleRequest, two_people_checks
from campaign.core.base import PERSONAL, Base, RandomPk, ShortText


class CompleteExport(TwoPeopleRequest, Base):
    """A request for a list with names and addresses that are not public.

    Another member grants it, once, within a day. `recipient` is the age public key that the file is encrypted
    to: the member who decides sees for whom it is.
    """

    __tablename__ = "complete_exports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    # The purpose, in the words of the member who asks.
    sealed_why: Mapped[bytes] = mapped_column(info=PERSONAL)
    recipient: Mapped[ShortText]

    __table_args__ = two_people_checks()
