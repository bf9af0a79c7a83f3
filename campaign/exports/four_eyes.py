"""Four eyes on the complete list: one member asks for it, another grants it, and the first fetches it, once.

It has names and addresses that are not public. The file is encrypted to the age key named in the request, so
that anyone who intercepts it has nothing.
"""

from __future__ import annotations

import csv
import io
from typing import cast

import pyrage
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts import two_people
from campaign.accounts.audit import record_for
from campaign.accounts.two_people import RequestNotAllowed
from campaign.core import clock
from campaign.core.csv_cells import BOM, safe
from campaign.core.ids import new_id
from campaign.core.vault import SealBroken, vault
from campaign.exports.audit_actions import ExportAction
from campaign.exports.models import CompleteExport
from campaign.signatures.models import Signature
from campaign.signatures.names import names_of
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import Statement

HEADER = ("kind", "visibility", "name", "organisation", "title", "country", "city", "email", "affiliation")
_NAMES = ("name", "organisation_name", "title")


class NoKey(Exception):
    """The text given is no age public key."""


def ask(session: Session, statement: Statement, member_id: int, why: str, recipient: str) -> CompleteExport:
    """Ask for the list of a statement. Raises NoKey."""
    try:
        pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise NoKey from error
    # Its id is needed before it is flushed: sealed values are bound to it.
    request_id = new_id()
    request = CompleteExport(
        id=request_id,
        statement_id=statement.id,
        asked_by=member_id,
        sealed_why=vault().seal_text(why, "complete_exports", "sealed_why", request_id),
        recipient=recipient,
        asked_at=clock.now(),
    )
    session.add(request)
    session.flush()
    record_for(session, member_id, ExportAction.COMPLETE_REQUESTED, f"statement:{statement.slug}")
    return request


def purpose_of(request: CompleteExport) -> str:
    """The purpose of a request, for the members who decide; empty once its key is gone."""
    try:
        return vault().unseal_text(request.sealed_why, "complete_exports", "sealed_why", request.id)
    except SealBroken:
        return ""


def decide(
    session: Session, statement: Statement, request: CompleteExport, member_id: int, *, grant: bool
) -> None:
    """Grant or refuse a request.

    Raises RequestNotAllowed for the member who asked, and once it is decided or over; TooNew.
    """
    if request.statement_id != statement.id:
        raise RequestNotAllowed
    two_people.decide(session, request, member_id, grant=grant)
    action = ExportAction.COMPLETE_GRANTED if grant else ExportAction.COMPLETE_REFUSED
    record_for(session, member_id, action, f"statement:{statement.slug}")


def fetch(session: Session, statement: Statement, request: CompleteExport, member_id: int) -> bytes:
    """The encrypted file, once, for the member who asked. Raises RequestNotAllowed."""
    if request.statement_id != statement.id:
        raise RequestNotAllowed
    two_people.take(session, request, member_id)
    plain, rows = _csv(session, statement.id)
    record_for(session, member_id, ExportAction.COMPLETE_DOWNLOADED, f"statement:{statement.slug}", rows=rows)
    return cast(bytes, pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(request.recipient)]))


def requests_of(session: Session, statement_id: int) -> list[CompleteExport]:
    """All requests for a statement's list, newest first."""
    mine = select(CompleteExport).where(CompleteExport.statement_id == statement_id)
    return list(session.scalars(mine.order_by(CompleteExport.asked_at.desc(), CompleteExport.id)))


def _csv(session: Session, statement_id: int) -> tuple[bytes, int]:
    """The complete list as CSV, and its length: everyone listed, with names and, where kept, the address."""
    buffer, rows = io.StringIO(), 0
    buffer.write(BOM)
    writer = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    listed = (
        select(Signature)
        .where(Signature.statement_id == statement_id, IS_LISTED)
        .order_by(Signature.kind, Signature.position)
    )
    for signature in session.scalars(listed.execution_options(yield_per=500)):
        names = _readable(signature)
        cells = (
            *(names.get(name) or "" for name in _NAMES),
            signature.country or "",
            names.get("city") or "",
            _email(signature),
            names.get("affiliation") or "",
        )
        writer.writerow((signature.kind, signature.visibility, *(cell and safe(cell) for cell in cells)))
        rows += 1

    return buffer.getvalue().encode(), rows


def _readable(signature: Signature) -> dict[str, str]:
    try:
        return names_of(signature)
    except SealBroken:
        # Its key is gone.
        return {}


def _email(signature: Signature) -> str:
    try:
        kept = signature.sealed_contact
        return vault().unseal_text(kept, "signatures", "sealed_contact", signature.id) if kept else ""
    except SealBroken:
        return ""
