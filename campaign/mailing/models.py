"""The outbox: mails that were promised in a transaction, and their outcomes."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, Base, RandomPk, one_of


class MailState(StrEnum):
    """The states of a mail.

    QUEUED and SENDING are on their way; the others are final, and recipient and content are erased. A SENT
    mail becomes BOUNCED once a server reports that it could not deliver it; SUPPRESSED ones went to an
    address of which that is known.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    BOUNCED = "bounced"
    SUPPRESSED = "suppressed"
    CAPPED = "capped"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


ON_THEIR_WAY = (MailState.QUEUED, MailState.SENDING)
# The relay took them, so its quotas count them.
TAKEN = (MailState.SENT, MailState.BOUNCED)


class OutboxMail(Base):
    """One mail to one recipient.

    `sealed` holds everything about it as JSON until a final state: recipient, template and its context,
    language, Message-ID, tallies, when it expires. It is padded, so that its length does not tell which mail
    it is. No other column has a value that another table, or a mail server's log, has too: without the keys
    nothing joins a mail to what it is about. An ended row is kept bare for a week, for the quotas of the
    relay and for the team, who have to see that mails fail.
    """

    __tablename__ = "outbox"

    id: Mapped[RandomPk]
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    state: Mapped[MailState] = mapped_column(String(12), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    # HMAC of the handle that the sender keeps, to recall the mail and to see that it failed.
    handle_index: Mapped[bytes | None] = mapped_column(info=PERSONAL, index=True)
    # HMAC of Message-ID and recipient together, once it is sent: a report counts that names both. Two mails
    # to one address have nothing in common here.
    message_index: Mapped[bytes | None] = mapped_column(info=PERSONAL, index=True)
    # The handle, for when the mail bounces, and whether its domain may be counted: of one length for all.
    sealed_handle: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # To ten minutes, and the end to the minute: the moment of the form is not repeated here.
    due_at: Mapped[dt.datetime]
    lease: Mapped[uuid.UUID | None]
    lease_until: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    # A three-digit SMTP code or the class of an error; never the server's words, which repeat the address.
    trouble: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        CheckConstraint("(state IN ('queued', 'sending')) = (sealed IS NOT NULL)", name="sealed_until_end"),
        CheckConstraint("(state IN ('queued', 'sending')) = (ended_at IS NULL)", name="ended_at_end"),
        CheckConstraint("state <> 'sent' OR handle_index IS NULL", name="sent_is_bare"),
        CheckConstraint("message_index IS NULL OR state IN ('sent', 'bounced')", name="index_of_sent"),
        CheckConstraint("sealed_handle IS NULL OR state = 'sent'", name="handle_of_sent"),
        CheckConstraint("(state = 'sending') = (lease IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("(lease IS NULL) = (lease_until IS NULL)", name="lease_has_end"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("ix_outbox_ended_at", "ended_at"),
    )


class MailTally(Base):
    """The number of mails that one keyed index has had: `index` is an HMAC, so that the row names nobody
    without its key.
    """

    __tablename__ = "mail_tallies"

    index: Mapped[bytes] = mapped_column(primary_key=True, info=PERSONAL)
    mails: Mapped[int]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("mails > 0", name="mails"),)


class TallyKey(Base):
    """The key under which one day's addresses are counted; once the row is deleted, the day's tallies name
    nobody.
    """

    __tablename__ = "tally_keys"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class SuppressedAddress(Base):
    """An address to which nothing is sent for a time, since a server reported that it takes no mail.

    `index` is an HMAC of its canonical form, so that the row names nobody without the key. A day alone: the
    minute would be that of a mail server's log.
    """

    __tablename__ = "suppressed_addresses"

    index: Mapped[bytes] = mapped_column(primary_key=True, info=PERSONAL)
    # The status of RFC 3463, such as 5.1.1; never the server's words, which repeat the address.
    code: Mapped[str] = mapped_column(String(11))
    ends_on: Mapped[dt.date] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("code LIKE '5.%'", name="permanent"),)


class BouncingDomain(Base):
    """The number of addresses at one mail domain that take no mail, of statements at standard safety.

    The name is sealed, since a domain may have few mailboxes; the team sees it from five on.
    """

    __tablename__ = "bouncing_domains"

    id: Mapped[RandomPk]
    index: Mapped[bytes] = mapped_column(unique=True, info=PERSONAL)
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    addresses: Mapped[int]
    latest: Mapped[dt.date] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("addresses > 0", name="addresses"),)
