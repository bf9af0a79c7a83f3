"""The public list: pages, the live fragment, and JSON for programs."""

from __future__ import annotations

import json
from typing import cast

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from campaign.core.dates import iso_date
from campaign.core.formats import country_codes
from campaign.core.http import SAFE_METHODS, StoredPage, page_cache
from campaign.core.language import language, link_as
from campaign.core.numbers import whole_number
from campaign.core.text import clean_line
from campaign.extensions import db
from campaign.signatories import queries
from campaign.signatories.agreement import Demands, agreement_of, part, with_texts
from campaign.signatories.places import Place, place_at
from campaign.signatories.registry import as_registered, as_shown, by_name, grouped_by_country
from campaign.signing.models import SignatoryKind
from campaign.statements.models import Status
from campaign.statements.queries import (
    SigningTerms,
    StatementLine,
    StatementPage,
    current_slug_of,
    public_version,
    statement_lines,
    statement_page,
    statements_version,
    terms_of,
)

bp = Blueprint("signatories", __name__)
# Up to here the whole list fits on one page, under its countries.
MOST_GROUPED = 2_000


def published(slug: str) -> tuple[int, int]:
    """(id, version) of a public statement. Aborts: 404 for drafts and unknown addresses, 302 from a former address, which may come back."""
    found = public_version(slug)
    if found is None:
        now = current_slug_of(slug)
        if now is not None and public_version(now) is not None and request.endpoint and request.method in SAFE_METHODS:
            # The query is passed on as it is: url_for() would read some of its names as its own.
            query = request.query_string.decode("ascii", "ignore")
            address = url_for(request.endpoint, **(request.view_args or {}) | {"slug": now})
            abort(redirect(address + (f"?{query}" if query else ""), 302))
        abort(404)
    return found


@bp.get("/s/<slug>/signatories")
def signatories(slug: str) -> Response:
    """The whole list in pages, with search; works without scripts. Searches are made anew, all else is kept like other public pages."""
    typed = clean_line(request.args.get("q", ""))[:100]
    kind = SignatoryKind(request.args["kind"]) if request.args.get("kind") in set(SignatoryKind) else None
    country = request.args.get("country", "").upper()
    country = country if country in country_codes() else ""
    cursor = request.args.get("after")
    after = place_at(published(slug)[0], cursor) if cursor else None
    demands = Demands(request.args["demands"]) if request.args.get("demands") in set(Demands) else None
    if request.args.get("by") == "country":
        return page_cache().get(("signatories", slug, language(), "by country"), lambda: versions(slug), lambda: _grouped(slug)).response()
    if typed:
        return make_response(_list_html(slug, typed, kind, country, demands, after))

    def render() -> StoredPage:
        at = after.cursor(published(slug)[0]) if after else None
        link_as(url_for("signatories.signatories", slug=slug, kind=kind, country=country or None, demands=demands, after=at))
        return StoredPage.of(_list_html(slug, "", kind, country, demands, after).encode(), "text/html", quick=True)

    return page_cache().get(("signatories", slug, language(), kind, country, demands, after), lambda: versions(slug), render).response()


@bp.get("/s/<slug>/live")
def live(slug: str) -> Response:
    """The parts of the statement page that change, for a page that is open. 304 while nothing did."""

    def render() -> StoredPage:
        statement = statement_page(published(slug)[0], language())
        parts = head(statement)
        html = render_template("signatories/live.html", statement=statement, **parts)
        return StoredPage.of(html.encode(), "text/html", quick=True, mark=str(cast(queries.Counts, parts["counts"]).version))

    page = page_cache().get(("live", slug, language()), lambda: versions(slug), render)
    # An open page says which version it shows; its browser would turn a 304 into a full answer again.
    if request.args.get("after") == page.mark:
        return Response(status=204, headers={"Cache-Control": "no-store"})
    return page.response()


@bp.get("/s/<slug>/live.json")
def live_json(slug: str) -> Response:
    """`counts`, `goal`, `newest`, `version`."""

    def render() -> StoredPage:
        statement_id = published(slug)[0]
        counts = queries.counts_of(statement_id)
        terms = terms_of(db.session(), statement_id)
        newest = [line.as_json() for line in with_texts(terms, queries.newest(statement_id))]
        goal = statement_page(statement_id, language()).goal
        body = {"counts": counts.as_json(), "goal": goal, "newest": newest, "version": counts.version}
        return _json(body | _texts_json(terms))

    return page_cache().get(("live.json", slug), lambda: versions(slug), render).response()


@bp.get("/api/v1/statements")
def api_statements() -> Response:
    """All public statements."""

    def render() -> StoredPage:
        lines = statement_lines(language())
        counts = queries.counts_by_statement([line.id for line in lines])
        return _json({"statements": [_statement_json(line, counts.get(line.id, queries.Counts())) for line in lines]})

    return page_cache().get(("api", language()), lambda: (statements_version(), queries.all_versions()), render).response()


