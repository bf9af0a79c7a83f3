"""What becomes of a mail when the server refuses, defers, is away, hangs up, or cannot be trusted."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from campaign.core.database import writing
from campaign.core.vault import Vault
from campaign.extensions import db
from campaign.mailing import outbox
from campaign.mailing.caps import purge_outbox
from campaign.mailing.models import MailState, MailTally, OutboxMail
from campaign.mailing.operations import Tally, seal_content
from campaign.mailing.queries import outbox_report
from tests.mailing.conftest import Post, content_of
from tests.mailing.servers import FaultyServer, free_port, unverified_context
from tests.support import Campaign, form

Later = Callable[..., AbstractContextManager[Any]]
ANNA, BORYS, CLARA = "anna@post.example.org", "borys@post.example.org", "clara@post.example.org"


def _only(post: Post) -> OutboxMail:
    [row] = post.rows()
    return row


def _ids(server: FaultyServer) -> list[str]:
    return [message_from_bytes(content)["Message-ID"] for _address, content in server.taken]


def test_a_mail_that_was_taken_is_sent_and_erased(post: Post, server: FaultyServer) -> None:
    post.promise(ANNA)
    post.deliver(post.courier(server.port))
    row = _only(post)
    assert (row.state, row.sealed, row.lease, row.trouble) == (MailState.SENT, None, None, None)
    assert row.ended_at is not None
    assert server.recipients() == [ANNA]


@pytest.mark.parametrize("answer", ["550 no such user", "553 bad mailbox", "500 what"])
def test_one_refused_recipient_ends_as_refused_and_the_others_go_on(
    post: Post, server: FaultyServer, answer: str
) -> None:
    server.to_recipient = lambda address: answer if address == BORYS else None
    _anna, borys, _clara = post.promise(ANNA, BORYS, CLARA)
    post.deliver(post.courier(server.port))
    assert server.recipients() == [ANNA, CLARA]
    refused = db.session.get_one(OutboxMail, borys)
    assert (refused.state, refused.trouble, refused.sealed) == (MailState.REFUSED, answer[:3], None)
    assert sorted(post.states().values()) == ["refused", "sent", "sent"]


def test_a_mail_refused_after_its_content_ends_as_refused(post: Post, server: FaultyServer) -> None:
    server.to_mail = lambda address: "554 looks like spam" if address == ANNA else None
    post.promise(ANNA, BORYS)
    post.deliver(post.courier(server.port))
    assert sorted(post.states().values()) == ["refused", "sent"]


@pytest.mark.parametrize("where", ["to_recipient", "to_mail"])
def test_a_deferred_mail_waits_and_is_sent_afterwards(
    post: Post, server: FaultyServer, later: Later, where: str
) -> None:
    setattr(server, where, lambda address: "451 come back later" if address == ANNA else None)
    first, _second = post.promise(ANNA, BORYS)
    post.deliver(post.courier(server.port))
    row = db.session.get_one(OutboxMail, first)
    assert (row.state, row.trouble, server.recipients()) == (MailState.QUEUED, "451", [BORYS])
    assert row.sealed is not None and row.due_at > dt.datetime.now(dt.UTC)
    setattr(server, where, lambda _address: None)
    with later(minutes=3):
        post.deliver(post.courier(server.port))
    assert set(post.states().values()) == {"sent"}
    assert server.recipients() == [BORYS, ANNA]


def test_while_the_server_is_away_nothing_is_lost_and_all_is_sent_when_it_is_back(
    post: Post, later: Later
) -> None:
    port = free_port()
    post.promise(ANNA, BORYS, CLARA)
    post.deliver(post.courier(port))
    assert {(row.state, row.sealed is None) for row in post.rows()} == {(MailState.QUEUED, False)}
    report = outbox_report()
    assert (report.waiting, report.trouble) == (3, "ConnectionRefusedError")
    with FaultyServer(port) as back, later(minutes=5):
        post.deliver(post.courier(port))
        assert sorted(back.recipients()) == [ANNA, BORYS, CLARA]


def test_a_server_that_is_away_is_asked_once_a_round_and_not_once_a_mail(
    post: Post, server: FaultyServer
) -> None:
    asked: list[str] = []
    server.to_recipient = lambda address: asked.append(address) or "421 closing down"
    post.promise(ANNA, BORYS, CLARA)
    post.deliver(post.courier(server.port))
    assert len(asked) == 1
    assert set(post.states().values()) == {"queued"}


def test_pauses_grow_but_never_beyond_two_minutes() -> None:
    assert all(2.5 <= outbox._pause(1) <= 5 for _ in range(50))
    assert all(60 <= outbox._pause(attempts) <= 120 for attempts in (6, 10, 500))


def test_a_connection_cut_after_the_content_is_tried_again_with_the_same_message_id(
    post: Post, server: FaultyServer, later: Later
) -> None:
    server.cuts = 1
    [row] = post.promise(ANNA)
    message_id = content_of(row)["message_id"]
    post.deliver(post.courier(server.port))
    assert post.states() == {row: "queued"}
    with later(minutes=3):
        post.deliver(post.courier(server.port))
    assert post.states() == {row: "sent"}
    assert _ids(server) == [f"<{message_id}@neutral.example>"] * 2 and row.hex != message_id
    assert len({re.search(rb"/c/\S+", content).group() for _to, content in server.taken}) == 1  # type: ignore[union-attr]


def test_a_kept_connection_that_broke_in_between_is_made_anew(post: Post, later: Later) -> None:
    port = free_port()
    courier = post.courier(port)
    with FaultyServer(port):
        post.promise(ANNA)
        post.deliver(courier)
    with FaultyServer(port) as again:
        post.promise(BORYS)
        post.deliver(courier)
        with later(minutes=3):
            post.deliver(courier)
        assert again.recipients() == [BORYS]


def test_the_greeting_does_not_name_this_machine(post: Post, server: FaultyServer) -> None:
    post.promise(ANNA)
    post.deliver(post.courier(server.port))
    assert server.greetings == ["neutral.example"]


def test_a_row_whose_time_is_over_ends_as_expired_and_is_never_sent(
    post: Post, server: FaultyServer, later: Later
) -> None:
    post.promise(ANNA, days=1)
    with later(days=1, minutes=1):
        post.deliver(post.courier(server.port))
    row = _only(post)
    assert (row.state, row.sealed, server.taken) == (MailState.EXPIRED, None, [])


def test_a_row_whose_key_is_gone_ends_as_unreadable_and_others_go_on(
    post: Post, server: FaultyServer, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, _ = post.promise(ANNA, BORYS)
    with writing() as session:
        session.get_one(OutboxMail, lost).sealed = Vault(["another key " * 4]).seal(
            b"{}", "outbox", "sealed", lost
        )
    post.deliver(post.courier(server.port))
    row = db.session.get_one(OutboxMail, lost)
    assert (row.state, row.trouble, row.sealed) == (MailState.UNREADABLE, "no key", None)
    assert server.recipients() == [BORYS]


def test_a_mail_that_can_not_be_made_holds_up_no_other(post: Post, server: FaultyServer) -> None:
    broken, _ = post.promise(ANNA, BORYS)
    with writing() as session:
        content = content_of(broken) | {"template": "signing/nothing"}
        session.get_one(OutboxMail, broken).sealed = seal_content(content, broken)
    post.deliver(post.courier(server.port))
    row = db.session.get_one(OutboxMail, broken)
    assert (server.recipients(), row.state, row.trouble) == ([BORYS], MailState.QUEUED, "TemplateNotFound")


def test_at_most_three_mails_go_to_one_address_about_one_statement(campaign: Campaign, post: Post) -> None:
    campaign.statement("one")
    campaign.statement("two")
    for slug in ("one",) * 5 + ("two",):
        assert (
            campaign.app.test_client()
            .post(f"/s/{slug}/sign", data=form(email="a.nna+x@gmail.com"))
            .status_code
            == 303
        )
    campaign.work()
    assert sorted(post.states().values()) == ["capped"] * 2 + ["sent"] * 4
    assert len(campaign.sink.mails) == 4


def test_spellings_of_one_mailbox_share_the_cap_of_a_statement(campaign: Campaign, post: Post) -> None:
    campaign.statement()
    for address in ("anna@gmail.com", "A.nna@gmail.com", "anna+1@googlemail.com", "ann.a@gmail.com"):
        campaign.app.test_client().post("/s/free/sign", data=form(email=address))
    campaign.work()
    assert len(campaign.sink.mails) == 3


def test_at_most_twenty_mails_a_day_go_to_one_address(post: Post, server: FaultyServer, later: Later) -> None:
    post.promise(*[ANNA] * 12, *[ANNA.upper()] * 10, BORYS)
    post.deliver(post.courier(server.port))
    assert sorted(post.states().values()) == ["capped"] * 2 + ["sent"] * 21
    with later(days=1):
        post.promise(ANNA)
        post.deliver(post.courier(server.port))
    assert sorted(post.states().values()) == ["capped"] * 2 + ["sent"] * 22


def test_a_capped_mail_is_erased_like_a_sent_one(post: Post, server: FaultyServer) -> None:
    tally = Tally("ab" * 32, most=1, days=7)
    post.promise(ANNA, BORYS, tallies=(tally,))
    post.deliver(post.courier(server.port))
    assert sorted(post.states().values()) == ["capped", "sent"]
    assert all(row.sealed is None and row.ended_at is not None for row in post.rows())


def test_trying_again_does_not_count_against_the_cap(post: Post, server: FaultyServer, later: Later) -> None:
    server.to_recipient = lambda _address: "451 later"
    post.promise(ANNA, tallies=(Tally("cd" * 32, most=1, days=7),))
    for minutes in (0, 5, 10):
        with later(minutes=minutes):
            post.deliver(post.courier(server.port))
    assert db.session.query(MailTally.mails).filter_by(index=bytes.fromhex("cd" * 32)).scalar() == 1
    server.to_recipient = lambda _address: None
    with later(minutes=15):
        post.deliver(post.courier(server.port))
    assert list(post.states().values()) == ["sent"]


@pytest.mark.parametrize(
    ("setting", "window"), [("mail_max_per_hour", {"hours": 1}), ("mail_max_per_day", {"days": 1})]
)
def test_the_maximum_of_the_relay_is_kept(
    post: Post,
    server: FaultyServer,
    context: Flask,
    monkeypatch: pytest.MonkeyPatch,
    later: Later,
    setting: str,
    window: dict[str, float],
) -> None:
    monkeypatch.setitem(
        context.extensions, "settings", dataclasses.replace(context.extensions["settings"], **{setting: 3})
    )  # type: ignore[arg-type]
    post.promise(*(f"signer{number}@post.example.org" for number in range(7)))
    for _ in range(3):
        post.deliver(post.courier(server.port))
    assert len(server.taken) == 3
    with later(**window, minutes=1):
        post.deliver(post.courier(server.port))
    assert len(server.taken) == 6
    assert list(post.states().values()).count("queued") == 1


def test_rows_that_ended_are_deleted_after_a_week(post: Post, server: FaultyServer, later: Later) -> None:
    post.promise(ANNA)
    post.deliver(post.courier(server.port))
    post.promise(BORYS, days=30)
    for days, left in ((6, 2), (8, 1)):
        with later(days=days), writing():
            purge_outbox()
        assert len(post.rows()) == left


@pytest.mark.parametrize("mode", ["use_tls", "use_ssl"])
def test_a_server_whose_certificate_is_not_verified_gets_nothing(
    post: Post, tmp_path: Path, mode: str
) -> None:
    tls = unverified_context(tmp_path)
    options = {"tls_context": tls} if mode == "use_tls" else {"ssl_context": tls}
    port = free_port()
    # The controller of aiosmtpd looks after a TLS server by asking it itself, which this certificate does not
    # allow.
    with _running(FaultyServer(port, **options), mode) as server:
        post.promise(ANNA)
        post.deliver(post.courier(port, **{mode: True}))
        assert server.taken == []
    row = _only(post)
    assert (row.state, row.trouble) == (MailState.QUEUED, "SSLCertVerificationError")


def _running(server: FaultyServer, mode: str) -> FaultyServer:
    return server


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for(post: Post, server: FaultyServer) -> None:
    post.promise(ANNA)
    post.deliver(post.courier(server.port, use_tls=True))
    assert server.taken == []
    assert list(post.states().values()) == ["queued"]


ADDRESS = st.text(alphabet='ab@. \r\n\0<>,:;"é', max_size=20)


@given(text=ADDRESS)
def test_line_breaks_in_an_address_make_no_header_and_no_second_recipient(
    post: Post, server: FaultyServer, text: str
) -> None:
    with writing() as session:
        session.execute(delete(MailTally))
    server.taken.clear()
    post.promise(f"anna@post.example.org{text}\r\nBcc: victim@evil.example", BORYS)
    post.deliver(post.courier(server.port))
    assert server.recipients() == [BORYS]
    assert all(
        message_from_bytes(content)["Bcc"] is None and b"victim" not in content
        for _to, content in server.taken
    )


def test_an_address_that_no_form_takes_is_refused_and_others_go_on(post: Post, server: FaultyServer) -> None:
    strange, _ = post.promise("юлія@post.example.org", BORYS)
    post.deliver(post.courier(server.port))
    row = db.session.get_one(OutboxMail, strange)
    assert (server.recipients(), row.state, row.trouble) == ([BORYS], MailState.REFUSED, "553")


def test_a_domain_in_other_letters_arrives_in_the_form_of_the_dns(post: Post, server: FaultyServer) -> None:
    post.promise("anna@пошта.example")
    post.deliver(post.courier(server.port))
    assert server.recipients() == ["anna@" + "пошта.example".encode("idna").decode()]


FAULTS = {
    "550 no <{0}> here": "to_recipient",
    "451 <{0}> later": "to_recipient",
    "421 go away {0}": "to_recipient",
    "554 spam for {0}": "to_mail",
    "452 full {0}": "to_mail",
}


@pytest.mark.parametrize("answer", FAULTS)
def test_no_address_name_or_token_comes_into_the_log(
    campaign: Campaign, post: Post, server: FaultyServer, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    caplog.set_level(logging.DEBUG)
    setattr(server, FAULTS[answer], answer.format)
    campaign.statement()
    campaign.app.test_client().post(
        "/s/free/sign", data=form(name="Zoltanka Kanarek", email="zoltanka@post.example.org")
    )
    post.promise("borys-kanarek@post.example.org")
    post.deliver(post.courier(server.port))
    # The log of the test's own SMTP server is not ours.
    ours = "\n".join(str(vars(record)) for record in caplog.records if record.name != "mail.log")
    assert not re.search(r"(?i)kanarek|zoltanka|a-secret-token|/c/\w|\d{4} \d{4} \d{4}", ours)
    assert all(row.trouble == answer[:3] for row in post.rows() if row.trouble)


def test_mails_to_one_person_come_in_the_order_of_their_promise(post: Post, server: FaultyServer) -> None:
    addresses = [f"signer{number:02}@post.example.org" for number in range(12)]
    for address in addresses:
        post.promise(address)
    post.deliver(post.courier(server.port))
    assert server.recipients() == addresses
