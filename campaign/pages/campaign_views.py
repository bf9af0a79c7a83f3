"""Further pages of a release campaign: all its people with search, and the timeline across their cases."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.query_parameters import chooses_by, number, one_of
from campaign.core.text import searchable
from campaign.pages.campaigns import version_of
from campaign.pages.views import bp
from campaign.people.dossier import timeline_of
from campaign.people.labels import words_of_cases
from campaign.people.queries import people_of, totals
from campaign.statements.models import Kind
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage, statement_page

_PAGE = 100


@bp.get("/s/<slug>/people")
@chooses_by("q", "after")
def campaign_people(slug: str) -> Response:
    """The people of a campaign, with search by any spelling.

    Results of a search are made for each request, all else is cached like other public pages.
    """
    words = searchable(request.args.get("q", ""))
    statement_id, _version = published_or_404(slug)
    known = (
        {line.slug for line in people_of(statement_id, language())} if request.args.get("after") else set()
    )
    after = one_of("after", known, _("This link into the middle of the list is not complete."))
    if words:
        return make_response(_people_html(slug, words, after))

    def render() -> StoredPage:
        link_as(url_for("pages.campaign_people", slug=slug, after=after or None))
        return StoredPage.of(_people_html(slug, "", after).encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(
            ("campaign people", slug, after, language()),
            lambda: (published_or_404(slug), version_of(slug)),
            render,
        )
        .response()
    )


@bp.get("/s/<slug>/timeline")
@chooses_by("start")
def campaign_timeline(slug: str) -> Response:
    """The events in the cases of a campaign, the newest first, a hundred at a time."""
    start = number("start", _("This link into the middle of the list is not complete.")) // _PAGE * _PAGE

    def render() -> StoredPage:
        page = _campaign_or_404(slug)
        link_as(url_for("pages.campaign_timeline", slug=slug, start=start or None))
        events = timeline_of(page.id, language(), _PAGE + 1, start)
        if start and not events:
            abort(404)

        further = start + _PAGE if len(events) > _PAGE else None
        html = render_template(
            "pages/timeline.html",
            statement=page,
            events=events[:_PAGE],
            start=start,
            further=further,
            **words_of_cases(),
        )

        return StoredPage.of(html.encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(
            ("campaign timeline", slug, start, language()),
            lambda: (published_or_404(slug), version_of(slug)),
            render,
        )
        .response()
    )


def _people_html(slug: str, words: str, after: str) -> str:
    page = _campaign_or_404(slug)
    lines = people_of(page.id, language(), words)
    start = next((place for place, line in enumerate(lines, 1) if line.slug == after), 0)
    shown = lines[start : start + _PAGE]
    following = shown[-1].slug if start + _PAGE < len(lines) else None

    return render_template(
        "people/people.html",
        statement=page,
        people=shown,
        totals=totals(lines),
        q=words,
        start=start,
        next=following,
        **words_of_cases(),
    )


def _campaign_or_404(slug: str) -> StatementPage:
    page = statement_page(published_or_404(slug)[0], language())
    return page if page.kind is Kind.RELEASE_CAMPAIGN else abort(404)
