"""A site with something behind every address, so that a guard can walk all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.extensions import db

READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Address:
    """One address as it is called: `path` has something behind it."""

    endpoint: str
    path: str

    @property
    def of_team(self) -> bool:
        """True under /desk."""
        return self.path.startswith("/desk")


@dataclass(slots=True)
class House:
    """The app, its owner's browser, a stranger's browser, and a value for every variable part of an address.

    `values` has them by the name of the part, or by endpoint and part where another one is needed.
    """

    app: Flask
    team: FlaskClient
    stranger: FlaskClient
    values: dict[str, str]
    pending: str = ""
    code: str = ""
    more: list[str] = field(default_factory=list)

    def addresses(self, method: str) -> Iterator[Address]:
        """Every rule of the map that takes `method`.

        A part without a value fails: a new route is not forgotten.
        """
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            if method in (rule.methods or ()):
                arguments = {part: self._value(rule.endpoint, part) for part in rule.arguments}
                yield Address(rule.endpoint, adapter.build(rule.endpoint, arguments, method=method))

    def browser(self, address: Address) -> FlaskClient:
        """Who opens this address: the owner under /desk, a stranger elsewhere."""
        return self.team if address.of_team else self.stranger

    def _value(self, endpoint: str, part: str) -> str:
        value = self.values.get(f"{endpoint}.{part}", self.values.get(part))
        assert value is not None, f"say in tests/world/house.py with which {part} {endpoint} is to be called"
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What one browser got at one address. `endpoint` is empty for addresses beyond the map."""

    method: str
    path: str
    endpoint: str
    by_team: bool
    response: TestResponse


@dataclass(frozen=True, slots=True)
class Walk:
    """Every address of the house, opened once by each reading method, in the owner's browser and in a
    stranger's; all rows before and after.
    """

    answers: list[Answer]
    before: dict[str, list[str]]
    after: dict[str, list[str]]

    def seen(self, *methods: str) -> list[Answer]:
        """Each address by these methods as those open it for whom it is: the owner under /desk, a stranger
        elsewhere.
        """
        return [
            one
            for one in self.answers
            if one.method in methods and one.by_team is (one.path.startswith("/desk/") and bool(one.endpoint))
        ]


def walk(house: House) -> Walk:
    """Open everything."""
    before, answers = rows(house.app), []
    for method in READING:
        places = [(address.path, address.endpoint) for address in house.addresses(method)] + [
            (path, "") for path in house.more
        ]
        for path, endpoint in places:
            for browser in (house.stranger, house.team):
                response = browser.open(path, method=method, buffered=True)
                answers.append(Answer(method, path, endpoint, browser is house.team, response))
    return Walk(answers, before, rows(house.app))


def rows(app: Flask) -> dict[str, list[str]]:
    """All that stands in all tables."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in db.metadata.sorted_tables
        }
