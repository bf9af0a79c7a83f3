"""Builders of case files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask
from sqlalchemy import select

from campaign.core.database import writing
from campaign.people import operations, timeline
from campaign.people.dates import parse
from campaign.people.detention import Length
from campaign.people.models import Person
from campaign.people.operations import CaseFileContent, PersonFacts, Told
from campaign.people.timeline import Event, Words
from campaign.people.vocabulary import EventKind, Wish
from campaign.statements.models import Statement
from campaign.statements.people import add_person

K = EventKind
HELD = ((K.ARREST, "2021-07-14"), (K.VERDICT, "2023-03-03"), (K.SENTENCE, "2023-03-03", Length(9)))


def person(
    app: Flask,
    name: str = "Jana Example",
    story: tuple[tuple[Any, ...], ...] = HELD,
    wish: Wish = Wish.FULL,
    *,
    confirmed: dt.date | None = None,
    names: dict[str, str] | None = None,
    words: dict[str, Words] | None = None,
    **more: Any,
) -> str:
    """A case file with its timeline. Returns its address."""
    facts = more.pop("facts", PersonFacts())
    texts = more.pop(
        "texts", {"en": Told(role="volunteer", life="She *helps*.", health="She needs glasses.")}
    )
    with app.app_context(), writing() as session:
        found = operations.enter_person(
            session, CaseFileContent(names or {"en": name}, texts=texts, facts=facts, **more)
        )
        if wish is not Wish.UNKNOWN:
            operations.wish(
                session, found, wish, "her mother, by phone", "Ina of the team", dt.date(2024, 1, 1)
            )
        events = [
            Event(line[0], parse(line[1]), line[2] if len(line) > 2 else None, words=words or {})
            for line in story
        ]
        timeline.replace_timeline(session, found, events)
        if confirmed:
            operations.confirm_status(session, found, confirmed)
        return found.slug


def join(app: Flask, statement: str, *slugs: str) -> None:
    """Let a release campaign be for these people."""
    with app.app_context(), writing() as session:
        campaign = session.scalars(select(Statement).where(Statement.slug == statement)).one()
        for slug in slugs:
            add_person(session, campaign, session.scalars(select(Person.id).where(Person.slug == slug)).one())
