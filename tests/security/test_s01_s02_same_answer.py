"""S1, S2: nobody can tell by signing whether an address has signed: the same answer, and the same SQL, whatever it did before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from campaign.core.remembered import forget_all
from campaign.extensions import db
from tests.support import Campaign, form, organisation_form

PAST = ("new", "pending", "confirmed", "withdrawn", "bounced", "held", "capped")


@pytest.fixture
def addresses(campaign: Campaign, client: FlaskClient) -> dict[str, str]:
    """An address with each past."""
    campaign.statement()
    found = {past: f"{past}@post.example.org" for past in PAST}
    campaign.submit(email=found["pending"])
    campaign.sign(email=found["confirmed"])
    client.post(campaign.sign(email=found["withdrawn"]), data={"action": "withdraw"})
    campaign.sign(email=found["held"], reference="filled in")
    campaign.sink.reply = lambda to: "550 No such mailbox" if to == found["bounced"] else None
    client.post("/s/free/sign", data=form(email=found["bounced"]))
    for _each in range(5):
        client.post("/s/free/sign", data=form(email=found["capped"]))
    campaign.work()
    return found


@contextmanager
def recorded(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement in order, with the number of its parameters."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        # How a connection of the pool was left says nothing of an address.
        if not statement.startswith("PRAGMA query_only"):
            said.append(f"{statement} {len(parameters)} {many}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def masked(response: TestResponse, address: str) -> bytes:
    """Status, headers and body, without what is random, and without the address itself, which the form repeats."""
    whole = f"{response.status}\n{response.headers}\n{response.text}".replace(address, "ADDRESS")
    whole = re.sub(r"Content-Length: \d+\r\n", "", whole)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", whole).encode()


@pytest.mark.parametrize("prefix", ["", "/be"])
@pytest.mark.parametrize("changes", [{}, {"name": ""}, {"visibility": "counted", "name": None}, {"kind": "organisation"}])
def test_the_answer_is_the_same_byte_by_byte(client: FlaskClient, addresses: dict[str, str], prefix: str, changes: dict[str, Any]) -> None:
    filled = organisation_form if changes.get("kind") else form
    answers = {}
    for past, address in addresses.items():
        answers[past] = masked(client.post(f"{prefix}/s/free/sign", data=filled(**changes | {"email": address})), address)
    assert len(set(answers.values())) == 1, {past: answer[:200] for past, answer in answers.items()}


def test_the_same_sql_is_run_in_the_same_order(app: Flask, client: FlaskClient, addresses: dict[str, str]) -> None:
    said = {}
    for past, address in addresses.items():
        forget_all(app)
        with recorded(app) as statements:
            assert client.post("/s/free/sign", data=form(email=address)).status_code == 303
        said[past] = statements
    assert len(said["new"]) >= 4
    assert {past: statements == said["new"] for past, statements in said.items()} == dict.fromkeys(PAST, True)


def test_signing_reads_nothing_of_signatures_submissions_or_mails(app: Flask, client: FlaskClient, addresses: dict[str, str]) -> None:
    with recorded(app) as statements:
        client.post("/s/free/sign", data=form(email=addresses["confirmed"]))
    asked = [said for said in statements if said.lstrip().upper().startswith("SELECT")]
    assert [said for said in asked if re.search(r"\b(signatures|submissions|outbox|mail_tallies|tombstones)\b", said)] == []
