"""S1, S2: nobody can tell by signing whether an address has signed: the same answer, and the same SQL,
whatever it did before.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.remembered import forget_all
from tests.security.pasts import PAST, masked, recorded
from tests.support import form, organisation_form

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.mark.parametrize("prefix", ["", "/be"])
@pytest.mark.parametrize(
    "changes", [{}, {"name": ""}, {"visibility": "counted", "name": None}, {"kind": "organisation"}]
)
def test_the_answer_is_the_same_byte_by_byte(
    client: FlaskClient, addresses: dict[str, str], prefix: str, changes: dict[str, Any]
) -> None:
    filled = organisation_form if changes.get("kind") else form
    answers = {}
    for past, address in addresses.items():
        answers[past] = masked(
            client.post(f"{prefix}/s/free/sign", data=filled(**changes | {"email": address})), address
        )
    assert len(set(answers.values())) == 1, {past: answer[:200] for past, answer in answers.items()}


def test_the_same_sql_is_run_in_the_same_order(
    app: Flask, client: FlaskClient, addresses: dict[str, str]
) -> None:
    said = {}
    for past, address in addresses.items():
        forget_all(app)
        with recorded(app) as statements:
            assert client.post("/s/free/sign", data=form(email=address)).status_code == 303
        said[past] = statements
    assert len(said["new"]) >= 4
    assert {past: statements == said["new"] for past, statements in said.items()} == dict.fromkeys(PAST, True)


def test_signing_reads_nothing_of_signatures_submissions_or_mails(
    app: Flask, client: FlaskClient, addresses: dict[str, str]
) -> None:
    with recorded(app) as statements:
        client.post("/s/free/sign", data=form(email=addresses["confirmed"]))
    asked = [said for said in statements if said.lstrip().upper().startswith("SELECT")]
    assert [
        said
        for said in asked
        if re.search(
            r"\b(signatures|submissions|outbox|mail_tallies|suppressed_addresses|tombstones)\b", said
        )
    ] == []
