"""The public API as an OpenAPI 3.1 document.

A test calls all of it, and compares each answer with the schema here.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from campaign.api.blueprint import bp
from campaign.core.integers import LARGEST
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.people.vocabulary import CaseStatus, EventKind
from campaign.signatures.models import SignatoryKind
from campaign.site.queries import this_site
from campaign.statements.models import UNSEEN, Kind, Safety, Signers, Status

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_PLACE: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
_YES: Schema = {"type": "boolean"}
_DATE: Schema = {
    "type": "string",
    "description": "ISO 8601, as far as it is known: a day, a month or a year.",
}


@bp.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The OpenAPI document."""

    def render() -> StoredPage:
        return StoredPage.of(json.dumps(document()).encode(), "application/json")

    return page_cache().get("openapi", lambda: None, render).response()


def document() -> Schema:
    """The OpenAPI document with this site's address."""
    slug = _parameter("slug", "path", _TEXT, "The last part of the address of its page.")
    after = _parameter("after", "query", _PLACE, "What `next` said; left out for the first part.")
    statement, person = _ref("Statement"), _ref("Person")

    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{this_site().name}: public lists",
            "version": "1",
            "description": (
                "What everyone may read, for programs. Nothing needs a key, nothing can be written. "
                "Names that are not public are null."
            ),
        },
        "servers": [{"url": settings().site_url}],
        "paths": {
            "/api/v1/statements": _get("All public statements.", _body(statements=_list(statement))),
            "/api/v1/statements/{slug}": _get("One public statement.", _ref("WholeStatement"), slug),
            "/api/v1/statements/{slug}/signatures": _get(
                "Its signatories in the order in which they came.", _ref("Signatures"), slug, after
            ),
            "/api/v1/people": _get("All public case files, in short.", _body(people=_list(person))),
            "/api/v1/people/{slug}": _get("One public case file.", _ref("WholePerson"), slug),
            "/api/v1/organisations/{slug}": _get(
                "One organisation, with its networks.", _ref("Organisation"), slug
            ),
            "/api/v1/organisations/{slug}/members": _get(
                "The members of a network, by their addresses.", _ref("Members"), slug, after
            ),
            "/api/v1/openapi.json": _get("This document.", {"type": "object"}),
        },
        "components": {"schemas": _schemas(statement, person)},
    }


def _schemas(statement: Schema, person: Schema) -> Schema:
    counts = _body(people=_NUMBER, organisations=_NUMBER, total=_NUMBER)
    seen = [status for status in Status if status not in UNSEEN]
    in_short = {
        "slug": _TEXT,
        "title": _TEXT,
        "kind": _one_of(Kind),
        "status": _one_of(seen),
        "fictional": _YES,
        "safety": _one_of(Safety),
        "counts": counts,
    }

    agreement = {"revision": _NUMBER, "demands_since": _NUMBER}
    whole = {
        "goal": _maybe(_NUMBER),
        "dated": _DATE,
        "languages": _list(_TEXT),
        "sha256": _TEXT,
        "owners": _list(_TEXT),
        "network": _maybe(_body(slug=_TEXT, name=_TEXT)),
        "signers": _one_of(Signers),
    }

    whole |= {
        "addressees": _list(_body(name=_TEXT, role=_TEXT)),
        "text": _TEXT,
        "language": _TEXT,
        "source": _maybe(_TEXT),
    }
    named = dict.fromkeys(
        ("name", "organisation", "title", "affiliation", "country", "message"), _maybe(_TEXT)
    )
    signature = _body(position=_NUMBER, kind=_one_of(SignatoryKind), revision=_maybe(_NUMBER), **named)
    standing = {
        "status": _maybe(_one_of(CaseStatus)),
        "in_custody": _maybe(_YES),
        "as_of": _maybe(_DATE),
        "needs_checking": _maybe(_YES),
    }
    standing |= {
        "days_detained": _maybe(_NUMBER),
        "days_exact": _maybe(_YES),
        "since": _maybe(_TEXT),
        "portrait": _maybe(_TEXT),
    }
    length = _maybe(_body(years=_NUMBER, months=_NUMBER))
    told = dict.fromkeys(("starts_at", "article", "explanation", "place", "note"), _maybe(_TEXT))
    event = _body(kind=_one_of(EventKind), date=_TEXT, length=length, **told)
    life = dict.fromkeys(
        ("role", "organisation", "life", "health", "born", "recognised_on", "recognised_by"), _maybe(_TEXT)
    )
    lists = {
        "also_known_as": _list(_TEXT),
        "events": _list(event),
        "sources": _list(_TEXT),
        "campaigns": _list(_TEXT),
    }
    who = {"slug": _TEXT, "name": _TEXT, "language": _TEXT} | standing
    membership = _body(
        slug=_TEXT,
        name=_TEXT,
        country=_maybe(_TEXT),
        since=_maybe(_DATE),
        until=_maybe(_DATE),
        source=_maybe(_TEXT),
    )
    names: Schema = {"names": {"type": "object", "additionalProperties": _TEXT}}

    return {
        "Statement": _body(**in_short),
        "WholeStatement": _body(**in_short, **agreement, **whole),
        "Signatures": _body(signatures=_list(signature), next=_maybe(_NUMBER), **agreement),
        "Person": _body(**who),
        "Organisation": _body(
            **dict.fromkeys(("slug", "name"), _TEXT),
            **{name: _maybe(_TEXT) for name in ("country", "website")},
            is_network=_YES,
            fictional=_YES,
            networks=_list(membership),
            signed=_list(_TEXT),
            statements=_list(_TEXT),
        ),
        "Members": _body(members=_list(membership), next=_maybe(_NUMBER)),
        "WholePerson": _body(**who, **names, **life, **lists, sentence=length, first_sentence=length),
    }


def _get(summary: str, schema: Schema, *parameters: Schema) -> Schema:
    answers: Schema = {"200": {"description": summary, "content": {"application/json": {"schema": schema}}}}
    answers["400"] = {
        "description": "The address holds a sign that none of ours has, or a parameter with a value that "
        "does not exist: `error` says which.",
        "content": {"application/json": {"schema": _body(error=_TEXT)}},
    }
    if parameters:
        answers["404"] = {"description": "There is nothing public under this address."}
    if any(parameter["in"] == "path" for parameter in parameters):
        answers["302"] = {"description": "It has another address now."}
    return {"get": {"summary": summary, "parameters": list(parameters), "responses": answers}}


def _parameter(name: str, place: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "schema": schema,
        "description": description,
    }


def _body(**fields: Schema) -> Schema:
    """The schema of an object that has each of these fields, and no other."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(words: Any) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
