"""S23: what is not public leaves the site only when two people want it, in whatever order they try."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any, ClassVar

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from campaign.accounts import two_people
from campaign.accounts.models import AuditEntry, TeamMember
from campaign.accounts.operations import add_member
from campaign.accounts.two_people import RequestNotAllowed, RequestStage
from campaign.core import clock
from campaign.core.database import writing
from campaign.exports import four_eyes
from campaign.exports.four_eyes import NoKey
from campaign.exports.models import CompleteExport
from campaign.extensions import db
from campaign.statements import lifecycle
from campaign.statements.models import Safety, Statement
from tests.support import Campaign, csrf_of

IDENTITY = pyrage.x25519.Identity.generate()
KEY = str(IDENTITY.to_public())


class TwoPeople(RuleBasedStateMachine):
    """Three members try everything with each request, while the clock runs.

    The model is a dictionary per request.
    """

    app: ClassVar[Flask]
    members: ClassVar[list[int]]
    statement: ClassVar[int]
    asked = Bundle("asked")

    def __init__(self) -> None:
        super().__init__()
        self.at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
        self.model: dict[Any, dict[str, Any]] = {}
        clock.now = lambda: self.at

    @rule(target=asked, who=st.integers(0, 2))
    def ask(self, who: int) -> Any:
        with writing() as session:
            key = four_eyes.ask(
                session, session.get_one(Statement, self.statement), self.members[who], "For the letter", KEY
            ).id
        self.model[key] = {"by": who, "since": self.at, "state": RequestStage.ASKED}
        return key

    def _lapse(self, key: Any) -> dict[str, Any]:
        entry = self.model[key]
        if (
            entry["state"] in (RequestStage.ASKED, RequestStage.GRANTED)
            and entry["since"] + two_people.LASTS <= self.at
        ):
            entry["state"] = RequestStage.OVER
        return entry

    @rule(key=asked, who=st.integers(0, 2), grant=st.booleans())
    def decide(self, key: Any, who: int, grant: bool) -> None:
        entry = self._lapse(key)
        allowed = entry["by"] != who and entry["state"] is RequestStage.ASKED
        try:
            with writing() as session:
                statement, request = (
                    session.get_one(Statement, self.statement),
                    session.get_one(CompleteExport, key),
                )
                four_eyes.decide(session, statement, request, self.members[who], grant=grant)
        except RequestNotAllowed:
            assert not allowed
            return
        assert allowed
        entry |= {"state": RequestStage.GRANTED if grant else RequestStage.REFUSED, "since": self.at}

    @rule(key=asked, who=st.integers(0, 2))
    def fetch(self, key: Any, who: int) -> None:
        entry = self._lapse(key)
        allowed = entry["by"] == who and entry["state"] is RequestStage.GRANTED
        try:
            with writing() as session:
                four_eyes.fetch(
                    session,
                    session.get_one(Statement, self.statement),
                    session.get_one(CompleteExport, key),
                    self.members[who],
                )
        except RequestNotAllowed:
            assert not allowed
            return
        assert allowed
        entry["state"] = RequestStage.FETCHED

    @rule(hours=st.integers(1, 15))
    def wait(self, hours: int) -> None:
        self.at += dt.timedelta(hours=hours)

    @invariant()
    def the_site_says_what_is_true(self) -> None:
        db.session.rollback()
        for key in self.model:
            request = db.session.get_one(CompleteExport, key, populate_existing=True)
            assert two_people.request_stage(request) == self._lapse(key)["state"]
            assert request.fetched_at is None or (
                request.granted and request.decided_by not in (None, request.asked_by)
            )


def test_no_order_of_steps_lets_one_person_have_it(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    TwoPeople.app, TwoPeople.statement = app, campaign.statement(safety=Safety.HIGH)
    monkeypatch.setattr(clock, "now", clock.now)
    with app.app_context():
        with writing() as session:
            TwoPeople.members = [
                add_member(session, f"{n}@team.example", "Member", "editor").id for n in range(3)
            ]
            session.execute(update(TeamMember).values(created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
        calm = settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        run_state_machine_as_test(TwoPeople, settings=calm)
        # Each file that left has its entries in the log: who asked, who granted, who fetched.
        actions = list(db.session.scalars(select(AuditEntry.action)))
        assert (
            actions.count("complete export fetched")
            <= actions.count("complete export granted")
            <= actions.count("complete export asked")
        )


def test_the_database_refuses_one_person_too(app: Flask, campaign: Campaign) -> None:
    statement = campaign.statement()
    with app.app_context(), writing() as session:
        member = add_member(session, "a@team.example", "Member", "editor").id
        four_eyes.ask(session, session.get_one(Statement, statement), member, "For the letter", KEY)
        for wrong in (
            {"decided_by": member, "decided_at": clock.now(), "granted": True},
            {"fetched_at": clock.now()},
            {"granted": True},
        ):
            with pytest.raises(IntegrityError), session.begin_nested():
                session.execute(update(CompleteExport).values(wrong))
        with pytest.raises(NoKey):
            four_eyes.ask(
                session, session.get_one(Statement, statement), member, "For the letter", "age1nonsense"
            )


def post(browser: FlaskClient, path: str, **data: str) -> Any:
    """Send a form of the team."""
    return browser.post(
        path, data=data | {"csrf_token": csrf_of(browser.get("/desk/statements/free/complete-export"))}
    )


def test_two_browsers_go_the_whole_way_and_the_file_opens_with_the_key_alone(campaign: Campaign) -> None:
    campaign.statement()
    campaign.signed(name="Anna Hidden", visibility="team", updates="y")
    campaign.signed(name="=Boris()", email="b@post.example.org")
    one, two, reader = (
        campaign.member("one@team.example"),
        campaign.member("two@team.example", "editor"),
        campaign.member("r@team.example", "reader"),
    )
    page = "/desk/statements/free/complete-export"
    assert reader.get(page).status_code == 403
    refused = post(one, page, why="To thank them", recipient="my key")
    assert refused.status_code == 422 and "not an age public key" in refused.text
    assert post(one, page, why="To thank them", recipient=KEY).status_code == 303
    found = re.search(r"/complete-export/([0-9a-f-]{36})/decide", two.get(page).text)
    assert found and "/decide" not in one.get(page).text and "/file" not in one.get(page).text
    own = f"{page}/{found[1]}"
    assert "age-encryption" not in post(one, f"{own}/file").text
    assert post(one, f"{own}/decide", decision="grant").status_code == 303
    assert "/file" not in one.get(page).text, "nobody grants what they asked for"
    post(two, f"{own}/decide", decision="grant")
    assert not post(two, f"{own}/file").data.startswith(b"age-encryption")
    file = post(one, f"{own}/file").data
    assert file.startswith(b"age-encryption.org/v1") and b"Anna" not in file
    rows = list(csv.DictReader(io.StringIO(pyrage.decrypt(file, [IDENTITY]).decode().lstrip("\ufeff"))))
    assert {(row["name"], row["visibility"], row["email"]) for row in rows} == {
        ("Anna Hidden", "team", "anna@post.example.org"),
        ("'=Boris()", "public", ""),
    }
    assert not post(one, f"{own}/file").data.startswith(b"age-encryption"), "once"
    with campaign.app.app_context():
        log = (
            select(AuditEntry.action, TeamMember)
            .join(TeamMember, TeamMember.id == AuditEntry.member_id)
            .order_by(AuditEntry.id)
        )
        said = db.session.execute(log).tuples().all()
        steps = [(action, one.email) for action, one in said if action.startswith("complete export")]
    assert steps == [
        ("complete export asked", "one@team.example"),
        ("complete export granted", "two@team.example"),
        ("complete export fetched", "one@team.example"),
    ]


@pytest.mark.parametrize("safety", list(Safety))
@pytest.mark.parametrize("wanted", ["csv", "json", "text"])
def test_every_other_export_is_without_addresses_and_hidden_names(
    campaign: Campaign, team: FlaskClient, safety: Safety, wanted: str
) -> None:
    campaign.statement(safety=safety)
    for number, visibility in enumerate(("public", "team", "counted", "team", "public")):
        link = campaign.submit(
            email=f"canary{number}@post.example.org",
            name=f"Canary{visibility} {number}",
            visibility=visibility,
            updates="y",
        )
        campaign.app.test_client().post(link, data={"action": "confirm"})
    with campaign.app.app_context(), writing() as session:
        lifecycle.close(session, session.scalars(select(Statement)).one(), clock.now() - dt.timedelta(days=2))
    campaign.work()
    data = {"format": wanted, "csrf_token": csrf_of(team.get("/desk/statements/free"))}
    file = team.post("/desk/statements/free/export", data=data).text
    assert "Canarypublic" in file
    assert "canary" not in file and "Canaryteam" not in file and "post.example.org" not in file
