"""The command that loads the sample content."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.accounts.models import TeamMember
from campaign.config import OFFERED
from campaign.core import clock
from campaign.core.database import writing
from campaign.desk.made_up_sample import enter_made_up
from campaign.desk.sample_content import FOLDER
from campaign.desk.sample_removal import remove_sample
from campaign.extensions import db
from campaign.handover.models import FrozenList, Handover
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.operations import change_organisation
from campaign.people.models import Person
from campaign.people.team_operations import confirm_status
from campaign.signatories.listing import drifts
from campaign.signatures.models import Signature
from campaign.statements.models import Addressee, Kind, Statement, Topic
from campaign.statements.people import add_person
from campaign.updates.models import Update
from tests.database import Rows, all_rows, empty, put_back
from tests.support import Campaign
from tests.world.lists import run

_PREFIXES = ["" if language == "en" else f"/{language}" for language in OFFERED]


def test_the_sample_loads_once(app: Flask) -> None:
    assert (
        "Sign in at /desk/sign-in as team@undersigned.example with "
        in run(app, "sample", "--facts-only").output
    )
    empty(app)
    first, second = (
        run(app, "sample", "--facts-only", "--password", "correct horse battery"),
        run(app, "sample", "--facts-only"),
    )
    assert "Loaded 6 statements with 14 signatories." in first.output, first.output
    assert "correct horse" not in first.output
    assert "is already here" in second.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 14
        statements = db.session.scalars(select(Statement).order_by(Statement.id)).all()
        assert [(row.status, row.sample) for row in statements] == [
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("handed over", True),
            ("open", True),
        ]
        assert db.session.scalars(select(TeamMember)).one().email == "team@undersigned.example"
        assert drifts() == []


# Loading it takes seconds: by the address of its database it is loaded once, and its rows are put back for
# the next test.
_loaded: dict[str, Rows] = {}


@pytest.fixture
def sample(app: Flask) -> Flask:
    """The site with the sample content."""
    address = app.extensions["settings"].database_url
    if address in _loaded:
        put_back(app, _loaded[address])
    else:
        run(app, "sample", "--facts-only")
        _loaded[address] = all_rows(app)
    return app


def test_the_sample_letter_as_text(sample: Flask, tmp_path: Path) -> None:
    out = tmp_path / "letter.txt"
    run(
        sample,
        "export",
        "withdraw-the-lawsuit-against-the-belarusian-helsinki-committee",
        "--format",
        "text",
        "--out",
        str(out),
    )
    assert out.read_text("utf-8").splitlines() == [
        "1. Marie Struthers, Director, Eastern Europe and Central Asia Regional Office, Amnesty"
        " International, United Kingdom",
        "2. Andrew Anderson, Executive Director, Front Line Defenders, Ireland",
        "3. Maria Dahle, Director, Human Rights House Foundation, Norway",
        "4. Hugh Williamson, Director, Europe and Central Asia Division, Human Rights Watch, United States",
        "5. Alice Mogwe, President, International Federation for Human Rights (FIDH), France",
    ]


def test_the_sample_pages_can_be_read(sample: Flask) -> None:
    client = sample.test_client()
    slugs = {file.name.partition(".")[0] for file in FOLDER.glob("*.md")}
    assert len(slugs) == 6
    for slug in slugs:
        for prefix in _PREFIXES:
            page = client.get(f"{prefix}/s/{slug}")
            assert page.status_code == 200
            assert all(f'href="{other}/s/{slug}"' in page.text for other in _PREFIXES if other != prefix)
            links = re.findall(r'href="(mailto:[^"]+)"', page.text)
            assert all(len(link) < 1900 for link in links), (prefix, slug)
        assert client.get(f"/s/{slug}/versions").status_code == 200
    assert "Lawtrend" in client.get("/s/human-rights-work-is-not-extremism").text


def test_every_text_of_the_sample_is_there_in_six_languages() -> None:
    written = {tuple(file.name.rsplit(".", 2)[:2]) for file in FOLDER.glob("*.md")}
    names = {name for name, _language in written}
    assert written == {(name, language) for name in names for language in OFFERED}
    sample = tomllib.loads((FOLDER / "sample.toml").read_text("utf-8"))
    described = [*sample["updates"], *(topic["names"] for topic in sample["topics"])]
    described += [topic["descriptions"] for topic in sample["topics"]]
    described += [words for entry in sample["statements"] for words in entry["addressees"]]
    people = json.loads((FOLDER / "people.json").read_text("utf-8"))["people"]
    described += [words for person in people for words in (person["names"], person["texts"])]
    described += [event["texts"] for person in people for event in person["events"] if "texts" in event]
    assert all(OFFERED.keys() <= words.keys() for words in described)
    for update in sample["updates"]:
        assert len({frozenset(update[language]) for language in OFFERED}) == 1


@pytest.mark.parametrize(
    ("language", "in_text", "in_update", "in_standing"),
    [
        ("ru", "Алеся Беляцкого", "Леонид Судаленко на свободе", "на свободе не позднее чем с сентября 2025"),
        ("uk", "Алеся Біляцького", "Леонід Судаленко на волі", "на волі щонайпізніше з вересня 2025"),
        (
            "pl",
            "Alesia Bialackiego",
            "Leanid Sudalenka na wolności",
            "na wolności najpóźniej od września 2025",
        ),
        ("de", "Ales Bjaljazki", "Leanid Sudalenka ist frei", "spätestens seit September 2025 frei"),
    ],
)
def test_the_sample_is_read_in(
    sample: Flask, language: str, in_text: str, in_update: str, in_standing: str
) -> None:
    client = sample.test_client()
    assert in_text in client.get(f"/{language}/s/human-rights-work-is-not-extremism").text
    campaign = client.get(f"/{language}/s/free-viasna").text
    assert in_update in campaign and in_standing in campaign


def test_the_sample_claims_no_day_that_is_not_recorded(sample: Flask) -> None:
    client = sample.test_client()
    assert (
        '<p class="meta">January 2023' in client.get("/s/the-moscow-helsinki-group-must-not-be-silenced").text
    )
    assert (
        '<p class="meta">студзень 2023'
        in client.get("/be/s/the-moscow-helsinki-group-must-not-be-silenced").text
    )
    assert '<p class="meta">2021' in client.get("/s/freedom-of-association-is-not-a-favour").text
    assert (
        client.get("/api/v1/statements/the-moscow-helsinki-group-must-not-be-silenced").get_json()["dated"]
        == "2023-01"
    )


def test_the_sample_letter_was_handed_over_and_never_answered(sample: Flask) -> None:
    text = sample.test_client().get("/s/withdraw-the-lawsuit-against-the-belarusian-helsinki-committee").text
    assert "Five international human rights organisations" in text
    assert "No reply for" in text
    assert "Demands change" in sample.test_client().get("/s/free-viasna/versions").text


def test_the_samples_go_but_what_the_team_uses_of_them_stays(sample: Flask, campaign: Campaign) -> None:
    own = campaign.organisation("Sample Friends", slug="viasna")
    with sample.app_context():
        enter_made_up()
        fidh = db.session.scalar(select(Organisation.id).where(Organisation.slug == "fidh"))
        marfa = db.session.scalar(select(Person.id).where(Person.slug == "marfa-rabkova"))
    ours = campaign.statement("ours", owners=(fidh,), kind=Kind.RELEASE_CAMPAIGN)
    with sample.app_context():
        with writing() as session:
            add_person(session, session.get_one(Statement, ours), marfa)
        with writing() as session:
            report = remove_sample(session)
        assert (report.statements, report.signatures) == (7, 14)
        # Her file names her organisation.
        assert report.organisations_kept == ("fidh", "viasna")
        assert report.people_kept == ("marfa-rabkova",)
        assert db.session.scalars(select(Statement.slug)).all() == ["ours"]
        assert set(db.session.scalars(select(Organisation.slug))) == {"fidh", "viasna", "viasna-2"}
        assert db.session.get(Organisation, own) is not None
        for model in (Signature, FrozenList, Handover, Addressee, Topic, Update):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model


def test_the_sample_goes_without_a_trace_and_can_come_again(sample: Flask) -> None:
    removed = run(sample, "remove-sample")
    assert removed.output == "Removed 6 statements with 14 signatures.\n"
    with sample.app_context():
        for model in (Statement, Organisation, NetworkMembership, Person, Topic, Addressee, Update):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model
    again = run(sample, "sample", "--facts-only")
    assert "Loaded 6 statements with 14 signatories." in again.output, again.output


def test_real_signatures_on_the_sample_go_only_where_that_is_said(sample: Flask, campaign: Campaign) -> None:
    campaign.sign("free-viasna")
    refused = run(sample, "remove-sample")
    assert (refused.exit_code, "come with it: 1. Nothing was removed" in refused.output) == (1, True)
    with sample.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 15
    removed = run(sample, "remove-sample", "--with-real-signatures")
    assert "Removed 6 statements with 15 signatures." in removed.output


def test_what_the_team_changed_of_the_sample_stays_and_comes_again_once(
    sample: Flask, campaign: Campaign
) -> None:
    with sample.app_context():
        topic = db.session.scalars(select(Topic.id)).first()
    campaign.statement("ours", topics=(topic,))
    with sample.app_context(), writing() as session:
        csp = session.scalars(
            select(Organisation).where(Organisation.slug == "civic-solidarity-platform")
        ).one()
        names = {name.language: name.name for name in csp.names if name.use == "name"}
        domains = [domain.domain for domain in csp.domains]
        change_organisation(session, csp, names, aliases=["The Platform"], domains=domains, is_network=True)
        marfa = session.scalars(select(Person).where(Person.slug == "marfa-rabkova")).one()
        confirm_status(session, marfa.id, clock.today())
    output = run(sample, "remove-sample").output
    assert "These organisations stay" in output and "civic-solidarity-platform" in output
    assert "moscow-helsinki-group" not in output
    assert "These people stay" in output and output.rstrip().endswith(": marfa-rabkova")
    assert "Loaded 6 statements" in run(sample, "sample", "--facts-only").output
    with sample.app_context():
        called = select(Organisation.slug).where(Organisation.slug.startswith("civic-solidarity-platform"))
        assert db.session.scalars(called).all() == ["civic-solidarity-platform"]
