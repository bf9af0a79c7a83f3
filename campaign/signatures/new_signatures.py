"""Creating signatures: one function inserts a single row, another a set of rows, both from the same columns.

The slow work (seals, sort and search keys) needs no place on a list yet and is done in signature_columns(),
which an import calls before its transaction. place_columns() adds the place of the signature.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core.database import as_stored, insert_rows, insert_unless_taken
from campaign.core.vault import vault
from campaign.signatures.errors import OrganisationSigned
from campaign.signatures.models import (
    ORGANISATION_IS_LIVE,
    PERSON_IS_LIVE,
    Provenance,
    SignatoryKind,
    Signature,
    State,
    Visibility,
)
from campaign.signatures.name_checks import doubtful
from campaign.signatures.names import name_columns
from campaign.signatures.states import By, first_state

_SIGNATURES = cast(Table, Signature.__table__)
COLUMNS = tuple(column.name for column in _SIGNATURES.columns)
_EMPTY: dict[str, Any] = dict.fromkeys(COLUMNS) | {"folded": False, "wants_updates": False}
# The index that decides about a second signature. One object each, so that SQL using them is compiled once.
_UNIQUE = {
    SignatoryKind.PERSON: (("statement_id", "mailbox_index", "seat"), text(PERSON_IS_LIVE)),
    SignatoryKind.ORGANISATION: (("statement_id", "organisation_index"), text(ORGANISATION_IS_LIVE)),
}
_BROUGHT_BY = {
    Provenance.WEB: By.SIGNER,
    Provenance.INVITED: By.SIGNER,
    Provenance.BY_HAND: By.TEAM,
    Provenance.IMPORTED: By.IMPORT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignature:
    """A signatory, and how the signature was collected. `names` as in name_columns().

    `email` is the address to keep, sealed; empty where none is. `registered`: False for an organisation that
    the team has to review.
    """

    id: uuid.UUID
    kind: SignatoryKind
    visibility: Visibility
    provenance: Provenance
    names: Mapping[str, Any]
    country: str | None
    registered: bool = True
    email: str = ""
    wants_updates: bool = False
    message: str = ""
    notice: str | None = None
    held_for: str | None = None
    source: str | None = None
    evidence: str | None = None
    collected_on: dt.date | None = None
    shows_logo: bool | None = None


def blank_columns() -> dict[str, Any]:
    """All columns of a signature, empty."""
    return dict(_EMPTY)


def signature_columns(session: Session, new: NewSignature) -> dict[str, Any]:
    """All columns of a signature, with those of its place empty. Raises NameMissing.

    Messages are always read by a person before anyone else sees them.
    """
    state = first_state(_wanted_state(session, new), _BROUGHT_BY[new.provenance])
    return _EMPTY | {
        "id": new.id,
        "kind": new.kind,
        "state": state,
        "visibility": new.visibility,
        "provenance": new.provenance,
        "source": new.source,
        "evidence": new.evidence,
        "collected_on": new.collected_on,
        "country": new.country,
        "wants_updates": new.wants_updates,
        "shows_logo": new.shows_logo,
        "notice": new.notice,
        "held_for": new.held_for or None,
        "sealed_message": _sealed(
            new, "sealed_message", new.message if new.visibility is Visibility.PUBLIC else ""
        ),
        "sealed_contact": _sealed(new, "sealed_contact", new.email),
        **name_columns(new.id, new.kind, new.visibility, state, dict(new.names)),
    }


def place_columns(
    statement_id: int,
    language: str,
    confirmed_at: dt.datetime,
    *,
    mailbox_index: bytes | None = None,
    organisation_index: bytes | None = None,
) -> dict[str, Any]:
    """The columns for the place of a signature. People also get a `seat` within their mailbox."""
    return {
        "statement_id": statement_id,
        "language": language,
        "confirmed_at": confirmed_at,
        "mailbox_index": mailbox_index,
        "organisation_index": organisation_index,
    }


def insert_signature(session: Session, columns: dict[str, Any]) -> bool:
    """Insert a signature.

    False if its place is taken: by the organisation, or on this seat of the mailbox.
    """
    unique, live = _UNIQUE[columns["kind"]]
    return insert_unless_taken(session, _SIGNATURES, columns, unique, live)


def insert_signatures(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert a set of signatures. Raises OrganisationSigned if the place of one is taken."""
    # A column that is empty in all rows only costs time.
    filled = [column for column in COLUMNS if any(row[column] is not None for row in rows)]
    stored = [(column, as_stored(_SIGNATURES, column)) for column in filled]
    values = [tuple([convert(row[column]) for column, convert in stored]) for row in rows]
    try:
        insert_rows(session, _SIGNATURES, filled, values)
    except IntegrityError as error:
        raise OrganisationSigned from error


def _wanted_state(session: Session, new: NewSignature) -> State:
    """The state that a new signature should have.

    One in review is looked at anyway, and a name that is not kept needs no look.
    """
    if not new.registered:
        return State.REVIEW
    named = new.kind is SignatoryKind.PERSON and new.visibility is not Visibility.COUNTED
    held = bool(new.held_for) or (named and doubtful(session, new.names.get("name")))
    return State.QUARANTINED if held else State.CONFIRMED


def _sealed(new: NewSignature, column: str, content: str) -> bytes | None:
    return vault().seal_text(content, "signatures", column, new.id) if content else None
