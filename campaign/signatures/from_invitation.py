"""Organisations that signed before the text was public become signatures on the day on which it is."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import insert_unless_taken
from campaign.core.ids import new_id
from campaign.core.vault import keyed_hash
from campaign.signatures.assents import record_assent
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import ORGANISATION_IS_LIVE, Provenance, SignatoryKind, Signature, State, Submission, Visibility
from campaign.signatures.names import name_columns
from campaign.signatures.organisation_identity import organisation_index
from campaign.statements.queries import statement_key


@dataclass(frozen=True, slots=True)
class Invited:
    """An organisation of the registry and who signs for it. `names` as in naming(); by hand, `source` says where the answer came from."""

    organisation_id: int
    names: Mapping[str, Any]
    country: str | None
    language: str
    email: str | None
    answered_at: dt.datetime
    source: str | None = None
    # Whether its logo may stand beside its name; None where nobody was asked.
    logo: bool | None = None


def seat_invited(session: Session, statement_id: int, revision_id: int, entry: Invited) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Sign for an invited organisation. Returns the signature, and the submission whose token opens its page.

    None when the organisation holds its place already. Raises NameMissing, KeyDestroyed.
    """
    key, row = statement_key(session, statement_id), new_id()
    values = {
        "id": row,
        "statement_id": statement_id,
        "kind": SignatoryKind.ORGANISATION,
        "state": State.CONFIRMED,
        "visibility": Visibility.PUBLIC,
        "provenance": Provenance.BY_HAND if entry.source else Provenance.INVITED,
        "source": entry.source,
        "country": entry.country,
        "shows_logo": entry.logo,
        "language": entry.language,
        "mailbox_index": keyed_hash(key, "mailbox", canonical(entry.email)) if entry.email else None,
        "organisation_index": organisation_index(key, entry.organisation_id),
        "wants_updates": False,
        "confirmed_at": entry.answered_at,
        "folded": False,
        **name_columns(row, SignatoryKind.ORGANISATION, Visibility.PUBLIC, {**entry.names, "organisation_id": entry.organisation_id}),
    }
    if not insert_unless_taken(session, Signature.__table__, values, ("statement_id", "organisation_index"), text(ORGANISATION_IS_LIVE)):  # type: ignore[arg-type]
        return None
    record_assent(session, row, revision_id)
    submission = Submission(
        id=new_id(), statement_id=statement_id, revision_id=revision_id, language=entry.language, expires_at=clock.now(), signature_id=row
    )
    session.add(submission)
    session.flush()
    return row, submission.id
