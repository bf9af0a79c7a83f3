"""A release campaign for everyone who was a political prisoner of Belarus at one time: its page, and a
search.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time

from flask import Flask
from flask.testing import FlaskClient

from benchmarks.people import countries, person
from benchmarks.table import CAMPAIGN, CAMPAIGN_DERIVED, CAMPAIGN_SEARCH, Measured, Results
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.people import operations as case_files
from campaign.people import timeline
from campaign.people.dates import When
from campaign.people.detention import Length
from campaign.people.operations import CaseFileContent, Told
from campaign.people.timeline import Event, Words
from campaign.people.vocabulary import EventKind, Wish
from campaign.statements import operations
from campaign.statements.models import Kind, Signers
from campaign.statements.operations import StatementText
from campaign.statements.people import add_person

_SLUG = "everyone"
# One of them, as a reader might have met the name.
_SPELLINGS = ("прыклад 777", "pryklad 777", "Прыкладаў 777", "SAMPLE 777")

_LENGTH = {EventKind.SENTENCE: Length(5)}
_WORDS = {"en": Words("Article 1")}


def measure(app: Flask, people: int, rounds: int) -> Results:
    """Seconds until the page is made for its first visitor, and until a search is answered (slowest
    spelling).
    """
    with app.app_context():
        _fill(people)

    client = app.test_client()
    first = [_first_view(app, client) for _round in range(rounds)]
    # Another visitor changed something: all cases but one are still derived.
    again = [_view(app, client) for _round in range(rounds)]
    found = {
        words: statistics.median(_took(client, f"/s/{_SLUG}/people?q={words}") for _round in range(rounds))
        for words in _SPELLINGS
    }
    slowest = max(found, key=lambda words: found[words])

    return {
        CAMPAIGN: Measured(1_000 * statistics.median(again)),
        CAMPAIGN_DERIVED: Measured(1_000 * statistics.median(first)),
        CAMPAIGN_SEARCH: Measured(1_000 * found[slowest], f"the slowest of {len(found)} spellings"),
    }


def _first_view(app: Flask, client: FlaskClient) -> float:
    """Seconds of the first view of a day and of a process: nothing is derived yet."""
    forget_all(app)
    return _view(app, client)


def _view(app: Flask, client: FlaskClient) -> float:
    app.extensions["page_cache"].clear()
    return _took(client, f"/s/{_SLUG}")


def _took(client: FlaskClient, address: str) -> float:
    begun = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} is answered with {answer.status_code}.")
    return time.perf_counter() - begun


def _fill(people: int) -> None:
    chance = random.Random(6)
    arrests = dt.date(2020, 8, 9)
    with writing() as session:
        made = operations.create_statement(
            session,
            operations.StatementSettings(_SLUG, Kind.RELEASE_CAMPAIGN, Signers.BOTH),
            [StatementText("en", "Free everyone", "Each of them.\n\nAll of them.")],
        )
        operations.publish(session, made)
        for number, country in enumerate(countries(chance, people)):
            name = person(chance, country)[0]
            files = CaseFileContent(
                {
                    "en": f"{name} Sample {number}",
                    "be": f"{name} Прыклад {number}",
                    "be-Latn": f"{name} Pryklad {number}",
                },
                aliases=[f"Прыкладаў {number}"],
                texts={"en": Told(role="teacher", life="A life.")},
            )

            case = case_files.enter_person(session, files, slug=f"person-{number}")
            case_files.wish(session, case, Wish.FULL, "the family", "the team", dt.date(2024, 1, 1))
            day = arrests + dt.timedelta(days=chance.randrange(1_500))
            story = [
                (EventKind.SEARCH, 0),
                (EventKind.ARREST, 0),
                (EventKind.CHARGE, 9),
                (EventKind.TRIAL, 200),
                (EventKind.VERDICT, 230),
            ]

            story += [(EventKind.SENTENCE, 230), (EventKind.APPEAL, 300), (EventKind.TRANSFER, 320)]
            story += [(EventKind.RELEASE, 600)] if number % 4 == 0 else []
            events = [
                Event(kind, When(day + dt.timedelta(days=after)), _LENGTH.get(kind), words=_WORDS)
                for kind, after in story
            ]
            timeline.replace_timeline(session, case, events)
            case_files.confirm_status(session, case, clock.today())
            add_person(session, made, case.id)
