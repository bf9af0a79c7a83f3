"""The checklist before a statement is published, and the preview of its page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaign.people.vocabulary import Wish
from campaign.statements.models import Kind
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.people import join, person
from tests.world.statements_desk import change, press, revisions, write

DESK = "/desk/statements/free"
PUBLISH = f"{DESK}/publish"


def points(page: str) -> dict[str, tuple[str, str, str]]:
    """Each point with how it stands, what is said, and where it is changed."""
    rows = re.findall(
        r'<span class="state[^"]*">([^<]+)</span>.*?<b>(.*?)</b> <span>(.*?)</span>.*?<a href="([^"]+)"',
        page.partition('class="checklist"')[2].partition("</ul>")[0],
        re.S,
    )
    return {unescape(name): (standing, unescape(said), address) for standing, name, said, address in rows}


def test_a_whole_letter_has_nothing_left_to_do(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    owner = campaign.organisation("Test League")
    write(
        team, slug="free", kind="open letter", owners=str(owner), name_en="Minister Example", role_en="Minister",
        press_name="Anna Example", press_email="press@league.example", safety="high",
        closes_on="2099-12-31", closes_at="18:30", time_zone="Europe/Minsk",
        title_be=BELARUSIAN.title, body_be=BELARUSIAN.body,
    )  # fmt: skip
    found = points(team.get(PUBLISH).text)
    assert {standing for standing, _said, _address in found.values()} == {"done"}
    assert found["Addressee"][1] == "Minister Example"
    assert found["Press contact"][1] == "Anna Example, press@league.example"
    assert found["Closing date"][1] == "31 December 2099, 18:30 (time in: Minsk)"
    assert found["Safety of signers"][1].startswith("High")
    assert found["Published by"][1] == "Test League"
    # The other languages of the site are named, and so is where each point is changed.
    assert "Polski" in found["Other languages"][1]
    for _standing, _said, address in found.values():
        assert team.get(address.partition("#")[0]).status_code == 200
    anchors = [address.partition("#")[2] for *_more, address in found.values() if "/edit#" in address]
    editor = team.get(f"{DESK}/edit").text
    assert anchors and all(f'id="{anchor}"' in editor for anchor in anchors)
    assert press(team, "free", "publish").status_code == 303
    assert revisions(app) == [(1, "first", True)]


@pytest.mark.parametrize(
    ("kind", "missing"),
    [("open letter", "Addressee"), ("communication", "Addressee"), ("release campaign", "People")],
)
def test_what_is_missing_stops_the_publication_and_is_named(
    team: FlaskClient, app: Flask, kind: str, missing: str
) -> None:
    write(team, slug="free", kind=kind)
    found = points(team.get(PUBLISH).text)
    assert [name for name, (standing, _said, _where) in found.items() if standing == "missing"] == [missing]
    refused = press(team, "free", "publish")
    assert refused.status_code == 422
    said = f"{missing}: {found[missing][1]}"
    assert said in unescape(refused.text) and revisions(app) == [(1, "first", False)]
    # The page of the text names what is left to do.
    assert missing in points(team.get(DESK).text)


def test_the_list_names_each_person_and_those_who_are_not_shown(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free", publish=False, kind=Kind.RELEASE_CAMPAIGN)
    join(
        app,
        "free",
        person(app, names={"en": "Jana Example"}),
        person(app, names={"en": "Lev Sample"}, wish=Wish.UNKNOWN),
    )
    standing, said, address = points(team.get(PUBLISH).text)["People"]
    assert standing == "please look" and address == f"{DESK}/people"
    assert said.startswith("2 people: Jana Example, Lev Sample. Not shown")
    assert "unknown: Lev Sample." in said and "Without a portrait: Jana Example." in said


def test_a_draft_is_seen_as_it_will_be_in_each_of_its_languages(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement("free", publish=False, texts=(ENGLISH, BELARUSIAN))
    for code, text, prefix in (("en", ENGLISH, ""), ("be", BELARUSIAN, "/be")):
        frames = team.get(f"{DESK}/preview/{code}")
        address = f"{prefix}{DESK}/preview?text={code}"
        assert frames.text.count(f'src="{address}"') == 2
        assert "frame-src 'self'" in frames.headers["Content-Security-Policy"]
        shown = team.get(address)
        assert f">{text.title}</h1>" in shown.text and 'id="sign"' in shown.text
        policy = shown.headers["Content-Security-Policy"]
        assert (
            "form-action 'none'" in policy and "frame-ancestors 'self'" in policy and "script" not in policy
        )
        assert "<script" not in shown.text
        assert client.get(address).status_code == 303
    assert team.get(f"{DESK}/preview/pl").status_code == 404
    assert client.get("/s/free").status_code == 404


def test_a_new_text_of_a_published_statement_is_previewed_before_it_is_public(
    team: FlaskClient, client: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement("free")
    change(team, "free", title_en="Free them now")
    assert "Free them now" in team.get(f"{DESK}/preview?text=en").text
    assert "Free them now" not in client.get("/s/free").text
