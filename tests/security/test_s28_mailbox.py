"""S28: at high safety, who reads a mailbox and the public list learns nothing, over any number of mails, clicks,
names and days.

An adversary plays the same moves against two statements. On one the signer used the mailbox that the adversary
reads, on the other a mailbox that nobody reads; all that can be seen must be the same, effects included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import LargeBinary, func, select, text

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.mail_addresses import coarse
from campaign.core.remembered import forget_all
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.mailing.caps import MOST_PER_ADDRESS_AND_DAY
from campaign.signatories.shuffled_batches import LINK_DAYS
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import (
    ConfirmationRequest,
    MailWait,
    SignatoryKind,
    Signature,
    State,
    Submission,
    Visibility,
)
from campaign.signing import one_time_codes, terms_cache
from campaign.signing.models import GOOD_DAYS, LinkKey
from campaign.signing.submissions import submit
from campaign.statements import lifecycle
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from campaign.statements.queries import statement_key
from tests.security.pasts import recorded
from tests.support import Campaign, code_in, form, link_in, organisation_form, text_of
from tests.world.mailboxes import CROWD, START, WORDS, Days, World, assert_same, forget


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    """The clock stands at the start."""
    moved = Days()
    monkeypatch.setattr(clock, "now", lambda: moved.moment)
    yield moved


@pytest.fixture(autouse=True)
def by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance puts the names of both statements into one order, so that their pages can be compared."""

    def order(rows: list[Any]) -> None:
        rows.sort(key=lambda row: db.session.get_one(Signature, row.id).name or "")

    monkeypatch.setattr("campaign.signatories.shuffled_batches.shuffle", order)


@pytest.fixture
def worlds(campaign: Campaign, days: Days) -> tuple[World, World]:
    """In one the signer used the mailbox that is read, in the other one that nobody reads."""
    return World(campaign, "xworldx", "one@read.example.org"), World(
        campaign, "yworldy", "two@read.example.org"
    )


@pytest.mark.parametrize(
    "signed",
    [
        {"name": "Anna Example"},
        pytest.param({"name": "Anna Example", "visibility": "team"}, marks=pytest.mark.night),
        pytest.param({"name": None, "visibility": "counted"}, marks=pytest.mark.night),
    ],
)
def test_invented_names_over_days_show_nothing_of_who_had_signed(
    worlds: tuple[World, World], days: Days, signed: dict[str, str | None]
) -> None:
    for world, mailbox in zip(worlds, (worlds[0].read, "nobody@elsewhere.example.org"), strict=True):
        days.at(0)
        world.crowd()
        (link,) = world.send(**signed | {"email": mailbox})
        world.press(link)
        forget(world)
        for day in range(1, 4):
            days.at(day)
            links = []
            for seen in ("public", "team", "counted", "public"):
                name = None if seen == "counted" else f"Invented {'abcdefgh'[len(links)]} {'wxyz'[day]}"
                links += world.send(name=name, visibility=seen)
            for old in (*links, links[0]):
                world.press(old)
            world.look()
        for day, hours in ((3, 6), (5, 0), (5, 3)):
            days.at(day, hours)
            world.look()
    assert_same(worlds)
    # The moves had effects: whoever invents names is listed with them, however many.
    with worlds[0].campaign.app.app_context():
        listed = select(func.count()).where(Signature.state == State.LISTED)
        assert db.session.scalar(listed) == 2 * (len(CROWD) + 1 + 12)


