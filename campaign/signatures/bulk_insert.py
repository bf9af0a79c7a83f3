"""Inserting signatures that were collected elsewhere: slow work is done before the transaction, which only
inserts.
"""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, exists, select, text
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import as_stored, insert_rows
from campaign.core.ids import new_id
from campaign.core.vault import keyed_hash
from campaign.extensions import db
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import (
    NAMED_COLUMNS,
    PERSON_IS_LIVE,
    Assent,
    Provenance,
    SignatoryKind,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signatures.names import is_shown, name_columns
from campaign.signatures.new_signatures import (
    NewSignature,
    blank_columns,
    insert_signatures,
    place_columns,
    signature_columns,
)
from campaign.signatures.organisation_identity import organisation_index
from campaign.signatures.states import By, sources, withdraw_all
from campaign.statements.queries import statement_key

_AT_ONCE = 1_000
_ASSENTS, _SUBMISSIONS = (cast(Table, model.__table__) for model in (Assent, Submission))
_NAMED = tuple(column for column in NAMED_COLUMNS if column != "message")
# The order of fields in staged imports, which a newer version may read.
_PREPARED = ("kind", "state", "country", "source", "evidence", *_NAMED)
_WAYS = ("id", "statement_id", "revision_id", "language", "expires_at", "signature_id")


@dataclass(frozen=True, slots=True)
class Imported:
    """A signatory collected elsewhere, with the source.

    `names` as in name_columns(); an organisation is identified by its name. `email` is given only for a
    signer who asked for news.
    """

    kind: SignatoryKind
    names: Mapping[str, Any]
    country: str | None
    source: str
    evidence: str | None = None
    collected_on: dt.date | None = None
    email: str = ""


class Prepared(NamedTuple):
    """A signature ready to be inserted; all of it can be written as JSON. `contact` is sealed, in Base64.

    `values` has the name in clear, also where it is held: only its insertion seals it.
    """

    organisation: str | None
    id: str
    contact: str | None
    collected_on: str | None
    values: Sequence[str | None]


def prepare(entries: Iterable[Imported]) -> list[Prepared]:
    """Prepare each entry with its id and all columns for sorting and searching. A name that needs a look is
    held like any other.

    Raises NameMissing. Needs no write transaction.
    """
    return [_prepared(entry) for entry in entries]


def import_signatures(
    session: Session,
    statement_id: int,
    revision_id: int,
    language: str,
    entries: Sequence[Prepared],
    organisations: Mapping[str, int],
) -> list[uuid.UUID]:
    """Insert signatures; the list will show them in their order. `organisations` maps each organisation name
    to its id.

    Signers who asked for news get access to their own page. Returns the ids of the signatures. Raises
    OrganisationSigned, KeyDestroyed.
    """
    key, ids = statement_key(session, statement_id), [uuid.UUID(entry.id) for entry in entries]
    as_id, day = as_stored(_ASSENTS, "signature_id"), as_stored(_ASSENTS, "day")(clock.today())

    for start in range(0, len(entries), _AT_ONCE):
        chunk, chunk_ids = entries[start : start + _AT_ONCE], ids[start : start + _AT_ONCE]
        names = {entry.organisation for entry in chunk if entry.organisation}
        indexes = {name: organisation_index(key, organisations[name]) for name in names}
        first = clock.now()
        insert_signatures(
            session,
            [
                _columns(entry, organisations)
                # The fold lists them in the order of these moments.
                | place_columns(
                    statement_id,
                    language,
                    first + dt.timedelta(microseconds=number),
                    organisation_index=indexes[entry.organisation] if entry.organisation else None,
                )
                for number, entry in enumerate(chunk)
            ],
        )
        assents = [(as_id(signature_id), revision_id, day) for signature_id in chunk_ids]
        insert_rows(session, _ASSENTS, ("signature_id", "revision_id", "day"), assents)
        asked = [signature_id for signature_id, entry in zip(chunk_ids, chunk, strict=True) if entry.contact]
        _open_ways(session, statement_id, revision_id, language, asked)

    return ids


def mailboxes_signed(
    session: Session, statement_id: int, addresses: Collection[str], *, shown: bool = False
) -> set[str]:
    """Those of `addresses` with which a person has signed the statement; with `shown`, those alone whose
    names are public. Raises KeyDestroyed.
    """
    key = statement_key(session, statement_id)
    by_index = {keyed_hash(key, "mailbox", canonical(address)): address for address in addresses}
    live = (
        Signature.statement_id == statement_id,
        Signature.mailbox_index.in_(list(by_index)),
        text(PERSON_IS_LIVE),
    )
    signed = select(Signature.mailbox_index).where(*live)
    if shown:
        signed = signed.where(Signature.visibility == Visibility.PUBLIC)
    found = session.scalars(signed) if by_index else ()
    return {by_index[index] for index in found if index is not None}


def still_as_brought(ids: Select[uuid.UUID]) -> tuple[ColumnElement[bool], ...]:
    """The SQL condition that signatures among `ids` still stand and were not changed by their signers
    since.
    """
    own = Submission.sealed.is_not(None) & (Submission.signature_id == Signature.id)
    stands = Signature.state.in_(sources(State.WITHDRAWN, By.IMPORT))
    return (Signature.id.in_(ids), stands, Signature.changed_on.is_(None), ~exists().where(own))


def withdraw_imported(session: Session, ids: Select[uuid.UUID]) -> int:
    """Erase imported signatures, all at once, as if each had been withdrawn. Returns the number erased.

    Those changed by their signers stay. The fold takes them off the list.
    """
    return withdraw_all(session, still_as_brought(ids), By.IMPORT)


def _prepared(entry: Imported) -> Prepared:
    columns = signature_columns(
        db.session(),
        NewSignature(
            id=new_id(),
            kind=entry.kind,
            visibility=Visibility.PUBLIC,
            provenance=Provenance.IMPORTED,
            names=entry.names,
            country=entry.country,
            email=entry.email,
            wants_updates=bool(entry.email),
            source=entry.source,
            evidence=entry.evidence,
            collected_on=entry.collected_on,
        ),
    )
    contact = base64.b64encode(columns["sealed_contact"]).decode() if entry.email else None
    day = entry.collected_on.isoformat() if entry.collected_on else None
    if not is_shown(columns["visibility"], columns["state"]):
        columns |= {name: entry.names.get(name) for name in _NAMED}
    values = tuple(columns[column] for column in _PREPARED)

    return Prepared(columns["organisation_name"], columns["id"].hex, contact, day, values)


def _columns(entry: Prepared, organisations: Mapping[str, int]) -> dict[str, Any]:
    """The columns of a prepared signature, as signature_columns() made them, and its organisation."""
    signature_id = uuid.UUID(entry.id)
    # What an earlier version prepared lacks the newest columns.
    prepared = dict.fromkeys(_PREPARED) | dict(zip(_PREPARED, entry.values, strict=False))
    kind, state = SignatoryKind(prepared["kind"] or ""), State(prepared["state"] or "")
    if not is_shown(Visibility.PUBLIC, state):
        names = {name: prepared[name] for name in _NAMED}
        prepared |= name_columns(signature_id, kind, Visibility.PUBLIC, state, names)
    return blank_columns() | {
        **prepared,
        "id": signature_id,
        "visibility": Visibility.PUBLIC,
        "provenance": Provenance.IMPORTED,
        "wants_updates": entry.contact is not None,
        "sealed_contact": base64.b64decode(entry.contact) if entry.contact else None,
        "collected_on": dt.date.fromisoformat(entry.collected_on) if entry.collected_on else None,
        "organisation_id": organisations[entry.organisation] if entry.organisation else None,
    }


def _open_ways(
    session: Session, statement_id: int, revision_id: int, language: str, signatures: Sequence[uuid.UUID]
) -> None:
    """Insert an empty submission for each signature, to which a link in a later mail can lead."""
    if signatures:
        as_id, now = as_stored(_SUBMISSIONS, "id"), as_stored(_SUBMISSIONS, "expires_at")(clock.now())
        rows = [(as_id(new_id()), statement_id, revision_id, language, now, as_id(one)) for one in signatures]
        insert_rows(session, _SUBMISSIONS, _WAYS, rows)
