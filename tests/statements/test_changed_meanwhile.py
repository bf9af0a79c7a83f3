"""Somebody else changes or removes what is being changed, between the look and the lock."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaign.core.database import WRITES, writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.extensions import db
from campaign.statements import addressee_desk, team_operations, topics, topics_desk
from campaign.statements.addressees import AddresseeContent
from campaign.statements.models import Addressee, AddresseeName, Topic, TopicName
from campaign.statements.topics import TopicWords
from tests.support import Campaign
from tests.world.statements_desk import send

# SQLite has one writer: there is no meanwhile.
two_writers = pytest.mark.databases("postgresql", only=True)


@pytest.fixture
def topic_id(app: Flask) -> int:
    """A topic of the name Prisoners."""
    with app.app_context(), writing() as session:
        return topics.enter_topic(session, "prisoners", {"en": TopicWords("Prisoners", "")}).id


def rename_elsewhere(model: type[Any]) -> None:
    """Another connection gives the only row another name."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.execute(update(model).values(name="Changed Meanwhile"))


@two_writers
def test_a_change_of_an_addressee_begins_with_what_is_stored_now(app: Flask, campaign: Campaign) -> None:
    addressee_id = campaign.addressee(en=("Minister Example", "Minister"))
    found: list[str] = []

    def change(entry: AddresseeContent) -> AddresseeContent:
        found.append(entry.names["en"].name)
        return entry

    with app.app_context(), writing() as session:
        # The page holds it, and asks it for its id: it is loaded anew before it is locked.
        held = session.get_one(Addressee, addressee_id)
        read = [row.name for row in held.names]
        rename_elsewhere(AddresseeName)
        team_operations.change_addressee(session, held.id, change)
    assert (read, found) == (["Minister Example"], ["Changed Meanwhile"])


@two_writers
def test_a_topic_that_was_changed_meanwhile_is_not_overwritten(app: Flask, topic_id: int) -> None:
    with app.app_context(), pytest.raises(EditedMeanwhile), writing() as session:
        held = session.get_one(Topic, topic_id)
        read = topics.topic_fingerprint(held)
        rename_elsewhere(TopicName)
        team_operations.change_topic(session, held.id, {"en": TopicWords("Mine", "")}, read)
    with app.app_context():
        assert [row.name for row in db.session.get_one(Topic, topic_id).names] == ["Changed Meanwhile"]


def remove_before_writing(monkeypatch: pytest.MonkeyPatch, desk: ModuleType, model: type[Any]) -> None:
    """Somebody else removes the row after the page has loaded it."""

    @contextmanager
    def late() -> Generator[Session]:
        with writing() as session:
            session.execute(delete(model), execution_options={"synchronize_session": False})
        with writing() as session:
            yield session

    monkeypatch.setattr(desk, "writing", late)


@pytest.mark.parametrize("what", ["topic", "addressee"])
def test_what_was_removed_meanwhile_is_said_to_be_gone(
    team: FlaskClient, campaign: Campaign, topic_id: int, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    addressee_id = campaign.addressee(en=("Minister Example", "Minister"))
    desk, model, page = {
        "topic": (topics_desk, Topic, "/desk/topics/prisoners/edit"),
        "addressee": (addressee_desk, Addressee, f"/desk/addressees/{addressee_id}/edit"),
    }[what]
    remove_before_writing(monkeypatch, desk, model)
    answer = send(team, page, page, name_en="Another Name")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.text
    assert topic_id and team.get(page).status_code == 404
