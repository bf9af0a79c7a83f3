"""An outbox with rows in it, couriers to servers of our own, and a clock that moves."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing import outbox
from campaign.mailing.models import OutboxMail
from campaign.mailing.operations import Tally, enqueue
from campaign.mailing.transport import Courier
from campaign.signing import mails
from tests.mailing.servers import FaultyServer

LINK = "http://localhost/c/a-secret-token"


class Post:
    """Promises mails, lets a worker send them, and reads the outbox."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def promise(self, *addresses: str, tallies: tuple[Tally, ...] = (), days: float = 7) -> list[uuid.UUID]:
        """One mail to each address."""
        mail = mails.confirmation(link=LINK, code="1234 5678 9012")
        expires = clock.now() + dt.timedelta(days=days)
        with writing() as session:
            how: dict[str, Any] = {"language": "en", "expires_at": expires, "tallies": tallies}
            return [enqueue(session, mail, recipient=address, **how) for address in addresses]

    def courier(self, port: int, **changes: Any) -> Courier:
        """A worker's connection to the server on this port."""
        mail = copy.copy(self.app.extensions["mail"])
        for name, value in {"port": port, **changes}.items():
            setattr(mail, name, value)
        return Courier(mail)

    def deliver(self, courier: Courier) -> None:
        """Send batch after batch until nothing more is due."""
        while outbox.deliver(courier):
            pass

    def rows(self) -> list[OutboxMail]:
        """The outbox as it is now, in the order of its addresses' promise."""
        db.session.rollback()
        return list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.due_at)))

    def states(self) -> dict[uuid.UUID, str]:
        """State by row."""
        return {row.id: str(row.state) for row in self.rows()}


@pytest.fixture
def post(context: Flask) -> Post:
    """The outbox of this test."""
    return Post(context)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    """A server that does what the test says."""
    with FaultyServer() as running:
        yield running


@pytest.fixture
def later() -> Callable[..., AbstractContextManager[Any]]:
    """Move the clock: `with later(minutes=5): …`."""

    def travel(**by: float) -> AbstractContextManager[Any]:
        return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(**by), tick=True)

    return travel
