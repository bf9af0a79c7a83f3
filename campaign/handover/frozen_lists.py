"""Frozen lists: a list stored line by line as it stands, to be shown later and checked against its digest."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import as_stored, insert_rows
from campaign.extensions import db
from campaign.handover.models import FrozenLine, FrozenList
from campaign.signatories.agreement import with_texts
from campaign.signatories.errors import NoListYet
from campaign.signatories.models import SignatoryList
from campaign.signatories.queries import SignatoryLine, listed
from campaign.signatures.models import ENDED, SignatoryKind, Signature, State, Visibility
from campaign.statements.models import Statement
from campaign.statements.queries import published_revision, terms_of

# No look-alikes: people type these from paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 10
_AT_ONCE = 1_000
_COLUMNS = ("frozen_id", "number", "signature_id", "line")


def freeze(session: Session, statement: Statement) -> FrozenList:
    """Store the list of a published statement as it stands. Flushes.

    Takes about 2 s for 100,000 lines, while other writers wait. Raises NoListYet for a draft.
    """
    revision = published_revision(statement.id)
    if revision is None:
        raise NoListYet

    roll = session.get(SignatoryList, statement.id, with_for_update=True)
    frozen = FrozenList(
        id="".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)),
        statement_id=statement.id,
        revision_id=revision.id,
        list_version=roll.version if roll else 0,
        people=roll.people if roll else 0,
        organisations=roll.organisations if roll else 0,
        sha256="",
        frozen_at=clock.now(),
    )

    session.add(frozen)
    session.flush()
    # The stored lines are counted, since the counts of the fold may be half a second behind.
    frozen.sha256, frozen.people, frozen.organisations = _keep_lines(session, frozen)
    session.flush()

    return frozen


def lines_of(frozen_id: str, first: int = 1, last: int | None = None) -> Iterator[bytes]:
    """The frozen list, or its lines from the number `first` to `last`, as JSON lines, each ended by a line
    feed.

    Where a signatory was removed from it, or is hidden now, the line says so.
    """
    lines = select(FrozenLine.number, FrozenLine.line, Signature.state).outerjoin(
        Signature, Signature.id == FrozenLine.signature_id
    )
    ordered = lines.where(FrozenLine.frozen_id == frozen_id).order_by(FrozenLine.number)
    if first > 1 or last is not None:
        ordered = ordered.where(FrozenLine.number >= first, FrozenLine.number <= (last or first))
    for number, line, state in db.session.execute(ordered.execution_options(yield_per=_AT_ONCE)):
        if line is None:
            line = json.dumps({"number": number, "withdrawn": True})
        elif state not in (None, State.LISTED, State.CONFIRMED):
            line = json.dumps({"number": number, "hidden": True})
        yield line.encode() + b"\n"


def signatories_of(frozen_id: str, first: int = 1, last: int | None = None) -> list[SignatoryLine]:
    """The signatories whose names the frozen list shows (from the number `first` to `last`), as they stood,
    without those removed since.
    """
    lines = (json.loads(line) for line in lines_of(frozen_id, first, last))
    return [_signatory(line) for line in lines if "name" in line or "organisation" in line]


def blotted(frozen_id: str) -> int:
    """The number of its signatories that have been removed since."""
    rows = select(FrozenLine.number).where(FrozenLine.frozen_id == frozen_id, FrozenLine.line.is_(None))
    return len(db.session.scalars(rows).all())


def _keep_lines(session: Session, frozen: FrozenList) -> tuple[str, int, int]:
    """Write the lines. Returns their SHA-256 in hexadecimal, and the numbers of people and organisations."""
    sum_, number = hashlib.sha256(), 0
    stored = as_stored(FrozenLine.__table__, "signature_id")  # type: ignore[arg-type]
    terms = terms_of(session, frozen.statement_id)
    rows = session.execute(
        listed(frozen.statement_id).add_columns(Signature.id).order_by(Signature.kind, Signature.position)
    ).all()
    for start in range(0, len(rows), _AT_ONCE):
        kept, batch = [], rows[start : start + _AT_ONCE]
        given = with_texts(terms, [SignatoryLine(*shown) for *shown, _signature_id in batch])
        for signatory, (*shown, signature_id) in zip(given, batch, strict=True):
            number += 1
            line = _line(number, signatory)
            sum_.update(line.encode() + b"\n")
            # A line without a name has nothing to take back.
            kept.append(
                (frozen.id, number, stored(signature_id) if shown[2] == Visibility.PUBLIC else None, line)
            )
        insert_rows(session, FrozenLine.__table__, _COLUMNS, kept)  # type: ignore[arg-type]

    organisations = sum(SignatoryKind(row.kind) is SignatoryKind.ORGANISATION for row in rows)

    return sum_.hexdigest(), len(rows) - organisations, organisations


def _line(number: int, line: SignatoryLine) -> str:
    said = {
        "number": number,
        "kind": line.kind,
        "name": line.name,
        "organisation": line.organisation,
        "title": line.title,
    }

    said |= {"city": line.city, "country": line.country}
    # Only where its demands are not those of the text that was handed over.
    said |= {"signed_text": line.revision if line.earlier else None}

    return json.dumps(
        {key: value for key, value in said.items() if value}, ensure_ascii=False, separators=(",", ":")
    )


def _signatory(line: dict[str, Any]) -> SignatoryLine:
    said = {part: line.get(part) for part in ("name", "organisation", "title", "country", "city")}
    signed_text = line.get("signed_text")
    kind = SignatoryKind(line["kind"])

    return SignatoryLine(
        line["number"],
        kind,
        Visibility.PUBLIC,
        **said,
        website=None,
        message=None,
        revision=signed_text,
        earlier=signed_text is not None,
    )


def blot_out() -> int:
    """Remove from all frozen lists the lines of signatories who withdrew, were found false, or now hide their
    name.

    A signatory who is hidden for a while stays in the list, unseen. Returns how many lines.
    """
    named = select(Signature.id).where(
        Signature.state.not_in(ENDED), Signature.visibility == Visibility.PUBLIC
    )
    gone = (
        FrozenLine.line.is_not(None),
        FrozenLine.signature_id.is_not(None),
        FrozenLine.signature_id.not_in(named),
    )
    blotting = update(FrozenLine).where(*gone).values(line=None).returning(FrozenLine.number)
    return len(db.session.execute(blotting, execution_options={"synchronize_session": False}).all())
