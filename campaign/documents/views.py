"""Public documents: the printed letter, and the page of a printed number."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from campaign.core import clock, error_pages
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, etag_of, page_cache
from campaign.documents.document_numbers import Printed, read_number
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import counts_line, free_line, letter_of, page_address
from campaign.documents.pdf import card_png, letter_pdf, poster_pdf, sheet_pdf
from campaign.extensions import db
from campaign.handover.frozen_lists import blotted, published_digest
from campaign.handover.models import FrozenList
from campaign.organisations.queries import logos_of
from campaign.people.queries import campaign_version
from campaign.signatories.queries import Counts, counts_of
from campaign.signatures.models import Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.labels import kind_choices
from campaign.statements.models import UNSEEN, Revision, Statement
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_page

bp = Blueprint("documents", __name__)
PDF = "application/pdf"
_SECOND = dt.timedelta(seconds=1)
_LONGEST = 60
# A long list that grows by the second is typeset once a minute: the paper states its time.
_SHORT = 500
_CARD_SECONDS = 300


@bp.get("/s/<slug>/statement.pdf")
def pdf(slug: str) -> ResponseReturnValue:
    """The statement with its list, for print; `by=country` groups the names."""
    statement_id, _version = published_or_404(slug)
    wanted = request.args.get("text")
    wanted = wanted if wanted in statement_page(statement_id, language()).languages else None
    by_country = request.args.get("by") == "country"

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
        counted = free_line(page) or counts_line(counts_of(page.id))
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

    The number is typed from paper, so capitals, spaces and hyphens do not matter.
    """
    typed = document.lower().replace(" ", "").replace("-", "") if len(document) <= _LONGEST else ""
    frozen = db.session.get(FrozenList, typed) if typed.isalnum() else None
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

    since = (
        select(func.count())
        .select_from(Signature)
        .where(
            Signature.statement_id == statement.id, Signature.confirmed_at >= printed.at + _SECOND, IS_LISTED
        )
    )

    then, now = Counts(printed.people, printed.organisations), counts_of(statement.id)
    added = db.session.scalar(since) or 0

    return make_response(
        render_template(
            "documents/genuine.html",
            statement=statement_page(statement.id, language()),
            sha256=text.sha256,
            at=printed.at,
            then=then,
            revision=printed.revision,
            counts=now,
            gone=max(then.total + added - now.total, 0),
            added=added,
        )
    )


def _statement(statement_id: int) -> Statement:
    return db.session.get_one(Statement, statement_id)