@bp.get("/api/v1/statements/<slug>")
def api_statement(slug: str) -> Response:
    """One public statement with its text in every language."""

    def render() -> StoredPage:
        statement_id = published(slug)[0]
        line = statement_lines(language(), ids=[statement_id])[0]
        page = statement_page(statement_id, language())
        body = _statement_json(line, queries.counts_of(statement_id))
        body |= {
            "goal": page.goal,
            "dated": iso_date(page.dated, page.dated_precision),
            "languages": list(page.languages),
            "sha256": page.sha256,
            **_texts_json(terms_of(db.session(), statement_id)),
        }
        body |= {
            "owners": [owner.name for owner in page.owners],
            "addressees": [{"name": party.name, "role": party.role} for party in page.addressees],
        }
        body |= {"signers": page.signers, "text": str(page.body), "language": page.language, "source": page.source}
        return _json(body)

    return page_cache().get(("api", slug, language()), lambda: versions(slug), render).response()


@bp.get("/api/v1/statements/<slug>/signatures")
def api_signatures(slug: str) -> Response:
    """Listed signatories in the order in which they came, 100 at a time; `next` goes into `after`."""
    asked = whole_number(request.args.get("after"))
    after = queries.last_position(published(slug)[0], asked) if asked else 0

    def render() -> StoredPage:
        page = queries.by_position(published(slug)[0], after)
        terms = terms_of(db.session(), published(slug)[0])
        lines = [line.as_json() for line in with_texts(terms, page.lines)]
        return _json({"signatures": lines, "next": page.next, **_texts_json(terms)})

    return page_cache().get(("api", slug, "signatures", after), lambda: versions(slug), render).response()


def _list_html(slug: str, typed: str, kind: SignatoryKind | None, country: str, demands: Demands | None, after: Place | None) -> str:
    statement = statement_page(published(slug)[0], language())
    current = statement.status is not Status.ARCHIVED
    terms = terms_of(db.session(), statement.id)
    page = queries.browse(statement.id, kind=kind, query=typed, country=country, after=after, registered=current, part=part(terms, demands))
    lines = with_texts(terms, as_registered(statement, page.lines))
    whole, counts = not (typed or kind or country or demands or after), queries.counts_of(statement.id)
    return render_template(
        "signatories/list.html",
        statement=statement,
        counts=counts,
        organisations=by_name(line for line in lines if line.kind == SignatoryKind.ORGANISATION),
        people=[line for line in lines if line.kind == SignatoryKind.PERSON],
        next=page.next,
        by_country=queries.by_country(statement.id) if whole else [],
        grouped=counts.total <= MOST_GROUPED,
        q=typed,
        kind=kind,
        country=country,
        demands=demands,
        agreement=agreement_of(statement.id) if whole or demands else None,
        demands_changed=terms.demands_changed,
        after=after,
    )


def _grouped(slug: str) -> StoredPage:
    """The whole list under the names of countries, as co-signed statements print it. Aborts with 302 for a list that is too long for one page."""
    statement = statement_page(published(slug)[0], language())
    counts = queries.counts_of(statement.id)
    if counts.total > MOST_GROUPED:
        abort(redirect(url_for("signatories.signatories", slug=slug), 302))
    link_as(url_for("signatories.signatories", slug=slug, by="country"))
    lines = queries.whole_list(statement.id)
    shown = [line for line in as_shown(statement, lines) if line.organisation or line.name]
    html = render_template(
        "signatories/by_country.html", statement=statement, counts=counts, parts=grouped_by_country(shown), withheld=len(lines) - len(shown)
    )
    return StoredPage.of(html.encode(), "text/html", quick=True)


def head(statement: StatementPage) -> dict[str, object]:
    """What the statement page and its live fragment show of the list."""
    organisations, newest, words = queries.organisations_head(statement.id), queries.newest(statement.id), queries.words(statement.id)
    people = queries.people_head(statement.id)
    known = as_registered(statement, [*organisations, *newest, *words])
    named = {line.position: line for line in with_texts(terms_of(db.session(), statement.id), [*known, *people])}
    return {
        "counts": queries.counts_of(statement.id),
        "organisations": by_name(named[line.position] for line in organisations),
        "people": [named[line.position] for line in people],
        "newest": [named[line.position] for line in newest],
        "words": [named[line.position] for line in words],
    }


def versions(slug: str) -> tuple[int, int, int]:
    """Changes when the statement or its list changes. Aborts like published()."""
    statement_id, version = published(slug)
    return statement_id, version, queries.list_version(statement_id)


def _statement_json(line: StatementLine, counts: queries.Counts) -> dict[str, object]:
    return {"slug": line.slug, "title": line.title, "kind": line.kind, "status": line.status, "counts": counts.as_json()}


def _texts_json(terms: SigningTerms) -> dict[str, int]:
    """Which text the list belongs to, and the first one of the same demands: who signed an earlier one has not agreed to them."""
    return {"revision": terms.revision_number, "demands_since": terms.oldest_valid}


def _json(body: object) -> StoredPage:
    return StoredPage.of(json.dumps(body, ensure_ascii=False).encode(), "application/json", quick=True)
