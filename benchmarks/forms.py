"""Signing under load: form and confirmation beside the reference, which takes the same forms."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select

from benchmarks import people
from benchmarks.load import Load, post
from benchmarks.table import BARE, CONFIRM, SIGN, Measured, Results, beside
from campaign.core import tokens
from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import SignatoryKind, Signature, Submission, Visibility
from campaign.signing import terms_cache
from campaign.signing.submissions import submit

# More than any machine answers in a second.
_FORMS_A_SECOND = 6_000
_CONFIRMATIONS_A_SECOND = 3_000
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """The target of a load: the statement, the ports of site and reference, seconds for each load, and
    rounds.
    """

    slug: str
    site: int
    bare: int
    seconds: int
    rounds: int
    folder: Path


def measure(place: Place) -> Results:
    """Rates of reference, form and confirmation in turn, so that all meet the same machine.

    Needs the context of the site, and no worker.
    """
    rates = [_round(place, f"round{number}") for number in range(place.rounds)]
    bare, signed, confirmed = zip(*rates, strict=True)
    return {
        BARE: Measured(statistics.median(bare)),
        SIGN: beside(signed, bare),
        CONFIRM: beside(confirmed, bare),
    }


def filled_form(chance: random.Random, name: str) -> dict[str, str]:
    """The form as a person fills it in; `name` makes the address unique."""
    [country] = people.countries(chance, 1)
    named, city = people.person(chance, country)
    typed = {
        "kind": "person",
        "name": named,
        "email": f"{name}@post.example.org",
        "country": country.code,
        "city": city,
    }
    return typed | {"visibility": "public", "consent": "y"}


def _round(place: Place, name: str) -> tuple[float, float, float]:
    chance = random.Random(name)
    forms = [
        urlencode(filled_form(chance, f"{name}-{number}"))
        for number in range(round(place.seconds * _FORMS_A_SECOND))
    ]
    links = _links(place.slug, name, round(place.seconds * _CONFIRMATIONS_A_SECOND))

    return (
        post(place.bare, [("/insert", form) for form in forms], place.seconds, place.folder).rate,
        _kept(
            Submission,
            lambda: post(
                place.site, [(f"/s/{place.slug}/sign", form) for form in forms], place.seconds, place.folder
            ),
        ),
        _kept(
            Signature,
            lambda: post(
                place.site, [(link, "action=confirm") for link in links], place.seconds, place.folder
            ),
        ),
    )


def _kept(model: type[Submission] | type[Signature], run: Callable[[], Load]) -> float:
    """The rate of a load that writes one row for each answer. Raises SystemExit when a row is missing."""
    before = _rows(model)
    done = run()
    kept = _rows(model) - before
    if kept < done.answers:
        raise SystemExit(f"{done.answers} answers, but only {kept} rows in {model.__tablename__}.")
    return done.rate


def _rows(model: type[Submission] | type[Signature]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def _links(slug: str, name: str, number: int) -> list[str]:
    """The paths of `number` links that wait for their confirmation, as submitted with the form."""
    signing = terms_cache.current(slug)
    assert signing is not None
    made: list[str] = []
    for start in range(0, number, _AT_ONCE):
        with writing() as session:
            for place in range(start, min(start + _AT_ONCE, number)):
                fields = SubmittedFields(
                    SignatoryKind.PERSON,
                    Visibility.PUBLIC,
                    f"link-{name}-{place}@post.example.org",
                    "PL",
                    f"Anna {name} {place}",
                )
                submission_id = submit(session, signing.place, fields, "en")
                made.append(f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, submission_id)}")

    return made
