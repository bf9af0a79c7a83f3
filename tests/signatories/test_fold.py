"""The fold lists what was confirmed, counts what is listed, and can't drift."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatories import operations
from campaign.signatories.queries import counts_of
from campaign.signing.models import Signature
from campaign.signing.operations import hide, show_again
from tests.support import Campaign, PublicClient

pytestmark = pytest.mark.usefixtures("app")


def test_positions_are_given_in_order_and_never_twice(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    links = [campaign.sign(name=f"Person {letter}", email=f"{letter}@post.example.org") for letter in "abc"]
    client.post(links[1], data={"action": "withdraw"})
    campaign.work()
    campaign.sign(name="Person d", email="d@post.example.org")
    lines = client.get("/api/v1/statements/free/signatures").get_json()["signatures"]
    assert [line["position"] for line in lines] == [1, 3, 4]
    assert campaign.counts() == (3, 0)


def test_each_fold_raises_the_version_and_rest_does_not(app: Flask, campaign: Campaign) -> None:
    key = campaign.statement()
    campaign.sign()
    with app.app_context():
        version = counts_of(key).version
        operations.fold()
        assert counts_of(key).version == version == 1


def test_hiding_takes_off_the_list_and_showing_brings_back(app: Flask, campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    row = campaign.signature(campaign.sign(name="Hidden Person")).id
    for act, counts in ((hide, (0, 0)), (show_again, (1, 0))):
        with app.app_context(), writing() as session:
            act(session, session.get_one(Signature, row))
        campaign.work()
        assert campaign.counts() == counts
        assert ("Hidden Person" in client.get("/s/free").text) is bool(counts[0])


def test_a_wrong_count_is_found_and_repaired(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    campaign.sign()
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
            operations.fold()

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
    links = [campaign.submit(name=name, email="family@post.example.org") for name in ("Anna", "Boris", "Vera")]
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
