"""Attack protection: a proof of work where the flow is unusual, a look by a person where none comes, and
nobody turned away.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from altcha import v2
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import HeldFor, SignatoryKind, State, Visibility
from campaign.signing import attack_protection, terms_cache
from campaign.signing.models import Protection, ProtectionLevel
from campaign.signing.queries import level_of
from campaign.signing.submissions import submit
from campaign.statements.models import Safety
from tests.support import Campaign, csrf_of, form, link_in, organisation_form


def protect(campaign: Campaign, statement: int, level: ProtectionLevel = ProtectionLevel.PROOF) -> None:
    """Raise the level as the desk does."""
    with campaign.app.app_context(), writing() as session:
        attack_protection.protect(session, statement, level)
    campaign.app.extensions["page_cache"].clear()
    forget_all(campaign.app)


def solved(client: FlaskClient, slug: str = "free") -> str:
    """What the browser puts into the form."""
    challenge = v2.Challenge.from_dict(client.get(f"/s/{slug}/proof.json").get_json())
    solution = v2.solve_challenge(challenge)
    assert solution is not None
    return v2.Payload(challenge, solution).to_base64()


def signed(campaign: Campaign, **fields: str) -> tuple[State, HeldFor | None]:
    """Send and confirm a form. Returns how the signature stands."""
    response = campaign.app.test_client().post("/s/free/sign", data=form(**fields))
    assert response.status_code == 303
    campaign.let_go()
    link = link_in(campaign.sink.mails[-1])
    assert campaign.app.test_client().post(link, data={"action": "confirm"}).status_code == 303
    campaign.work()
    signature = campaign.signature(link)
    return State(signature.state), signature.held_for


def test_without_protection_nothing_is_asked(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    assert client.get("/s/free/proof.json").status_code == 404
    assert "altcha" not in client.get("/s/free").text
    assert signed(campaign) == (State.LISTED, None)


def test_with_a_proof_a_signature_is_listed_and_without_it_a_person_looks(
    campaign: Campaign, client: FlaskClient
) -> None:
    protect(campaign, campaign.statement())
    page = client.get("/s/free").text
    assert 'name="altcha"' in page and "will review your signature" in page
    assert signed(campaign, altcha=solved(client)) == (State.LISTED, None)
    assert signed(campaign, email="b@post.example.org") == (State.QUARANTINED, HeldFor.NO_PROOF)


def test_at_the_highest_level_every_signature_is_looked_at(campaign: Campaign, client: FlaskClient) -> None:
    protect(campaign, campaign.statement(), ProtectionLevel.QUARANTINE)
    assert signed(campaign, altcha=solved(client)) == (State.QUARANTINED, HeldFor.ATTACK)


def test_who_is_held_is_told_so_before_and_after(
    campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    protect(campaign, campaign.statement())
    sent = client.post("/s/free/sign", data=form())
    assert sent.location.endswith("/check-your-mail?look=y&mail=held")
    told = client.get("/check-your-mail?look=y&mail=held").text
    assert "Your signature will be reviewed" in told and "The e-mail comes later" in told
    assert "Your signature will be reviewed" not in client.get("/check-your-mail").text
    campaign.let_go()
    link = link_in(campaign.sink.mails[-1])
    assert "once a member of the team has reviewed" in client.get(link).text
    client.post(link, data={"action": "confirm"})
    assert "Confirmed, waiting for review" in client.get(link).text
    assert "Sent without a calculation" in team.get("/desk/review/flagged").text


def test_a_field_that_people_do_not_see_leads_to_a_look_and_never_to_silence(campaign: Campaign) -> None:
    campaign.statement()
    assert signed(campaign, reference="http://buy.example.net") == (State.QUARANTINED, HeldFor.TRAP)


def test_an_organisation_known_by_its_domain_is_held_too(campaign: Campaign) -> None:
    campaign.organisation("Test League", "league.example.org")
    protect(campaign, campaign.statement())
    assert signed(campaign, **organisation_form(email="a@league.example.org")) == (
        State.QUARANTINED,
        HeldFor.NO_PROOF,
    )
    assert (
        signed(campaign, **organisation_form(email="a@other.example.org", organisation="Other"))[0]
        == State.REVIEW
    )


def test_a_held_signature_is_listed_once_it_was_found_genuine(campaign: Campaign, team: FlaskClient) -> None:
    protect(campaign, campaign.statement())
    client = campaign.app.test_client()
    client.post("/s/free/sign", data=form())
    campaign.let_go()
    link = link_in(campaign.sink.mails[-1])
    client.post(link, data={"action": "confirm"})
    data = {"csrf_token": csrf_of(team.get("/desk/review/flagged")), "decision": "accept"}
    assert team.post(f"/desk/signatures/{campaign.signature(link).id}/look", data=data).status_code == 303
    campaign.work()
    assert campaign.counts() == (1, 0)


def flood(campaign: Campaign, number: int, at: dt.datetime) -> None:
    """So many forms at a moment."""
    with campaign.app.app_context():
        signing = terms_cache.current("free")
        assert signing is not None
        before = clock.now
        clock.now = lambda: at  # type: ignore[assignment]
        try:
            with writing() as session:
                guarded = signing.terms.safety == Safety.HIGH
                for index in range(number):
                    fields = _fields(index)
                    submit(session, signing.place, fields.as_guarded() if guarded else fields, "en")
        finally:
            clock.now = before


def _fields(index: int) -> SubmittedFields:
    return SubmittedFields(
        SignatoryKind.PERSON, Visibility.PUBLIC, f"f{index}@post.example.org", "PL", f"Name {index}"
    )


@pytest.fixture
def watch(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], ProtectionLevel]:
    """Watch the flow as the worker does, at most 20 forms a minute being usual.

    Returns the level of the statement.
    """
    monkeypatch.setitem(
        app.extensions, "settings", dataclasses.replace(app.extensions["settings"], unusual_flow=20)
    )

    def run() -> ProtectionLevel:
        with app.app_context():
            attack_protection.watch_flow()
            statement = db.session.scalars(select(attack_protection.Statement.id)).one()
            return level_of(db.session(), statement)

    return run


@pytest.mark.parametrize("safety", list(Safety))
def test_an_unusual_flow_raises_it_and_quiet_lowers_it(
    campaign: Campaign,
    watch: Callable[[], ProtectionLevel],
    monkeypatch: pytest.MonkeyPatch,
    safety: Safety,
) -> None:
    campaign.statement(safety=safety)
    now = clock.now()
    flood(campaign, 19, now)
    assert watch() is ProtectionLevel.OFF
    flood(campaign, 5, now)
    assert watch() is ProtectionLevel.PROOF
    later = now + dt.timedelta(minutes=11)
    flood(campaign, 60, later)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert watch() is ProtectionLevel.QUARANTINE
    monkeypatch.setattr(clock, "now", lambda: later + dt.timedelta(hours=2))
    assert watch() is ProtectionLevel.OFF
    with campaign.app.app_context():
        assert db.session.scalars(select(Protection)).all() == []


def test_a_flow_that_goes_on_as_it_was_is_not_unusual(
    campaign: Campaign, watch: Callable[[], ProtectionLevel]
) -> None:
    campaign.statement()
    now = clock.now()
    for minute in range(1, 50, 5):
        flood(campaign, 15, now - dt.timedelta(minutes=minute, seconds=30))
    flood(campaign, 24, now)
    assert watch() is ProtectionLevel.OFF


def test_what_a_person_chose_is_not_raised_and_ends_by_itself(
    campaign: Campaign, watch: Callable[[], ProtectionLevel], monkeypatch: pytest.MonkeyPatch
) -> None:
    protect(campaign, campaign.statement())
    later = clock.now() + dt.timedelta(minutes=30)
    flood(campaign, 60, later)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert watch() is ProtectionLevel.PROOF
    monkeypatch.setattr(clock, "now", lambda: later + dt.timedelta(hours=3))
    assert watch() is ProtectionLevel.OFF


def test_the_team_raises_and_lowers_it_and_it_is_recorded(
    campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.statement()
    path = "/desk/statements/free/protection"
    page = team.get(path)
    assert page.status_code == 200
    token = csrf_of(page)
    assert (
        team.post(path, data={"csrf_token": token, "level": "quarantine", "hours": "24"}).status_code == 303
    )
    assert "switched on by the team" in team.get(path).text
    assert "every signature waits" in team.get(path).text.lower()
    assert team.post(path, data={"csrf_token": token, "level": "much", "hours": "24"}).status_code == 422
    assert team.post(path, data={"csrf_token": token, "level": "off", "hours": "1"}).status_code == 303
    assert "The attack protection of a statement was changed" in team.get("/desk/audit").text
    reader = campaign.member("reader@team.example", role="reader")
    assert reader.get(path).status_code == 403
    assert client.get(path).status_code == 303
