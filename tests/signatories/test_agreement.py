"""Once the demands have changed, every list, export and frozen list says which text it belongs to, and who
has agreed to it.
"""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.core.database import writing
from campaign.handover.frozen_lists import freeze, lines_of
from campaign.signatories.agreement import Agreement, AgreementTally, agreement_of
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.support import Campaign, csrf

NEW = StatementText("en", "Free them all", "Release and rehabilitate them.")
EXPORT = "/desk/statements/free/export"


@pytest.fixture
def divided(campaign: Campaign, client: FlaskClient) -> int:
    """Anna has agreed to the second text, Borys and the Test League have signed the first.

    The id of the statement.
    """
    statement_id = campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(
        kind="organisation", organisation="Test League", name="Lena Leader", email="lena@league.example.org"
    )
    anna = campaign.signed(name="Anna Example", email="anna@post.example.org")
    campaign.signed(name="Borys Example", email="borys@post.example.org", updates="y")
    campaign.published(Change.MATERIAL, NEW, note="Rehabilitation is new.")
    assert client.post(anna, data={"action": "agree", "revision": "2"}).status_code == 303
    campaign.work()
    return statement_id


def export(team: FlaskClient, wanted: str) -> tuple[str, str]:
    """(name of the file, its text)."""
    with team.post(EXPORT, data={"csrf_token": csrf(team), "format": wanted}) as response:
        return response.headers["Content-Disposition"].partition("filename=")[2], response.get_data().decode(
            "utf-8-sig"
        )


def test_the_counts_divide(divided: int, app: Flask) -> None:
    with app.app_context():
        assert agreement_of(divided) == Agreement(2, AgreementTally(0, 1), AgreementTally(1, 1))


def test_a_list_whose_demands_never_changed_is_not_divided(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement_id = campaign.statement()
    campaign.signed()
    campaign.published(Change.EDITORIAL, NEW)
    campaign.work()
    with app.app_context():
        assert agreement_of(statement_id) is None
    whole = client.get("/s/free/signatories").text
    assert 'name="demands"' not in whole and "signed text 1" not in whole and "List for text 2" in whole
    assert "Anna Example" in client.get("/s/free/signatories?demands=earlier").text


@pytest.mark.parametrize(
    "address", ["/s/free", "/s/free/live", "/s/free/signatories", "/s/free/signatories?q=example"]
)
def test_every_list_marks_who_signed_an_earlier_text(divided: int, client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "List for text 2" in page
    marked = [
        name
        for name in ("Anna Example", "Borys Example")
        if "signed text 1" in page.rpartition(f"<bdi>{name}</bdi>")[2].partition("</li>")[0]
    ]
    assert marked == ["Borys Example"]


@pytest.mark.parametrize(
    ("demands", "shown"),
    [("current", ["Anna"]), ("earlier", ["Borys", "League"])],
)
def test_the_list_can_be_narrowed_to_one_part(
    divided: int, client: FlaskClient, demands: str, shown: list[str]
) -> None:
    page = client.get(f"/s/free/signatories?demands={demands}").text.partition('<section class="list">')[2]
    assert [name for name in ("Anna", "Borys", "League") if name in page] == shown


def test_a_part_that_there_is_not_is_refused(divided: int, client: FlaskClient) -> None:
    assert client.get("/s/free/signatories?demands=nonsense").status_code == 400


def test_pages_of_one_part_lead_on_within_it(
    divided: int, campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.signatories.queries.browse.__kwdefaults__", {**_defaults(), "most": 1})
    page = client.get("/s/free/signatories?demands=earlier").text
    assert "demands=earlier&amp;after=" in page


def _defaults() -> dict[str, object]:
    from campaign.signatories.queries import browse  # noqa: PLC0415

    return dict(browse.__kwdefaults__ or {})


def test_programs_are_told_too(divided: int, client: FlaskClient) -> None:
    for address, name in (
        ("/s/free/live.json", "newest"),
        ("/api/v1/statements/free/signatures", "signatures"),
    ):
        body = client.get(address).get_json()
        assert (body["revision"], body["demands_since"]) == (2, 2)
        assert {line["name"]: line["revision"] for line in body[name]} == {
            "Anna Example": 2,
            "Borys Example": 1,
            "Lena Leader": 1,
        }
    assert client.get("/api/v1/statements/free").get_json()["demands_since"] == 2


def test_files_say_to_which_text_they_belong(divided: int, team: FlaskClient) -> None:
    name, body = export(team, "csv")
    assert "_text-2_" in name
    rows = {
        row["name"]: (row["revision"], row["demands"])
        for row in csv.DictReader(io.StringIO(body, newline=""))
    }
    assert rows == {
        "Lena Leader": ("1", "earlier"),
        "Anna Example": ("2", "current"),
        "Borys Example": ("1", "earlier"),
    }
    whole = json.loads(export(team, "json")[1])
    assert whole["statement"]["revision"] == 2
    assert {line["name"]: line["demands"] for line in whole["signatures"]} == {
        name: demands for name, (_text, demands) in rows.items()
    }
    names, _mark, digest = export(team, "text")[1].partition("\n\nList for text 2 (SHA-256 ")
    assert (
        names
        == "1. Lena Leader, Director, Test League, Poland (signed text 1)\n\nAnna Example\nBorys Example (signed text 1)"
    )
    assert digest == whole["statement"]["sha256"] + ")\n"


def test_a_frozen_list_keeps_who_had_not_agreed(divided: int, app: Flask) -> None:
    with app.app_context(), writing() as session:
        frozen = freeze(session, session.get_one(Statement, divided))
        lines = [json.loads(line) for line in lines_of(frozen.id)]
    assert [(line.get("name"), line.get("signed_text")) for line in lines] == [
        ("Lena Leader", 1),
        ("Anna Example", None),
        ("Borys Example", 1),
    ]


def test_the_team_sees_both_lists_and_how_far_the_mails_have_come(
    divided: int, team: FlaskClient, campaign: Campaign
) -> None:
    for address in ("/desk/statements/free", "/desk/statements/free/signatures"):
        page = " ".join(team.get(address).text.split())
        assert "The demands have changed with text 2" in page
        assert "1 of 1, of whom 0 have signed the new text" in page
    shown = {}
    for wanted in ("current", "earlier"):
        page = team.get(f"/desk/statements/free/signatures?demands={wanted}").text
        shown[wanted] = [name for name in ("Anna", "Borys", "Lena") if f"<bdi>{name}" in page]
    assert shown == {"current": ["Anna"], "earlier": ["Borys", "Lena"]}


def test_an_agreement_makes_the_pages_anew(
    divided: int, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    with app.app_context():
        before = client.get("/s/free/live.json").get_json()["version"]
    campaign.work()
    borys = campaign.signed(name="Borys Example", email="borys@post.example.org", revision="2")
    assert campaign.counts() == (2, 1)
    assert client.get("/s/free/live.json").get_json()["version"] > before
    assert "Signed text 2." in client.get(borys).text
    with app.app_context():
        assert agreement_of(divided) == Agreement(2, AgreementTally(0, 2), AgreementTally(1, 0))
