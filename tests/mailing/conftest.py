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
from sqlalchemy import Select, select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.mailing import outbox
from campaign.mailing.models import OutboxMail
from campaign.mailing.operations import Tally, enqueue
from campaign.mailing.transport import Courier
from campaign.signing import mails
from tests.mailing.servers import FaultyServer

LINK = "http://localhost/c/a-secret-token"


def row_of(handle: uuid.UUID) -> Select[uuid.UUID]:
    """The row of a mail, by what its sender keeps of it."""
    index = vault().index("handle of a mail", handle.hex)
    return select(OutboxMail.id).where(OutboxMail.handle_index == index)


def content_of(row_id: uuid.UUID) -> dict[str, Any]:
    """What a row says, opened with the keys."""
    sealed = db.session.get_one(OutboxMail, row_id).sealed or b""
    return vault().unseal_json(sealed, "outbox", "sealed", row_id)


class Post:
    """Promises mails, lets a worker send them, and reads the outbox."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def promise(self, *addresses: str, tallies: tuple[Tally, ...] = (), days: float = 7) -> list[uuid.UUID]:
        """One mail to each address. Returns the ids of their rows."""
        mail = mails.confirmation(link=LINK, code="1234 5678 9012")
        expires = clock.now() + dt.timedelta(days=days)
        with writing() as session:
            how: dict[str, Any] = {"language": "en", "expires_at": expires, "tallies": tallies}
            handles = [enqueue(session, mail, recipient=address, **how) for address in addresses]
            return [session.scalars(row_of(handle)).one() for handle in handles]

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
