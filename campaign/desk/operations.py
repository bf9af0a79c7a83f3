"""Operations of the team across rooms: merging two records of one organisation."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.organisations.audit_actions import OrganisationAction
from campaign.organisations.merge import merge
from campaign.organisations.models import Organisation
from campaign.signatures.organisation_merge import shown_moves


def merge_organisations(session: Session, goes_id: int, stays_id: int) -> int:
    """Merge one record into another. Returns how many public signatures were invalidated.

    Raises MergedWithItself.
    """
    # In the order of their ids, so that two merges at once wait for each other in turn instead of for ever.
    in_order = sorted((goes_id, stays_id))
    locked = {one: session.get_one(Organisation, one, with_for_update=True) for one in in_order}
    goes, stays = locked[goes_id], locked[stays_id]
    moved = shown_moves(session, goes_id, stays_id)
    invalidated = sum(move.invalidated is not None for move in moved)
    known_as = str(goes.id) if goes.from_signature else goes.slug
    facts = {"merged": known_as, "moved": sum(len(move.moved) for move in moved), "invalidated": invalidated}
    merge(session, goes, stays)
    record(session, OrganisationAction.MERGED, stays.log_subject, **facts)
    return invalidated
