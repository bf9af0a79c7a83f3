"""S33: a program can't send our mails to strangers in numbers, and under attack mails go out as fast as the
relay bears.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from altcha import v2
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.accounts.models import AuditEntry
from campaign.core import clock, rate
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import EXPIRES_AFTER, MailWait, SignatoryKind, Submission, Visibility
from campaign.signing import attack_protection, lost_link, mail_turns, terms_cache
from campaign.signing.models import LinkRequest, ProtectionLevel
from campaign.signing.submissions import submit
from campaign.statements.models import Revision
from tests.support import Campaign, csrf_of, form, link_in


@pytest.fixture
def clock_of_rates(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that rates count, which stand still until a test moves them."""
    seconds = [1_000.0]

    class Stopped:
        @staticmethod
        def monotonic() -> float:
            return seconds[0]

    monkeypatch.setattr(rate, "time", Stopped)
    return seconds


def attacked(campaign: Campaign) -> None:
    statement = campaign.statement()
    with campaign.app.app_context(), writing() as session:
        attack_protection.protect(session, statement, ProtectionLevel.PROOF)
    campaign.app.extensions["page_cache"].clear()
    forget_all(campaign.app)


def solved(client: FlaskClient) -> str:
    challenge = v2.Challenge.from_dict(client.get("/s/free/proof.json").get_json())
    solution = v2.solve_challenge(challenge)
    assert solution is not None
    return v2.Payload(challenge, solution).to_base64()


def waiting(campaign: Campaign) -> dict[Any, int]:
    with campaign.app.app_context():
        counted = select(Submission.mail_waits, func.count()).group_by(Submission.mail_waits)
        return dict(db.session.execute(counted).tuples().all())


def test_flagged_forms_are_not_mailed_before_a_person_has_decided(
    campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    attacked(campaign)
    for each in range(3):
        sent = client.post("/s/free/sign", data=form(email=f"stranger{each}@post.example.org"))
        assert sent.location.endswith("mail=held")
    campaign.work()
    assert campaign.sink.mails == [] and waiting(campaign) == {MailWait.HELD: 3}
    page = team.get("/desk/statements/free/protection")
    assert "3 flagged forms wait for your decision" in page.text
    assert "3 flagged forms wait for your decision" in team.get("/desk/review/flagged").text
    data = {"csrf_token": csrf_of(page), "decision": "send"}
    assert team.post("/desk/statements/free/protection/held", data=data).status_code == 303
    campaign.work()
    assert len(campaign.sink.mails) == 3
    link = link_in(campaign.sink.mails[-1])
    assert client.post(link, data={"action": "confirm"}).status_code == 303
    with campaign.app.app_context():
        log = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "held mails sent"))
        assert list(log) == ['{"number": 3}']


def test_a_form_that_a_program_filled_in_is_not_mailed_either(
    campaign: Campaign, client: FlaskClient, team: FlaskClient
) -> None:
    campaign.statement()
    client.post("/s/free/sign", data=form(reference="http://buy.example.net"))
    campaign.work()
    assert campaign.sink.mails == []
    data = {"csrf_token": csrf_of(team.get("/desk/sessions")), "decision": "delete"}
    team.post("/desk/statements/free/protection/held", data=data)
    assert waiting(campaign) == {}


