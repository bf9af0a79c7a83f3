"""Writing to the outbox: a mail is promised in the transaction of what it confirms."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.ids import new_id
from campaign.core.vault import SealBroken, vault
from campaign.mailing.models import ON_THEIR_WAY, MailState, OutboxMail

TAKEN_BACK = "taken back"
_FAILED = (MailState.REFUSED, MailState.BOUNCED, MailState.SUPPRESSED, MailState.UNREADABLE)
_HANDLE = "handle of a mail"
# Every mail to a signer is shorter.
_PADDED_TO = 2_048
_AT_ONCE = 500
_UNLOADED = {"synchronize_session": False}
_INSERT = insert(cast(Table, OutboxMail.__table__))


@dataclass(frozen=True, slots=True)
class MailContent:
    """What one mail says: the name "<room>/<name>" of its templates, and a value for each placeholder.

    It is made only by the functions of the rooms' `mails.py`, and by the worker from what they sealed. A mail
    waits up to 14 days, over an upgrade too: its templates keep their name and placeholders for as long. The
    outbox seals the name of the template: it tells the level of safety, or what was found.
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


def recall_mails(session: Session, handles: Iterable[uuid.UUID]) -> None:
    """Cancel the mails of these handles that are still waiting; what is being sent, or was, stays so."""
    indexes = [index for handle in handles for index in _indexes(handle)]
    for start in range(0, len(indexes), _AT_ONCE):
        some = OutboxMail.handle_index.in_(indexes[start : start + _AT_ONCE])
        ended = update(OutboxMail).where(some, OutboxMail.state == MailState.QUEUED)
        session.execute(
            ended.values(state=MailState.EXPIRED, trouble=TAKEN_BACK, sealed=None, ended_at=to_the_minute()),
            execution_options=_UNLOADED,
        )


def failed_mails(session: Session, handles: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the handles whose mail was refused, bounced, could not be read or was never sent, in the last
    week.
    """
    never_sent = and_(
        OutboxMail.state == MailState.EXPIRED, func.coalesce(OutboxMail.trouble, "") != TAKEN_BACK
    )
    failed = or_(OutboxMail.state.in_(_FAILED), never_sent)
    found = set(
        session.scalars(select(OutboxMail.handle_index).where(failed, OutboxMail.handle_index.is_not(None)))
    )
    return [handle for handle in handles if not found.isdisjoint(_indexes(handle))] if found else []


def mails_left(session: Session, handles: Sequence[uuid.UUID]) -> tuple[int, int]:
    """The numbers of these handles whose mail is still on its way, and whose mail ended otherwise than sent
    in the last week: refused, bounced, held back, never sent or taken back.
    """
    on_way: set[bytes | None] = set()
    ended: set[bytes | None] = set()
    # A mail that was sent has no handle any more.
    for index, state in session.execute(
        select(OutboxMail.handle_index, OutboxMail.state).where(OutboxMail.handle_index.is_not(None))
    ):
        (on_way if state in ON_THEIR_WAY else ended).add(index)
    if not on_way and not ended:
        return 0, 0
    indexes = [_indexes(handle) for handle in handles]
    return sum(not on_way.isdisjoint(each) for each in indexes), sum(
        not ended.isdisjoint(each) for each in indexes
    )


def remake_handles(session: Session) -> None:
    """Make the indexes of waiting mails anew under the newest key, after they were sealed again."""
    for mail in session.scalars(select(OutboxMail).where(OutboxMail.sealed.is_not(None)).with_for_update()):
        try:
            content = vault().unseal_json(mail.sealed or b"", "outbox", "sealed", mail.id)
        except SealBroken:
            continue
        mail.handle_index = vault().index(_HANDLE, content["handle"])
    session.flush()


def handle_index(handle: uuid.UUID) -> bytes:
    """The index by which the sender of a mail finds it."""
    return vault().index(_HANDLE, handle.hex)


def _lately() -> dt.datetime:
    """Now, to ten minutes: due at once, without the moment of the form."""
    minute = to_the_minute()
    return minute.replace(minute=minute.minute - minute.minute % 10)


def to_the_minute(moment: dt.datetime | None = None) -> dt.datetime:
    """The moment, by default now, without seconds: what the outbox says of time."""
    return (moment or clock.now()).replace(second=0, microsecond=0)


def _indexes(handle: uuid.UUID) -> list[bytes]:
    return vault().indexes(_HANDLE, handle.hex)


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
    sender: str = "",
    followed: bool = False,
    counted: bool = False,
) -> uuid.UUID:
    """Put one mail into the outbox, which the worker will render in `language`. Returns a handle for
    recall_mails() and failed_mails(), which no row has.

    `unsubscribe`: an address that ends such mails by one POST (RFC 8058), for mails that nobody has asked for
    just now. `reply_to`: where answers go; without it and without an inviter they reach the sender of all
    mails. `sender`: the name before our own address, without an inviter.

    `followed`: the handle finds the mail again if it bounces, for recipients whom the team knows or keeps.
    `counted`: a bounce counts for its mail domain, which high safety forbids.

    Says nothing about caps and suppressed addresses: whether the mail is sent is decided by the worker, where
    the sender can't see it.
    """
    mail_id, handle = new_id(), new_id()
    content: dict[str, object] = {
        "template": mail.template,
        "language": language,
        # Of a random one nobody can tell in a mail server's log which row it was.
        "message_id": new_id().hex,
        "handle": handle.hex,
        "until": expires_at.isoformat(),
        # The column knows ten minutes only, and mails to one person should come in their order.
        "promised": clock.now().isoformat(),
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
    if sender:
        content["sender"] = sender
    if followed:
        content["followed"] = True
    if counted:
        content["counted"] = True

    values = {
        "id": mail_id,
        "sealed": seal_content(content, mail_id),
        "state": MailState.QUEUED,
        "attempts": 0,
        "handle_index": handle_index(handle),
        "due_at": _lately(),
    }
    session.execute(_INSERT, values)
    return handle


def seal_content(content: Mapping[str, object], mail_id: uuid.UUID) -> bytes:
    """The content of a mail, padded and sealed."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    # White space after JSON is no part of it.
    padded = plain + b" " * (-len(plain) % _PADDED_TO)
    return vault().seal(padded, "outbox", "sealed", mail_id)
