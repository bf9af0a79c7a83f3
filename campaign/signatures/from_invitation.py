"""Signatures of organisations that signed a circulating text, made on the day of its publication."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.ids import new_id
from campaign.core.vault import keyed_hash
from campaign.signatures.assents import record_assent
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import Provenance, SignatoryKind, Submission, Visibility
from campaign.signatures.new_signatures import (
    NewSignature,
    insert_signature,
    place_columns,
    signature_columns,
)
from campaign.signatures.organisation_identity import organisation_index
from campaign.statements.models import Safety
from campaign.statements.queries import statement_key, terms_of


@dataclass(frozen=True, slots=True)
class Invited:
    """An organisation of the registry and the person who signs for it.

    `names` as in name_columns(). `source` says where an answer recorded by hand came from.
    """

    organisation_id: int
    names: Mapping[str, Any]
    country: str | None
    language: str
    email: str | None
    answered_at: dt.datetime
    # True for an answer that the team recorded; where it came from stays with the invitation.
    by_hand: bool = False
    # Whether its logo may stand beside its name; None where nobody was asked.
    logo: bool | None = None


def seat_invited(
    session: Session, statement_id: int, revision_id: int, entry: Invited
) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Sign for an invited organisation. Returns the signature, and the submission whose token opens its page.

    None if the organisation has signed already. Raises NameMissing, KeyDestroyed.
    """
    key, signature_id = statement_key(session, statement_id), new_id()
    guarded = terms_of(session, statement_id).safety == Safety.HIGH
    new = NewSignature(
        id=signature_id,
        kind=SignatoryKind.ORGANISATION,
        visibility=Visibility.PUBLIC,
        provenance=Provenance.BY_HAND if entry.by_hand else Provenance.INVITED,
        names={**entry.names, "organisation_id": entry.organisation_id},
        country=entry.country,
        shows_logo=entry.logo,
    )

    place = place_columns(
        statement_id,
        entry.language,
        entry.answered_at,
        mailbox_index=keyed_hash(key, "mailbox", canonical(entry.email))
        if entry.email and not guarded
        else None,
        organisation_index=organisation_index(key, entry.organisation_id),
    )
    if not insert_signature(session, signature_columns(session, new) | place):
        return None

    record_assent(session, signature_id, revision_id)
    submission = Submission(
        id=new_id(),
        statement_id=statement_id,
        revision_id=revision_id,
        language=entry.language,
        expires_at=clock.now(),
        signature_id=signature_id,
    )
    session.add(submission)
    session.flush()

    return signature_id, submission.id
