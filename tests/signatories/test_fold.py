"""The fold lists what was confirmed, counts what is listed, and can't drift."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from campaign.core import worker
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.extensions import db
from campaign.signatories import listing
from campaign.signatories.queries import counts_of
from campaign.signatures.models import Signature
from campaign.signatures.states import accept, hide, withdraw
from tests.support import Campaign, PublicClient, organisation_form
from tests.world.addresses import rows

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.usefixtures("app")]


def test_positions_are_given_in_order_and_never_twice(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    links = [campaign.signed(name=f"Person {letter}", email=f"{letter}@post.example.org") for letter in "abc"]
    client.post(links[1], data={"action": "withdraw"})
    campaign.work()
    campaign.signed(name="Person d", email="d@post.example.org")
    lines = client.get("/api/v1/statements/free/signatures").get_json()["signatures"]
    assert [line["position"] for line in lines] == [1, 3, 4]
    assert campaign.counts() == (3, 0)


def test_each_fold_raises_the_version_and_rest_does_not(app: Flask, campaign: Campaign) -> None:
    statement_id = campaign.statement()
    campaign.signed()
    with app.app_context():
        version = counts_of(statement_id).version
        listing.fold()
        assert counts_of(statement_id).version == version == 1


def test_hiding_takes_off_the_list_and_showing_brings_back(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    row = campaign.signature(campaign.signed(name="Hidden Person")).id
    for act, counts in ((hide, (0, 0)), (accept, (1, 0))):
        with app.app_context(), writing() as session:
            act(session, session.get_one(Signature, row))
        campaign.work()
        assert campaign.counts() == counts
        assert ("Hidden Person" in client.get("/s/free").text) is bool(counts[0])


def test_a_wrong_count_is_found_and_repaired(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    campaign.signed()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["campaign", "verify-counts"]).exit_code == 0
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE signatory_lists SET people = 0"))
    assert runner.invoke(args=["campaign", "verify-counts"]).exit_code == 1
    assert runner.invoke(args=["campaign", "verify-counts", "--repair"]).exit_code == 0
    assert campaign.counts() == (1, 0)


def test_two_workers_fold_at_once_and_count_once(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    for number in range(6):
        link = campaign.submit(name=f"Person {'abcdef'[number]}", email=f"p{number}@post.example.org")
        app.test_client().post(link)

    def folding() -> None:
        with app.app_context():
            listing.fold()

    threads = [threading.Thread(target=folding) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    campaign.work()
    assert campaign.counts() == (6, 0)


def test_two_hundred_confirmations_at_once_make_one_signature(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    links = [campaign.submit(name="Anna", email="anna@post.example.org") for _ in range(3)]
    barrier = threading.Barrier(20)
    answers: list[int] = []

    def clicking(number: int) -> None:
        client = PublicClient(app, use_cookies=False)
        barrier.wait()
        for turn in range(10):
            answers.append(client.post(links[(number + turn) % 3]).status_code)

    threads = [threading.Thread(target=clicking, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    campaign.work()
    assert set(answers) == {303}
    assert len(answers) == 200
    assert campaign.counts() == (1, 0)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 1


def test_names_of_one_mailbox_confirmed_at_once_take_two_seats(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    links = [
        campaign.submit(name=name, email="family@post.example.org") for name in ("Anna", "Boris", "Vera")
    ]
    answers: list[int] = []
    barrier = threading.Barrier(3)

    def clicking(link: str) -> None:
        client = PublicClient(app, use_cookies=False)
        barrier.wait()
        answers.append(client.post(link).status_code)

    threads = [threading.Thread(target=clicking, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    campaign.work()
    assert sorted(answers) == [303, 303, 409]
    assert campaign.counts() == (2, 0)


def test_between_an_act_and_the_fold_nothing_drifts(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    row = campaign.signature(campaign.signed()).id
    with app.app_context():
        with writing() as session:
            hide(session, session.get_one(Signature, row))
        assert listing.drifts() == []
    app.test_client().post(campaign.submit(name="Boris Example", email="boris@post.example.org"))
    with app.app_context():
        assert listing.drifts() == []


def test_a_repair_between_an_act_and_the_fold_counts_nobody_twice(app: Flask, campaign: Campaign) -> None:
    statement_id = campaign.statement()
    row = campaign.signature(campaign.signed()).id
    campaign.signed(name="Boris Example", email="boris@post.example.org")
    with app.app_context():
        with writing() as session:
            hide(session, session.get_one(Signature, row))
        with writing() as session:
            listing.recount(session, statement_id)
        assert (counts_of(statement_id).people, counts_of(statement_id).organisations) == (1, 0)
        listing.fold()
    assert campaign.counts() == (1, 0)


def test_a_number_kept_past_the_fold_is_taken_away_by_a_repair(app: Flask, campaign: Campaign) -> None:
    statement_id = campaign.statement()
    row = campaign.signature(campaign.signed()).id
    with app.app_context():
        with writing() as session:
            hide(session, session.get_one(Signature, row))
            session.execute(text("UPDATE signatures SET folded = true"))
        assert [drift.listed for drift in listing.drifts()] == [(0, 0)]
        with writing() as session:
            listing.recount(session, statement_id)
        assert db.session.get_one(Signature, row).position is None
        assert listing.drifts() == []


def test_a_statement_that_can_not_be_folded_keeps_no_other_from_it_and_is_shown(
    app: Flask, campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    campaign.statement("broken")
    link = campaign.signed("broken")
    campaign.statement("well")
    well = campaign.submit("well", name="Boris Example", email="boris@post.example.org")
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE signatory_lists SET people = 0"))
    client.post(link, data={"action": "withdraw"})
    client.post(well)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(app, stop))
    thread.start()
    try:
        assert _until(lambda: campaign.counts("well") == (1, 0) and client.get("/readyz").status_code == 503)
        assert "A task of the worker is failing" in team.get("/desk/").text
        app.test_cli_runner().invoke(args=["campaign", "verify-counts", "--repair"])
        assert _until(lambda: "A task of the worker is failing" not in team.get("/desk/").text)
    finally:
        stop.set()
        thread.join(30)
    assert campaign.counts("broken") == (0, 0)


def test_whatever_stops_one_statement_is_told_without_its_words(
    app: Flask, campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement_ids = [campaign.statement(slug) for slug in ("first", "broken", "last")]
    for link in [campaign.submit(slug) for slug in ("first", "broken", "last")]:
        client.post(link)
    well = listing.fold_statement

    def fold_or_fail(session: Session, statement_id: int) -> int:
        if statement_id == statement_ids[1]:
            raise LookupError("anna@post.example.org")
        return well(session, statement_id)

    monkeypatch.setattr(listing, "fold_statement", fold_or_fail)
    with app.app_context(), pytest.raises(worker.PartlyDone) as told:
        listing.fold()
    assert str(told.value) == f"statement {statement_ids[1]}"
    assert [campaign.counts(slug) for slug in ("first", "broken", "last")] == [(1, 0), (0, 0), (1, 0)]
    monkeypatch.undo()
    campaign.work()
    assert campaign.counts("broken") == (1, 0)


def _until(holds: Callable[[], bool]) -> bool:
    for _try in range(100):
        if holds():
            return True
        time.sleep(0.1)
    return False


# Of PostgreSQL tests/security/test_s07_s08_bytes.py reads every stored value.
@pytest.mark.databases("sqlite")
def test_a_withdrawn_name_is_nowhere_in_the_files_of_the_database(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    canary = "Zyzzyva Quokkason"
    links = [campaign.signed(name=canary)]
    # Enough of them that what SQLite moves from page to page leaves nothing behind either.
    with app.app_context(), writing() as session:
        signature = session.scalars(select(Signature)).one()
        kept = {column.name: getattr(signature, column.name) for column in Signature.__table__.columns}
        many = [
            kept | {"id": new_id(), "mailbox_index": new_id().bytes, "position": None, "folded": False}
            for _ in range(500)
        ]
        session.execute(insert(Signature), [row | {"state": "confirmed"} for row in many])
    campaign.work()
    assert _is_kept(app, canary)
    client.post(links[0], data={"action": "withdraw"})
    with app.app_context(), writing() as session:
        for row in many:
            withdraw(session, session.get_one(Signature, row["id"]))
    worker.run_once(app)
    assert not _is_kept(app, canary)


def test_the_name_of_an_organisation_that_withdrew_is_nowhere_either(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.signed(
        **organisation_form(organisation="Zyzzyva Quokkas", email="office@quokkas.example.org")
    )
    client.post(link, data={"action": "withdraw"})
    worker.run_once(app)
    assert not _is_kept(app, "Zyzzyva Quokkas")


def _is_kept(app: Flask, name: str) -> bool:
    """True when `name` stands in a row, or anywhere in the files of SQLite."""
    with app.app_context():
        if any(name in row for table in rows(app).values() for row in table):
            return True
        if db.engine.dialect.name != "sqlite":
            return False
        file = Path(str(db.engine.url.database))
        files = [path.read_bytes() for path in file.parent.glob(f"{file.name}*")]
    return any(name.encode() in content for content in files)
