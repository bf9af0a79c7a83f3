"""The public pages of people: the list with search, a case file, its portrait, and embeds for partners."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _

from campaign.core import clock
from campaign.core.headers import embeddable
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.query_parameters import WrongParameter, chooses_by, one_of
from campaign.core.settings import settings
from campaign.core.text import searchable
from campaign.pages.views import bp
from campaign.people import queries
from campaign.people.detention_chart import draw
from campaign.people.dossier import PersonPage, person_page
from campaign.people.labels import words_of_cases
from campaign.people.queries import (
    PersonLine,
    all_people,
    campaign_version,
    people_of,
    people_version,
    totals,
)
from campaign.site.queries import this_site
from campaign.statements.published import published_or_404
from campaign.statements.queries import statement_lines, statement_page, statements_version

_PAGE = 100
# Nobody scrolls through more in an embedded frame.
_IN_A_ROW = 60
# A portrait that was withdrawn must not live on in a cache.
_FOR_A_MINUTE = "public, max-age=60, must-revalidate"


@bp.get("/p/")
@chooses_by("q", "after")
def people() -> Response:
    """All people with a public case file.

    Results of a search are made for each request, all else is cached like other public pages.
    """
    words, after = searchable(request.args.get("q", "")), request.args.get("after", "")
    if after and not queries.person_version(after):
        raise WrongParameter(_("This link into the middle of the list is not complete."))
    if words:
        return make_response(_list_html(words, after))

    def render() -> StoredPage:
        link_as(url_for("pages.people", after=after or None))
        return StoredPage.of(_list_html("", after).encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("people", after, language()), lambda: (people_version(), statements_version()), render)
        .response()
    )


@bp.get("/p/<slug>")
def person(slug: str) -> Response:
    """A case file, as far as the person or the family wants it shown."""

    def render() -> StoredPage:
        link_as(url_for("pages.person", slug=slug))
        page = _page_or_404(slug)
        lines = statement_lines(language(), ids=queries.statements_for(page.id))
        channels = this_site().relatives_channels
        drawn = draw(page.case, clock.today()) if page.case else None
        html = render_template(
            "pages/person.html",
            person=page,
            drawn=drawn,
            statements=lines,
            channels=channels,
            **words_of_cases(),
        )

        return StoredPage.of(html.encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("person", slug, language()), lambda: (_version_or_404(slug), statements_version()), render)
        .response()
    )


@bp.get("/p/<slug>/portrait.jpg")
def portrait(slug: str) -> Response:
    """The portrait, small; with `?size=large` as large as it is stored."""
    large = bool(one_of("size", {"large"}, _("The portrait has one other size: large.")))

    def render() -> StoredPage:
        kept = queries.portrait_of(slug) or abort(404)
        return StoredPage(
            kept.sha256[:20] + ("l" if large else "s"),
            "image/jpeg",
            {"identity": kept.large if large else kept.small},
        )

    return (
        page_cache()
        .get(("portrait", slug, large), lambda: queries.portrait_digest(slug) or abort(404), render)
        .response(_FOR_A_MINUTE)
    )


@bp.get("/embed/p/<slug>")
def embedded_person(slug: str) -> Response:
    """One person with portrait, status and days, for the page of a partner."""

    def render() -> StoredPage:
        line = queries.person_line(slug, language()) or abort(404)
        return _embed([line], line.name, url_for("pages.person", slug=slug))

    return embeddable(
        page_cache()
        .get(("embedded person", slug, language()), lambda: _version_or_404(slug), render)
        .response()
    )


@bp.get("/embed/s/<slug>/people")
def embedded_people(slug: str) -> Response:
    """The people of a campaign as a row of portraits with days, for the page of a partner."""

    def render() -> StoredPage:
        page = statement_page(published_or_404(slug)[0], language())
        return _embed(people_of(page.id, language()), page.title, url_for("pages.statement", slug=slug))

    def version() -> object:
        statement_id, number = published_or_404(slug)
        return statement_id, number, campaign_version(statement_id)

    return embeddable(page_cache().get(("embedded people", slug, language()), version, render).response())


def _embed(lines: list[PersonLine], title: str, address: str) -> StoredPage:
    html = render_template(
        "people/embed.html",
        people=lines[:_IN_A_ROW],
        more=max(0, len(lines) - _IN_A_ROW),
        title=title,
        address=settings().site_url + address,
        **words_of_cases(),
    )
    return StoredPage.of(html.encode(), "text/html", quick=True)


def _list_html(words: str, after: str) -> str:
    lines = all_people(language(), words)
    start = next((place for place, line in enumerate(lines, 1) if line.slug == after), 0)
    shown = lines[start : start + _PAGE]
    following = shown[-1].slug if start + _PAGE < len(lines) else None

    return render_template(
        "people/people.html",
        people=shown,
        # Beside sample statements alone, the people are those of the sample.
        statements=statement_lines(language()),
        totals=totals(lines),
        q=words,
        start=start,
        next=following,
        **words_of_cases(),
    )


def _page_or_404(slug: str) -> PersonPage:
    return person_page(slug, language()) or abort(404)


def _version_or_404(slug: str) -> object:
    return queries.person_version(slug) or abort(404)
