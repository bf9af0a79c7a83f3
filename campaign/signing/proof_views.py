"""The challenge of a proof of work, for a browser that fills in a form while attack protection is on."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response

from campaign.core.headers import never_stored
from campaign.signing import proof_of_work, terms_cache
from campaign.signing.models import ProtectionLevel
from campaign.statements.published import published_or_404

bp = Blueprint("proof_of_work", __name__)


@bp.get("/s/<slug>/proof.json")
def challenge(slug: str) -> Response:
    """A challenge for one form. 404 while none is asked for."""
    signing = terms_cache.current(slug)
    if signing is None or not signing.terms.is_open or signing.level is ProtectionLevel.OFF:
        published_or_404(slug)
        abort(404)
    return never_stored(make_response(proof_of_work.challenge(signing.terms.id)))
