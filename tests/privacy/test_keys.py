"""A new key: everything sealed is sealed anew under it, also when the worker dies in the midst, and
nothing sealed can be moved.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.core.vault import KEY_ID, SealBroken, Vault, vault
from campaign.extensions import db
from campaign.privacy import key_rotation
from campaign.privacy.key_rotation import bound_to, places
from campaign.privacy.models import KeyRotation
from campaign.signatures.models import Signature, Submission
from tests.support import Campaign
from tests.world.addresses import House

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def newer(app: Flask) -> Iterator[Vault]:
    """The app with a second, newer key."""
    old = app.extensions["vault"]
    (key, *_more) = app.extensions["settings"].vault_keys
    app.extensions["vault"] = Vault([key, secrets.token_urlsafe(48)])
    forget_all(app)
    yield app.extensions["vault"]
    app.extensions["vault"] = old


def sealed_values() -> list[tuple[key_rotation.SealedColumn, Any, bytes]]:
    """Every sealed value there is."""
    found = []
    for place in places():
        rows = db.session.execute(
            select(place.id_column, place.column).where(place.column.is_not(None))
        ).all()
        found += [(place, row_id, sealed) for row_id, sealed in rows]
    return found


def test_every_sealed_value_of_the_house_opens_in_its_own_place_and_in_no_other(house: House) -> None:
    with house.app.app_context():
        found = sealed_values()
        assert {place.table.name for place, _row, _sealed in found} >= {
            "signatures",
            "submissions",
            "statement_keys",
            "invitations",
            "imports",
        }
        for place, row_id, sealed in found:
            here = (place.table.name, place.column.name, bound_to(row_id))
            assert vault().unseal(sealed, *here) is not None
            for elsewhere in (
                (place.table.name, place.column.name, 987654321),
                ("elsewhere", *here[1:]),
                (here[0], "other", here[2]),
            ):
                with pytest.raises(SealBroken):
                    vault().unseal(sealed, *elsewhere)


def test_a_value_that_was_moved_to_another_row_of_the_database_stays_shut(
    app: Flask, campaign: Campaign
) -> None:
    campaign.statement()
    one = campaign.signed(name="Anna Example", visibility="team")
    other = campaign.signed(name="Boris Example", email="boris@post.example.org", visibility="team")
    with app.app_context(), writing() as session:
        signature_id = campaign.signature(other).id
        session.execute(
            update(Signature)
            .where(Signature.id == signature_id)
            .values(sealed=campaign.signature(one).sealed)
        )
    page = app.test_client().get(other)
    assert page.status_code == 500 and "Anna" not in page.text


def test_the_worker_seals_everything_anew(house: House, newer: Vault) -> None:
    with house.app.app_context():
        before = key_rotation.rotation_progress(db.session())
        with writing() as session:
            total = key_rotation.begin(session).total
        assert before.newest == 0 and before.older > 20 and total == before.older - before.passing
        while key_rotation.reseal_some():
            pass
        after = key_rotation.rotation_progress(db.session())
        rotation = db.session.scalars(select(KeyRotation)).one()
        assert (after.older, after.newest) == (before.passing, before.older - before.passing)
        assert (rotation.done, rotation.unreadable, rotation.finished_at is not None) == (total, 0, True)
    alone = Vault([house.app.extensions["settings"].vault_keys[0]])
    with house.app.app_context():
        for place, row_id, sealed in sealed_values():
            if not place.waits:
                assert newer.unseal(sealed, place.table.name, place.column.name, bound_to(row_id)) is not None
                with pytest.raises(SealBroken):
                    alone.unseal(sealed, place.table.name, place.column.name, bound_to(row_id))
    assert house.stranger.get(house.pending).status_code == 200


def test_a_worker_that_died_goes_on_where_it_was(
    app: Flask, campaign: Campaign, newer: Vault, monkeypatch: pytest.MonkeyPatch, client: Any
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    app.extensions["vault"] = Vault([app.extensions["settings"].vault_keys[0]])
    campaign.statement()
    for number in range(5):
        campaign.submit(email=f"a{number}@post.example.org")
    app.extensions["vault"] = newer
    with app.app_context():
        with writing() as session:
            key_rotation.begin(session)
        assert key_rotation.reseal_some() and key_rotation.reseal_some()
        # It died: nothing is remembered but what stands in the database.
        forget_all(app)
        with writing() as session:
            assert key_rotation.begin(session).id == session.scalars(select(KeyRotation.id)).one()
        while key_rotation.reseal_some():
            pass
        rotation = db.session.scalars(select(KeyRotation)).one()
        assert rotation.done == rotation.total and rotation.finished_at is not None
        assert {sealed[:KEY_ID] for sealed in db.session.scalars(select(Submission.sealed)) if sealed} == {
            newer.newest
        }


def test_a_value_without_a_key_is_counted_and_left(app: Flask, campaign: Campaign, newer: Vault) -> None:
    campaign.statement()
    campaign.submit()
    with app.app_context():
        with writing() as session:
            row = session.scalars(select(Submission.id)).one()
            session.execute(
                update(Submission).values(sealed=Vault(["x" * 40]).seal(b"{}", "submissions", "sealed", row))
            )
            key_rotation.begin(session)
        while key_rotation.reseal_some():
            pass
        assert db.session.scalars(select(KeyRotation.unreadable)).one() == 1


def test_the_command_asks_for_a_second_key_and_says_how_far_it_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = app.test_cli_runner().invoke
    refused = run(args=["campaign", "keys", "rotate"])
    assert refused.exit_code and "add a new one at its end" in refused.output
    assert "Under older keys: 0" in run(args=["campaign", "keys", "status"]).output


def test_no_command_shows_a_key(app: Flask, newer: Vault) -> None:
    settings = app.extensions["settings"]
    run = app.test_cli_runner().invoke
    said = "".join(run(args=["campaign", "keys", command]).output for command in ("status", "rotate"))
    assert all(key not in said for key in (*settings.vault_keys, *settings.secret_keys))
