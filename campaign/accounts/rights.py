"""Members of the team as an address names them."""

from __future__ import annotations

from campaign.accounts.models import TeamMember
from campaign.accounts.permissions import Scope, confined_to, refuse_what_concerns_others
from campaign.extensions import db


def _load_member(member_id: int) -> TeamMember:
    """The member, for those who work for the whole site. Aborts with 403 or 404."""
    if confined_to() is not None:
        refuse_what_concerns_others()
    return db.get_or_404(TeamMember, member_id)


member_in_path = Scope("member_id", "member", _load_member)
