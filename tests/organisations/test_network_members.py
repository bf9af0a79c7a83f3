"""The members of a network on the desk: one by one, and from a table."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations import network_sheet, networks
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.network_sheet import plan_members
from tests.support import Campaign, csrf
from tests.world.networks import span

PATH = "/desk/organisations/wide-network/members"


@pytest.fixture
def network(campaign: Campaign) -> int:
    return campaign.organisation("Wide Network", is_network=True)


def send(team: FlaskClient, path: str, **fields: str) -> TestResponse:
    return team.post(path, data={"csrf_token": csrf(team)} | fields)


def upload(team: FlaskClient, text: str | bytes, **fields: str) -> TestResponse:
    """Choose a file of members and look at it."""
    body = text.encode() if isinstance(text, str) else text
    data = {"csrf_token": csrf(team), "sheet": (io.BytesIO(body), "members.csv")} | fields
    return team.post(PATH + "/table", data=data, content_type="multipart/form-data")


def text_of(page: TestResponse) -> str:
    """The table that comes back with the confirmation."""
    found = re.search(r'name="text" value="([^"]*)"', page.text, re.DOTALL)
    assert found, page.text
    return found.group(1).replace("&#34;", '"').replace("&amp;", "&")


def recorded(app: Flask, network_id: int) -> list[tuple[str, str, str, str]]:
    """Each membership as (address, since, until, source)."""
    with app.app_context():
        return [
            (one.organisation.slug, str(one.span.since or ""), str(one.span.until or ""), one.source)
            for one in networks.members_of(network_id)
        ]


def test_one_member_is_added_ended_and_removed(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Test League", aliases=["TL"])
    assert send(team, PATH, organisation="TL", since="2012", source="its page").status_code == 303
    page = team.get(PATH)
    assert "since 2012" in page.text and "its page" in page.text
    with app.app_context():
        membership_id = db.session.scalars(select(NetworkMembership.id)).one()
    one = f"{PATH}/{membership_id}"
    assert send(team, one, since="2012", until="2011", source="").status_code == 422
    assert send(team, one, since="2012", until="05.2019", source="its page").status_code == 303
    assert recorded(app, network) == [("test-league", "2012", "2019-05", "its page")]
    assert "2012 – May 2019" in team.get("/desk/organisations/test-league/edit").text
    assert send(team, one + "/remove").status_code == 303
    assert recorded(app, network) == []
    with app.app_context():
        actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions[-3:] == ["network member entered", "network member changed", "network member removed"]


def test_what_is_open_or_can_not_be_is_not_recorded(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Human Rights Watch")
    for name, said in {
        "Human Rights Watch (HRW) Europe": "Which of these is it?",
        "Nobody Knows Them": "no organisation of this name",
        "Wide Network": "the network itself",
        "": "Please enter the name",
    }.items():
        refused = send(team, PATH, organisation=name)
        assert refused.status_code == 422, name
        assert said in refused.text, name
    assert send(team, PATH, organisation="Human Rights Watch", since="soon").status_code == 422
    chosen = send(team, PATH, organisation="Human Rights W", member="human-rights-watch")
    assert chosen.status_code == 303
    again = send(team, PATH, organisation="Human Rights Watch", since="2020")
    assert (again.status_code, "at that time already" in again.text) == (422, True)
    assert recorded(app, network) == [("human-rights-watch", "", "", "")]


def test_only_a_network_has_members_and_stays_one(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Test League")
    assert team.get("/desk/organisations/test-league/members").status_code == 404
    send(team, PATH, organisation="Test League")
    edit = "/desk/organisations/wide-network/edit"
    state = re.search(r'name="state"[^>]*value="([^"]*)"', team.get(edit).text)
    assert state
    data = {"name_en": "Wide Network", "country": "PL", "un_status": "none", "state": state.group(1)}
    kept = send(team, edit, **data)
    assert (kept.status_code, "it stays a network" in kept.text) == (422, True)
    assert send(team, edit, is_network="y", **data).status_code == 303


@pytest.mark.parametrize(
    "header",
    [
        "Member,Country,Member since,Until,Source",
        "Організація,Країна,Член з,До,Джерело",
        "Арганізацыя,Краіна,Дата ўступлення,Да,Крыніца",
        "Название организации,Страна,Год вступления,Год выхода,Источник",
        "Nazwa organizacji,Państwo,Członek od,Do,Źródło",
        "Mitglied,Land,Beitritt,Austritt,Quelle",
    ],
)
def test_a_table_is_read_in_six_languages(network: int, campaign: Campaign, app: Flask, header: str) -> None:
    campaign.organisation("Test League")
    rows = "Test League,Poland,2012,,its page\r\nBorder Watch,Літва,03.2014,2020,its page\r\n"
    with app.test_request_context("/"):
        plan = plan_members(network, f"Members of us\r\n{header}\r\n{rows}".encode("utf-16"))
        assert (plan.problems, plan.asked.open, plan.ignored) == ([], [], [])
        assert [
            (
                line.name,
                line.organisation_id is None,
                line.country,
                str(line.span.since),
                str(line.span.until),
            )
            for line in plan.new
        ] == [
            ("Test League", False, "PL", "2012", "None"),
            ("Border Watch", True, "LT", "2014-03", "2020"),
        ]
        assert plan.entered == ["Border Watch"]


def test_a_table_asks_what_it_can_not_know_and_is_carried_out_once(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Human Constanta", country="BY")
    campaign.organisation("Test League")
    table = (
        "organisation;country;since;until\r\nХьюман Константа;Belarus;2012;\r\n"
        "Test League;;2010;2015\r\nTest League;;2018;\r\n;;;\r\nBorder Watch;Narnia;;\r\n"
    )
    looked = upload(team, table)
    assert looked.status_code == 200
    assert recorded(app, network) == []
    for said in ("Which organisation is “Хьюман Константа”?", "Human Constanta (Belarus)", "Narnia"):
        assert said in looked.text
    text, answers = text_of(looked), {"answer-member:Хьюман Константа": "human-constanta"}
    # With a question open nothing is written, whatever is sent.
    send(team, PATH + "/table", text=text, confirmed="y", **answers)
    assert recorded(app, network) == []
    answers["answer-member-country:Narnia"] = "none"
    assert send(team, PATH + "/table", text=text, confirmed="y", **answers).status_code == 303
    assert recorded(app, network) == [
        ("border-watch", "", "", ""),
        ("human-constanta", "2012", "", ""),
        ("test-league", "2010", "2015", ""),
        ("test-league", "2018", "", ""),
    ]
    again = upload(team, table, **answers)
    assert "The registry already contains all of this." in again.text
    with app.app_context():
        assert [entry.action for entry in db.session.scalars(select(AuditEntry))].count(
            "network members imported"
        ) == 1
        assert db.session.scalars(select(Organisation).where(Organisation.slug == "border-watch")).one()


def test_a_table_only_adds_what_was_not_known(network: int, campaign: Campaign, app: Flask) -> None:
    member = campaign.organisation("Test League")
    with app.app_context(), writing() as session:
        networks.enter_membership(session, network, member, source="their page")
    with app.test_request_context("/"):
        plan = plan_members(network, b"member,since,source\r\nTest League,2012,another page\r\n")
        assert [(str(line.span.since), line.source) for line in plan.changed] == [("2012", "their page")]
        with writing() as session:
            network_sheet.carry_out_members(session, network, plan)
        other = plan_members(network, b"member,since\r\nTest League,2013\r\n")
        assert [problem.code for problem in other.problems] == ["member already"]


def test_bad_rows_are_named_and_nothing_is_written(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Test League")
    rows = {
        "Test League,03/04/2012,": "is not a date that we can read",
        "Test League,2012,2011": "ends before it begins",
        "Wide Network,,": "the network itself",
        ",2012,": "names no organisation",
        "anna@league.example.org,,": "row 2",
        "Test League,,\r\nTest League,2012,": "in this list twice",
        "Test League,,,,x,y": "more cells",
    }
    for row, said in rows.items():
        refused = upload(team, f"organisation,since,until\r\n{row}\r\n")
        assert (refused.status_code, said in refused.text) == (422, True), row
    for table in ("a,b\r\nc,d\r\n", "", "%PDF-1.4 nothing"):
        assert upload(team, table).status_code == 422
    assert recorded(app, network) == []


def test_a_table_is_pasted(network: int, campaign: Campaign, team: FlaskClient) -> None:
    lines = "member\tsince\tsource\r\nBorder Watch\t2012\tits page\r\n"
    page = send(team, PATH + "/table", lines=lines)
    assert (page.status_code, "since 2012" in page.text) == (200, True)


def test_a_bad_row_leaves_the_list_and_the_questions_of_other_rows_on_the_page(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    campaign.organisation("Human Constanta", country="BY")
    lines = "organisation\tsince\r\nBorder Watch\t2012-13\r\nХьюман Константа\t2012\r\n"

    def listed(page: TestResponse) -> str:
        found = re.search(r'<textarea[^>]*name="lines"[^>]*>\s*(.*?)</textarea>', page.text, re.DOTALL)
        assert found, page.text
        return found.group(1)

    def text(page: TestResponse) -> list[str]:
        return re.split(r"[\t,]|\r?\n", listed(page).strip())

    pasted, chosen = send(team, PATH + "/table", lines=lines), upload(team, lines.replace("\t", ","))
    for page in (pasted, chosen):
        assert page.status_code == 422
        assert "“2012-13” is not a date" in page.text
        assert "Which organisation is “Хьюман Константа”?" in page.text
        assert text(page) == re.split(r"[\t,]|\r?\n", lines.strip())
    answer = {"answer-member:Хьюман Константа": "human-constanta"}
    still = send(team, PATH + "/table", lines=listed(pasted), **answer)
    assert (still.status_code, 'value="human-constanta" checked' in still.text) == (422, True)
    mended = send(team, PATH + "/table", lines=listed(still).replace("2012-13", "2012"), **answer)
    assert (mended.status_code, "<textarea" in mended.text) == (200, False)
    assert send(team, PATH + "/table", text=text_of(mended), confirmed="y", **answer).status_code == 303
    assert [line[:2] for line in recorded(app, network)] == [
        ("border-watch", "2012"),
        ("human-constanta", "2012"),
    ]


def test_a_list_of_names_alone_will_do(network: int, campaign: Campaign, app: Flask) -> None:
    campaign.organisation("Test League")
    with app.test_request_context("/"):
        plan = plan_members(network, "Test League\nБордэр Вотч\n".encode())
        assert [line.name for line in plan.new] == ["Test League", "Бордэр Вотч"]


def test_the_sheet_of_the_registry_has_networks_out_and_back(
    network: int, campaign: Campaign, team: FlaskClient, app: Flask
) -> None:
    member = campaign.organisation("Test League")
    with app.app_context(), writing() as session:
        for dates in (("2010", "2012"), ("2019-05", "")):
            networks.enter_membership(session, network, member, span(*dates), "its page")
    sheet = "/desk/organisations/sheet"
    body = team.post(sheet + "/export", data={"csrf_token": csrf(team)}).data
    assert "wide-network (2010–2012) | wide-network (2019-05–)" in body.decode("utf-8-sig")

    def look(text: bytes) -> TestResponse:
        data = {"csrf_token": csrf(team), "sheet": (io.BytesIO(text), "organisations.csv")}
        return team.post(sheet, data=data, content_type="multipart/form-data")

    assert "<dt>Unchanged</dt><dd>2</dd>" in look(body).text
    new = "name_en,is_network,networks\r\nBorder Watch,,Wide Network (2020) | wide-network (2001–2005)\r\n"
    assert look(new.encode()).status_code == 200
    assert send(team, sheet, text=new, confirmed="y").status_code == 303
    assert [line for line in recorded(app, network) if line[0] == "border-watch"] == [
        ("border-watch", "2020", "", ""),
        ("border-watch", "2001", "2005", ""),
    ]
    for row, said in {
        "X League,,Nobody": "has no network called “Nobody”",
        "X League,perhaps,": "please write yes",
        "X League,,Wide Network (2012–2010)": "has dates that can",
    }.items():
        assert said in look(f"name_en,is_network,networks\r\n{row}\r\n".encode()).text, row


def test_the_command_refuses_and_names_what_is_open(
    network: int, campaign: Campaign, app: Flask, tmp_path: Path
) -> None:
    campaign.organisation("Human Constanta")
    file = tmp_path / "members.csv"
    file.write_text("organisation,since\nХьюман Константа,2012\n", "utf-8")
    run = app.test_cli_runner().invoke
    command = ["campaign", "organisations", "members", "wide-network", str(file)]
    asked = run(args=[*command, "--yes"])
    assert asked.exit_code == 1
    assert "--answer 'member:Хьюман Константа=human-constanta'" in asked.output
    answer = [*command, "--answer", "member:Хьюман Константа=human-constanta"]
    assert "Nothing was written" in run(args=answer).output
    assert recorded(app, network) == []
    assert run(args=[*answer, "--yes"]).exit_code == 0
    assert recorded(app, network) == [("human-constanta", "2012", "", "")]
    assert run(args=["campaign", "organisations", "members", "human-constanta", str(file)]).exit_code == 1
