"""How a list was made, in numbers."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.signatories.listing import fold_statement
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare
from campaign.signatures.models import SignatoryKind
from campaign.statements.models import Statement
from tests.support import Campaign, csrf_of, organisation_form

PAGE = "/s/free/how-this-list-was-made"


def rows(text: str) -> dict[str, tuple[int, int]]:
    """Each row of the tables: (organisations, people)."""
    found = re.findall(
        r'<th scope="row">(.*?)</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', text
    )
    return {re.sub(r"<small>.*", "", name): (int(first), int(second)) for name, first, second in found}


def test_ways_are_told_apart_and_kinds_never_added(
    campaign: Campaign, app: Flask, team: FlaskClient, client: FlaskClient
) -> None:
    statement_id = campaign.statement()
    campaign.organisation("Own League", "own.example.org")
    campaign.signed(**organisation_form(organisation="Own League", email="a@own.example.org"))
    claimed = campaign.signed(**organisation_form(organisation="New League", email="b@new.example.org"))
    token = csrf_of(team.get("/desk/review"))
    team.post(
        f"/desk/signatures/{campaign.signature(claimed).id}/approve",
        data={"csrf_token": token, "organisation": "new"},
    )
    false = campaign.signed(**organisation_form(organisation="False League", email="c@false.example.org"))
    team.post(
        f"/desk/signatures/{campaign.signature(false).id}/reject",
        data={"csrf_token": token, "reason": "Nobody there knows of it."},
    )
    # The mail with the reason goes out.
    campaign.work()
    campaign.signed(email="one@post.example.org")
    campaign.signed(email="two@post.example.org", visibility="counted")
    hidden = campaign.signed(email="three@post.example.org")
    team.post(f"/desk/signatures/{campaign.signature(hidden).id}/hide", data={"csrf_token": token})
    names = {"name": "Imported Person", "organisation_name": None, "title": None, "city": None}
    with app.app_context(), writing() as session:
        revision = session.get_one(Statement, statement_id).revisions[0]
        import_signatures(
            session,
            statement_id,
            revision.id,
            "en",
            prepare([Imported(SignatoryKind.PERSON, names, "PL", "a paper list")]),
            {},
        )
        fold_statement(session, statement_id)
    campaign.work()
    text = client.get(PAGE).text
    assert rows(text) == {
        "Signed here and confirmed by e-mail": (2, 2),
        "Invited by the organisers, and confirmed": (0, 0),
        "Entered by the organisers": (0, 0),
        "Imported from: a paper list": (0, 1),
        "With the name": (2, 2),
        "Only counted, at their own request": (0, 1),
    }
    assert "1 organisation was reviewed by the team" in text
    assert re.search(r"<li>\d+ \w+ \d{4}: 1</li>", text), (
        "the hidden one; who was rejected never stood on the list"
    )
    assert "2 organisations and 3 people" in text
    for secret in ("False League", "Nobody there knows of it.", "Imported Person"):
        assert secret not in text


def test_an_empty_list_and_a_draft(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.statement("draft", publish=False)
    assert "None so far." in client.get(PAGE).text
    assert client.get("/s/draft/how-this-list-was-made").status_code == 404
