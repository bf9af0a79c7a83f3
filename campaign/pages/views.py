"""Public pages: home, statements, the statement with its form, organisations, about, health."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.language import in_language, language, link_as
from campaign.core.limits import refuse_flood
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.handover.queries import channel_names, handovers_of
from campaign.pages import campaigns
from campaign.pages.readiness import readiness
from campaign.people.labels import words_of_cases
from campaign.signatories import queries as lists
from campaign.signatories.list_head import head, versions
from campaign.signatories.organisation_question import known_names
from campaign.signing import operations, terms_cache
from campaign.signing.forms import SignForm, blank_form
from campaign.signing.queries import level_of
from campaign.signing.terms_cache import Signing
from campaign.signing.visibility_choices import visibility_hints
from campaign.site.countries_at_risk import countries_at_risk
from campaign.statements.errors import NotOpen
from campaign.statements.models import Status
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage, statement_lines, statement_page, statements_version
from campaign.statements.topics import all_topics, shown, topics_of, topics_version
from campaign.updates.labels import kind_choices
from campaign.updates.queries import next_hearing, updates_of_statement

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> Response:
    """Open statements, and earlier ones."""
    return _list_page("pages/home.html")


@bp.get("/s/")
def statements() -> Response:
    """All statements."""
    return _list_page("pages/statements.html")


@bp.get("/s/<slug>")
def statement(slug: str) -> Response:
    """The statement with its form and the head of its list, the same for everyone."""
    page, wanted = _stored_statement(slug), request.args.get("text")
    return (_stored_statement(slug, wanted) if wanted in page.texts else page).response()


@bp.post("/s/<slug>/sign")
def sign(slug: str) -> ResponseReturnValue:
    """Take the form. The answer does not depend on the address typed."""
    refuse_flood("sign")
    form = SignForm(request.form)
    signing = _open_or_refuse(slug, form.read)
    is_valid = form.validate_for(signing.terms)
    # Asked beside whatever else is wrong: nobody should be stopped twice.
    is_settled = bool(form.organisation.errors) or form.settle_organisation(known_names(form.signing_for))
    if not (is_valid and is_settled):
        return _refused(form, signing)
    checked = operations.check(signing, form.fields(), form.altcha.data or "", trapped=form.trapped)
    with writing() as session:
        received = operations.receive(session, signing, checked, language())
    page = in_language(language(), "/check-your-mail")
    said = {"look": "y"} if received.looked_at else {}
    if received.waits:
        said["mail"] = str(received.waits)
    return redirect(settings().link_url + page + (f"?{urlencode(said)}" if said else ""), 303)


@bp.get("/s/<slug>/sign")
def sign_again(slug: str) -> ResponseReturnValue:
    """The form, for a reader who reloads a refused one by hand."""
    published_or_404(slug)
    return redirect(url_for("pages.statement", slug=slug, _anchor="sign"))


@bp.get("/about")
def about() -> str:
    """How signing works, in plain words."""
    return render_template("pages/about.html")


@bp.get("/healthz")
def healthz() -> Response:
    """Alive: this process answers."""
    return make_response({"alive": True})


@bp.get("/readyz")
def readyz() -> Response:
    """Ready: database, migrations, worker. 503 names what is not, without detail."""
    state = readiness()
    return make_response({"ready": all(state.values()), **state}, 200 if all(state.values()) else 503)


def _list_page(template: str) -> Response:
    def render() -> StoredPage:
        link_as(request.path)
        lines = statement_lines(language())
        counts = lists.counts_by_statement([line.id for line in lines])
        topics = [shown(topic, language()) for topic in all_topics()]
        html = render_template(template, statements=lines, counts=counts, empty=lists.Counts(), topics=topics)
        return StoredPage.of(html.encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(
            (template, language()),
            lambda: (statements_version(), lists.all_versions(), topics_version()),
            render,
        )
        .response()
    )


def _stored_statement(slug: str, wanted: str | None = None) -> StoredPage:
    """The page in the language of the interface, or with the text in another one that it has.

    Made again each day: it counts days.
    """

    def render() -> StoredPage:
        link_as(url_for("pages.statement", slug=slug, text=wanted))
        page = statement_page(published_or_404(slug)[0], language(), wanted)
        return StoredPage.of(
            statement_html(page, blank_form(page), wanted).encode(),
            "text/html",
            quick=True,
            texts=page.languages,
        )

    return page_cache().get(
        ("statement", slug, language(), wanted),
        lambda: (*versions(slug), clock.today(), campaigns.version_of(slug), countries_at_risk()),
        render,
    )


def statement_html(
    page: StatementPage,
    form: SignForm | None,
    wanted: str | None,
    template: str = "pages/statement.html",
) -> str:
    """The page of a statement with its form and the head of its list."""
    updates = updates_of_statement(page.id, wanted or language())
    return render_template(
        template,
        statement=page,
        form=form,
        hints=visibility_hints(page),
        level=level_of(db.session(), page.id),
        chosen=wanted == page.language,
        handovers=handovers_of(page.id, page.language),
        channels=channel_names(),
        topics=[shown(topic, language()) for topic in topics_of(page.id)],
        updates=updates,
        upcoming=next_hearing(updates),
        update_kinds=dict(kind_choices()),
        campaign=campaigns.campaign_of(page),
        **words_of_cases(),
        **head(page),
    )


def _open_or_refuse(slug: str, read: int) -> Signing:
    """The terms of a text that takes signatures.

    Aborts: 404 for drafts and unknown addresses, 409 if closed.
    """
    signing = terms_cache.current(slug, read)
    if signing is None:
        published_or_404(slug)
        abort(404)
    try:
        signing.terms.refuse_unless_open()
    except NotOpen as closed:
        abort(404 if closed.status == Status.DRAFT else _closed(slug))
    return signing


def _closed(slug: str) -> Response:
    page = statement_page(published_or_404(slug)[0], language())
    return make_response(render_template("pages/closed.html", statement=page), 409)


def _refused(form: SignForm, signing: Signing) -> Response:
    """The page with its form as it was sent, and the errors in it."""
    wanted = request.form.get("text")
    page = statement_page(signing.terms.id, language(), wanted)
    return make_response(statement_html(page, form.offer(page), wanted), 422)
