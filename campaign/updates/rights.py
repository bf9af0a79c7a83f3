"""Updates as an address names them: all, or those on statements that a member may work on."""

from __future__ import annotations

from flask import abort

from campaign.accounts.permissions import Scope, refuse_what_concerns_others
from campaign.extensions import db
from campaign.statements.rights import may_work_on
from campaign.updates.models import Update


def _load_update(update_id: int) -> Update:
    """An update. Aborts: 404, and 403 where it is on a statement of others.

    Members who work for some organisations learn of no other one: for them 403 also where there is none.
    """
    update = db.session.get(Update, update_id)
    if not may_work_on(update.statement_id if update else None):
        refuse_what_concerns_others()
    return update or abort(404)


update_in_path = Scope("update_id", "update", _load_update)
