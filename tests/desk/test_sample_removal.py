"""Removing the sample content from the desk, and where the site says that content is sample."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core import clock
from campaign.core.database import writing
from campaign.desk.made_up_sample import enter_made_up
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.operations import change_organisation
from campaign.people.models import Person
from campaign.people.team_operations import confirm_status
from campaign.signatures.models import Signature, Submission
from campaign.statements.models import Statement
from tests.support import Campaign, csrf
from tests.world.lists import run

pytestmark = pytest.mark.databases("sqlite")
NOTE = "Nothing here collects real signatures"


@pytest.fixture
def sample(app: Flask) -> Flask:
    """The site with the sample content."""
    run(app, "sample", "--facts-only")
    return app


def _change_records(app: Flask) -> None:
    with app.app_context(), writing() as session:
        fidh = session.scalars(select(Organisation).where(Organisation.slug == "fidh")).one()
        names = {name.language: name.name for name in fidh.names if name.use == "name"}
        change_organisation(session, fidh, names, aliases=["The Federation"], domains=[], is_network=False)
        confirm_status(session, session.scalars(select(Person.id)).first(), clock.today())


def test_everything_goes_though_people_signed_there_and_the_team_changed_it(
    sample: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.sign("free-viasna")
    campaign.submit("free-viasna", name="Not Confirmed", email="two@post.example.org")
    _change_records(sample)
    asked = team.get("/desk/site/sample").text
    assert "also those that you have changed" in asked
    told = team.post("/desk/site/sample", data={"csrf_token": csrf(team)})
    assert (told.status_code, "1 signature did not come with the sample" in told.text) == (409, True)
    assert team.get("/s/free-viasna").status_code == 200
    done = team.post(
        "/desk/site/sample", data={"csrf_token": csrf(team), "with_real": "y"}, follow_redirects=True
    )
    assert "The sample content has been removed" in done.text
    with sample.app_context():
        for model in (Statement, Organisation, Person, Signature, Submission):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    assert team.get("/desk/site/sample").headers["Location"].endswith("/desk/site")


def test_changed_records_stay_where_that_is_wanted(sample: Flask, team: FlaskClient) -> None:
    _change_records(sample)
    page = team.post(
        "/desk/site/sample", data={"csrf_token": csrf(team), "keep_changed": "y"}, follow_redirects=True
    ).text
    assert "These records stay: " in page and "fidh" in page
    with sample.app_context():
        assert "fidh" in set(db.session.scalars(select(Organisation.slug)))
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_note_stands_above_sample_content_alone(
    sample: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    for path in ("/", "/s/", "/s/free-viasna", "/s/free-viasna/signatories", "/p/", "/p/marfa-rabkova"):
        assert NOTE in client.get(path).text, path
    for path in ("/about", "/privacy", "/nowhere"):
        assert NOTE not in client.get(path).text, path
    with sample.app_context():
        enter_made_up()
    campaign.statement("ours")
    sample.extensions["page_cache"].clear()
    home = client.get("/s/").text
    assert NOTE not in home and home.count("Sample</strong>") == 6
    assert NOTE not in client.get("/s/ours").text
    assert NOTE in client.get("/s/free-viasna").text
