"""The dashboard: what waits for the team, and whether the machine does its work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.models import JobReport
from campaign.mailing.models import OutboxMail
from campaign.signatories.models import SignatoryList
from tests.support import Campaign, form


def report_jobs(app: Flask) -> None:
    """As if the worker had just been seen."""
    with app.app_context(), writing() as session:
        for name in worker.jobs(app):
            session.merge(JobReport(job=name, seen_at=clock.now(), error=None))


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/desk/").location == "/desk/sign-in?next=/desk/"


@pytest.mark.parametrize("role", ["owner", "editor", "moderator", "reader"])
def test_everyone_of_the_team_sees_it(campaign: Campaign, role: str) -> None:
    page = campaign.member(f"{role}@team.example", role=role).get("/desk/").text
    assert "No statement is open for signatures." in page
    assert ("/desk/team" in page) == (role == "owner")


def test_open_statements_stand_there_with_their_counts(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement()
    campaign.statement("draft", publish=False)
    campaign.signed()
    page = team.get("/desk/").text
    assert "/desk/statements/free" in page and "/desk/statements/draft" not in page
    assert '<td class="num" data-label="People">1</td>' in page


def test_organisations_waiting_for_review_are_counted(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement()
    campaign.signed(kind="organisation", organisation="Unknown League")
    page = team.get("/desk/").text
    assert "Review organisations" in page


def test_a_silent_worker_is_said_in_plain_words(app: Flask, team: FlaskClient) -> None:
    assert "New signatures are not being listed." in team.get("/desk/").text
    report_jobs(app)
    assert "The worker has stopped" not in team.get("/desk/").text


def test_mail_in_trouble_is_shown(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.statement()
    client.post("/s/free/sign", data=form())
    with app.app_context(), writing() as session:
        session.execute(update(OutboxMail).values(trouble="451"))
    page = team.get("/desk/").text
    assert "E-mail is delayed" in page and "(451)" in page and "the oldest since" in page


def test_counts_are_compared_on_demand(
    app: Flask, campaign: Campaign, team: FlaskClient, work: Callable[[], None]
) -> None:
    campaign.statement()
    campaign.signed()
    assert "All counts match their lists." not in team.get("/desk/").text
    assert "All counts match their lists." in team.get("/desk/?check=counts").text
    with app.app_context(), writing() as session:
        session.execute(update(SignatoryList).values(people=0))
    assert "Counts do not match their lists" in team.get("/desk/?check=counts").text


def test_the_last_days_are_drawn_and_listed(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement()
    assert "No signatures in this period." in team.get("/desk/").text
    campaign.signed()
    page = team.get("/desk/").text
    assert page.count('class="bar-none"') == 14
    table = page.split('<table class="table slim">')[1].split("</table>")[0]
    assert table.count("<tr>") == 15 and '<td class="num">1</td>' in table


def test_every_job_whose_silence_is_shown_has_words(app: Flask, team: FlaskClient) -> None:
    page = team.get("/desk/").text
    assert "The worker has stopped" in page and "A task is not running" not in page


def test_the_menu_says_how_many_wait(campaign: Campaign, team: FlaskClient) -> None:
    campaign.statement()
    assert 'class="tally"' not in team.get("/desk/sessions").text
    campaign.signed(kind="organisation", organisation="Unknown League")
    assert '<span class="tally">1<' in team.get("/desk/sessions").text
    reader = campaign.member("reader@team.example", role="reader")
    assert 'class="tally"' not in reader.get("/desk/sessions").text
    for path in ("/desk/", "/desk/statements/", "/desk/statements/free", "/desk/statements/free/signatures"):
        assert "/desk/review" not in reader.get(path).text, path