@pytest.mark.parametrize(
    "hours", [pytest.param(0.1, marks=pytest.mark.night), 14.9, pytest.param(38.9, marks=pytest.mark.night)]
)
def test_the_link_of_the_signer_shows_nobody_whether_they_pressed_it(
    worlds: tuple[World, World], days: Days, hours: float
) -> None:
    for world, pressed in zip(worlds, (True, False), strict=True):
        days.at(0)
        world.crowd()
        (link,) = world.send(name="Anna Example")
        if pressed:
            world.press(link)
        forget(world)
        days.at(0, hours)
        words = [world.press(link) for _each in range(2)]
        assert words[0] == words[1]
        world.look()
        for day, more in ((1, 14), (2, -8), (2, 0), (3, 3)):
            days.at(day, max(more, hours - 24 * day))
            world.look()
        # With the words that the button shows, too, the same happens in both.
        world.note("withdrawn", world.client.post("/take-back", data={"words": words[0]}))
        world.look()
    assert_same(worlds)
    assert "Anna Example" in str(worlds[0].seen)


@pytest.mark.night
def test_once_a_link_has_ended_pressing_it_does_nothing_and_shows_other_words(
    worlds: tuple[World, World], days: Days
) -> None:
    kept = []
    for world, pressed in zip(worlds, (True, False), strict=True):
        days.at(0)
        world.crowd()
        (link,) = world.send(name="Anna Example")
        if pressed:
            kept.append(world.press(link))
        for hours in (0, 3):
            days.at(4, hours)
            world.look()
        forget(world)
        before = world.campaign.counts(world.slug)
        kept.append(words := world.press(link))
        world.note("withdrawn", world.client.post("/take-back", data={"words": words}))
        world.campaign.work()
        days.at(7)
        world.campaign.work()
        assert world.campaign.counts(world.slug) == before
    assert_same(worlds)
    assert len(set(kept)) == 3


def queued(world: World) -> None:
    """A form whose mail waits for its turn."""
    with world.campaign.app.app_context(), writing() as session:
        signing = terms_cache.current(world.slug)
        assert signing is not None
        typed = SubmittedFields(
            kind=SignatoryKind.PERSON,
            visibility=Visibility.PUBLIC,
            email=world.read,
            country="PL",
            name="Anna Example",
        )
        submit(session, signing.place, typed.as_guarded(), "en", MailWait.QUEUED)


@pytest.mark.night
def test_a_name_whose_mail_had_to_wait_waits_until_that_mails_link_has_ended(
    worlds: tuple[World, World], days: Days
) -> None:
    for world, pressed in zip(worlds, (True, False), strict=True):
        days.at(0)
        world.crowd()
        queued(world)
        before = len(world.campaign.sink.mails)
        days.at(1)
        world.campaign.work()
        (mail,) = world.campaign.sink.mails[before:]
        assert "until the end of 3 March 2027 (UTC)" in text_of(mail)
        link = link_in(mail)
        if pressed:
            world.press(link)
        world.crowd()
        forget(world)
        days.at(2)
        world.look()
        # The link is still good.
        world.press(link)
        for day in (2.2, 3, 3.3, 4):
            days.at(day)
            world.look()
    assert_same(worlds)
    assert "Anna Example" in str(worlds[0].seen)


def test_a_mail_names_the_last_day_of_its_link_in_its_language(campaign: Campaign, days: Days) -> None:
    world = World(campaign, "free", "one@read.example.org")
    for prefix, said in (
        ("", "until the end of 2 March 2027 (UTC)"),
        ("/ru", "до конца дня 2 марта 2027 г. (UTC)"),
    ):
        world.client.post(f"{prefix}/s/free/sign", data=form())
        campaign.work()
        assert said in " ".join(text_of(campaign.sink.mails[-1]).split())


def test_names_wait_for_buttons_that_were_pressed_in_time_while_no_worker_ran(
    worlds: tuple[World, World], days: Days
) -> None:
    for world, pressed in zip(worlds, (True, False), strict=True):
        days.at(0)
        world.crowd()
        days.at(1)
        (link,) = world.send(name="Anna Example")
        if pressed:
            world.press(link)
        days.at(2, -8)
        world.campaign.work()
        forget(world)
        # The batch of the others is due at two, and no worker runs until the next day.
        days.at(2, 14.9)
        world.note("button", world.client.post(link, data={"action": "confirm"}), link)
        days.at(3)
        for job in ("fold", "confirmations", "fold"):
            with world.campaign.app.app_context():
                worker.jobs(world.campaign.app)[job].run()
            world.campaign.app.extensions["page_cache"].clear()
            forget_all(world.campaign.app)
            world.seen.append(("numbers", world.campaign.counts(world.slug)))
        world.look()
    assert_same(worlds)
    assert worlds[0].seen[3] == ("numbers", (len(CROWD) + 1, 0))


