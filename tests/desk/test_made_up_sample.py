"""The made-up sample: who is on its list, how it is filled in, and that both samples go without a trace."""

from __future__ import annotations

import datetime as dt
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.core.names import NameKind, name_trouble
from campaign.desk import made_up_sample
from campaign.desk.made_up_list import made_up_content, made_up_list, made_up_organisations
from campaign.desk.made_up_people import FOLDER, made_up_people, signing_moments
from campaign.desk.sample_removal import sample_was_removed
from campaign.extensions import db
from campaign.moderation.operations import likely_target
from campaign.organisations.duplicates import similar_to
from campaign.organisations.queries import organisations_by_name
from campaign.signatories.listing import drifts
from campaign.signatures.models import Signature
from tests.support import Campaign
from tests.world.lists import run

PEOPLE = 60
SLUG = "keep-the-reading-room-open"
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN", "ARABIC", "CJK")


@pytest.fixture
def made_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The site with the made-up statement, its list cut short and in small parts."""
    monkeypatch.setattr(made_up_sample, "_AT_ONCE", 30)
    monkeypatch.setattr(made_up_sample, "PEOPLE", PEOPLE)
    with app.app_context():
        assert made_up_sample.enter_made_up()
    return app


def rows(but: tuple[str, ...] = ()) -> Mapping[str, int]:
    """How many rows each table has."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in db.metadata.sorted_tables
        if table.name not in but
    }


def together(app: Flask, work: Callable[[], object]) -> None:
    """Do it in two threads at once, as two workers would."""

    def run_it() -> object:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run_it), pool.submit(run_it)]:
            done.result()


def test_the_invented_people_are_always_the_same_and_pass_the_rules_of_names() -> None:
    people = made_up_people(2_000)
    assert people[:9] == made_up_people(2_000)[:9]
    assert len({person.name for person in people}) == 2_000
    assert len({person.country for person in people}) >= 12
    letters = Counter(unicodedata.name(person.name[0]).split()[0] for person in people)
    assert set(letters) == set(SCRIPTS)
    assert min(letters.values()) > 20
    assert [person.name for person in people if name_trouble(person.name)] == []
    assert [person.city for person in people if name_trouble(person.city, NameKind.PLACE)] == []
    told = [name for _language, name, *_more in made_up_organisations()]
    assert [name for name in told if name_trouble(name, NameKind.ORGANISATION)] == []
    assert (len(told), len({entry[3] for entry in made_up_organisations()} | {"PL"}) >= 12) == (40, True)


def test_women_have_the_family_names_of_women() -> None:
    entries = tomllib.loads((FOLDER / "names.toml").read_text("utf-8"))["countries"]
    people, compared = made_up_people(2_000), 0
    for entry in entries:
        changed = [rule for rule in entry.get("feminine", ()) if rule[0]]
        of_country = [person.name for person in people if person.country == entry["code"]]
        for name in of_country:
            given = name.partition(" ")[0]
            if given in entry["women"]:
                assert not name.endswith(tuple(masculine for masculine, _feminine in changed)), name
                compared += bool(changed)
            elif given in entry["men"]:
                assert not name.endswith(tuple(feminine for _masculine, feminine in changed)), name
    assert compared > 200