def test_a_statement_under_attack_sends_its_mails_at_the_rate_that_is_set(
    campaign: Campaign, client: FlaskClient, team: FlaskClient, clock_of_rates: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    attacked(campaign)
    monkeypatch.setattr(attack_protection.proof_of_work, "spend_proof", lambda _session, _proof: True)
    proof = solved(client)
    for each in range(25):
        sent = client.post("/s/free/sign", data=form(email=f"p{each}@post.example.org", altcha=proof))
        assert sent.location.endswith("/check-your-mail?mail=queued")
    assert "sent in turn" in client.get("/check-your-mail?mail=queued").text
    campaign.work()
    # 60 a minute; ten seconds of it may come at once.
    assert len(campaign.sink.mails) == 10
    assert "15 e-mails wait for their turn" in team.get("/desk/statements/free/protection").text
    campaign.work()
    assert len(campaign.sink.mails) == 10
    clock_of_rates[0] += 4
    campaign.work()
    assert len(campaign.sink.mails) == 14
    clock_of_rates[0] += 60
    campaign.work()
    clock_of_rates[0] += 60
    campaign.work()
    assert len(campaign.sink.mails) == 25 and waiting(campaign) == {None: 25}


def test_a_third_statement_has_its_turn_though_two_others_have_long_queues(
    campaign: Campaign, clock_of_rates: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round of two seconds has room for two mails, and the same two statements must not have it each time."""
    served: list[int] = []
    monkeypatch.setattr(
        mail_turns, "_promise", lambda statement_id, most: served.extend([statement_id] * most) or most
    )
    three = [campaign.statement(slug) for slug in ("one", "two", "three")]
    with campaign.app.app_context():
        queue(three)
        mail_turns.send_in_turn()
        served.clear()
        for _round in range(6):
            clock_of_rates[0] += 2
            mail_turns.send_in_turn()
    assert {each: served.count(each) for each in three} == dict.fromkeys(three, 4)


def queue(statements: list[int]) -> None:
    """A form for each of these statements whose mail waits for its turn."""
    with writing() as session:
        for statement_id in statements:
            revision = session.scalars(select(Revision.id).where(Revision.statement_id == statement_id)).one()
            session.add(
                Submission(
                    statement_id=statement_id,
                    revision_id=revision,
                    language="en",
                    expires_at=clock.now() + EXPIRES_AFTER,
                    sealed=b"sealed",
                    mail_waits=MailWait.QUEUED,
                )
            )


def test_strangers_get_few_mails_about_lost_links_and_signers_theirs_at_once(
    campaign: Campaign, client: FlaskClient, clock_of_rates: list[float]
) -> None:
    campaign.statement()
    campaign.signed(email="anna@post.example.org")
    for each in range(60):
        client.post("/s/free/lost-link", data={"email": f"stranger{each}@post.example.org"})
    client.post("/s/free/lost-link", data={"email": "anna@post.example.org"})
    campaign.work()
    assert len(campaign.sink.to("anna@post.example.org")) == 1
    assert len(campaign.sink.mails) == 1 + lost_link.STRANGERS_A_MINUTE // 2
    clock_of_rates[0] += 30
    campaign.work()
    assert len(campaign.sink.mails) == 1 + lost_link.STRANGERS_A_MINUTE


def test_under_attack_a_lost_link_asks_for_the_proof_that_signing_asks_for(
    campaign: Campaign, client: FlaskClient
) -> None:
    attacked(campaign)
    page = client.get("/s/free/lost-link").text
    assert 'name="altcha"' in page and "proof.js" in page
    with_proof = {"email": "a@post.example.org", "altcha": solved(client)}
    for data in (with_proof, with_proof, {"email": "b@post.example.org"}):
        assert client.post("/s/free/lost-link", data=data).status_code == 303
    with campaign.app.app_context():
        later = db.session.scalars(select(LinkRequest.later).order_by(LinkRequest.expires_at)).all()
        assert list(later) == [False, True, True], "a proof is good once"


def test_without_attack_it_asks_for_none(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    assert "altcha" not in client.get("/s/free/lost-link").text
    client.post("/s/free/lost-link", data={"email": "a@post.example.org"})
    with campaign.app.app_context():
        assert db.session.scalars(select(LinkRequest.later)).all() == [False]


def queued(campaign: Campaign, slug: str, number: int) -> None:
    with campaign.app.app_context(), writing() as session:
        signing = terms_cache.current(slug)
        assert signing is not None
        for each in range(number):
            typed = SubmittedFields(
                kind=SignatoryKind.PERSON,
                visibility=Visibility.PUBLIC,
                email=f"{each}@{slug}.example.org",
                country="PL",
                name=f"Queued {each}",
            )
            submit(session, signing.place, typed, "en", MailWait.QUEUED)


def test_mails_that_go_out_in_turn_are_not_taken_for_new_forms(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    queued(campaign, "free", 8)
    for minutes in (90, 145):
        later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda moment=later: moment)
        campaign.work()
        assert len(campaign.sink.mails) == 8
        with campaign.app.app_context():
            recent = attack_protection._sent_after(later - dt.timedelta(minutes=61))
            assert db.session.scalars(select(Submission.id).where(recent)).all() == []
            ends = db.session.scalars(select(Submission.expires_at)).all()
            assert {(at.minute, at.second) for at in ends} == {(0, 0)}
            assert min(ends) > later + dt.timedelta(days=6, hours=20)
