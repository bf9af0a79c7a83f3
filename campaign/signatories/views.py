"""The public list: pages, the live fragment, and JSON for programs."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaign.core.formats import country_codes
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.query_parameters import WrongParameter, chooses_by, one_of
from campaign.core.remembered import Remembered
from campaign.core.text import clean_line
from campaign.extensions import db
from campaign.signatories import queries
from campaign.signatories.agreement import Demands, agreement_of, part, texts_as_json, with_texts
from campaign.signatories.cursor import ListCursor, cursor_at
from campaign.signatories.list_head import MOST_GROUPED, head, versions
from campaign.signatories.long_lists import counted
from campaign.signatories.organisation_display import (
    as_registered,
    as_shown,
    by_name,
    follows_registry,
    grouped_by_country,
)
from campaign.signatories.sections import list_sections
from campaign.signatures.models import SignatoryKind
from campaign.statements.published import published_or_404
from campaign.statements.queries import (
    statement_page,
    terms_of,
)

bp = Blueprint("signatories", __name__)


@bp.get("/s/<slug>/signatories")
@chooses_by("q", "kind", "country", "demands", "after", "by")
def signatories(slug: str) -> Response:
    """The whole list in pages, with search; works without scripts.

    Searches are rendered anew, everything else is cached like other public pages.
    """
    typed = clean_line(request.args.get("q", ""))[:100]
    statement_id = published_or_404(slug)[0]
    no_part = _("There is no such part of the list.")
    kind = SignatoryKind(asked) if (asked := one_of("kind", set(SignatoryKind), no_part)) else None
    country = one_of("country", country_codes(), _("There is no country with this code."), upper=True)
    demands = Demands(asked) if (asked := one_of("demands", set(Demands), no_part)) else None
    after = _place(statement_id)
    if one_of("by", {"country"}, _("The list can be grouped by country, and by nothing else.")):
        return (
            page_cache()
            .get(
                ("signatories", slug, language(), "by country"),
                lambda: versions(slug),
                lambda: _grouped(slug),
            )
            .response()
        )
    if typed:
        return make_response(_list_html(slug, typed, kind, country, demands, after))

    def render() -> StoredPage:
        at = after.cursor(published_or_404(slug)[0]) if after else None
        link_as(
            url_for(
                "signatories.signatories",
                slug=slug,
                kind=kind,
                country=country or None,
                demands=demands,
                after=at,
            )
        )
        return StoredPage.of(
            _list_html(slug, "", kind, country, demands, after).encode(), "text/html", quick=True
        )

    return (
        page_cache()
        .get(("signatories", slug, language(), kind, country, demands, after), lambda: versions(slug), render)
        .response()
    )


@bp.get("/s/<slug>/live")
@chooses_by("after")
def live(slug: str) -> Response:
    """The parts of the statement page that change, for a page that is open. 304 while nothing changed."""

    def render() -> StoredPage:
        statement = statement_page(published_or_404(slug)[0], language())
        parts = head(statement)
        html = render_template("signatories/live.html", statement=statement, **parts)
        return StoredPage.of(
            html.encode(), "text/html", quick=True, mark=str(cast(queries.Counts, parts["counts"]).version)
        )

    page = page_cache().get(("live", slug, language()), lambda: versions(slug), render)
    return page.unchanged() if request.args.get("after") == page.mark else page.response()


@bp.get("/s/<slug>/live.json")
def live_json(slug: str) -> Response:
    """The live figures as JSON: `counts`, `goal`, `newest`, `version`."""

    def render() -> StoredPage:
        statement_id = published_or_404(slug)[0]
        counts = queries.counts_of(statement_id)
        terms = terms_of(db.session(), statement_id)
        newest = [line.as_json() for line in with_texts(terms, queries.newest(statement_id))]
        goal = statement_page(statement_id, language()).goal
        body = {"counts": counts.as_json(), "goal": goal, "newest": newest, "version": counts.version}
        return StoredPage.of_json(body | texts_as_json(terms))

    return page_cache().get(("live.json", slug), lambda: versions(slug), render).response()


def _place(statement_id: int) -> ListCursor | None:
    """The place in the list from which to go on. Raises WrongParameter."""
    cursor = request.args.get("after")
    if not cursor:
        return None
    after = cursor_at(statement_id, cursor)
    if after is None:
        raise WrongParameter(_("This link into the middle of the list is not complete."))
    return after


def _list_html(
    slug: str,
    typed: str,
    kind: SignatoryKind | None,
    country: str,
    demands: Demands | None,
    after: ListCursor | None,
) -> str:
    statement = statement_page(published_or_404(slug)[0], language())
    terms = terms_of(db.session(), statement.id)
    page = queries.browse(
        statement.id,
        kind=kind,
        query=typed,
        country=country,
        after=after,
        registered=follows_registry(statement.status),
        part=part(terms, demands),
    )
    lines = with_texts(terms, as_registered(statement, page.lines))
    whole, counts = not (typed or kind or country or demands or after), queries.counts_of(statement.id)

    return render_template(
        "signatories/list.html",
        statement=statement,
        counts=counts,
        organisations=by_name(line for line in lines if line.kind == SignatoryKind.ORGANISATION),
        people=[line for line in lines if line.kind == SignatoryKind.PERSON],
        next=page.next,
        left_off=page.left_off,
        by_country=_countries(statement.id) if whole else [],
        grouped=counts.total <= MOST_GROUPED,
        q=typed,
        kind=kind,
        country=country,
        demands=demands,
        agreement=agreement_of(statement.id) if whole or demands else None,
        sections=list_sections.of(statement) if whole else [],
        demands_changed=terms.demands_changed,
        after=after,
    )


_COUNTRIES: Remembered[int, list[queries.CountryCount]] = Remembered("countries of lists", seconds=60)


def _countries(statement_id: int) -> list[queries.CountryCount]:
    return counted(_COUNTRIES, statement_id, statement_id, lambda: queries.by_country(statement_id))


def _grouped(slug: str) -> StoredPage:
    """The whole list grouped by country, as co-signed statements print it.

    Aborts with 302 for a list that is too long for one page.
    """
    statement = statement_page(published_or_404(slug)[0], language())
    counts = queries.counts_of(statement.id)
    if counts.total > MOST_GROUPED:
        abort(redirect(url_for("signatories.signatories", slug=slug), 302))
    link_as(url_for("signatories.signatories", slug=slug, by="country"))
    lines = queries.whole_list(statement.id)
    shown = [line for line in as_shown(statement, lines) if line.organisation or line.name]
    html = render_template(
        "signatories/by_country.html",
        statement=statement,
        counts=counts,
        parts=grouped_by_country(shown),
        withheld=len(lines) - len(shown),
    )

    return StoredPage.of(html.encode(), "text/html", quick=True)
