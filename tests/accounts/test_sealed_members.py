"""Members are sealed: the database without keys names nobody of the team, and finds them by a keyed index that a
new key makes anew.
"""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.accounts import audit, operations
from campaign.accounts.audit_actions import TeamAction
from campaign.accounts.errors import AddressTaken
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.operations import add_member
from campaign.accounts.queries import member_at, members
from campaign.core import clock, retention
from campaign.core.database import writing
from campaign.core.vault import Vault, keyed_hash
from campaign.extensions import db
from campaign.privacy import key_rotation
from tests.support import PASSWORD

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ADDRESS, NAME = "zofia@team.example", "Zofia Zielińska"


@pytest.fixture
def member(context: Flask) -> int:
    """A member of the team."""
    assert context
    with writing() as session:
        return add_member(session, ADDRESS, NAME, "owner", password=PASSWORD).id


def test_no_column_has_the_name_or_the_address(member: int) -> None:
    row = db.session.execute(select(TeamMember.__table__).where(TeamMember.id == member)).mappings().one()
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
    for said in ("zofia", "team.example", "Zieli"):
        assert said.encode() not in stored
    assert [(one.email, one.name) for one in members()] == [(ADDRESS, NAME)]


def test_a_member_is_found_by_the_address_in_any_spelling_and_once(member: int) -> None:
    found = operations.authenticate(" Zofia@TEAM.example ", PASSWORD)
    assert found is not None and found.id == member
    with pytest.raises(AddressTaken), writing() as session:
        add_member(session, "ZOFIA@team.example", "Another", "reader")


def test_a_new_key_seals_members_anew_and_makes_their_indexes_anew(
    context: Flask, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old, *_more), new = context.extensions["settings"].vault_keys, secrets.token_urlsafe(48)
    monkeypatch.setitem(context.extensions, "vault", Vault([old, new]))
    # Before anything is sealed anew, members sign in as before, and can't be entered twice.
    assert member_at(ADDRESS) is not None
    with pytest.raises(AddressTaken), writing() as session:
        add_member(session, ADDRESS, NAME, "reader")
    with writing() as session:
        key_rotation.begin(session)
    while key_rotation.reseal_some():
        pass
    monkeypatch.setitem(context.extensions, "vault", Vault([new]))
    db.session.expire_all()
    found = operations.authenticate(ADDRESS, PASSWORD)
    assert found is not None and (found.id, found.name) == (member, NAME)


def test_the_index_is_none_that_somebody_without_the_key_can_make(member: int) -> None:
    stored = db.session.get_one(TeamMember, member).email_index
    assert stored not in {keyed_hash(key, "address of a member", ADDRESS) for key in (b"", b"\0" * 32)}
    assert len(stored) == 32


def test_after_some_weeks_the_log_knows_days_alone_and_the_chain_holds(
    context: Flask, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert member
    days, now = context.extensions["settings"].log_times_days, dt.datetime.now(dt.UTC)
    with writing() as session:
        audit.record(session, TeamAction.INVITED, f"member {member}")
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=days + 2))
    with writing() as session:
        audit.record(session, TeamAction.INVITED, f"member {member}")
    retention.purge_all()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    *early, late = [(entry.time_salt is None, entry.at.time() == dt.time()) for entry in entries]
    assert set(early) == {(True, True)} and late == (False, False)
    assert audit.verify_chain().holds
    lines, _older = audit.page()
    assert [line.timed for line in lines] == [True] + [False] * len(early)


def test_a_changed_time_breaks_the_chain(context: Flask, member: int) -> None:
    assert context and member
    with writing() as session:
        entry = session.scalars(select(AuditEntry)).one()
        entry.at += dt.timedelta(minutes=1)
    assert not audit.verify_chain().holds
