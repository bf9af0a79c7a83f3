"""What was handed over, printed again: the text of then, and the list as it stood."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from campaign.handover.deliveries import Delivery, record_handover
from campaign.handover.frozen_lists import digest_of_lines, lines_of
from campaign.handover.models import Channel, FrozenList
from campaign.signatures.models import Signature, Visibility
from campaign.signing.signer_actions import change_visibility
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from tests.support import ENGLISH, Campaign, csrf, organisation_form

LATER = StatementText("en", "Free them now", "Release them today.")


@pytest.fixture
def handed(campaign: Campaign, app: Flask) -> tuple[str, int]:
    """The link of one who signed before the handover, and the handover's id."""
    statement_id = campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(**organisation_form(email="lena@league.example.org", name="Lena Leader"))
    link = campaign.signed(name="Anna Example", city="Gdańsk")
    with app.app_context(), writing() as session:
        delivery = Delivery("The campaign", Channel.POST, dt.date(2025, 1, 2), to_whom="The office")
        handover = record_handover(
            session, session.get_one(Statement, statement_id, with_for_update=True), delivery
        ).id
    campaign.signed(name="Borys Later", email="borys@post.example.org")
    campaign.published(Change.EDITORIAL, LATER)
    return link, handover


def printed(team: FlaskClient, handover: int, slug: str = "free") -> str:
    """The words of the letter."""
    response = team.post(
        f"/desk/statements/{slug}/handovers/{handover}/letter", data={"csrf_token": csrf(team)}
    )
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages).replace(
        "\u00ad", ""
    )


def test_it_holds_the_text_and_the_list_of_then(
    handed: tuple[str, int], team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    words = printed(team, handed[1])
    with app.app_context():
        frozen = db.session.scalars(select(FrozenList)).one()
        digest, number = frozen.sha256, frozen.id
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).one()
        assert json.loads(entry.details)["format"] == "pdf"
    for said in (
        ENGLISH.title,
        "Test League",
        "Lena Leader",
        "Anna Example",
        "1 organisation",
        "1 person",
        "text 1",
    ):
        assert said in words, said
    assert digest in words.replace("\n", "")
    assert LATER.title not in words
    assert "Borys" not in words
    assert f"{number[:4]}-{number[4:8]}-{number[8:]}" in words
    assert "genuine" in client.get(f"/v/{number}").text


def test_who_takes_the_name_back_is_only_counted(
    handed: tuple[str, int], team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    app.test_client().post(handed[0], data={"action": "withdraw"})
    campaign.work()
    words = printed(team, handed[1])
    assert "Anna" not in words
    assert "1 person whose name is not shown" in words


def test_a_handover_of_another_statement_has_no_letter(
    handed: tuple[str, int], team: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement("other")
    token = csrf(team)
    for slug, handover_id in (("other", handed[1]), ("free", handed[1] + 1), ("none", handed[1])):
        assert (
            team.post(
                f"/desk/statements/{slug}/handovers/{handover_id}/letter", data={"csrf_token": token}
            ).status_code
            == 404
        )


def test_a_letter_says_who_signed_an_earlier_text(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.signed(name="Anna Example")
    campaign.published(Change.MATERIAL, LATER, note="Today.")
    campaign.signed(name="Borys Later", email="borys@post.example.org", revision="2")
    reader = PdfReader(io.BytesIO(client.get("/s/free/statement.pdf").data))
    words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Anna Example (Poland, signed text 1)" in words
    assert "Borys Later (Poland)" in words


def test_a_name_that_is_only_for_the_team_from_now_on_is_left_out_at_once(
    handed: tuple[str, int], team: FlaskClient, app: Flask
) -> None:
    with app.app_context(), writing() as session:
        anna = session.scalars(select(Signature).where(Signature.name == "Anna Example")).one()
        change_visibility(session, anna, Visibility.TEAM)
    with app.app_context():
        frozen = db.session.scalars(select(FrozenList)).one()
        lines = list(lines_of(frozen.id))
        assert b"Anna" not in b"".join(lines)
        assert digest_of_lines(lines) == frozen.sha256
    assert "Anna" not in printed(team, handed[1])
