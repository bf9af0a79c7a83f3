"""The tabs of a statement on the desk: there in every state, and those that wait say why."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.accounts import memberships
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from campaign.extensions import db
from campaign.statements import lifecycle
from campaign.statements.models import Kind, Statement
from tests.support import Campaign

DESK = "/desk/statements/free"
ALL = ["Text", "People", "Circulation", "Signatures", "Export", "Handover", "Settings"]
LATER = "later"


def bar(page: str) -> list[tuple[str, str, str]]:
    """(name, address, what marks it: current, later or nothing) of each tab."""
    within = page.partition('class="tabs"')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)"([^>]*)>([^<]+)', within)
    return [
        (name, address, "current" if "aria-current" in marks else LATER if LATER in marks else "")
        for address, marks, name in found
    ]


def tab_of(page: str, name: str) -> str:
    return next(address for named, address, _mark in bar(page) if named == name)


@pytest.mark.parametrize("state", ["draft", "open", "closed", "archived"])
def test_every_tab_stands_in_every_state_and_opens(
    team: FlaskClient, campaign: Campaign, app: Flask, state: str
) -> None:
    statement_id = campaign.statement(
        "free", publish=state != "draft", close=state in ("closed", "archived"), kind=Kind.RELEASE_CAMPAIGN
    )
    if state == "archived":
        with app.app_context(), writing() as session:
            lifecycle.archive(session, session.get_one(Statement, statement_id))

    tabs = bar(team.get(DESK).text)
    assert [name for name, _address, _mark in tabs] == ALL
    for name, address, mark in tabs:
        page = team.get(address)
        assert page.status_code == 200, address
        here = [(other, said) for other, _where, said in bar(page.text) if said == "current"]
        assert here == [(name, "current")]
        # A tab that waits says why, and leads to where that is changed.
        assert ('class="empty not-yet"' in page.text) is (mark == LATER), (name, state)
    assert [name for name, _address, mark in tabs if mark == LATER] == {
        "draft": ["Signatures", "Export", "Handover"]
    }.get(state, ["Circulation"])


def test_a_tab_that_waits_says_what_to_do(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free", publish=False, kind=Kind.PETITION)
    page = team.get(DESK).text
    people = team.get(tab_of(page, "People")).text
    assert "belong to a release campaign" in people and f'href="{DESK}/edit#kind"' in people
    signatures = team.get(tab_of(page, "Signatures")).text
    assert "Nobody can sign before the text is published" in signatures
    assert f'href="{DESK}/publish"' in signatures
    assert team.get(f"{DESK}/not-yet/nonsense").status_code == 404
    # Once it can be used, its old address leads on to it.
    assert team.get(f"{DESK}/not-yet/text").location == DESK


def test_members_see_the_tabs_that_their_role_allows(
    campaign: Campaign,
) -> None:
    campaign.statement("free")
    reader = campaign.member("reader@team.example", role="reader")
    assert [name for name, _address, _mark in bar(reader.get(DESK).text)] == [
        "Text",
        "Signatures",
        "Settings",
    ]


def test_a_page_of_trouble_names_no_statement_of_others(
    campaign: Campaign,
) -> None:
    """The head stands above pages of statements that the member may open, and above no other."""
    league = campaign.organisation("Test League")
    campaign.statement("free")
    confined = campaign.member("league@team.example", role="editor")
    with campaign.app.app_context(), writing() as session:
        member = member_at("league@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [league])
    refused = confined.get(DESK)
    assert refused.status_code == 404 and "Free them all" not in refused.text and bar(refused.text) == []


def test_looking_at_the_page_before_publishing_changes_nothing(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    statement_id = campaign.statement("free", publish=False)
    assert "Free them all" in team.get(f"{DESK}/publish").text
    with app.app_context():
        assert db.session.get_one(Statement, statement_id).published_at is None
