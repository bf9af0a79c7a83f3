"""Writing to the outbox: a mail is promised in the transaction of what it confirms."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.mailing.models import MailState, OutboxMail

TAKEN_BACK = "taken back"
_INSERT = insert(cast(Table, OutboxMail.__table__))


@dataclass(frozen=True, slots=True)
class MailContent:
    """What one mail says: the name "<room>/<name>" of its templates, and a value for each placeholder.

    It is made only by the functions of the rooms' `mails.py`, and by the worker from what they sealed. A mail
    waits up to 14 days, over an upgrade too: its templates keep their name and placeholders for as long.
    """

    template: str
    context: dict[str, str]

    @property
    def name(self) -> str:
        """The mail's name within its room."""
        return self.template.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Tally:
    """A cap of `most` mails to the person for whom `index` (an HMAC in hexadecimal) stands, within so many
    days.
    """

    index: str
    most: int
    days: int


@dataclass(frozen=True, slots=True)
class Inviter:
    """A person in whose name a mail is sent: From has their name before our own address, Reply-To has their
    address.
    """

    name: str
    email: str


def recall_mails(session: Session, ids: Iterable[uuid.UUID]) -> None:
    """Cancel mails that are still waiting; what is being sent, or was, stays as it is."""
    waiting = update(OutboxMail).where(OutboxMail.id.in_(list(ids)), OutboxMail.state == MailState.QUEUED)
    ended = waiting.values(state=MailState.EXPIRED, trouble=TAKEN_BACK, sealed=None, ended_at=clock.now())
    session.execute(ended, execution_options={"synchronize_session": False})


def enqueue(
    session: Session,
    mail: MailContent,
    *,
    language: str,
    recipient: str,
    expires_at: dt.datetime,
    tallies: Sequence[Tally] = (),
    inviter: Inviter | None = None,
    unsubscribe: str = "",
    reply_to: str = "",
) -> uuid.UUID:
    """Put one mail into the outbox, which the worker will render in `language`. Returns the row's id.

    `unsubscribe`: an address that ends such mails by one POST (RFC 8058), for mails that nobody has asked for
    just now. `reply_to`: where answers go; without it and without an inviter they reach the sender of all
    mails.

    Says nothing about caps: whether the mail is sent is decided by the worker, where the sender can't see it.
    """
    mail_id = new_id()
    content = {
        "to": recipient,
        "context": mail.context,
        "tallies": [{"index": tally.index, "most": tally.most, "days": tally.days} for tally in tallies],
    }
    if inviter is not None:
        content["inviter"] = {"name": inviter.name, "email": inviter.email}
    if unsubscribe:
        content["unsubscribe"] = unsubscribe
    if reply_to:
        content["reply_to"] = reply_to

    values = {
        "id": mail_id,
        "template": mail.template,
        "language": language,
        "sealed": vault().seal_json(content, "outbox", "sealed", mail_id),
        "state": MailState.QUEUED,
        "attempts": 0,
        "due_at": clock.now(),
        "expires_at": expires_at,
    }
    session.execute(_INSERT, values)
    return mail_id
