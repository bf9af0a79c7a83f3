"""Several workers on one outbox: each mail goes out once, and who lost a row keeps its hands off it."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask

from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing import outbox
from campaign.mailing.models import MailState, OutboxMail
from tests.mailing.conftest import Post
from tests.mailing.servers import FaultyServer

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Later = Callable[..., AbstractContextManager[Any]]
ANNA = "anna@post.example.org"


def _worker(app: Flask, post: Post, port: int) -> threading.Thread:
    def work() -> None:
        with app.app_context():
            post.deliver(post.courier(port))

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_two_workers_send_each_of_sixty_rows_once(context: Flask, post: Post, server: FaultyServer) -> None:
    addresses = [f"signer{number}@post.example.org" for number in range(60)]
    post.promise(*addresses)
    for thread in [_worker(context, post, server.port) for _ in range(2)]:
        thread.join()
    assert Counter(server.recipients()) == Counter(addresses)
    assert set(post.states().values()) == {"sent"}
    assert {row.attempts for row in post.rows()} == {1}


def test_a_row_that_another_worker_holds_is_left_alone(
    context: Flask, post: Post, server: FaultyServer
) -> None:
    server.gate = threading.Event()
    post.promise(ANNA)
    slow = _worker(context, post, server.port)
    assert server.reached.wait(15)
    with FaultyServer() as other:
        post.deliver(post.courier(other.port))
        assert other.taken == []
    server.gate.set()
    slow.join()
    assert server.recipients() == [ANNA]


def test_a_lease_that_ran_out_is_taken_and_the_slow_worker_overwrites_nothing(
    context: Flask, post: Post, server: FaultyServer, later: Later
) -> None:
    server.gate = threading.Event()
    server.to_mail = lambda _address: "554 refused at last"
    [row] = post.promise(ANNA)
    slow = _worker(context, post, server.port)
    assert server.reached.wait(15)
    with FaultyServer() as other, later(seconds=outbox.LEASE.total_seconds() + 1):
        post.deliver(post.courier(other.port))
        assert other.recipients() == [ANNA]
    ended = post.rows()[0].ended_at
    server.gate.set()
    slow.join()
    after = post.rows()[0]
    assert (after.id, after.state, after.trouble, after.ended_at, after.attempts) == (
        row,
        MailState.SENT,
        None,
        ended,
        2,
    )


def test_a_worker_that_died_with_a_row_does_not_keep_it(
    context: Flask, post: Post, server: FaultyServer, later: Later
) -> None:
    [row] = post.promise(ANNA)
    with writing() as session:
        outbox._lease(session, row)
    post.deliver(post.courier(server.port))
    assert post.states() == {row: "sending"}
    with later(minutes=2):
        post.deliver(post.courier(server.port))
    assert (post.states(), server.recipients()) == ({row: "sent"}, [ANNA])


def test_mails_that_another_worker_is_sending_count_against_the_maximum_of_the_relay(
    context: Flask, post: Post, server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        context.extensions,
        "settings",
        dataclasses.replace(context.extensions["settings"], mail_max_per_hour=1),
    )
    server.gate = threading.Event()
    post.promise(ANNA, "borys@post.example.org")
    slow = _worker(context, post, server.port)
    assert server.reached.wait(15)
    with FaultyServer() as other:
        post.deliver(post.courier(other.port))
        assert other.taken == []
    server.gate.set()
    slow.join()
    assert len(server.taken) == 1


def test_the_clock_going_back_a_day_sends_nothing_twice(
    context: Flask, post: Post, server: FaultyServer, later: Later
) -> None:
    with later(days=1):
        post.promise(ANNA)
        post.deliver(post.courier(server.port))
    post.deliver(post.courier(server.port))
    with later(days=2):
        post.deliver(post.courier(server.port))
    assert server.recipients() == [ANNA]
    assert db.session.query(OutboxMail).count() == 1
