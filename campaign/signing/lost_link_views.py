"""The page for a lost link.

Its response is the same whatever the address: the result is told only by mail.
"""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.limits import refuse_flood
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.signing import proof_of_work
from campaign.signing.forms import LinkForm
from campaign.signing.lost_link import request_link
from campaign.signing.models import ProtectionLevel
from campaign.signing.queries import level_of
from campaign.signing.views import bp
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_page


@bp.get("/s/<slug>/lost-link")
def lost_link(slug: str) -> ResponseReturnValue:
    """The form for the address; at high safety, the alternative to it."""
    return _page(slug, LinkForm())


@bp.post("/s/<slug>/lost-link")
def send_link(slug: str) -> ResponseReturnValue:
    """Store the request for the worker."""
    refuse_flood("lost link")
    form, statement_id = LinkForm(request.form), published_or_404(slug)[0]
    if statement_page(statement_id, language()).guarded:
        return redirect(url_for(".lost_link", slug=slug), 303)
    if not form.validate():
        return _page(slug, form, 422)
    # Not from the cache: the same SQL for everyone.
    asked = level_of(db.session(), statement_id) is not ProtectionLevel.OFF
    # Checked before the transaction: it takes a while.
    proof = proof_of_work.check(statement_id, request.form.get("altcha", "")) if asked else None
    with writing() as session:
        later = asked and (proof is None or not proof_of_work.spend_proof(session, proof))
        request_link(session, statement_id, form.email.data or "", language(), later=later)
    return redirect(url_for(".link_sent"), 303)


@bp.get("/link-sent")
def link_sent() -> str:
    """The page on what happens next, which is the same for everyone and names neither statement nor
    address.
    """
    return render_template("signing/link_sent.html", mail_sender=settings().mail_sender)


def _page(slug: str, form: LinkForm, status: int = 200) -> ResponseReturnValue:
    statement = statement_page(published_or_404(slug)[0], language())
    level = level_of(db.session(), statement.id)
    page = render_template("signing/lost_link.html", statement=statement, form=form, level=level)
    return make_response(page, status)
