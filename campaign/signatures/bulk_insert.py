"""Signatures that were collected elsewhere: what takes time is done before the transaction, which only inserts."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, delete, exists, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import as_stored, insert_rows
from campaign.core.ids import new_id
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.signatures.errors import OrganisationSigned
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import (
    ERASED_COLUMNS,
    NAMED_COLUMNS,
    PERSON_IS_LIVE,
    AskedAnew,
    Assent,
    Provenance,
    SignatoryKind,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signatures.name_checks import doubtful
from campaign.signatures.names import name_columns
from campaign.signatures.organisation_identity import organisation_index
from campaign.signatures.tombstones import bury
from campaign.statements.queries import statement_key

_AT_ONCE = 1_000
_SIGNATURES, _ASSENTS, _SUBMISSIONS = (cast(Table, model.__table__) for model in (Signature, Assent, Submission))
_NAMED = tuple(column for column in NAMED_COLUMNS if column != "message")
_OWN = ("id", "wants_updates", "sealed_contact", "collected_on", "kind", "state", "country", "source", "evidence", *_NAMED)
_OF_ORGANISATION = ("organisation_id", "organisation_index")
_SHARED = ("statement_id", "language", "visibility", "provenance", "folded")
_WAYS = ("id", "statement_id", "revision_id", "language", "expires_at", "signature_id")


@dataclass(frozen=True, slots=True)
class Imported:
    """A signatory collected elsewhere, with its source. `names` as in naming(); the organisation is told by its name there.

    `email`: only of somebody who asked for news.
    """

    kind: SignatoryKind
    names: Mapping[str, Any]
    country: str | None
    source: str
    evidence: str | None = None
    collected_on: dt.date | None = None
    email: str = ""


class Prepared(NamedTuple):
    """A signature ready to be inserted; all of it can be written as JSON. `contact` is sealed, in Base64."""

    organisation: str | None
    id: str
    contact: str | None
    collected_on: str | None
    values: Sequence[str | None]


def prepare(entries: Iterable[Imported]) -> list[Prepared]:
    """Give each its key and all that is kept to sort and to find it. A name at which a person has to look is held like any other.

    Raises NameMissing. Needs no transaction that writes.
    """
    prepared = []
    for entry in entries:
        row = new_id()
        names = name_columns(row, entry.kind, Visibility.PUBLIC, dict(entry.names))
        contact = base64.b64encode(vault().seal(entry.email.encode(), "signatures", "sealed_contact", row)).decode() if entry.email else None
        day = entry.collected_on.isoformat() if entry.collected_on else None
        held = entry.kind is SignatoryKind.PERSON and doubtful(db.session(), names["name"])
        values = (
            str(entry.kind),
            str(State.QUARANTINED if held else State.CONFIRMED),
            entry.country,
            entry.source,
            entry.evidence,
            *(names[column] for column in _NAMED),
        )
        prepared.append(Prepared(names["organisation_name"], row.hex, contact, day, values))
    return prepared


def import_signatures(
    session: Session, statement_id: int, revision_id: int, language: str, entries: Sequence[Prepared], organisations: Mapping[str, int]
) -> list[uuid.UUID]:
    """Insert signatures; the list will show them in their order. `organisations` has the key of each name of an organisation.

    Who asked for news has a way to their own page from here on. Returns their keys. Raises OrganisationSigned, KeyDestroyed.
    """
    key, all_ = statement_key(session, statement_id), [uuid.UUID(entry.id) for entry in entries]
    as_id, day = as_stored(_ASSENTS, "signature_id"), as_stored(_ASSENTS, "day")(clock.today())
    for start in range(0, len(entries), _AT_ONCE):
        chunk, ids = entries[start : start + _AT_ONCE], all_[start : start + _AT_ONCE]
        known = {entry.organisation: organisations[entry.organisation] for entry in chunk if entry.organisation}
        rows = _rows(list(zip(ids, chunk, strict=True)), statement_id, language, key, known)
        try:
            insert_rows(session, _SIGNATURES, (*_OWN, *_OF_ORGANISATION, "confirmed_at", *_SHARED), rows)
        except IntegrityError as error:
            raise OrganisationSigned from error
        insert_rows(session, _ASSENTS, ("signature_id", "revision_id", "day"), [(as_id(row), revision_id, day) for row in ids])
        _open_ways(session, statement_id, revision_id, language, [row for row, entry in zip(ids, chunk, strict=True) if entry.contact])
    return all_


def mailboxes_signed(session: Session, statement_id: int, addresses: Collection[str]) -> set[str]:
    """Those of the addresses with which a person has signed the statement. Raises KeyDestroyed."""
    key = statement_key(session, statement_id)
    by_index = {keyed_hash(key, "mailbox", canonical(address)): address for address in addresses}
    live = (Signature.statement_id == statement_id, Signature.mailbox_index.in_(list(by_index)), text(PERSON_IS_LIVE))
    found = session.scalars(select(Signature.mailbox_index).where(*live)) if by_index else ()
    return {by_index[index] for index in found if index is not None}


def still_as_brought(ids: Select[uuid.UUID]) -> tuple[ColumnElement[bool], ...]:
    """The condition that signatures among `ids` stand, and that no signer has done anything with them since."""
    own = Submission.sealed.is_not(None) & (Submission.signature_id == Signature.id)
    stands = Signature.state.in_((State.CONFIRMED, State.LISTED, State.HIDDEN, State.QUARANTINED))
    return (Signature.id.in_(ids), stands, Signature.changed_on.is_(None), ~exists().where(own))


def withdraw_imported(session: Session, ids: Select[uuid.UUID]) -> int:
    """Erase signatures that an import brought, all at once, as if each had been withdrawn. Returns how many.

    Those with which their signer has done something stay. The fold takes them off the list.
    """
    keys = session.scalars(select(Signature.id).where(*still_as_brought(ids)).with_for_update().execution_options(yield_per=_AT_ONCE))
    count = bury(session, keys)
    gone = select(Signature.id).where(*still_as_brought(ids)).scalar_subquery()
    unloaded = {"synchronize_session": False}
    for model in (Assent, AskedAnew):
        session.execute(delete(model).where(model.signature_id.in_(gone)), execution_options=unloaded)
    session.execute(update(Submission).where(Submission.signature_id.in_(gone)).values(code_index=None), execution_options=unloaded)
    erased: dict[str, Any] = dict.fromkeys(ERASED_COLUMNS) | {"wants_updates": False, "folded": False, "state": State.WITHDRAWN}
    session.execute(update(Signature).where(*still_as_brought(ids)).values(erased), execution_options=unloaded)
    return count


def _rows(
    chunk: Sequence[tuple[uuid.UUID, Prepared]], statement_id: int, language: str, key: bytes, organisations: Mapping[str, int]
) -> list[tuple[Any, ...]]:
    as_id, as_bool, as_day, as_moment, as_bytes = (
        as_stored(_SIGNATURES, column) for column in ("id", "folded", "collected_on", "confirmed_at", "sealed_contact")
    )
    yes, no, first = as_bool(True), as_bool(False), clock.now()
    shared = (statement_id, language, str(Visibility.PUBLIC), str(Provenance.IMPORTED), no)
    of_organisation: dict[str | None, tuple[int | None, bytes | None]] = {None: (None, None)}
    of_organisation.update((name, (row, as_bytes(organisation_index(key, row)))) for name, row in organisations.items())
    return [
        (
            as_id(row),
            yes if entry.contact else no,
            as_bytes(base64.b64decode(entry.contact)) if entry.contact else None,
            as_day(dt.date.fromisoformat(entry.collected_on)) if entry.collected_on else None,
            *entry.values,
            *of_organisation[entry.organisation],
            # The fold lists them in this order.
            as_moment(first + dt.timedelta(microseconds=number)),
            *shared,
        )
        for number, (row, entry) in enumerate(chunk)
    ]


def _open_ways(session: Session, statement_id: int, revision_id: int, language: str, signatures: Sequence[uuid.UUID]) -> None:
    """A submission without content, which a link in a later mail leads to."""
    if signatures:
        as_id, now = as_stored(_SUBMISSIONS, "id"), as_stored(_SUBMISSIONS, "expires_at")(clock.now())
        rows = [(as_id(new_id()), statement_id, revision_id, language, now, as_id(signature)) for signature in signatures]
        insert_rows(session, _SUBMISSIONS, _WAYS, rows)
