"""The composed pages around the main job."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from campaign.core import worker
from campaign.core.clock import now
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.organisations.models import Organisation
from campaign.statements import operations
from campaign.statements.models import Kind, Statement
from tests.support import BELARUSIAN, ENGLISH, Campaign, StatementText, organisation_form
from tests.world.people import person

pytestmark = pytest.mark.usefixtures("app")


def test_home_shows_what_is_open_before_what_is_closed(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(
        "old", close=True, texts=(StatementText("en", "Old text", "x"),), dated=dt.date(2030, 1, 1)
    )
    campaign.statement("new", texts=(StatementText("en", "New text", "x"),))
    campaign.statement("draft", publish=False, texts=(StatementText("en", "Secret draft", "x"),))
    for path in ("/", "/s/"):
        page = client.get(path).text
        assert page.index("New text") < page.index("Old text")
        assert "Secret draft" not in page


def test_the_button_names_the_kind(campaign: Campaign, client: FlaskClient) -> None:
    buttons = {
        Kind.JOINT_STATEMENT: "Sign the statement",
        Kind.OPEN_LETTER: "Sign the letter",
        Kind.RELEASE_CAMPAIGN: "Join the campaign",
        Kind.PETITION: "Sign the petition",
    }
    for number, (kind, button) in enumerate(buttons.items()):
        campaign.statement(f"s{number}", kind=kind)
        assert button in client.get(f"/s/s{number}").text


def test_the_text_comes_in_the_language_of_the_page_or_says_so(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN, StatementText("fr", "Libérez-les", "Texte")))
    assert '<h1 lang="be">Вызваліць усіх' in client.get("/be/s/free").text
    russian = client.get("/ru/s/free").text
    assert '<h1 lang="en">Free them all' in russian
    assert "notice" in russian
    assert '<h1 lang="fr">Libérez-les' in client.get("/s/free?text=fr").text
    assert '<h1 lang="en">' in client.get("/s/free?text=de").text
    assert client.get("/s/free?text=xx").status_code == 400


def test_an_addressee_and_the_owners_stand_on_the_letter(campaign: Campaign, client: FlaskClient) -> None:
    owner = campaign.organisation("Owner League")
    campaign.statement(
        owners=(owner,),
        addressees=(campaign.addressee(en=("Minister Example", "Minister of Justice"), be=("Міністр", "")),),
    )
    page = client.get("/s/free").text
    assert "Minister Example" in page
    assert "Minister of Justice" in page
    assert "Shown here and given to Minister Example." in page
    assert 'href="/o/owner-league"' in page


def test_an_organisation_has_a_page_of_what_it_signed(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(**organisation_form(email="a@league.example.org"))
    assert "Free them all" in client.get("/o/test-league").text
    assert client.get("/o/unknown").status_code == 404


def test_a_goal_that_is_passed_stays_full(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(goal=1)
    campaign.signed(name="Anna", email="a@post.example.org")
    campaign.signed(name="Boris", email="b@post.example.org")
    assert '<progress max="1" value="1"' in client.get("/s/free").text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/s/nowhere", "/be/s/nowhere/signatories", "/desk/nowhere", "/s/nowhere/live"]
)
def test_an_unknown_address_gets_a_useful_page(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "/s/" in response.text


@pytest.mark.parametrize(
    "typed", ["free.", "free)", "Free", "free%20", "free%3E", "%3Cfree%3E", "FREE", "free,"]
)
def test_an_address_with_what_stood_around_it_leads_to_the_statement(
    campaign: Campaign, client: FlaskClient, typed: str
) -> None:
    campaign.statement()
    answer = client.get(f"/be/s/{typed}?utm_source=x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/be/s/free?utm_source=x")
    assert client.get(f"/s/{typed}x").status_code == 404


@pytest.mark.parametrize(
    "path", ["/favicon.ico", "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png"]
)
def test_browsers_find_the_icon_where_they_look_for_it(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and "max-age=86400" in answer.headers["Cache-Control"]
    assert Image.open(io.BytesIO(answer.data)).size in ((48, 48), (180, 180))
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and client.head(path).status_code == 200


def test_an_unknown_api_address_answers_in_json(client: FlaskClient) -> None:
    assert "error" in client.get("/api/v1/statements/nowhere").get_json()


def test_healthz_answers_and_readyz_names_what_is_missing(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").get_json() == {
        "ready": False,
        "database": True,
        "migrations": True,
        "worker": False,
    }
    with app.app_context(), writing() as session:
        session.add_all(JobReport(job=name, seen_at=now()) for name in worker.jobs(app))
    assert client.get("/readyz").status_code == 200
    with time_machine.travel(now() + dt.timedelta(minutes=2), tick=True):
        assert client.get("/readyz").status_code == 503


def test_sample_content_is_marked_and_nothing_else(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(sample=True)
    link = campaign.submit(email="anna@signer.example")
    for path in ("/", "/s/", "/s/free", "/be/s/free/signatories", link):
        assert 'class="note"' in client.get(path).text, path
    for path in ("/about", "/check-your-mail", "/nowhere", "/desk/sign-in"):
        assert 'class="note"' not in client.get(path).text, path


def test_a_changed_text_is_on_the_page_at_once(app: Flask, campaign: Campaign, client: FlaskClient) -> None:
    statement_id = campaign.statement()
    client.get("/s/free")
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        operations.save_draft(session, statement, [StatementText("en", "Second title", "New words")])
        operations.publish(session, statement)
    campaign.work()
    page = client.get("/s/free").text
    assert "Second title" in page
    assert "text 2" in page


@pytest.mark.parametrize(
    "path",
    [
        "/s/%00",
        "/o/a%00b",
        "/s/free/signatories?q=%00",
        "/c/%00",
        "/api/v1/statements/%00",
        "/desk/statements/%00",
    ],
)
def test_a_nul_in_an_address_is_refused_and_breaks_nothing(
    campaign: Campaign, client: FlaskClient, path: str
) -> None:
    campaign.statement()
    assert client.get(path).status_code == 400


# Parameters that mean nothing on a page, and values that none of our links has.
WRONG = ("after=forged", "before=x", "country=XX", "kind=zz", "by=zz", "page=7", "lang=xx1", "text=qq-1")
# The place in a list that a reader already has, not a filter.
POLLED = {("/s/<slug>/live", "after=forged")}


def test_no_public_page_answers_to_a_parameter_that_it_does_not_know(
    app: Flask, client: FlaskClient, campaign: Campaign
) -> None:
    """Pages, feeds, calendars, papers and the API: 400 with a sentence, never the whole list."""
    campaign.statement()
    person(app)
    campaign.organisation("Test League")
    parts = {"/p/": "jana-example", "/o/": "test-league"}
    seen = 0
    for rule in map(str, app.url_map.iter_rules()):
        if rule.startswith(("/desk", "/static")):
            continue
        path = rule.replace("<form>", "atom").replace("<slug>", parts.get(rule[:3], "free"))
        if "<" in path or client.head(path).status_code != 200:
            continue
        seen += 1
        for query in WRONG:
            if (rule, query) not in POLLED:
                answer = client.get(f"{path}?{query}")
                assert answer.status_code == 400, (path, query)
                assert "text/html" in answer.content_type or answer.get_json()["error"], (path, query)
    assert seen > 30


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("organisations/", "country=XX"),
        ("organisations/", "status=zz"),
        ("organisations/", "sort=zz"),
        ("audit", "before=x"),
    ],
)
def test_no_table_of_the_desk_answers_to_a_filter_that_it_does_not_have(
    team: FlaskClient, campaign: Campaign, path: str, query: str
) -> None:
    campaign.statement()
    assert team.get(f"/desk/{path}").status_code == 200
    answer = team.get(f"/desk/{path}?{query}")
    assert answer.status_code == 400 and "We could not read this request" in answer.text


def test_the_page_of_an_organisation_says_under_which_name_it_signed(
    app: Flask, client: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement()
    key = campaign.organisation("Test League", "league.example.org")
    campaign.signed(**organisation_form(organisation="TEST League", email="a@league.example.org"))
    assert "Signed as <bdi>TEST League</bdi>" in client.get("/o/test-league").text
    with app.app_context(), writing() as session:
        session.get_one(Organisation, key).names[0].name = "TEST League"
    app.extensions["page_cache"].clear()
    assert "Signed as" not in client.get("/o/test-league").text