def test_signatures_come_by_day_and_stop_now() -> None:
    until = dt.datetime(2027, 3, 22, 10, 30, tzinfo=dt.UTC)
    moments = signing_moments(2_000, until, 21, 10)
    assert moments == sorted(moments)
    assert until - dt.timedelta(days=21) <= moments[0] < moments[-1] < until
    hours = Counter(moment.hour for moment in moments)
    assert hours[19] > 5 * hours[3]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_fill_that_was_killed_is_finished_once(made_up: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = made_up_sample.fold_statement
    calls: list[int] = []

    def killed(*arguments: object) -> int:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return parts(*arguments)  # type: ignore[arg-type]

    with made_up.app_context():
        monkeypatch.setattr(made_up_sample, "fold_statement", killed)
        with pytest.raises(KeyboardInterrupt):
            made_up_sample.fill_made_up()
        partly = db.session.scalar(select(func.count()).select_from(Signature)) or 0
        assert 0 < partly < PEOPLE
        monkeypatch.setattr(made_up_sample, "fold_statement", parts)
        assert not made_up_sample.enter_made_up()
    together(made_up, made_up_sample.fill_made_up)
    with made_up.app_context():
        assert not made_up_sample.fill_made_up()
        counts = rows()
        assert (counts["signatures"], counts["assents"]) == (PEOPLE + 40, PEOPLE + 40)
        assert (counts["handovers"], counts["outbox"], counts["submissions"]) == (1, 0, 0)
        assert drifts() == []


def test_the_list_lives_and_says_that_it_is_made_up(made_up: Flask, campaign: Campaign) -> None:
    with made_up.app_context():
        made_up_sample.fill_made_up()
        found = made_up_sample.made_up_statement()
        assert found
        listed = made_up_list(PEOPLE, found.created_at)
        assert sum(bool(signatory.message) for signatory in listed) > 10
        assert similar_to(["Bookmark Society for Open Reading Rooms"]) == []
        name = "Paper Boat Fund"
        assert likely_target(name, "CZ") == (True, None)
        assert organisations_by_name(db.session(), [name]) == {name: []}
        assert len(organisations_by_name(db.session(), [name], made_up=True)[name]) == 1
    client = made_up.test_client()
    campaign.statement("real")
    for prefix, mark in (
        ("", "Made-up example"),
        ("/ru", "Вымышленный пример"),
        ("/de", "Erfundenes Beispiel"),
    ):
        page = client.get(f"{prefix}/s/{SLUG}").text
        assert f'<strong class="made-up">{mark}</strong>' in page
    assert "The Council thanks all those who signed" in page
    home = client.get("/").text
    assert home.index("/s/real") < home.index(f"/s/{SLUG}")
    told = client.get("/api/v1/statements").get_json()["statements"]
    assert {line["slug"]: line["fictional"] for line in told} == {SLUG: True, "real": False}
    assert {line["slug"]: line["counts"]["organisations"] for line in told}[SLUG] == 40
    assert "Made-up example" in client.get("/o/made-up-czytelnie").text
    assert client.get("/api/v1/organisations/made-up-czytelnie").get_json()["fictional"] is True
    made = client.get(f"/s/{SLUG}/how-this-list-was-made").text
    assert "none of them signed or confirmed anything" in made
    assert "none of them signed" not in client.get("/s/real/how-this-list-was-made").text
    news = [item["title"] for item in client.get("/feed.json").get_json()["items"]]
    assert sum(title.endswith("(made-up example)") for title in news) == 3, news


def test_people_write_as_women_and_men_do() -> None:
    listed = made_up_list(2_000, dt.datetime(2027, 3, 22, 10, 30, tzinfo=dt.UTC))
    entries = tomllib.loads((FOLDER / "names.toml").read_text("utf-8"))["countries"]
    given = {key: {name for entry in entries for name in entry[key]} for key in ("women", "men")}
    wrote = {signatory.message: signatory.person.name.split()[0] for signatory in listed if signatory.message}
    assert sum(map(len, made_up_content()["messages"].values())) == len(wrote)
    for beginning, of in (
        ("Nauczyłam się", "women"),
        ("Napisałem tam", "men"),
        ("Калі я прыехала", "women"),
        ("Я выучил", "men"),
        ("Ich habe dort meinen Mann", "women"),
    ):
        (name,) = (name for message, name in wrote.items() if message.startswith(beginning))
        assert name in given[of], (beginning, name)


def test_every_text_of_it_is_there_in_six_languages() -> None:
    content = made_up_content()
    languages = set(made_up_sample.LANGUAGES)
    assert content["addressee"].keys() == languages
    assert all(languages <= entry.keys() for entry in content["updates"])
    assert {file.name.split(".")[1] for file in FOLDER.glob("*.md")} == languages


@pytest.mark.databases("sqlite", "postgresql")
def test_it_goes_without_a_trace_and_does_not_come_back(made_up: Flask, campaign: Campaign) -> None:
    stays = ("team_members", "team_roles", "member_roles", "audit_entries", "outbox", "mail_tallies")
    with made_up.app_context():
        made_up_sample.fill_made_up()
    made_up.test_client().post(
        campaign.submit(SLUG, email="one@post.example.org"), data={"action": "confirm"}
    )
    campaign.submit(SLUG, name="Boris Example", email="two@post.example.org")
    with made_up.app_context():
        before = rows()
    refused = run(made_up, "remove-sample")
    assert refused.exit_code == 1
    assert "did not come with it: 1. Nothing was removed." in refused.output
    with made_up.app_context():
        assert rows() == before
    output = run(made_up, "remove-sample", "--with-real-signatures").output
    assert "Removed 1 statements with 101 signatures." in output, output
    with made_up.app_context():
        left = {
            name: number for name, number in rows((*stays, "tally_keys", "job_reports")).items() if number
        }
        assert left == {}
        assert sample_was_removed()
    assert "There is no sample content here." in run(made_up, "remove-sample").output
