"""Frozen lists: a list stored line by line as it stands, to be shown later and checked against its digest.

Each line is JSON with a random salt. The digest of a list is the SHA-256 of the SHA-256 of its lines, in
hexadecimal, each ended by a line feed. Whoever has the file can calculate it, also where a removed line is
given by its digest alone; once line and salt are erased, nobody can try names against what is left.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    delete,
    exists,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import as_stored, insert_rows
from campaign.core.ids import new_id
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.handover.models import FrozenLine, FrozenList, HiddenLine
from campaign.signatories.agreement import with_texts
from campaign.signatories.errors import NoListYet
from campaign.signatories.models import SignatoryList
from campaign.signatories.queries import SignatoryLine, listed
from campaign.signatures.models import ENDED, SHOWN, SignatoryKind, Signature, Visibility
from campaign.statements.models import Statement
from campaign.statements.queries import published_revision, terms_of

# No look-alikes: people type these from paper.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 10
_AT_ONCE = 1_000
_COLUMNS = ("frozen_id", "number", "signature_id", "line", "digest")
_SALT_BYTES = 16
_SHOWN_PARTS = ("name", "organisation", "title", "country", "city", "affiliation")
_UNLOADED = {"synchronize_session": False}


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
        sha256=None,
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

    Where a signatory was removed from it, or is hidden now, the line says so; also where a name that is only
    for the team from now on has not been removed from the line yet.
    """
    columns = (FrozenLine.number, FrozenLine.line, FrozenLine.digest, Signature.state, HiddenLine.id)
    lines = (
        select(*columns, Signature.visibility)
        .outerjoin(Signature, Signature.id == FrozenLine.signature_id)
        .outerjoin(HiddenLine, _hidden())
    )
    ordered = lines.where(FrozenLine.frozen_id == frozen_id).order_by(FrozenLine.number)
    if first > 1 or last is not None:
        ordered = ordered.where(FrozenLine.number >= first, FrozenLine.number <= (last or first))
    for number, line, line_digest, state, hidden, visibility in db.session.execute(
        ordered.execution_options(yield_per=_AT_ONCE)
    ):
        kept = {"sha256": line_digest} if line_digest else {}
        if visibility not in (None, Visibility.PUBLIC):
            line = None
        if hidden or (line is not None and state not in (None, *SHOWN)):
            line = json.dumps({"number": number, "hidden": True} | kept)
        elif line is None:
            line = json.dumps({"number": number, "withdrawn": True} | kept)
        yield line.encode() + b"\n"


def digest_of_lines(lines: Iterable[bytes]) -> str:
    """The digest of a list from the lines of its file, as lines_of() gives them, in hexadecimal."""
    whole = hashlib.sha256()
    for line in lines:
        said = json.loads(line)
        kept = said.get("sha256") or hashlib.sha256(line.rstrip(b"\n")).hexdigest()
        whole.update(f"{kept}\n".encode())
    return whole.hexdigest()


def published_digest(frozen: FrozenList) -> str:
    """The digest of a list for the public; empty for one without salts from which a line was removed, since
    names could be tried against it.
    """
    return frozen.sha256 or ("" if _has_gaps(frozen.id) else former_digest(frozen))


def former_digest(frozen: FrozenList) -> str:
    """The digest of a list frozen before lines had salts, for the team; empty for others, and when the key is
    gone.
    """
    try:
        kept = frozen.sealed_former
        return vault().unseal(kept, "frozen_lists", "sealed_former", frozen.id).decode() if kept else ""
    except SealBroken:
        return ""


def signatories_of(frozen_id: str, first: int = 1, last: int | None = None) -> list[SignatoryLine]:
    """The signatories whose names the frozen list shows (from the number `first` to `last`), as they stood,
    without those removed since.
    """
    lines = (json.loads(line) for line in lines_of(frozen_id, first, last))
    return [_signatory(line) for line in lines if "name" in line or "organisation" in line]


def blotted(frozen_id: str) -> int:
    """The number of its signatories that have been removed since."""
    removed = _removed().where(FrozenLine.frozen_id == frozen_id)
    return db.session.scalar(select(func.count()).select_from(removed.subquery())) or 0


def _hidden() -> ColumnElement[bool]:
    return and_(HiddenLine.frozen_id == FrozenLine.frozen_id, HiddenLine.number == FrozenLine.number)


def _removed() -> Select[int]:
    return select(FrozenLine.number).where(
        FrozenLine.line.is_(None), ~exists().where(_hidden()).correlate(FrozenLine)
    )


