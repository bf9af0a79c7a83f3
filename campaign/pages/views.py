"""Every composed public page: home, statements, the statement with its form, organisations, about, health."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.headers import never_stored
from campaign.core.integers import whole_number
from campaign.core.language import in_language, language, link_as
from campaign.core.limits import refuse_flood
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.handover.deliveries import channel_names, handovers_of
from campaign.pages import campaigns
from campaign.pages.readiness import readiness
from campaign.people.labels import words_of_cases
from campaign.signatories import queries as lists
from campaign.signatories.list_head import head, versions
from campaign.signatures.models import SignatoryKind
from campaign.signing import proof_of_work, terms_cache
from campaign.signing.attack_protection import hold_if_needed, level_of
from campaign.signing.forms import SignForm
from campaign.signing.models import ProtectionLevel
from campaign.signing.submissions import submit
from campaign.signing.visibility_choices import visibility_choices, visibility_hints
from campaign.statements.errors import NotOpen
from campaign.statements.models import Safety, Signers, Status
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage, statement_lines, statement_page, statements_version
from campaign.statements.topics import all_topics, shown, topics_of, topics_version
from campaign.updates.forms import kind_choices
from campaign.updates.queries import next_hearing, updates_of_statement

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> Response:
    """What is open, and what was signed before."""
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
    """Take the form. Nothing in the answer depends on the address."""
    refuse_flood("sign")
    form = SignForm(request.form)
    signing = terms_cache.current(slug, whole_number(form.revision.data or "") or 0)
    if signing is None:
        published_or_404(slug)
        abort(404)
    form.accepts_example = signing.terms.sample
    try:
        signing.terms.refuse_unless_open()
    except NotOpen as closed:
        return _closed(slug, closed)
    fitting = form.validate() and _kind_fits(form, signing.terms.signers) and _read_the_text(form, signing.terms)
    if not fitting:
        wanted = request.form.get("text")
        page = statement_page(signing.terms.id, language(), wanted)
        return make_response(_statement_html(page, _offer(form, page), wanted), 422)
    # What takes time is done before the others have to wait.
    fields, trapped = form.fields(), bool(form.reference.data)
    if signing.terms.safety == Safety.HIGH:
        fields = fields.as_guarded()
    proof = None if signing.level is ProtectionLevel.OFF else proof_of_work.check(signing.terms.id, form.altcha.data or "")
    with writing() as session:
        fields = hold_if_needed(session, fields, signing.level, proof, trapped=trapped)
        submit(session, signing.place, fields, language())
    waits = "?look=y" if fields.held_for else ""
    return redirect(f"{settings().link_url}{in_language(language(), '/check-your-mail')}{waits}", 303)


@bp.get("/s/<slug>/sign")
def sign_again(slug: str) -> ResponseReturnValue:
    """Who reloads a refused form by hand finds the form."""
    published_or_404(slug)
    return redirect(url_for("pages.statement", slug=slug, _anchor="sign"))


@bp.get("/s/<slug>/proof.json")
def proof(slug: str) -> Response:
    """A proof of work for the browser, while attack protection is on."""
    signing = terms_cache.current(slug)
    if signing is None or not signing.terms.is_open or signing.level is ProtectionLevel.OFF:
        published_or_404(slug)
        abort(404)
    return never_stored(make_response(proof_of_work.challenge(signing.terms.id)))


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

    return page_cache().get((template, language()), lambda: (statements_version(), lists.all_versions(), topics_version()), render).response()


def _stored_statement(slug: str, wanted: str | None = None) -> StoredPage:
    """The page in the language of the interface, or with the text in another one that it has. Made anew each day: it counts days."""

    def render() -> StoredPage:
        link_as(url_for("pages.statement", slug=slug, text=wanted))
        page = statement_page(published_or_404(slug)[0], language(), wanted)
        return StoredPage.of(_statement_html(page, _blank_form(page), wanted).encode(), "text/html", quick=True, texts=page.languages)

    return page_cache().get(("statement", slug, language(), wanted), lambda: (*versions(slug), clock.today(), campaigns.version_of(slug)), render)


def _statement_html(page: StatementPage, form: SignForm | None, wanted: str | None) -> str:
    updates = updates_of_statement(page.id, wanted or language())
    return render_template(
        "pages/statement.html",
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


def _blank_form(page: StatementPage) -> SignForm | None:
    if page.status is not Status.OPEN:
        return None
    form = _offer(SignForm(), page)
    if page.guarded:
        # Everyone chooses for themselves.
        form.visibility.data = None
    form.revision.data = str(page.revision)
    return form


def _offer(form: SignForm, page: StatementPage) -> SignForm:
    """Offer only what this statement takes, with the consequences in the reader's language."""
    form.visibility.choices = visibility_choices(page)
    if page.signers is not Signers.BOTH:
        allowed = SignatoryKind.PERSON if page.signers is Signers.PEOPLE else SignatoryKind.ORGANISATION
        form.kind.choices = [choice for choice in form.kind.choices if choice[0] == allowed]
        form.kind.data = allowed
    return form


def _kind_fits(form: SignForm, signers: Signers) -> bool:
    wrong = {Signers.PEOPLE: SignatoryKind.ORGANISATION, Signers.ORGANISATIONS: SignatoryKind.PERSON}.get(signers)
    if form.kind.data != wrong:
        return True
    only_people = signers is Signers.PEOPLE
    form.kind.errors = [_("Only people can sign this text.") if only_people else _("Only organisations can sign this text.")]
    return False


def _read_the_text(form: SignForm, signing: terms_cache.SigningTerms) -> bool:
    """Refuse who read a text whose demands have changed since. A form without a revision is taken as having read the current one."""
    typed = form.revision.data or ""
    read = whole_number(typed)
    if not typed or (read is not None and signing.oldest_valid <= read <= signing.revision_number):
        return True
    form.revision.data = str(signing.revision_number)
    form.consent.data = False
    form.consent.errors = [_("The text has changed since you opened it. Please read it again, and then sign.")]
    return False


def _closed(slug: str, closed: NotOpen) -> Response:
    if closed.status == Status.DRAFT:
        abort(404)
    page = statement_page(published_or_404(slug)[0], language())
    return make_response(render_template("pages/closed.html", statement=page), 409)
