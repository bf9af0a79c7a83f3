"""Bounces: only a report on a mail that we sent counts, and what it says decides what becomes of the
address.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from campaign.core import clock, retention
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing import bounce_mailbox
from campaign.mailing.bounces import Verdict, read_bounce, split_mbox
from campaign.mailing.models import BouncingDomain, OutboxMail, SuppressedAddress
from campaign.mailing.operations import enqueue, failed_mails
from campaign.mailing.queries import outbox_report
from campaign.signing import mails
from tests.mailing.conftest import Post
from tests.mailing.servers import FaultyServer, unverified_context
from tests.world.bounces import AUTOREPLY, POSTFIX, SHAPES, bounce

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Later = Callable[..., AbstractContextManager[Any]]
ANNA, BORYS = "anna@post.example.org", "borys@post.example.org"


@pytest.fixture
def sent(post: Post, server: FaultyServer) -> Callable[[str], bytes]:
    """Send one mail to an address. Returns it as the server took it."""

    def send(address: str) -> bytes:
        post.promise(address)
        post.deliver(post.courier(server.port))
        return next(content for to, content in reversed(server.taken) if to == address)

    return send


def _states() -> list[str]:
    db.session.rollback()
    return sorted(str(state) for state in db.session.scalars(select(OutboxMail.state)))


def _suppressed() -> dict[str, int]:
    """Days by code."""
    db.session.rollback()
    rows = db.session.scalars(select(SuppressedAddress)).all()
    return {row.code: (row.ends_on - clock.today()).days for row in rows}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_of_each_kind_of_server_suppresses_the_address(
    post: Post, server: FaultyServer, sent: Callable[[str], bytes], shape: str
) -> None:
    report = bounce(SHAPES[shape], sent(ANNA), ANNA)
    assert read_bounce(report) is Verdict.BOUNCED
    assert (_states(), _suppressed()) == (["bounced"], {"5.1.1": 90})
    assert read_bounce(report) is Verdict.STRANGE, "each report counts once"
    # Another spelling of the mailbox, and another mailbox.
    post.promise("Anna@Post.Example.Org", BORYS)
    post.deliver(post.courier(server.port))
    assert server.recipients() == [ANNA, BORYS]
    assert _states() == ["bounced", "sent", "suppressed"]


@pytest.mark.parametrize(
    ("status", "days"),
    [("5.1.10", 90), ("5.2.1", 90), ("5.0.0", 7), ("5.2.2", None), ("5.7.1", None), ("5.1.8", None)],
)
def test_the_status_says_whether_the_address_is_to_blame(
    sent: Callable[[str], bytes], status: str, days: int | None
) -> None:
    assert read_bounce(bounce(POSTFIX, sent(ANNA), ANNA, status)) is Verdict.BOUNCED
    assert (_states(), _suppressed()) == (["bounced"], {status: days} if days else {})


def _stranger(original: bytes) -> bytes:
    return original.replace(b"Message-ID: <", b"Message-ID: <0")


OTHERS: dict[str, tuple[Verdict, Callable[[bytes], bytes]]] = {
    "a delay": (Verdict.DELAYED, lambda mail: bounce(POSTFIX, mail, ANNA, "4.4.1", "delayed")),
    "given up after days": (Verdict.DELAYED, lambda mail: bounce(POSTFIX, mail, ANNA, "4.4.1")),
    "relayed": (Verdict.DELAYED, lambda mail: bounce(POSTFIX, mail, ANNA, "2.0.0", "relayed")),
    "of another's mail": (Verdict.STRANGE, lambda mail: bounce(POSTFIX, _stranger(mail), ANNA)),
    "without the mail": (Verdict.STRANGE, lambda _mail: bounce(POSTFIX, b"Subject: x\r\n\r\nx", ANNA)),
    "about another recipient": (Verdict.STRANGE, lambda mail: bounce(POSTFIX, mail, BORYS)),
    "with our name elsewhere": (
        Verdict.STRANGE,
        lambda mail: bounce(POSTFIX, mail.replace(b"@", b"@evil.", 9), ANNA),
    ),
    "an autoreply": (
        Verdict.NO_REPORT,
        lambda mail: bounce(
            AUTOREPLY.replace("{message_id}", message_from_bytes(mail)["Message-ID"]), mail, ANNA
        ),
    ),
    "a forwarded report": (
        Verdict.NO_REPORT,
        lambda mail: (
            b"Subject: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + bounce(POSTFIX, mail, ANNA)
        ),
    ),
    "cut off": (
        Verdict.STRANGE,
        lambda mail: bounce(POSTFIX, mail, ANNA).partition(b"Undelivered Message")[0],
    ),
    "nothing": (Verdict.NO_REPORT, lambda _mail: b""),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_nothing_else_changes_anything(sent: Callable[[str], bytes], kind: str) -> None:
    verdict, made = OTHERS[kind]
    assert read_bounce(made(sent(ANNA))) is verdict
    assert (_states(), _suppressed()) == (["sent"], {})


@given(cut=st.integers(0, 3_000), put=st.binary(max_size=40))
def test_no_damage_to_a_report_stops_the_reading(context: Flask, cut: int, put: bytes) -> None:
    report = bounce(POSTFIX, b"Message-ID: <" + b"0" * 32 + b"@x.example>\r\n\r\nWords", ANNA)
    assert read_bounce(report[:cut] + put + report[cut:]) is not Verdict.BOUNCED


def test_the_handle_finds_a_followed_mail_that_bounced_and_no_other(post: Post, server: FaultyServer) -> None:
    mail, until = mails.no_link(), clock.now() + dt.timedelta(days=3)
    with writing() as session:
        handles = [
            enqueue(session, mail, language="en", recipient=to, expires_at=until, followed=to == ANNA)
            for to in (ANNA, BORYS)
        ]
    post.deliver(post.courier(server.port))
    assert failed_mails(db.session(), handles) == []
    for to, content in server.taken:
        assert read_bounce(bounce(POSTFIX, content, to)) is Verdict.BOUNCED
    assert failed_mails(db.session(), handles) == handles[:1]


def test_a_domain_is_shown_from_five_addresses_on_and_never_of_high_safety(
    post: Post, server: FaultyServer
) -> None:
    def bounced(domain: str, counted: bool, count: int) -> None:
        until = clock.now() + dt.timedelta(days=3)
        for number in range(count):
            address = f"a{number}@{domain}"
            with writing() as session:
                enqueue(
                    session,
                    mails.no_link(),
                    language="en",
                    recipient=address,
                    expires_at=until,
                    counted=counted,
                )
            post.deliver(post.courier(server.port))
            read_bounce(bounce(POSTFIX, server.taken[-1][1], address))

    bounced("dead.example", True, 5)
    bounced("small.example", True, 4)
    bounced("secret.example", False, 5)
    assert outbox_report().bouncing == [("dead.example", 5)]
    assert db.session.scalar(select(func.count()).select_from(BouncingDomain)) == 2
    assert all(b"example" not in row.sealed for row in db.session.scalars(select(BouncingDomain)))


def test_after_its_time_an_address_is_written_to_again(
    post: Post, server: FaultyServer, sent: Callable[[str], bytes], later: Later
) -> None:
    read_bounce(bounce(POSTFIX, sent(ANNA), ANNA))
    with later(days=91):
        retention.purge_all()
        assert _suppressed() == {}
        post.promise(ANNA)
        post.deliver(post.courier(server.port))
    assert server.recipients() == [ANNA, ANNA]


def test_the_command_reads_a_mail_and_an_mbox_and_counts_what_it_ignores(
    app: Flask, sent: Callable[[str], bytes]
) -> None:
    first, second = bounce(POSTFIX, sent(ANNA), ANNA), bounce(SHAPES["Exim"], sent(BORYS), BORYS)
    mbox = b"From MAILER-DAEMON Fri Mar  5 10:00:00 2027\n" + first
    mbox += b"\nFrom x Fri Mar  5 10:00:01 2027\nSubject: spam\n\n>From here on\n"
    assert [b"spam" in mail for mail in split_mbox(mbox)] == [False, True]
    run = app.test_cli_runner().invoke
    said = run(args=["campaign", "bounces"], input=mbox).output
    assert "1 bounced for good" in said and "1 no report of a mail server" in said
    assert (
        "1 bounced for good" in run(args=["campaign", "bounces"], input=second.replace(b"\n", b"\r\n")).output
    )
    assert "There is no e-mail" in run(args=["campaign", "bounces"], input=b"\n").output
    assert _suppressed() == {"5.1.1": 90} and _states() == ["bounced", "bounced"]
    release = ["campaign", "bounces", "--release"]
    assert "sent to it again" in run(args=release, input=f"{ANNA}\n").output
    assert "Nothing was held back" in run(args=release, input=f"{ANNA}\n").output
    assert "no e-mail address" in run(args=release, input="anna\n").output


class _Mailbox(socketserver.StreamRequestHandler):
    """As much of IMAP (RFC 3501) as reading a folder takes."""

    server: Any

    def handle(self) -> None:
        self._say("* OK ready")
        for line in self.rfile:
            tag, verb, *rest = line.decode().split()
            what = " ".join([verb, *rest[:1]]).upper() if verb.upper() == "UID" else verb.upper()
            self._answer(what, rest)
            self._say(f"{tag} {'NO refused' if what in self.server.refuses else 'OK done'}")
            if what == "LOGOUT":
                return

    def _answer(self, what: str, rest: list[str]) -> None:
        mails: dict[str, bytes] = self.server.mails
        if what == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif what == "SELECT":
            self._say(f"* {len(mails)} EXISTS")
        elif what == "UID SEARCH":
            unread = [number for number in mails if number not in self.server.flags]
            self._say(" ".join(["* SEARCH", *unread]))
        elif what == "UID FETCH":
            content = mails[rest[1]]
            self.wfile.write(f"* 1 FETCH (UID {rest[1]} BODY[]<0> {{{len(content)}}}\r\n".encode())
            self.wfile.write(content + b")\r\n")
        elif what == "UID STORE":
            self.server.flags[rest[1]] = " ".join(rest[3:]).strip("()")
        elif what == "LOGOUT":
            self._say("* BYE")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def imap(context: ssl.SSLContext, mails: dict[str, bytes], *refuses: str) -> Iterator[Any]:
    """A mailbox on this machine, over TLS."""
    server: Any = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mailbox)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.mails, server.flags, server.refuses = mails, {}, refuses
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def reads(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], bool]:
    """Read the mailbox of a server."""

    def read(server: Any) -> bool:
        changed = dataclasses.replace(
            app.extensions["settings"],
            bounces_imap_host="127.0.0.1",
            bounces_imap_port=server.server_address[1],
            bounces_imap_username="bounces",
            bounces_imap_password="secret words",
        )
        monkeypatch.setitem(app.extensions, "settings", changed)
        return bounce_mailbox.collect_bounces()

    return read


def test_the_worker_reads_a_mailbox_and_deletes_reports_on_our_mails_alone(
    sent: Callable[[str], bytes],
    reads: Callable[[Any], bool],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box = {"7": bounce(POSTFIX, sent(ANNA), ANNA), "9": b"Subject: an answer\r\n\r\nHello"}
    context = unverified_context(tmp_path)
    with imap(context, box) as server:
        with pytest.raises(bounce_mailbox.MailboxAway, match="SSLCertVerificationError"):
            reads(server)
        assert server.flags == {} and _states() == ["sent"]
        trusting = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
        trusting.check_hostname = False
        monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
        assert reads(server) is False
        assert server.flags == {"7": r"\Seen \Deleted", "9": r"\Seen"}
        assert _states() == ["bounced"] and reads(server) is False
    for refused in ("LOGIN", "SELECT"):
        with imap(context, box, refused) as server, pytest.raises(bounce_mailbox.MailboxAway) as error:
            reads(server)
        assert "refused" not in str(error.value), "a server's words may repeat an address"
