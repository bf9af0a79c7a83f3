"""`benchmarks/fill.py SLUG N`: fill a statement with N listed signatures straight into the database.

Settings come from the environment. The result is as the fold leaves it: numbered, counted, in the registry.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from benchmarks import people
from benchmarks.bulk import as_stored, insert_rows
from benchmarks.people import Country
from campaign import create_app
from campaign.core import clock
from campaign.core.database import insert_unless_taken, writing
from campaign.core.ids import new_id
from campaign.core.search import search_key
from campaign.core.text import make_slug
from campaign.organisations.models import Organisation, OrganisationName
from campaign.signatories.models import SignatoryList
from campaign.signatures.fields import NOTICE
from campaign.signatures.models import Assent, SignatoryKind, Signature, State, Visibility
from campaign.signatures.names import name_columns
from campaign.signatures.organisation_identity import organisation_index
from campaign.statements.queries import signing_terms, statement_key

AT_ONCE = 20_000
# One organisation to 99 people; 3 people in a hundred show their name to the team only, 2 are only counted.
_ORGANISATION_EVERY = 100
_VISIBILITIES = (Visibility.PUBLIC,) * 95 + (Visibility.TEAM,) * 3 + (Visibility.COUNTED,) * 2
# The number of invented people; the list repeats them, like namesakes.
_POOL = 5_000
_MOMENTS = 1_000
_OVER = dt.timedelta(days=30)

_SHARED: dict[str, Any] = {
    "state": "listed",
    "provenance": "web",
    "notice": NOTICE,
    "language": "en",
    "wants_updates": False,
    "folded": True,
}
_NAMED = (
    "name",
    "organisation_name",
    "title",
    "website",
    "city",
    "sort_key",
    "search_key",
    "sealed",
    "organisation_id",
)
_SIGNATORY = ("kind", "visibility", "country", *_NAMED)
_COLUMNS = (
    "id",
    "position",
    "confirmed_at",
    "mailbox_index",
    "seat",
    "organisation_index",
    *_SIGNATORY,
    *_SHARED,
    "statement_id",
)
_SIGNATURES = cast(Table, Signature.__table__)
_ASSENTS = cast(Table, Assent.__table__)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented signatory; `columns` are those of _SIGNATORY, or None for a name that is sealed for its
    row.
    """

    country: str
    names: dict[str, str]
    columns: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Target:
    """The statement to fill, its newest revision, and its encryption key."""

    statement_id: int
    revision_id: int
    key: bytes


