"""A signature is made by the same rules whatever its provenance, alone and in a set."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.moderation import watched_names
from campaign.moderation.models import Watched
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare
from campaign.signatures.from_invitation import Invited, seat_invited
from campaign.signatures.models import Provenance, SignatoryKind, Signature, Visibility
from campaign.signatures.new_signatures import (
    COLUMNS,
    NewSignature,
    insert_signature,
    insert_signatures,
    place_columns,
    signature_columns,
)
from campaign.statements.models import Statement
from tests.support import Campaign, organisation_form

# In what a signature differs by how it came here, beside its id.
BY_PROVENANCE = {
    "id",
    "provenance",
    "source",
    "notice",
    "mailbox_index",
    "seat",
    "confirmed_at",
    "folded",
    "position",
    "state",
}
PERSON = {"name": "Łukasz Żółć", "city": "Мінск"}
ORGANISATION = {
    "name": "Anna Example",
    "organisation_name": "Test League",
    "title": "Director",
    "website": "https://league.example.org",
    "city": "",
}


def stored(app: Flask) -> list[dict[str, Any]]:
    """All columns of all signatures."""
    with app.app_context():
        return [dict(row) for row in db.session.execute(select(Signature.__table__)).mappings()]


CASES = {
    "person": {"kind": SignatoryKind.PERSON, "names": PERSON},
    "flagged person": {"kind": SignatoryKind.PERSON, "names": {"name": "A. Lukashenka"}},
    "organisation": {"kind": SignatoryKind.ORGANISATION, "names": ORGANISATION},
    "with all that can be said": {
        "kind": SignatoryKind.PERSON,
        "names": PERSON,
        "evidence": "sheets in a safe",
        "collected_on": dt.date(2026, 3, 1),
        "held_for": "trap",
        "shows_logo": False,
        "notice": "2026-11",
        "wants_updates": True,
    },
}


@pytest.mark.parametrize("case", CASES)
def test_one_and_a_set_are_equal_column_by_column(app: Flask, campaign: Campaign, case: str) -> None:
    statement, organisation = campaign.statement(), campaign.organisation("Test League")
    other = campaign.statement("second")
    made = CASES[case]
    if made["kind"] is SignatoryKind.ORGANISATION:
        made = made | {"names": {**ORGANISATION, "organisation_id": organisation}}
    with app.app_context(), writing() as session:
        watched_names.watch(session, Watched.PERSON, "Lukashenko")
        moment, rows = clock.now(), []
        for statement_id in (statement, other):
            new = NewSignature(
                id=new_id(),
                visibility=Visibility.PUBLIC,
                provenance=Provenance.IMPORTED,
                country="PL",
                source="a list",
                **made,  # type: ignore[arg-type]
            )
            place = place_columns(statement_id, "en", moment, organisation_index=b"index")
            if new.kind is SignatoryKind.PERSON:
                place["organisation_index"] = None
            rows.append(signature_columns(session, new) | place)
        assert set(rows[0]) == set(COLUMNS)
        assert insert_signature(session, rows[0])
        insert_signatures(session, rows[1:])
    one, of_a_set = stored(app)
    with app.app_context():
        for row in (one, of_a_set):
            # Sealed for its own row, with a nonce of its own.
            sealed = row["sealed"]
            row["sealed"] = sealed and vault().unseal_json(sealed, "signatures", "sealed", row["id"])
    assert {name for name in COLUMNS if one[name] != of_a_set[name]} == {"id", "statement_id"}


def test_a_person_is_made_alike_here_and_by_an_import(app: Flask, campaign: Campaign) -> None:
    statement = campaign.statement()
    campaign.sign(**PERSON, country="PL")
    with app.app_context(), writing() as session:
        revision = session.get_one(Statement, statement).revisions[0].id
        ready = prepare([Imported(SignatoryKind.PERSON, PERSON, "PL", "a list")])
        import_signatures(session, statement, revision, "en", ready, {})
    here, brought = stored(app)
    assert {name for name in COLUMNS if here[name] != brought[name]} <= BY_PROVENANCE


def test_an_organisation_is_made_alike_here_by_invitation_and_by_an_import(
    app: Flask, campaign: Campaign
) -> None:
    organisation = campaign.organisation("Test League", "league.example.org")
    first, second, third = (campaign.statement(slug) for slug in ("free", "second", "third"))
    campaign.sign(**organisation_form(email="anna@league.example.org", website="https://league.example.org"))
    with app.app_context(), writing() as session:
        revisions = {key: session.get_one(Statement, key).revisions[0].id for key in (second, third)}
        entry = Invited(organisation, ORGANISATION, "PL", "en", "anna@league.example.org", clock.now())
        assert seat_invited(session, second, revisions[second], entry)
        ready = prepare([Imported(SignatoryKind.ORGANISATION, ORGANISATION, "PL", "a list")])
        import_signatures(session, third, revisions[third], "en", ready, {"Test League": organisation})
    rows = {row["statement_id"]: row for row in stored(app)}
    # The index is under the key of each statement.
    allowed = BY_PROVENANCE | {"statement_id", "organisation_index"}
    for other in (second, third):
        assert {name for name in COLUMNS if rows[first][name] != rows[other][name]} <= allowed
        assert rows[other]["organisation_index"] is not None
