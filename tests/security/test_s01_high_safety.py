"""S1 at high safety: who holds a signer's mailbox and the whole site, before and after, learns nothing of
whether and how they signed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatures.models import Signature, SpentPhrase, State, Submission
from campaign.statements import lifecycle
from campaign.statements.models import Safety, Statement
from campaign.statements.operations import StatementText, publish
from tests.support import Campaign, code_in, csrf_of, form, organisation_form

pytestmark = pytest.mark.databases("sqlite", "postgresql")

NAMES = ("Ales Adzin", "Bela Dva", "Chas Try", "Dana Chatyry", "Eva Piac", "Fima Shesc")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Sets the clock."""

    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


def words_on(page: TestResponse) -> str:
    """The words that the page shows."""
    found = re.search(r'<p class="words"[^>]*>([a-z ]+)</p>', page.text)
    assert found, page.text[:3000]
    return found[1]


def confirm(client: FlaskClient, link: str) -> TestResponse:
    """As a browser does it: open the page, press the button."""
    assert client.get(link).status_code == 200
    return client.post(link, data={"action": "confirm"})


def masked(page: TestResponse) -> str:
    """Everything but the words."""
    return re.sub(r"(words\"[^>]*>)[a-z ]+", r"\1", f"{page.status}\n{page.headers}\n{page.text}")


def public(client: FlaskClient) -> dict[str, str]:
    """Every page that speaks of the list."""
    pages = (
        "",
        "/signatories",
        "/signatories?by=country",
        "/live",
        "/live.json",
        "/feed.atom",
        "/how-this-list-was-made",
    )
    read = {page: client.get(f"/s/free{page}").text for page in pages}
    return read | {"api": client.get("/api/v1/statements/free/signatures").text, "home": client.get("/").text}