def _has_gaps(frozen_id: str) -> bool:
    """True if a line was removed, or is hidden for now."""
    gaps = exists().where(FrozenLine.frozen_id == frozen_id, FrozenLine.line.is_(None))
    return bool(db.session.scalar(select(gaps)))


def _keep_lines(session: Session, frozen: FrozenList) -> tuple[str, int, int]:
    """Write the lines. Returns the digest of the list, and the numbers of people and organisations."""
    whole, number = hashlib.sha256(), 0
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
            line_digest = hashlib.sha256(line.encode()).hexdigest()
            whole.update(f"{line_digest}\n".encode())
            # A line without a name has nothing to take back.
            of = stored(signature_id) if shown[2] == Visibility.PUBLIC else None
            kept.append((frozen.id, number, of, line, line_digest))
        insert_rows(session, FrozenLine.__table__, _COLUMNS, kept)  # type: ignore[arg-type]

    organisations = sum(SignatoryKind(row.kind) is SignatoryKind.ORGANISATION for row in rows)

    return whole.hexdigest(), len(rows) - organisations, organisations


def _line(number: int, line: SignatoryLine) -> str:
    said = {
        "number": number,
        "salt": secrets.token_hex(_SALT_BYTES),
        "kind": line.kind,
        "name": line.name,
        "organisation": line.organisation,
        "title": line.title,
    }

    said |= {"city": line.city, "country": line.country, "affiliation": line.affiliation}
    # Only where its demands are not those of the text that was handed over.
    said |= {"signed_text": line.revision if line.earlier else None}

    return json.dumps(
        {key: value for key, value in said.items() if value}, ensure_ascii=False, separators=(",", ":")
    )


def _signatory(line: dict[str, Any]) -> SignatoryLine:
    said: dict[str, Any] = {part: line.get(part) for part in _SHOWN_PARTS}
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
    name, with their salts and what leads to the signature.

    A signatory who is hidden for a while stays in the list, sealed. Returns how many lines.
    """
    session = db.session()
    named = select(Signature.id).where(
        Signature.state.not_in(ENDED), Signature.visibility == Visibility.PUBLIC
    )
    gone = and_(FrozenLine.signature_id.is_not(None), FrozenLine.signature_id.not_in(named))
    numbers = tuple_(HiddenLine.frozen_id, HiddenLine.number)
    of_gone = select(FrozenLine.frozen_id, FrozenLine.number).where(gone)
    session.execute(delete(HiddenLine).where(numbers.in_(of_gone)), execution_options=_UNLOADED)
    blotting = update(FrozenLine).where(gone).values(line=None, signature_id=None)
    count = len(session.execute(blotting.returning(FrozenLine.number), execution_options=_UNLOADED).all())

    # Those that left the list before there was a signal for it, or came back.
    off = select(FrozenLine.signature_id).join(Signature, Signature.id == FrozenLine.signature_id)
    _seal_lines(session, off.where(FrozenLine.line.is_not(None), Signature.state.not_in(SHOWN)))
    _open_lines(session, off.where(FrozenLine.line.is_(None), Signature.state.in_(SHOWN)))

    return count


def seal_lines(session: Session, signature_id: uuid.UUID) -> None:
    """Seal the lines of a signatory who has left the list, in all frozen lists."""
    _seal_lines(session, select(literal(signature_id, Uuid())))


def open_lines(session: Session, signature_id: uuid.UUID) -> None:
    """Write the lines of a signatory who may be listed again as they were frozen."""
    _open_lines(session, select(literal(signature_id, Uuid())))


def _seal_lines(session: Session, signatures: Select[Any]) -> None:
    of_them = select(FrozenLine).where(FrozenLine.signature_id.in_(signatures), FrozenLine.line.is_not(None))
    for frozen in session.scalars(of_them.with_for_update()).all():
        row_id = new_id()
        sealed = vault().seal_text(frozen.line or "", "hidden_frozen_lines", "sealed", row_id)
        session.add(HiddenLine(id=row_id, frozen_id=frozen.frozen_id, number=frozen.number, sealed=sealed))
        frozen.line = None
    session.flush()


def _open_lines(session: Session, signatures: Select[Any]) -> None:
    of_them = select(FrozenLine, HiddenLine).join(HiddenLine, _hidden())
    found = session.execute(of_them.where(FrozenLine.signature_id.in_(signatures)).with_for_update()).all()
    for frozen, hidden in found:
        try:
            frozen.line = vault().unseal_text(hidden.sealed, "hidden_frozen_lines", "sealed", hidden.id)
        except SealBroken:
            continue
        session.delete(hidden)
    session.flush()
