"""Signatures that were collected elsewhere: what takes time is done before the transaction, which only inserts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import as_stored, insert_rows
from campaign.core.ids import new_id
from campaign.signing.confirmation import organisation_index
from campaign.signing.errors import OrganisationSigned
from campaign.signing.models import NAMED_COLUMNS, Assent, Provenance, SignatoryKind, Signature, State, Visibility
from campaign.signing.naming import naming
from campaign.statements.queries import statement_key

_AT_ONCE = 1_000
_SIGNATURES, _ASSENTS = cast(Table, Signature.__table__), cast(Table, Assent.__table__)
_NAMED = tuple(column for column in NAMED_COLUMNS if column != "message")
_OWN = ("id", "kind", "country", "source", "evidence", *_NAMED)
_OF_ORGANISATION = ("organisation_id", "organisation_index")
_SHARED = ("statement_id", "language", "state", "visibility", "provenance", "wants_updates", "folded")


@dataclass(frozen=True, slots=True)
class Imported:
    """A signatory collected elsewhere, with its source. `names` as in naming(); the organisation is told by its name there."""

    kind: SignatoryKind
    names: Mapping[str, Any]
    country: str | None
    source: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A signature ready to be inserted, its values (the columns of _OWN) as the database keeps them."""

    organisation: str | None
    values: tuple[Any, ...]


def prepare(entries: Iterable[Imported]) -> list[Prepared]:
    """Give each its key and all that is kept to sort and to find it. Raises NameMissing. Needs no transaction that writes."""
    as_id = as_stored(_SIGNATURES, "id")
    prepared = []
    for entry in entries:
        row = new_id()
        names = naming(row, entry.kind, Visibility.PUBLIC, dict(entry.names))
        own = (as_id(row), str(entry.kind), entry.country, entry.source, entry.evidence)
        prepared.append(Prepared(names["organisation_name"], (*own, *(names[column] for column in _NAMED))))
    return prepared


def import_signatures(
    session: Session, statement_id: int, revision_id: int, language: str, entries: Sequence[Prepared], organisations: Mapping[str, int]
) -> None:
    """Insert signatures; the list will show them in their order. `organisations` has the key of each name of an organisation.

    Raises OrganisationSigned, KeyDestroyed.
    """
    as_moment, as_bool = as_stored(_SIGNATURES, "confirmed_at"), as_stored(_SIGNATURES, "folded")
    day, first = as_stored(_ASSENTS, "day")(clock.today()), clock.now() - dt.timedelta(microseconds=len(entries))
    shared = (statement_id, language, str(State.CONFIRMED), str(Visibility.PUBLIC), str(Provenance.IMPORTED), as_bool(False), as_bool(False))
    of_organisation = _organisations(statement_key(session, statement_id), organisations)
    for start in range(0, len(entries), _AT_ONCE):
        chunk = entries[start : start + _AT_ONCE]
        rows = [
            (*entry.values, *of_organisation[entry.organisation], as_moment(first + dt.timedelta(microseconds=number)), *shared)
            for number, entry in enumerate(chunk, start)
        ]
        try:
            insert_rows(session, _SIGNATURES, (*_OWN, *_OF_ORGANISATION, "confirmed_at", *_SHARED), rows)
        except IntegrityError as error:
            raise OrganisationSigned from error
        insert_rows(session, _ASSENTS, ("signature_id", "revision_id", "day"), [(entry.values[0], revision_id, day) for entry in chunk])


def _organisations(key: bytes, organisations: Mapping[str, int]) -> dict[str | None, tuple[int | None, bytes | None]]:
    """By the name of an organisation, the values of _OF_ORGANISATION; by None those of a person."""
    as_index = as_stored(_SIGNATURES, "organisation_index")
    values: dict[str | None, tuple[int | None, bytes | None]] = {None: (None, None)}
    values.update((name, (row, as_index(organisation_index(key, row)))) for name, row in organisations.items())
    return values