def fill(slug: str, number: int) -> None:
    """List `number` more signatures, some thousands in a transaction.

    Raises SystemExit when there is no such published statement.
    """
    chance = random.Random(number)
    pool = [_think_up(chance, country) for country in people.countries(chance, _POOL)]
    begun = clock.now() - _OVER
    moments = [begun + _OVER * step / _MOMENTS for step in range(_MOMENTS)]
    for done in range(0, number, AT_ONCE):
        part = min(number - done, AT_ONCE)
        with writing() as session:
            times = [moments[(done + place) * _MOMENTS // number] for place in range(part)]
            _fill_part(session, _target(session, slug), chance, chance.choices(pool, k=part), times)


def _think_up(chance: random.Random, country: Country) -> Person:
    name, city = people.person(chance, country)
    visibility = chance.choice(_VISIBILITIES)
    names = {"name": name, "city": city}
    columns = (
        None
        if visibility is Visibility.TEAM
        else _signatory(new_id(), SignatoryKind.PERSON, visibility, country.code, names)
    )
    return Person(country.code, names, columns)


def _signatory(
    signature_id: uuid.UUID, kind: SignatoryKind, visibility: Visibility, country: str, names: dict[str, Any]
) -> tuple[Any, ...]:
    named = name_columns(signature_id, kind, visibility, State.LISTED, names)
    return (str(kind), str(visibility), country, *(named[column] for column in _NAMED))


def _target(session: Session, slug: str) -> Target:
    terms = signing_terms(slug)
    if terms is None or terms.revision_id is None:
        raise SystemExit(f"There is no published statement “{slug}”: create and publish it first.")
    return Target(terms.id, terms.revision_id, statement_key(session, terms.id))


def _fill_part(
    session: Session,
    target: Target,
    chance: random.Random,
    signers: Sequence[Person],
    times: Sequence[dt.datetime],
) -> None:
    insert_unless_taken(
        session,
        cast(Table, SignatoryList.__table__),
        {"statement_id": target.statement_id},
        ("statement_id",),
    )
    roll = session.get_one(SignatoryList, target.statement_id, with_for_update=True, populate_existing=True)
    first = roll.last_position + 1
    organised = [place for place in range(len(signers)) if (first + place) % _ORGANISATION_EVERY == 0]
    # In the order of the ids, so that the index grows at its end.
    ids = sorted((new_id() for _signer in signers), key=lambda signature_id: signature_id.int)
    columns = [
        signer.columns
        or _signatory(signature_id, SignatoryKind.PERSON, Visibility.TEAM, signer.country, signer.names)
        for signature_id, signer in zip(ids, signers, strict=True)
    ]
    indexes: dict[int, bytes] = {}
    for place, (organisation_id, names) in zip(
        organised, _register(session, chance, [signers[place] for place in organised]), strict=True
    ):
        indexes[place] = organisation_index(target.key, organisation_id)
        columns[place] = _signatory(
            ids[place], SignatoryKind.ORGANISATION, Visibility.PUBLIC, signers[place].country, names
        )

    _insert(session, target, first, ids, times, columns, indexes)
    roll.organisations += len(organised)
    roll.people += len(signers) - len(organised)
    roll.last_position += len(signers)
    roll.version += 1
    roll.changed_at = clock.now()


def _insert(
    session: Session,
    target: Target,
    first: int,
    ids: Sequence[uuid.UUID],
    times: Sequence[dt.datetime],
    columns: Sequence[tuple[Any, ...]],
    indexes: Mapping[int, bytes],
) -> None:
    signature_ids = list(map(as_stored(session, _SIGNATURES, "id"), ids))
    moments = list(map(as_stored(session, _SIGNATURES, "confirmed_at"), times))
    ending = (*_SHARED.values(), target.statement_id)
    rows = [
        (
            signature_id,
            first + place,
            moment,
            os.urandom(32),
            None if place in indexes else 1,
            indexes.get(place),
            *signatory,
            *ending,
        )
        for place, (signature_id, moment, signatory) in enumerate(
            zip(signature_ids, moments, columns, strict=True)
        )
    ]

    insert_rows(session, _SIGNATURES, _COLUMNS, rows)
    day = as_stored(session, _ASSENTS, "day")(clock.today())
    insert_rows(
        session,
        _ASSENTS,
        ("signature_id", "revision_id", "day"),
        [(signature_id, target.revision_id, day) for signature_id in signature_ids],
    )


def _register(
    session: Session, chance: random.Random, representatives: Sequence[Person]
) -> list[tuple[int, dict[str, Any]]]:
    """Enter one organisation for each person.

    Returns, in the same order, its id and what name_columns() needs.
    """
    if not representatives:
        return []

    first = (session.scalar(select(func.max(Organisation.id))) or 0) + 1
    titles = [people.organisation(chance, number) for number in range(first, first + len(representatives))]
    now = clock.now()
    entries = [
        {"slug": make_slug(title), "country": person.country, "created_at": now}
        for title, person in zip(titles, representatives, strict=True)
    ]
    organisation_ids = list(
        session.scalars(
            insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True), entries
        )
    )
    known = [
        {
            "organisation_id": organisation_id,
            "language": "en",
            "name": title,
            "canonical": True,
            "search_key": search_key(title),
        }
        for organisation_id, title in zip(organisation_ids, titles, strict=True)
    ]

    session.execute(insert(OrganisationName), known)

    return [
        (
            organisation_id,
            {
                "organisation_name": title,
                "name": person.names["name"],
                "title": "Director",
                "organisation_id": organisation_id,
            },
        )
        for organisation_id, title, person in zip(organisation_ids, titles, representatives, strict=True)
    ]


def main() -> None:
    """Read the command line, fill, and print how fast it went."""
    parser = argparse.ArgumentParser(description="Fill a statement with listed signatures, for measuring.")
    parser.add_argument("slug", help="the statement, which must be published")
    parser.add_argument("number", type=int, help="how many signatures to add")
    arguments = parser.parse_args()
    if arguments.number < 1:
        parser.error("N is a number above 0")
    with create_app().app_context():
        begun = time.perf_counter()
        fill(arguments.slug, arguments.number)
        took = time.perf_counter() - begun
    print(f"{arguments.number} signatures in {took:.1f} s, {arguments.number / took:,.0f}/s")


if __name__ == "__main__":
    main()
