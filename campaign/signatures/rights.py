"""The signatures that a team member may work on: those of the statements that they may work on."""

from __future__ import annotations

import uuid

from flask import abort

from campaign.accounts.permissions import Scope
from campaign.extensions import db
from campaign.signatures.models import Signature
from campaign.statements.rights import may_work_on


def _signature_at(signature_id: uuid.UUID) -> Signature:
    """A signature in any state.

    Aborts with 404 where there is none, and where its statement belongs to others.
    """
    signature = db.session.get(Signature, signature_id)
    if signature is None or not may_work_on(signature.statement_id):
        abort(404)
    return signature


signature_in_path = Scope("signature_id", "signature", _signature_at)
