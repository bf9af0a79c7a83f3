"""Public documents: the printed letter, and the page of a printed number."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from campaign.core import clock, error_pages
from campaign.core.integers import whole_number
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, etag_of, page_cache
from campaign.core.places import SEARCHES
from campaign.core.query_parameters import chooses_by, number, one_of
from campaign.core.remembered import Remembered
from campaign.documents.document_numbers import Printed, read_number
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import Part, counts_line, free_line, letter_of, page_address, parts_of
from campaign.documents.orders import PaperOrder, is_long, take
from campaign.documents.pdf import card_png, letter_pdf, poster_pdf, sheet_pdf
from campaign.extensions import db
from campaign.handover.frozen_lists import blotted, published_digest
from campaign.handover.models import FrozenList
from campaign.organisations.queries import logos_of
from campaign.people.queries import campaign_version
from campaign.signatories.long_lists import counted
from campaign.signatories.queries import Counts, counts_of
from campaign.signatures.models import Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.labels import kind_choices
from campaign.statements.models import UNSEEN, Revision, Safety, Statement
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_page, terms_of

bp = Blueprint("documents", __name__)
PDF = "application/pdf"
_SECOND = dt.timedelta(seconds=1)
_ADDED: Remembered[tuple[int, dt.datetime], int] = Remembered("added since printed", seconds=60, most=2_000)
_LONGEST = 60
# A long list that grows by the second is typeset once a minute: the paper states its time.
_SHORT = 500
_CARD_SECONDS = 300
# A break of lines in a mail, what its program encoded behind the link, and all but letters and digits.
_NOT_TYPED = re.compile(r"=\s|[&%].*|=3d|[\W_]", re.IGNORECASE | re.DOTALL)


@bp.get("/s/<slug>/statement.pdf")
@chooses_by("by")
def pdf(slug: str) -> ResponseReturnValue:
    """The statement with its list, for print; `by=country` groups the names, `part` is one of the files of a
    very long list, which are named on a page.
    """
    statement_id, _version = published_or_404(slug)
    wanted = request.args.get("text")
    wanted = wanted if wanted in statement_page(statement_id, language()).languages else None
    by_country = bool(
        one_of("by", {"country"}, _("The list can be grouped by country, and by nothing else."))
    )
    number("part", _("part: the number of one of the files"))
    total = counts_of(statement_id).total
    if is_long(total):
        return _long_pdf(slug, statement_id, wanted, parts_of(total), by_country=by_country)

    def render() -> StoredPage:
        return stored_as(letter_pdf(letter_of(statement_id, wanted, by_country=by_country)), PDF)

    try:
        stored = page_cache().get(
            ("pdf", slug, language(), wanted, by_country), lambda: _version_of(slug), render
        )
    except TooManyAtOnce:
        link_as(url_for("pages.statement", slug=slug))
        return busy()

    return named(stored.response(), f"{slug}-{language()}.pdf")


def _long_pdf(
    slug: str, statement_id: int, wanted: str | None, parts: list[Part], *, by_country: bool
) -> ResponseReturnValue:
    """A file of a long list, which the worker makes. Aborts: 404 for a part that there is not."""
    typed = request.args.get("part")
    if typed is None and len(parts) > 1:
        return redirect(url_for(".papers", slug=slug, text=wanted))
    part = 1 if typed is None else whole_number(typed)
    if part is None or not 1 <= part <= len(parts):
        abort(404)
    layout = "countries" if by_country and len(parts) == 1 else "pdf"
    try:
        paper = take(PaperOrder(layout, statement_id, language(), wanted, part))
    except TooManyAtOnce:
        link_as(url_for("pages.statement", slug=slug))
        return busy()
    stored = StoredPage(paper.etag, PDF, {"identity": paper.body})
    name = f"{slug}-{language()}.pdf" if len(parts) == 1 else f"{slug}-{language()}-{part}.pdf"
    return named(stored.response(), name)


@bp.get("/s/<slug>/papers")
def papers(slug: str) -> ResponseReturnValue:
    """The files of a list that is too long for one."""
    statement_id, _version = published_or_404(slug)
    wanted = request.args.get("text")
    statement = statement_page(statement_id, language())
    wanted = wanted if wanted in statement.languages else None
    parts = parts_of(counts_of(statement_id).total)
    link_as(url_for(".papers", slug=slug, text=wanted))
    return render_template("documents/papers.html", statement=statement, parts=parts, text=wanted)


@bp.get("/s/<slug>/poster.pdf")
def poster(slug: str) -> ResponseReturnValue:
    """A sheet with a code that leads to the page."""

    def render() -> StoredPage:
        page = statement_page(published_or_404(slug)[0], language())
        body = poster_pdf(page, dict(kind_choices())[page.kind], page_address(page))
        return stored_as(body, PDF)

    try:
        stored = page_cache().get(("poster", slug, language()), lambda: published_or_404(slug), render)
    except TooManyAtOnce:
        link_as(url_for("pages.statement", slug=slug))
        return busy()
    return named(stored.response(), f"{slug}-poster-{language()}.pdf")


@bp.get("/s/<slug>/sheet.pdf")
def sheet(slug: str) -> ResponseReturnValue:
    """A sheet to collect names on paper."""

    def render() -> StoredPage:
        page = statement_page(published_or_404(slug)[0], language())
        return StoredPage(
            f"{slug}-{clock.now().timestamp():.0f}", PDF, {"identity": sheet_pdf(page, page_address(page))}
        )

    try:
        stored = page_cache().get(("sheet", slug, language()), lambda: published_or_404(slug), render)
    except TooManyAtOnce:
        link_as(url_for("pages.statement", slug=slug))
        return busy()
    return named(stored.response(), f"{slug}-sheet-{language()}.pdf")


@bp.get("/s/<slug>/card.png")
def card(slug: str) -> ResponseReturnValue:
    """The picture for sharing the statement. Its count is at most some minutes old."""

    def render() -> StoredPage:
        page = statement_page(published_or_404(slug)[0], language())
        if page.guarded:
            abort(404)
        logos = logos_of([owner.slug for owner in page.owners])
        counted = [line for line in (free_line(page), counts_line(counts_of(page.id))) if line]
        body = card_png(page, dict(kind_choices())[page.kind], counted, logos)
        return stored_as(body, "image/png")

    def version() -> object:
        return (
            *published_or_404(slug),
            campaign_version(published_or_404(slug)[0]),
            int(clock.now().timestamp() // _CARD_SECONDS),
        )

    try:
        return page_cache().get(("card", slug, language()), version, render).response("public, max-age=300")
    except TooManyAtOnce:
        link_as(url_for("pages.statement", slug=slug))
        return busy()


@bp.get("/v/<document>")
def genuine(document: str) -> ResponseReturnValue:
    """The page of a printed number: genuine or not, the text, the time of the list, changes since.

    The number is typed from paper or copied from a mail, so capitals, spaces and hyphens do not matter, nor
    what stood around it.
    """
    typed = "".join(_NOT_TYPED.sub("", document).lower().split()) if len(document) <= _LONGEST else ""
    frozen = db.session.get(FrozenList, typed) if typed.isascii() and typed.isalnum() else None
    if frozen is not None:
        return _frozen(frozen)
    printed = read_number(typed)
    if printed is None:
        abort(404)
    return _printed(printed)


def busy() -> Response:
    """503: other documents are being made."""
    text = _("Many people are asking for documents at the moment. Please try again in a minute.")
    response = error_pages.page(503, _("This document is still being made"), text)
    response.headers["Retry-After"] = "30"
    return response


def named(response: Response, name: str) -> Response:
    """The response with the file name for a browser to save it under; it is shown all the same."""
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response


def stored_as(body: bytes, mimetype: str) -> StoredPage:
    """A page in a format that is compressed already."""
    return StoredPage(etag_of(body), mimetype, {"identity": body})


def _version_of(slug: str) -> object:
    statement_id, version = published_or_404(slug)
    counts = counts_of(statement_id)
    minute = int(clock.now().timestamp() // 60)
    return statement_id, version, counts.version if counts.total <= _SHORT else minute


def _frozen(frozen: FrozenList) -> ResponseReturnValue:
    if _statement(frozen.statement_id).status in UNSEEN:
        abort(404)

    return render_template(
        "documents/genuine.html",
        statement=statement_page(frozen.statement_id, language()),
        sha256=published_digest(frozen),
        at=frozen.frozen_at,
        then=Counts(frozen.people, frozen.organisations),
        revision=db.session.get_one(Revision, frozen.revision_id).number,
        counts=counts_of(frozen.statement_id),
        gone=blotted(frozen.id),
        added=None,
        printed=False,
    )


def _printed(printed: Printed) -> ResponseReturnValue:
    statement = db.session.get(Statement, printed.statement_id)
    if statement is None or statement.status in UNSEEN:
        abort(404)

    revision = select(Revision).where(
        Revision.statement_id == statement.id,
        Revision.number == printed.revision,
        Revision.published_at.is_not(None),
    )
    text = db.session.scalar(revision)
    if text is None:
        abort(404)

    then, now = Counts(printed.people, printed.organisations), counts_of(statement.id)
    added = _added(printed)

    return make_response(
        render_template(
            "documents/genuine.html",
            statement=statement_page(statement.id, language()),
            sha256=text.sha256,
            at=printed.at,
            then=then,
            revision=printed.revision,
            counts=now,
            gone=0 if added is None else max(then.total + added - now.total, 0),
            printed=True,
            added=added,
        )
    )


def _added(printed: Printed) -> int | None:
    """The number of signatories who came after a paper was made. It reads them all, so it is remembered for a
    minute. Raises Busy.

    None at high safety, where signatures have the day of their form: papers of two days would tell how many
    of the names between were signed on one of them.
    """
    if terms_of(db.session(), printed.statement_id).safety == Safety.HIGH:
        return None
    since = (
        select(func.count())
        .select_from(Signature)
        .where(
            Signature.statement_id == printed.statement_id,
            Signature.confirmed_at >= printed.at + _SECOND,
            IS_LISTED,
        )
    )

    def count() -> int:
        with SEARCHES.taken():
            return db.session.scalar(since) or 0

    return counted(_ADDED, (printed.statement_id, printed.at), printed.statement_id, count)


def _statement(statement_id: int) -> Statement:
    return db.session.get_one(Statement, statement_id)