def test_withdrawing_right_after_the_button_takes_as_long_whether_it_had_been_pressed_before(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    (used,) = world.send(name="Anna Example")
    world.press(used)
    (unused,) = world.send(name="Boris Example")
    said = {}
    for link in (used, unused):
        words = WORDS.findall(client.post(link, data={"action": "confirm"}).text)[0]
        with recorded(campaign.app) as statements:
            answer = client.post("/take-back", data={"words": words})
        assert answer.status_code == 200
        said[link] = statements
        assert not [one for one in statements if re.search(r"\b(signatures|submissions)\b", one)]
    # Whether the site shows its sample is remembered for a second, and read by whoever comes next.
    assert [said_of(said[link], "confirmation_requests") for link in (used, unused)] == [
        said_of(said[used], "confirmation_requests")
    ] * 2
    assert said_of(said[used], "confirmation_requests")
    assert client.post("/take-back", data={"words": "bade lomi teru vaga nizo fure"}).status_code == 422
    campaign.work()
    with campaign.app.app_context():
        kept = db.session.execute(select(Signature.state, Signature.name)).tuples().all()
        assert set(kept) == {(State.WITHDRAWN, None)} and len(kept) == 2
        assert db.session.scalars(select(ConfirmationRequest)).all() == []


def said_of(said: list[str], table: str) -> list[str]:
    """The statements about a table, in their order."""
    return [one for one in said if table in one]


def asked(said: list[str]) -> tuple[list[str], set[str]]:
    """The statements about links and clicks in their order, and all others: what is remembered for a second or two is
    read by whoever comes next.
    """
    own = [one for one in said if re.search(r"\b(link_keys|confirmation_requests)\b", one)]
    return own, set(said)


def test_the_same_sql_answers_to_a_link_that_is_used_unused_ended_or_nobodys(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    (ended,) = world.send(name="Long Ago")
    days.at(5)
    (used,) = world.send(name="Anna Example")
    world.press(used)
    (unused,) = world.send(name="Boris Example")
    with campaign.app.app_context(), writing() as session:
        code = one_time_codes.new_code(session)
        nobodys = f"/c/{one_time_codes.link_token(code)}"
    links = {"used": used, "unused": unused, "ended": ended, "nobody's": nobodys}
    answers, said = {}, {}
    for name, link in links.items():
        forget_all(campaign.app)
        with recorded(campaign.app) as statements:
            pages = [client.get(link), client.post(link, data={"action": "confirm"}), client.head(link)]
        said[name] = statements
        answers[name] = [
            f"{page.status}\n{page.headers}\n{WORDS.sub('WORDS', page.text).replace(link, 'LINK')}"
            for page in pages
        ]
    assert {name: answer == answers["used"] for name, answer in answers.items()} == dict.fromkeys(links, True)
    assert {name: asked(each) == asked(said["used"]) for name, each in said.items()} == dict.fromkeys(
        links, True
    )
    tables = r"\b(signatures|submissions|spent_words|mail_tallies)\b"
    assert [one for one in said["used"] if re.search(tables, one)] == []


def test_a_typed_code_is_answered_alike_used_and_unused_and_a_slip_is_told(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    codes = []
    for name in ("Anna Example", "Boris Example"):
        world.send(name=name)
        codes.append(code_in(campaign.sink.mails[-1]))
    assert all(len(code.replace(" ", "")) == one_time_codes.DIGITS for code in codes)
    client.post("/code", data={"code": codes[0]})
    campaign.work()
    answers, said = [], []
    for code in codes:
        forget_all(campaign.app)
        with recorded(campaign.app) as statements:
            answers.append(client.post("/code", data={"code": code}))
        said.append(statements)
    assert asked(said[0]) == asked(said[1])
    assert WORDS.sub("", answers[0].text) == WORDS.sub("", answers[1].text)
    assert answers[0].status_code == answers[1].status_code == 200
    slip = codes[0][:-1] + str((int(codes[0][-1]) + 1) % 10)
    assert client.post("/code", data={"code": slip}).status_code == 422
    days.at(2)
    ended = [client.post("/code", data={"code": code}) for code in codes]
    assert [answer.status_code for answer in ended] == [422, 422]
    assert ended[0].text.replace(codes[0], "") == ended[1].text.replace(codes[1], "")


@pytest.mark.night
def test_as_many_mails_come_whatever_a_mailbox_was_sent_on_other_days(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    for _each in range(5):
        assert len(world.send()) == 1
    days.at(1)
    came = [
        sum(len(world.send(email=address)) for _each in range(MOST_PER_ADDRESS_AND_DAY + 3))
        for address in ("one@read.example.org", "fresh@read.example.org")
    ]
    assert came == [MOST_PER_ADDRESS_AND_DAY, MOST_PER_ADDRESS_AND_DAY]
    # One cap for all statements, and for all spellings that may be one mailbox.
    campaign.statement("plain")
    for slug, address in (("free", "O.N.E+tag@Read.example.org"), ("plain", "o.ne@read.example.org")):
        client.post(f"/s/{slug}/sign", data=form(email=address))
    before = len(campaign.sink.mails)
    campaign.work()
    assert len(campaign.sink.mails) == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A.B+list@Post.example.org", "ab@post.example.org"),
        ("a.b@ya.ru", "a-b+x@yandex.by"),
        ("x.y@googlemail.com", "XY+1@gmail.com"),
    ],
)
def test_the_coarse_form_takes_spellings_of_one_mailbox_together(one: str, other: str) -> None:
    assert coarse(one) == coarse(other)
    assert coarse(coarse(one)) == coarse(one)


def test_an_organisation_signs_in_public_and_one_that_was_held_keeps_no_place(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    campaign.organisation("Test League", "league.example.org")
    seen = []
    for slug, past in (("xheldx", True), ("ynewy", False)):
        world = World(campaign, slug, f"{slug}@league.example.org")
        refused = client.post(f"/s/{slug}/sign", data=organisation_form(email=world.read, visibility="team"))
        assert refused.status_code == 422 and "in public or not at all" in refused.text
        if past:
            # A field that people do not see is filled in: it waits for the team.
            (link,) = world.send(kind="organisation", reference="filled in")
            world.press(link)
        else:
            (link,) = world.send(name="Somebody Else", reference="filled in")
            world.press(link)
        forget(world)
        (claim,) = world.send(kind="organisation")
        world.press(claim)
        with campaign.app.app_context(), writing() as session:
            statement = session.scalars(select(Statement).where(Statement.slug == slug)).one()
            lifecycle.close(session, statement)
        days.at(2)
        world.look()
        days.at(0)
        seen.append([line for line in world.seen if line[0] in ("numbers", "api", "button")])
        assert "Test League" in str(seen[-1])
    assert seen[0] == seen[1]


def test_a_click_is_one_signature_and_counts_from_when_it_was_made(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    (link,) = world.send(name="Anna Example")
    for _each in range(3):
        assert client.post(link, data={"action": "confirm"}).status_code == 200
    with campaign.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ConfirmationRequest)) == 1
        with writing() as session:
            lifecycle.close(session, session.scalars(select(Statement)).one())
    # No worker ran for days; what was acknowledged is kept.
    days.at(9)
    for _each in range(2):
        campaign.work()
    assert campaign.counts() == (1, 0)
    with campaign.app.app_context():
        signature = db.session.scalars(select(Signature)).one()
        assert (signature.name, signature.confirmed_at.date()) == ("Anna Example", START.date())
        for model in (Submission, ConfirmationRequest, LinkKey):
            assert db.session.scalars(select(model)).all() == []


@pytest.mark.parametrize("day", [3, 9])
def test_a_click_is_kept_whichever_job_of_a_worker_that_was_away_comes_first(
    campaign: Campaign, days: Days, client: FlaskClient, day: int
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    (link,) = world.send(name="Anna Example")
    world.send(name="Boris Example")
    assert client.post(link, data={"action": "confirm"}).status_code == 200
    days.at(day)
    with campaign.app.app_context():
        for job in ("retention", "confirmations", "retention"):
            worker.jobs(campaign.app)[job].run()
        assert db.session.scalars(select(Signature.name)).all() == ["Anna Example"]
        for model in (Submission, ConfirmationRequest, LinkKey):
            assert db.session.scalars(select(model)).all() == []


def test_a_button_pressed_too_late_keeps_no_form(campaign: Campaign, days: Days, client: FlaskClient) -> None:
    world = World(campaign, "free", "one@read.example.org")
    (link,) = world.send(name="Anna Example")
    days.at(3)
    client.post(link, data={"action": "confirm"})
    with campaign.app.app_context():
        worker.jobs(campaign.app)["retention"].run()
        assert db.session.scalars(select(Submission)).all() == []


def test_links_and_names_count_the_same_days() -> None:
    assert LINK_DAYS == GOOD_DAYS


def test_a_click_after_the_demands_have_changed_is_for_the_text_that_was_read(
    campaign: Campaign, days: Days, client: FlaskClient
) -> None:
    world = World(campaign, "free", "one@read.example.org")
    links = [*world.send(name="Anna Example"), *world.send(name="Boris Example")]
    world.press(links[0])
    campaign.published(Change.MATERIAL, StatementText("en", "Free them all", "Now!"))
    forget(world)
    for link in links:
        world.press(link)
    assert world.seen[:2] == world.seen[2:]
    with campaign.app.app_context():
        agreed = db.session.execute(text("SELECT count(*), count(DISTINCT revision_id) FROM assents")).one()
        assert tuple(agreed) == (2, 1)


def test_nothing_that_is_kept_was_made_from_the_mailbox(campaign: Campaign, days: Days) -> None:
    world = World(campaign, "free", "one@read.example.org")
    for fields in (
        {"name": "Anna Example"},
        {"kind": "organisation"},
        {"name": "Boris", "visibility": "team"},
    ):
        (link,) = world.send(**fields)
        world.press(link)
    with campaign.app.app_context():
        key = statement_key(db.session(), db.session.scalars(select(Statement.id)).one())
        written = {world.read, canonical(world.read), coarse(world.read)}
        purposes = ("mailbox", "mails", "invited", "claimed organisation")
        marks = {keyed_hash(key, purpose, each) for purpose in purposes for each in written}
        marks |= {one for purpose in purposes for each in written for one in vault().indexes(purpose, each)}
        mailbox = keyed_hash(key, "mailbox", canonical(world.read))
        marks.add(keyed_hash(key, "claimed organisation", f"{mailbox.hex()} test league"))
        for table in db.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    kept = {bytes(value) for value in db.session.scalars(select(column)) if value is not None}
                    assert not kept & marks, column
        seats = db.session.execute(select(Signature.mailbox_index, Signature.seat)).tuples()
        assert set(seats) == {(None, None)}


def test_how_the_list_was_made_says_so(campaign: Campaign, days: Days, client: FlaskClient) -> None:
    World(campaign, "free", "one@read.example.org")
    campaign.statement("plain")
    guarded, plain = (client.get(f"/s/{slug}/how-this-list-was-made").text for slug in ("free", "plain"))
    assert (
        "one mailbox can have confirmed more than one name" in guarded
        and "Everyone counts once" not in guarded
    )
    assert "one mailbox can have" not in plain and "Everyone counts once" in plain
    said = client.get("/s/free").text
    assert "can find out that an e-mail from us came today" in said
