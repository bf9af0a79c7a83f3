"""The objects in addresses of a drive: a circulating statement, an invitation to sign it, a suggested
change.
"""

from __future__ import annotations

import uuid

from flask import abort

from campaign.accounts.permissions import Scope
from campaign.circulation import invitations
from campaign.circulation.models import Invitation, Suggestion
from campaign.extensions import db
from campaign.statements.models import Statement
from campaign.statements.rights import statement_in_path


def _load_circulating(slug: str) -> Statement:
    """A statement that circulates. Aborts: 404, also for drafts and published ones."""
    statement: Statement = statement_in_path.load(slug)
    return statement if invitations.is_round(statement) else abort(404)


def _load_invitation(invitation_id: uuid.UUID, statement: Statement) -> Invitation:
    """An invitation to sign this statement. Aborts: 404."""
    invitation = db.session.get(Invitation, invitation_id)
    return invitation if invitation is not None and invitation.statement_id == statement.id else abort(404)


def _load_suggestion(suggestion_id: int, statement: Statement) -> Suggestion:
    """A change suggested by an organisation that was invited to this statement. Aborts: 404."""
    suggestion = db.session.get(Suggestion, suggestion_id)
    if (
        suggestion is None
        or db.session.get_one(Invitation, suggestion.invitation_id).statement_id != statement.id
    ):
        abort(404)
    return suggestion


circulating_in_path = Scope("slug", "statement", _load_circulating)
invitation_in_path = Scope("invitation_id", "invitation", _load_invitation, within=statement_in_path)
suggestion_in_path = Scope("suggestion_id", "suggestion", _load_suggestion, within=circulating_in_path)
