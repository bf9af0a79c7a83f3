"""A mail is promised in the transaction of what it confirms, sealed, and says nothing that a stranger may
not read.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from campaign.core import clock
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.extensions import db
from campaign.mailing.messages import message, render
from campaign.mailing.models import OutboxMail
from campaign.mailing.operations import enqueue
from campaign.signing import mails
from tests.mailing.conftest import LINK, Post, content_of
from tests.support import Campaign, Sink, text_of

pytestmark = pytest.mark.databases("sqlite", "postgresql")

CANARY = "Zoltanka Kanarek"


def test_a_mail_is_committed_with_its_transaction(post: Post, sink: Sink) -> None:
    post.promise("anna@post.example.org")
    assert list(post.states().values()) == ["queued"]


def test_a_mail_vanishes_with_the_rollback_of_its_transaction(post: Post, context: Flask) -> None:
    with pytest.raises(LookupError), writing() as session:
        mail, anna = mails.no_link(), "anna@post.example.org"
        enqueue(session, mail, language="en", recipient=anna, expires_at=clock.now())
        raise LookupError
    assert post.rows() == []


def test_the_row_holds_no_plain_address_link_or_code(post: Post) -> None:
    post.promise("anna@post.example.org")
    row = db.session.execute(select(*OutboxMail.__table__.columns)).one()
    everything = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    for secret in (b"anna", b"post.example", b"a-secret-token", b"1234 5678 9012"):
        assert secret not in everything


def test_a_mail_arrives_as_text_and_html_with_the_headers_of_an_automatic_mail(
    post: Post, sink: Sink
) -> None:
    [row] = post.promise("anna@post.example.org")
    message_id = content_of(row)["message_id"]
    post.deliver(post.courier(sink.port))
    [mail] = sink.mails
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ] or [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert {name: str(mail[name]) for name in ("From", "To", "Subject", "Auto-Submitted")} == {
        "From": "post@neutral.example",
        "To": "anna@post.example.org",
        "Subject": "Please confirm your entry",
        "Auto-Submitted": "auto-generated",
    }
    assert mail["Message-ID"] == f"<{message_id}@neutral.example>" and message_id != row.hex
    assert mail["Date"]


def test_both_parts_carry_the_link_and_the_code(post: Post, sink: Sink) -> None:
    post.promise("anna@post.example.org")
    post.deliver(post.courier(sink.port))
    html = sink.mails[0].get_body(("html",))
    assert html is not None
    for content in (text_of(sink.mails[0]), html.get_content()):
        assert LINK in content and "1234 5678 9012" in content


def test_a_mail_says_nothing_of_the_statement_or_of_what_was_typed(campaign: Campaign, sink: Sink) -> None:
    campaign.statement("secret-cause")
    campaign.submit(
        "secret-cause", name=CANARY, city="Kanaryville", message="Kanary song", email="anna@post.example.org"
    )
    decoded = str(sink.mails[-1]) + "".join(
        part.get_content() for part in sink.mails[-1].walk() if not part.is_multipart()
    )
    for told in (
        CANARY,
        "Kanar",
        "secret-cause",
        "Free them all",
        "helped others",
        "Undersigned",
        "petition",
        "signature",
    ):
        assert told.lower() not in decoded.lower(), told


def test_a_mail_loads_nothing_from_anywhere(post: Post, sink: Sink) -> None:
    post.promise("anna@post.example.org")
    post.deliver(post.courier(sink.port))
    html = sink.mails[0].get_body(("html",))
    assert html is not None
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|@import", html.get_content())
    assert set(re.findall(r"https?://[^\s\"<]+", html.get_content())) == {LINK}


def test_the_language_of_the_form_is_the_language_of_the_mail(context: Flask) -> None:
    mail = mails.confirmation(link=LINK, code="1")
    assert 'lang="be"' in render(mail, "be").html
    assert 'lang="en"' in render(mail, "en").html


LINES = st.text(alphabet='ab \r\n\0\x0b\x0c\x85\u2028:@<>,"', max_size=30)


@given(text=LINES)
def test_line_breaks_in_the_context_make_no_header(context: Flask, text: str) -> None:
    attack = f"{text}\r\nBcc: victim@evil.example\r\n\r\nbody"
    rendered = render(mails.confirmation(link=attack, code=attack), "en")
    built = message(new_id().hex, "anna@post.example.org", rendered)
    parsed = _parsed(built.as_bytes())
    assert set(parsed.keys()) <= {
        "Content-Type",
        "MIME-Version",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
    }
    assert str(parsed["To"]) == "anna@post.example.org"


def _parsed(content: bytes) -> EmailMessage:
    from email import message_from_bytes, policy  # noqa: PLC0415

    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed
