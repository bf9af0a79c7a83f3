"""S24: whatever a program asks of the public interface, nothing fails, and every answer is what the
OpenAPI document says.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from campaign.core.database import writing
from campaign.organisations.networks import enter_membership
from campaign.people.vocabulary import Wish
from campaign.statements.models import Kind
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.networks import span
from tests.world.people import HELD, K, join, person

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PATHS = [
    "statements",
    "statements/vigil",
    "statements/vigil/signatures",
    "people",
    "people/jana-example",
    "people/only-named",
    "organisations/test-league",
    "organisations/wide-network",
    "organisations/wide-network/members",
]


@pytest.fixture
def vigil(campaign: Campaign, app: Flask) -> Flask:
    """A campaign with signatories of each kind, and people of each wish."""
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN, texts=(ENGLISH, BELARUSIAN), goal=10)
    campaign.signed("vigil", name="Anna Example", email="anna@post.example.org", message="We are with you.")
    campaign.signed("vigil", visibility="counted", name="", email="counted@post.example.org")
    league = campaign.organisation("Test League", "league.example.org")
    wide = campaign.organisation("Wide Network", is_network=True)
    with app.app_context(), writing() as session:
        enter_membership(session, wide, league, span("2012", "2019-05"), "its page")
    campaign.signed(
        "vigil",
        kind="organisation",
        organisation="Test League",
        title="Director",
        email="anna@league.example.org",
    )
    held = person(app, "Jana Example", (*HELD, (K.HEARING, "2099-09-30"), (K.RELEASE, "unknown")))
    join(
        app,
        "vigil",
        held,
        person(app, "Only Named", wish=Wish.NAME),
        person(app, "Lev Dated", wish=Wish.DATES),
    )
    return app


def test_each_address_answers_as_the_document_says(vigil: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    rules = {
        rule.rule.replace("<slug>", "{slug}")
        for rule in vigil.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert rules == set(document["paths"])
    for path in PATHS:
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, path
        rule = next(
            rule
            for rule in document["paths"]
            if f"/api/v1/{path}" == rule.replace("{slug}", path.split("/")[1] if "/" in path else "")
        )
        schema = document["paths"][rule]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.validate(schema | {"components": document["components"]}, json.loads(answer.data))


def test_nothing_that_is_asked_fails(vigil: Flask) -> None:
    operations = [
        result.ok()
        for result in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", vigil).get_all_operations()
    ]
    asked = []
    for operation in operations:

        @settings(
            max_examples=settings().max_examples // 5,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            asked.append(case.path)
            case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=CHECKS)

        ask()
    assert set(asked) == {operation.path for operation in operations}
    assert len(asked) >= 10 * len(operations) // 2
