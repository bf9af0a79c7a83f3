"""Public case files as JSON, as far as the person or the family wants them shown."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, url_for

from campaign.api.blueprint import bp
from campaign.core.dates import iso_date
from campaign.core.language import language
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.people import queries
from campaign.people.detention import Case, Length
from campaign.people.dossier import EventShown, PersonPage, person_page
from campaign.people.queries import all_people, people_version
from campaign.statements.queries import statement_lines, statements_version


@bp.get("/api/v1/people")
def api_people() -> Response:
    """All public case files, in short."""

    def render() -> StoredPage:
        lines = [
            {
                "slug": line.slug,
                "name": line.name,
                "language": line.language,
                **_standing(line.case),
                **_portrait(line.slug, line.portrait),
            }
            for line in all_people(language())
        ]
        return StoredPage.of_json({"people": lines})

    return page_cache().get(("api people", language()), people_version, render).response()


@bp.get("/api/v1/people/<slug>")
def api_person(slug: str) -> Response:
    """One public case file."""

    def version() -> object:
        return queries.person_version(slug) or abort(404), statements_version()

    def render() -> StoredPage:
        page = person_page(slug, language()) or abort(404)
        campaigns = [line.slug for line in statement_lines(language(), ids=queries.statements_for(page.id))]
        return StoredPage.of_json(_person(page) | {"campaigns": campaigns})

    return page_cache().get(("api person", slug, language()), version, render).response()


def _person(page: PersonPage) -> dict[str, Any]:
    """A case file. What is not shown is null or empty; dates are ISO 8601, as far as they are known."""
    body: dict[str, Any] = {
        "slug": page.slug,
        "name": page.name,
        "language": page.language,
        "names": dict(page.names) | {page.language: page.name},
    }
    body |= _standing(page.case) | _portrait(page.slug, page.portrait.digest if page.portrait else None)
    body |= {
        "also_known_as": list(page.aliases),
        "role": page.role.text or None,
        "organisation": page.organisation.text or None,
    }
    body |= {"life": str(page.life.html) or None, "health": str(page.health.html) or None}
    body["born"] = iso_date(page.born_on, page.born_precision) if page.born_on else None
    recognised = iso_date(page.recognised_on, page.recognised_precision) if page.recognised_on else None
    body |= {"recognised_on": recognised, "recognised_by": page.recognised_by.text or None}
    body["sentence"], body["first_sentence"] = (
        (_length(page.case.sentence), _length(page.case.first_sentence)) if page.case else (None, None)
    )
    body["events"] = [_event(event) for event in page.events]
    body["sources"] = [line for line, _address in page.sources]

    return body


def _standing(case: Case | None) -> dict[str, Any]:
    """The days in detention: `days_detained` is a minimum if `days_exact` is false; null if unknown or not
    shown.
    """
    if case is None:
        return dict.fromkeys(
            ("status", "in_custody", "as_of", "needs_checking", "days_detained", "days_exact", "since")
        )

    counted = bool(case.periods) and case.days.known

    return {
        "status": case.status,
        "in_custody": case.in_custody,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "needs_checking": case.needs_checking,
        "days_detained": case.days.count if counted else None,
        "days_exact": case.days.exact if counted else None,
        "since": str(case.since) if case.since else None,
    }


def _event(event: EventShown) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "date": str(event.when),
        "starts_at": event.starts_at.isoformat() if event.starts_at else None,
        "length": _length(event.length),
        "article": event.article or None,
        "explanation": event.explanation or None,
        "place": event.place or None,
        "note": str(event.note) or None,
    }


def _length(length: Length | None) -> dict[str, int] | None:
    return {"years": length.years, "months": length.months} if length else None


def _portrait(slug: str, digest: str | None) -> dict[str, str | None]:
    return {
        "portrait": settings().site_url + url_for("pages.portrait", slug=slug, v=digest) if digest else None
    }
