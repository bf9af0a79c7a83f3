"""S22: what is over is deleted on time, by a worker that was killed in the midst as well."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.core import clock, retention, worker
from campaign.extensions import db
from campaign.mailing.models import MailTally, OutboxMail
from campaign.signatures.models import Submission
from tests.support import Campaign, form

pytestmark = pytest.mark.databases("sqlite", "postgresql")


class Killed(BaseException):
    """The worker is no more."""


def waiting() -> int:
    """Submissions that hold something of a person."""
    return (
        db.session.scalar(select(func.count()).select_from(Submission).where(Submission.sealed.is_not(None)))
        or 0
    )


def at(monkeypatch: pytest.MonkeyPatch, **later: float) -> None:
    """Let it be so much later."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_what_nobody_confirmed_stays_for_seven_days_and_no_longer(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    campaign.submit()
    for days, left in ((6.9, 1), (7.1, 0)):
        at(monkeypatch, days=days)
        campaign.work()
        with app.app_context():
            assert waiting() == left


def test_mails_that_can_not_be_sent_go_with_what_they_hold(
    app: Flask, campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    campaign.sink.reply = lambda _to: "451 Later"
    client.post("/s/free/sign", data=form())
    campaign.work()
    at(monkeypatch, days=7.1)
    campaign.work()
    with app.app_context():
        assert db.session.scalars(select(OutboxMail.sealed)).all() == [None]
    at(monkeypatch, days=15)
    campaign.work()
    with app.app_context():
        assert (
            db.session.scalars(select(OutboxMail.id)).all()
            == []
            == db.session.scalars(select(MailTally.index)).all()
        )


def test_a_worker_killed_in_the_midst_of_deleting_does_it_when_it_is_back(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    campaign.submit()
    at(monkeypatch, days=8)
    rules = app.extensions["retention"]
    purge = rules["submissions"].purge
    assert purge is not None

    def killed() -> int:
        purge()
        raise Killed

    with monkeypatch.context() as dying:
        dying.setitem(rules, "submissions", retention.Rule("submissions", "until killed", killed))
        with app.app_context(), pytest.raises(Killed):
            worker.jobs(app)["retention"].run()
    with app.app_context():
        assert waiting() == 1
        worker.jobs(app)["retention"].run()
        assert waiting() == 0


def test_a_rule_that_fails_does_not_keep_the_worker_from_coming_again(app: Flask) -> None:
    job = worker.jobs(app)["retention"]
    assert job.every <= 3600 / 2 and worker.jobs(app)["shedding"].every <= 3600 / 2
