"""S22: the address of who asked for news is kept as long as signers were told, and not a day longer."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.handover.deliveries import Delivery, record_handover
from campaign.handover.models import Channel
from campaign.signatures.models import Signature
from campaign.statements import lifecycle
from campaign.statements.models import Statement
from tests.support import Campaign, csrf_of


def statement_of(app: Flask) -> Statement:
    with app.app_context():
        found = db.session.scalars(select(Statement)).one()
        db.session.expunge_all()
        return found


def addresses(app: Flask) -> int:
    with app.app_context():
        return len(
            db.session.scalars(select(Signature.id).where(Signature.sealed_contact.is_not(None))).all()
        )


def after(monkeypatch: pytest.MonkeyPatch, campaign: Campaign, days: int) -> int:
    """How many addresses are left so many days from now, once the worker has worked."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: moment)
        campaign.work()
    return addresses(campaign.app)


def ended(app: Flask, statement_id: int, *, handed_on: dt.date | None = None) -> None:
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement_id))
    if handed_on:
        with app.app_context(), writing() as session:
            delivery = Delivery(
                to_whom="The ministry", by_whom="Ina", channel=Channel.POST, handed_on=handed_on
            )
            record_handover(session, session.get_one(Statement, statement_id), delivery)


@pytest.mark.parametrize(("handed", "kept"), [(None, 30), (20, 50)])
def test_addresses_go_so_many_days_after_the_handover_or_the_closing(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, handed: int | None, kept: int
) -> None:
    statement_id = campaign.statement(contact_days=30)
    campaign.signed(updates="y")
    ended(app, statement_id, handed_on=clock.today() + dt.timedelta(days=handed) if handed else None)
    assert statement_of(app).contacts_until == clock.today() + dt.timedelta(days=kept)
    assert after(monkeypatch, campaign, kept - 1) == 1
    assert after(monkeypatch, campaign, kept) == 0
    with app.app_context():
        signature = db.session.scalars(select(Signature)).one()
        assert (signature.wants_updates, signature.name is not None) == (False, True)


def test_the_team_is_warned_two_weeks_before(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement_id = campaign.statement(contact_days=15)
    campaign.signed(updates="y")
    ended(app, statement_id)
    team = campaign.member("team@owner.example.org")
    warning = "the address of 1 signer who asked for news will be erased"
    assert warning not in team.get("/desk/").text
    with app.app_context(), writing() as session:
        statement = session.get_one(Statement, statement_id)
        statement.contact_days = 14
    assert warning in team.get("/desk/").text
    assert after(monkeypatch, campaign, 14) == 0
    assert warning not in team.get("/desk/").text


def test_while_it_takes_signatures_nothing_runs_out(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement_id = campaign.statement(contact_days=1)
    campaign.signed(updates="y")
    assert after(monkeypatch, campaign, 400) == 1
    ended(app, statement_id)
    with app.app_context(), writing() as session:
        lifecycle.reopen(session, session.get_one(Statement, statement_id))
    assert statement_of(app).contacts_until is None


def test_signers_read_it_before_they_sign_and_the_team_at_all_times(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement_id = campaign.statement(contact_days=45)
    assert "until 45 days after the list is handed over" in client.get("/s/free").text
    assert "until 45 days after the handover" in client.get("/privacy").text
    team = campaign.member("team@owner.example.org")
    assert "until 45 days after the handover" in team.get("/desk/statements/free/settings").text
    ended(app, statement_id)
    app.extensions["page_cache"].clear()
    day = f"{clock.today() + dt.timedelta(days=45):%-d %B %Y}"
    assert day in team.get("/desk/statements/free/settings").text
    assert day in client.get("/privacy").text


def test_what_signers_were_told_can_only_become_shorter(campaign: Campaign, app: Flask) -> None:
    campaign.statement(contact_days=45)
    team = campaign.member("team@owner.example.org")
    page = "/desk/statements/free/edit"

    def save(days: str) -> tuple[int, str]:
        shown = team.get(page)
        state = shown.text.split('name="state"')[1].split('value="')[1].split('"')[0]
        typed = {
            "csrf_token": csrf_of(shown),
            "state": state,
            "slug": "free",
            "kind": "petition",
            "signers": "both",
            "contact_days": days,
        }
        answer = team.post(
            page,
            data=typed
            | {
                "title_en": "Free them",
                "body_en": "They helped others.",
                "time_zone": "UTC",
                "dated_precision": "day",
            },
        )
        return answer.status_code, answer.text

    status, text = save("46")
    assert status == 422
    assert "Signers were told 45 days. The period can only be shortened." in text
    for wrong in ("0", "731", "many"):
        assert save(wrong)[0] == 422
    assert save("10")[0] in (302, 303)
    assert statement_of(app).contact_days == 10