def test_a_mailbox_tells_nothing_once_its_link_was_used(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    before = public(client)
    link = campaign.submit(name="Ales Adzin", email="a@post.example.org", city="Hrodna", updates="y")
    mail = campaign.sink.mails[-1]
    assert confirm(client, link).status_code == 200
    campaign.work()
    # The mail names neither text nor statement, and what is in it opens the same as for whoever let it pass.
    assert "Free them" not in str(mail) and "free" not in link
    unused = campaign.submit(email="never@post.example.org")
    code_of_unused = code_in(campaign.sink.mails[-1])
    for holder in (client, campaign.app.test_client()):
        used, over = holder.get(link), holder.get(unused)
        assert used.status_code == over.status_code == 200
        assert used.text.replace(link, "") == over.text.replace(unused, "")
        assert "Ales" not in used.text and "Free them" not in used.text
        for action in ("withdraw", "correct", "visibility", "take over", "erase"):
            ends = [
                holder.post(path, data={"action": action, "visibility": "public", "name": "X"})
                for path in (link, unused)
            ]
            assert ends[0].status_code == ends[1].status_code == 422
        assert holder.get(f"{link}/data.json").status_code == holder.get(f"{unused}/data.json").status_code
        codes = [holder.post("/code", data={"code": code}) for code in (code_in(mail), code_of_unused)]
        assert masked(codes[0]) == masked(codes[1]) and codes[0].status_code == 200
    # Nor does the site: the name waits for others.
    assert public(client) == before


@pytest.mark.parametrize(
    "past",
    [
        None,
        {"name": "Ales Adzin"},
        {"visibility": "team", "name": "Ales Adzin"},
        {"visibility": "counted", "name": None},
        {"name": "Two", "also": "Three"},
    ],
)
def test_who_confirms_again_with_the_mailbox_sees_what_a_new_signer_sees(
    campaign: Campaign, client: FlaskClient, past: dict[str, str | None] | None
) -> None:
    campaign.statement(safety=Safety.HIGH)
    address = "victim@post.example.org"
    if past is not None:
        kept = {key: value for key, value in past.items() if key != "also"}
        for name in dict.fromkeys((past.get("name"), past.get("also", past.get("name")))):
            confirm(client, campaign.submit(**kept | {"name": name, "email": address}))
    fresh = confirm(client, campaign.submit(name="Ales Adzin", email="new@post.example.org"))
    probing = confirm(client, campaign.submit(name="Ales Adzin", email=address))
    assert masked(probing) == masked(fresh)
    # Also the words that it showed read as those of a new signer do, once and again.
    for _each in range(2):
        ends = [client.post("/take-back", data={"words": words_on(page)}) for page in (fresh, probing)]
        assert ends[0].status_code == ends[1].status_code == 200
        assert ends[0].text == ends[1].text


@pytest.mark.parametrize("signed_before", [True, False])
def test_what_is_held_shows_nowhere_whether_it_was_new(
    campaign: Campaign, client: FlaskClient, signed_before: bool
) -> None:
    campaign.statement(safety=Safety.HIGH)
    if signed_before:
        confirm(client, campaign.submit(email="victim@post.example.org"))
        campaign.work()
    before = public(client)
    # A filled trap lets a new signature be held, and an old one be what it was.
    probing = confirm(client, campaign.submit(email="victim@post.example.org", reference="filled in"))
    campaign.work()
    assert public(client) == before
    client.post("/take-back", data={"words": words_on(probing)})
    campaign.work()
    assert public(client) == before


def test_an_organisation_that_signed_is_not_told_of_either(campaign: Campaign, client: FlaskClient) -> None:
    campaign.organisation("Test League", "league.example.org")
    campaign.statement(safety=Safety.HIGH)
    first = confirm(client, campaign.submit(**organisation_form(email="a@league.example.org")))
    second = confirm(client, campaign.submit(**organisation_form(email="b@league.example.org")))
    claim = confirm(
        client, campaign.submit(**organisation_form(email="c@elsewhere.example.org", organisation="Other"))
    )
    assert masked(first) == masked(second) == masked(claim)
    campaign.work()
    with campaign.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 2
        assert db.session.scalars(select(Signature.sealed_contact)).all() == [None, None]


def test_a_link_and_its_code_show_the_same_words_each_time_and_they_withdraw_one_signature(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement(safety=Safety.HIGH)
    link = campaign.submit()
    code = code_in(campaign.sink.mails[-1])
    words = words_on(client.post("/code", data={"code": code}))
    for _each in range(2):
        campaign.work()
        assert words_on(client.post(link, data={"action": "confirm"})) == words
        assert words_on(client.post("/code", data={"code": code.replace(" ", "")})) == words
    campaign.work()
    other = words_on(confirm(client, campaign.submit(email="b@post.example.org", name="Other One")))
    assert other != words
    with campaign.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 1
    client.post("/take-back", data={"words": words.upper().replace(" ", "  ")})
    campaign.work()
    with campaign.app.app_context():
        states = set(db.session.execute(select(Signature.name, Signature.state)).tuples())
        assert states == {(None, State.WITHDRAWN), ("Other One", State.CONFIRMED)}


_NO_WORDS = (
    "",
    "bade lomi teru vaga nizo fure",
    "free them all",
    "bade " * 100,
    "'; DROP TABLE",
    "бадэ ломі тэру вага нізо фурэ",
    "\0",
)


@pytest.mark.parametrize("typed", _NO_WORDS)
def test_words_that_nobody_was_shown_take_nothing_back(
    campaign: Campaign, client: FlaskClient, typed: str
) -> None:
    campaign.statement(safety=Safety.HIGH)
    confirm(client, campaign.submit())
    campaign.work()
    assert client.post("/take-back", data={"words": typed}).status_code == 422
    with campaign.app.app_context():
        assert db.session.scalars(select(Signature.state)).all() == [State.CONFIRMED]
        assert db.session.scalars(select(SpentPhrase.mark)).all() == []


def test_nothing_is_kept_but_what_is_shown_and_the_day(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    confirm(client, campaign.submit(city="Hrodna", updates="y"))
    campaign.work()
    with campaign.app.app_context():
        signature = db.session.scalars(select(Signature)).one()
        assert (signature.sealed_contact, signature.wants_updates, signature.city) == (None, False, None)
        assert "hrodna" not in (signature.search_key or "")
        assert signature.confirmed_at.time() == dt.time()
        assert db.session.scalars(select(Submission)).all() == []


def test_names_come_in_shuffled_batches_of_five_once_their_links_have_ended(
    campaign: Campaign,
    client: FlaskClient,
    at: Callable[[dt.datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = dt.datetime(2027, 3, 4, 10, 20, tzinfo=dt.UTC)
    at(start)
    # As unlucky as chance can be: the shuffle turns the order round.
    monkeypatch.setattr(
        "campaign.signatories.shuffled_batches.shuffle",
        lambda rows: rows.sort(key=lambda row: NAMES.index(name_of(row.id)), reverse=True),
    )
    campaign.statement(safety=Safety.HIGH)

    def name_of(key: object) -> str:
        return str(db.session.get_one(Signature, key).name)

    for minute, name in enumerate(NAMES[:4]):
        at(start + dt.timedelta(minutes=minute))
        confirm(client, campaign.submit(name=name, email=f"{minute}@post.example.org"))
    at(start + dt.timedelta(days=3))
    campaign.work()
    assert campaign.counts() == (0, 0), "four are too few, however long they wait"
    confirm(client, campaign.submit(name=NAMES[4], email="4@post.example.org"))
    # Its link is good until the end of the next day; what is listed before would tell that it was used.
    fifth = dt.datetime(2027, 3, 9, tzinfo=dt.UTC)
    for hours in (-24, -1, 0, 1):
        at(fifth + dt.timedelta(hours=hours))
        campaign.work()
        assert campaign.counts() == (0, 0)
    at(fifth + dt.timedelta(hours=2))
    campaign.work()
    assert campaign.counts() == (5, 0)
    with campaign.app.app_context():
        assert db.session.scalars(select(Signature.name).order_by(Signature.position)).all() == list(
            NAMES[4::-1]
        )
        places = "rowid" if db.engine.dialect.name == "sqlite" else "ctid"
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql(
                f"SELECT name FROM signatures ORDER BY {places}"
            ).scalars().all() == list(NAMES[4::-1])
            ids = connection.exec_driver_sql(f"SELECT id FROM signatures ORDER BY {places}").scalars().all()
            assert (
                connection.exec_driver_sql(f"SELECT signature_id FROM assents ORDER BY {places}")
                .scalars()
                .all()
                == ids
            )


def test_what_leaves_the_list_leaves_at_once_and_what_waits_can_leave_unseen(
    campaign: Campaign, client: FlaskClient, at: Callable[[dt.datetime], None]
) -> None:
    start = dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC)
    at(start)
    campaign.statement(safety=Safety.HIGH)
    words = [
        words_on(confirm(client, campaign.submit(name=name, email=f"{n}@post.example.org")))
        for n, name in enumerate(NAMES)
    ]
    campaign.work()
    client.post("/take-back", data={"words": words[5]})
    for hours in (0, 2):
        at(dt.datetime(2027, 3, 6, hours, tzinfo=dt.UTC))
        campaign.work()
    assert campaign.counts() == (5, 0)
    client.post("/take-back", data={"words": words[0]})
    campaign.work()
    assert campaign.counts() == (4, 0)
    assert NAMES[0] not in client.get("/s/free").text


def test_the_last_few_are_listed_when_nobody_can_confirm_any_more(
    campaign: Campaign, client: FlaskClient, at: Callable[[dt.datetime], None]
) -> None:
    start = dt.datetime(2027, 3, 4, 10, 0, tzinfo=dt.UTC)
    at(start)
    campaign.statement(safety=Safety.HIGH)
    confirm(client, campaign.submit())
    with campaign.app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement)).one())
    at(start + dt.timedelta(hours=23))
    campaign.work()
    assert campaign.counts() == (0, 0)
    at(start + dt.timedelta(hours=24))
    campaign.work()
    assert campaign.counts() == (1, 0)


def test_the_form_warns_first_and_chooses_nothing(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    page = client.get("/s/free").text
    own = page[page.index('id="sign"') : page.index("</form>", page.index('id="sign"'))]
    first = re.sub(r"<[^>]+>", " ", own[own.index('class="notice') :]).partition(".")[0]
    assert "Belarus" in first and "do not give a name" in first
    assert own.index("do not give a name") < own.index("<input")
    radios = re.findall(r'<input type="radio" name="visibility"[^>]*>', own)
    assert len(radios) == 3 and not [radio for radio in radios if "checked" in radio]
    assert 'name="city"' not in own and 'name="updates"' not in own
    refused = client.post("/s/free/sign", data=form(visibility=None))
    assert refused.status_code == 422 and "Please choose how your name appears." in refused.text
    campaign.statement("plain")
    usual = client.get("/s/plain").text
    # The notices of countries are hidden until one of these is chosen.
    of_countries = r'<div class="notice notice-wait" data-countries="[^"]+" hidden>.*?</div>'
    assert "do not give a name" not in re.sub(of_countries, "", usual, flags=re.DOTALL)
    assert 'name="city"' in usual


def test_browsers_keep_no_page_of_it(campaign: Campaign, app: Flask, client: FlaskClient) -> None:
    campaign.statement(safety=Safety.HIGH)
    campaign.statement("plain")
    seen = 0
    for rule in app.url_map.iter_rules():
        if (
            "slug" in rule.arguments
            and rule.rule.startswith(("/s/", "/embed/s/", "/api/v1/statements/"))
            and "GET" in (rule.methods or ())
        ):
            path = rule.rule.replace("<slug>", "free").replace("<int:number>", "1").replace("<form>", "atom")
            assert "<" not in path, path
            response = client.get(path)
            if response.status_code == 200:
                seen += 1
                assert response.headers["Cache-Control"] == "no-store", path
                assert "ETag" not in response.headers
    assert seen >= 10
    assert "no-store" not in client.get("/s/plain").headers["Cache-Control"]
    assert client.get("/take-back").headers["Cache-Control"] == "no-store"


def test_sources_are_printed_and_not_linked(campaign: Campaign, client: FlaskClient) -> None:
    body = "See [the report](https://source.example.org/a?b=1&c=2), <https://bare.example.org/x> and ![no](https://picture.example.org)."
    campaign.statement(
        safety=Safety.HIGH,
        texts=(StatementText("en", "Free them all", body),),
        source="https://first.example.org",
    )
    page = client.get("/s/free").text
    assert re.findall(r'href="(https?://(?!localhost)[^"]*example[^"]*)"', page) == []
    assert (
        "the report (https://source.example.org/a?b=1&amp;c=2)" in page
        and "https://bare.example.org/x" in page
    )


def test_the_level_is_chosen_in_the_editor_and_fixed_once_published(
    campaign: Campaign, team: FlaskClient
) -> None:
    page = team.get("/desk/statements/new")
    assert 'value="high"' in page.text
    data = {
        "kind": "petition",
        "signers": "both",
        "safety": "high",
        "title_en": "High",
        "body_en": "Text",
        "slug": "high",
        "time_zone": "UTC",
    }
    data |= {"dated_precision": "day", "csrf_token": csrf_of(page)}
    assert team.post("/desk/statements/new", data=data).status_code == 303
    with campaign.app.app_context():
        assert db.session.scalars(select(Statement.safety)).one() == Safety.HIGH
        with writing() as session:
            publish(session, session.scalars(select(Statement)).one())
    again = team.get("/desk/statements/high/edit")
    state = re.search(r'name="state"[^>]*value="([^"]*)"', again.text)
    assert state
    changed = data | {"safety": "standard", "csrf_token": csrf_of(again), "state": state[1]}
    assert team.post("/desk/statements/high/edit", data=changed).status_code == 303
    with campaign.app.app_context():
        assert db.session.scalars(select(Statement.safety)).one() == Safety.HIGH
