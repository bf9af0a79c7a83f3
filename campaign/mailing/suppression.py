"""Suppressed addresses: those of which a server has reported that they take no mail.

Asked by the worker alone, when a mail is due: what a form answers can't depend on them.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows, insert_unless_taken
from campaign.core.ids import new_id
from campaign.core.mail_addresses import canonical
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.mailing.models import BouncingDomain, MailState, OutboxMail, SuppressedAddress
from campaign.mailing.operations import handle_index

_KEPT = dt.timedelta(days=90)
# Fewer would say who it is.
FEWEST_SHOWN = 5
_ADDRESS, _MAIL, _DOMAIN = "suppressed address", "recipient of a mail", "bouncing domain"
# For so long an address is suppressed by a status that says something of it (RFC 3463, RFC 7505): no such
# mailbox, domain or host, moved, switched off. 5.0.0 says nothing, and may be a blocklist. A full mailbox, a
# spam filter (5.7) or our own address (5.1.7, 5.1.8) suppresses nobody: they can be reached tomorrow.
_SUPPRESSING = (
    (re.compile(r"5\.(?:1\.(?:0|1|2|3|4|6|9|10)|2\.[01]|4\.4)"), _KEPT),
    (re.compile(r"5\.0\.0"), dt.timedelta(days=7)),
)
_NOBODY = uuid.UUID(int=0)


def holds(session: Session, address: str) -> bool:
    """True for an address to which nothing is sent."""
    known = SuppressedAddress.index.in_(vault().indexes(_ADDRESS, canonical(address)))
    return session.scalar(select(SuppressedAddress.index).where(known).limit(1)) is not None


def traces(
    row_id: uuid.UUID, message_id: str, recipient: str, handle: uuid.UUID | None, counted: bool
) -> dict[str, Any]:
    """The values that stay in the row of a mail that was sent: one finds it by a report about it, the other
    one has what the report changes.
    """
    kept = (handle or _NOBODY).bytes + bytes([counted])
    return {
        "message_index": vault().index(_MAIL, f"{message_id} {canonical(recipient)}"),
        "sealed_handle": vault().seal(kept, "outbox", "sealed_handle", row_id),
    }


def note_bounce(session: Session, message_id: str, address: str, code: str) -> bool:
    """Note a report that the mail of this Message-ID could not be delivered to this address. `code` is its
    status.

    False unless both are those of one mail of ours that was sent within the last week, and not yet reported.
    """
    indexes = vault().indexes(_MAIL, f"{message_id} {canonical(address)}")
    found = select(OutboxMail).where(
        OutboxMail.message_index.in_(indexes), OutboxMail.state == MailState.SENT
    )
    row = session.scalar(found.with_for_update())
    if row is None:
        return False

    handle, counted = _opened(row)
    row.state, row.trouble, row.sealed_handle = MailState.BOUNCED, code, None
    row.handle_index = handle_index(handle) if handle != _NOBODY else None
    session.flush()
    if _suppress(session, address, code) and counted:
        _count(session, canonical(address).rpartition("@")[2])
    return True


def release(session: Session, address: str) -> bool:
    """Send to an address again. False where it was not suppressed."""
    gone = delete(SuppressedAddress).where(
        SuppressedAddress.index.in_(vault().indexes(_ADDRESS, canonical(address)))
    )
    return bool(changed_rows(session.execute(gone)))


def _opened(row: OutboxMail) -> tuple[uuid.UUID, bool]:
    try:
        kept = vault().unseal(row.sealed_handle or b"", "outbox", "sealed_handle", row.id)
    except SealBroken:
        return _NOBODY, False
    return uuid.UUID(bytes=kept[:16]), bool(kept[16])


def _suppress(session: Session, address: str, code: str) -> bool:
    """True if the status suppresses the address, and it was not suppressed before."""
    kept = next((kept for pattern, kept in _SUPPRESSING if pattern.fullmatch(code)), None)
    if kept is None or holds(session, address):
        return False
    index, ends_on = vault().index(_ADDRESS, canonical(address)), clock.today() + kept
    values = {"index": index, "code": code, "ends_on": ends_on}
    return insert_unless_taken(session, SuppressedAddress.__table__, values, ("index",))  # type: ignore[arg-type]


def _count(session: Session, domain: str) -> None:
    known = BouncingDomain.index.in_(vault().indexes(_DOMAIN, domain))
    more = (
        update(BouncingDomain)
        .where(known)
        .values(addresses=BouncingDomain.addresses + 1, latest=clock.today())
    )
    if changed_rows(session.execute(more, execution_options={"synchronize_session": False})):
        return
    row_id = new_id()
    session.add(
        BouncingDomain(
            id=row_id,
            index=vault().index(_DOMAIN, domain),
            sealed=vault().seal_text(domain, "bouncing_domains", "sealed", row_id),
            addresses=1,
            latest=clock.today(),
        )
    )
    session.flush()


def bouncing_domains() -> list[tuple[str, int]]:
    """The mail domains with at least five addresses that take no mail, with their number, most first."""
    many = select(BouncingDomain).where(BouncingDomain.addresses >= FEWEST_SHOWN)
    found = []
    for row in db.session.scalars(many.order_by(BouncingDomain.addresses.desc(), BouncingDomain.id)):
        try:
            name = vault().unseal_text(row.sealed, "bouncing_domains", "sealed", row.id)
        except SealBroken:
            continue
        found.append((name, row.addresses))
    return found


def remake_domains(session: Session) -> None:
    """Make the indexes of domains anew under the newest key. Those of addresses can't be: under a key that is
    removed they are forgotten, and found again by the next report.
    """
    for row in session.scalars(select(BouncingDomain).with_for_update()):
        try:
            name = vault().unseal_text(row.sealed, "bouncing_domains", "sealed", row.id)
        except SealBroken:
            continue
        row.index = vault().index(_DOMAIN, name)
    session.flush()


def purge_addresses() -> int:
    """Delete the addresses that are suppressed no longer."""
    old = delete(SuppressedAddress).where(SuppressedAddress.ends_on <= clock.today())
    return changed_rows(db.session.execute(old))


def purge_domains() -> int:
    """Delete the domains at which no address has bounced for 90 days."""
    old = delete(BouncingDomain).where(BouncingDomain.latest <= clock.today() - _KEPT)
    return changed_rows(db.session.execute(old))
