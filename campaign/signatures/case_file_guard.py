"""A guard for case files: one can be deleted only while nobody has signed a campaign for that person."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.people.models import CampaignPerson
from campaign.signatures.models import Signature


def signed_for(session: Session, person_id: uuid.UUID) -> bool:
    """True if anybody has signed a campaign that is, or was, for this person, even if the signature was
    withdrawn since.
    """
    campaigns = select(CampaignPerson.statement_id).where(CampaignPerson.person_id == person_id)
    return (
        session.scalar(select(Signature.id).where(Signature.statement_id.in_(campaigns)).limit(1)) is not None
    )
