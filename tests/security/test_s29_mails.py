"""S29: nothing that is in the database without its keys joins a mail, which a mail server may have logged, to a
signature, a level of safety or the answer to a lost link.
"""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.accounts.audit import verify_chain
from campaign.accounts.models import AuditEntry
from campaign.core import clock, retention
from campaign.extensions import db
from campaign.mailing import outbox
from campaign.mailing.models import MailState, OutboxMail
from campaign.signatures.models import Submission
from campaign.statements.models import Safety
from tests.support import Campaign, form

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MAILING = {"outbox", "mail_tallies", "tally_keys"}
NO_MAIL_YET = "451 Later"


def columns() -> dict[tuple[str, str], set[Any]]:
    """The values of each column that could point to one row: no flags, small numbers and names of states."""
    found: dict[tuple[str, str], set[Any]] = {}
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column, value in row.items():
                if points(value):
                    found.setdefault((table.name, column), set()).add(as_found(value))
    return found


def points(value: Any) -> bool:
    """True if a value is found in few rows: a midnight is a day, which many share."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).time() != dt.time()
    if isinstance(value, uuid.UUID):
        return True
    return isinstance(value, (bytes, str)) and len(value) > 12


def as_found(value: Any) -> Any:
    """A value as somebody compares it: a moment by its second of the day, an id in hexadecimal."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%H:%M:%S")
    return value.hex if isinstance(value, uuid.UUID) else value


def joined() -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of a column of the mails and one of anything else that have a value in common."""
    found = columns()
    mails = [column for column in found if column[0] in MAILING]
    others = [column for column in found if column[0] not in MAILING]
    return [(left, right) for left, right in product(mails, others) if found[left] & found[right]]


def flow(campaign: Campaign) -> None:
    """People sign at both levels, one of them hidden, and two ask for a lost link, one of them in vain."""
    campaign.statement()
    campaign.statement("secret", safety=Safety.HIGH)
    campaign.sign(name="Anna Example", updates="y")
    campaign.sign(name="Vera Hidden", email="vera@post.example.org", visibility="team")
    campaign.sign("secret", name="Zofia Example", email="zofia@post.example.org")
    campaign.sink.reply = lambda _to: NO_MAIL_YET
    client = campaign.app.test_client()
    for slug in ("free", "secret"):
        data = {"kind": "person", "name": "Late", "country": "PL", "visibility": "public", "consent": "y"}
        client.post(f"/s/{slug}/sign", data=data | {"email": f"late.{slug}@post.example.org"})
    for address in ("anna@post.example.org", "nobody@post.example.org"):
        assert client.post("/s/free/lost-link", data={"email": address}).status_code == 303
    campaign.work()


@pytest.mark.parametrize("minute", [7, 10])
def test_no_value_of_a_mail_is_that_of_another_row(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, minute: int
) -> None:
    # Also at a moment that is round for the outbox.
    moment = dt.datetime.now(dt.UTC).replace(minute=minute, second=0, microsecond=0)
    ticks = iter(range(1, 1_000_000))
    # When a mail is tried again is left to chance, which would meet some other moment now and then.
    monkeypatch.setattr(outbox, "_pause", lambda _attempts: 300.0)
    monkeypatch.setattr(clock, "now", lambda: moment + dt.timedelta(seconds=next(ticks) % 50 + 1))
    flow(campaign)
    with campaign.app.app_context():
        states = {str(state) for state in db.session.scalars(select(OutboxMail.state))}
        assert {"queued", "sent"} <= states
        assert joined() == []


def test_what_a_mail_server_logs_is_in_no_row(campaign: Campaign) -> None:
    flow(campaign)
    logged = [str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in campaign.sink.mails]
    assert len(set(logged)) == 3
    with campaign.app.app_context():
        values = set().union(*columns().values())
    assert values.isdisjoint(logged) and values.isdisjoint(bytes.fromhex(one) for one in logged)


def test_mails_that_wait_look_alike_whatever_they_say(campaign: Campaign) -> None:
    flow(campaign)
    with campaign.app.app_context():
        waiting = db.session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.QUEUED)).all()
        assert len(waiting) == 4 and len({len(mail.sealed or b"") for mail in waiting}) == 1
    plain = {column.name for column in OutboxMail.__table__.columns}
    assert not plain & {"template", "language", "expires_at"}


def test_a_mail_server_sees_one_size_whatever_the_level_and_whatever_was_found(
    app: Flask, campaign: Campaign
) -> None:
    campaign.statement()
    campaign.statement("secret", safety=Safety.HIGH)
    client = app.test_client()
    for prefix in ("", "/ru", "/pl"):
        for slug in ("free", "secret"):
            data = form(email=f"anna{prefix.strip('/')}@post.example.org")
            assert client.post(f"{prefix}/s/{slug}/sign", data=data).status_code == 303
        signed = f"boris{prefix.strip('/')}@post.example.org"
        campaign.signed(email=signed)
        for address in (signed, "nobody-at-all@post.example.org"):
            client.post(f"{prefix}/s/free/lost-link", data={"email": address})
    campaign.work()
    assert len(campaign.sink.raw) == 12 and len({len(raw) for raw in campaign.sink.raw}) == 1


def test_a_sent_mail_leaves_a_bare_row(campaign: Campaign) -> None:
    flow(campaign)
    with campaign.app.app_context():
        for mail in db.session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.SENT)):
            assert (mail.sealed, mail.handle_index, mail.lease, mail.trouble) == (None, None, None, None)
            assert mail.ended_at is not None and mail.ended_at.second == 0 == mail.ended_at.microsecond


def test_after_an_hour_a_submission_does_not_tell_when_its_mail_was_sent(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow(campaign)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=70)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context():
        retention.purge_all()
        moments = db.session.scalars(select(Submission.received_at)).all()
        assert {at.time() for at in moments if at} == {dt.time()}, "at high safety the day alone is kept"
        times = db.session.scalars(select(Submission.expires_at)).all()
        assert len(times) == 4 and {(at.minute, at.second, at.microsecond) for at in times} == {(0, 0, 0)}


def test_after_a_day_sent_mails_have_the_day_alone(
    app: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow(campaign)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=26)
    monkeypatch.setattr(clock, "now", lambda: later)
    with app.app_context():
        retention.purge_all()
        ended = [at for at in db.session.scalars(select(OutboxMail.ended_at)) if at]
        assert len(ended) == 3 and {at.time() for at in ended} == {dt.time()}


def test_the_log_has_no_time_at_which_mails_were_let_go(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    campaign.submit(reference="filled in")
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "held mails sent")).one()
        assert (entry.at.time(), entry.time_salt) == (dt.time(), None)
        assert verify_chain().holds
