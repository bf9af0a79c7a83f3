"""Deliveries as an address names them: a handover of the list of a published statement."""

from __future__ import annotations

from flask import abort

from campaign.accounts.permissions import Scope
from campaign.extensions import db
from campaign.handover.models import Handover
from campaign.statements.models import Statement
from campaign.statements.rights import published_in_path


def _load_handover(handover_id: int, statement: Statement) -> Handover:
    """A handover of this statement. Aborts: 404."""
    return _load_handover_if_there(handover_id, statement) or abort(404)


def _load_handover_if_there(handover_id: int, statement: Statement) -> Handover | None:
    """A handover of this statement; None for one that is removed already.

    Aborts: 404 for those of other statements.
    """
    handover = db.session.get(Handover, handover_id)
    return handover if handover is None or handover.statement_id == statement.id else abort(404)


handover_in_path = Scope("handover_id", "handover", _load_handover, within=published_in_path)
# For actions that may be repeated.
handover_if_there = Scope("handover_id", "handover", _load_handover_if_there, within=published_in_path)
