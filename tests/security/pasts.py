"""What an address did before, and all that could tell of it: the answer, and the SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from campaign.extensions import db

PAST = ("new", "pending", "confirmed", "withdrawn", "bounced", "suppressed", "held", "capped")


@contextmanager
def recorded(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement in order, with the number of its parameters."""
    said: list[str] = []

    def hear(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        # How a connection of the pool was left says nothing of an address.
        if not statement.startswith("PRAGMA query_only"):
            said.append(f"{statement} {len(parameters)} {many}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def masked(response: TestResponse, address: str) -> bytes:
    """Status, headers and body, without what is random, and without the address itself, which the form
    repeats.
    """
    whole = f"{response.status}\n{response.headers}\n{response.text}".replace(address, "ADDRESS")
    whole = re.sub(r"Content-Length: \d+\r\n", "", whole)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", whole).encode()
