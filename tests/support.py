"""The cast and its tools: a sink for mail, a browser-like client, and builders that go the way real people
go.
"""

from __future__ import annotations

import datetime as dt
import email.policy
import re
import secrets
import socket
import uuid
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask import session as signed
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from campaign.accounts.operations import add_member, sign_in
from campaign.accounts.security import begin
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.remembered import forget_all
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from campaign.organisations.operations import register_organisation
from campaign.signatories.listing import fold_statement
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import SignatoryKind, Signature, Submission, Visibility
from campaign.signatures.names import names_of, write_names
from campaign.signing import mail_turns, terms_cache
from campaign.signing.confirmation import confirm
from campaign.signing.models import ProtectionLevel
from campaign.signing.submissions import submit
from campaign.statements import lifecycle, operations
from campaign.statements.addressees import AddresseeContent, AddresseeNames, enter_addressee
from campaign.statements.models import Change, Kind, Safety, Signers, Statement
from campaign.statements.operations import StatementSettings, StatementText

KEYS = {"SECRET_KEYS": secrets.token_urlsafe(48), "VAULT_KEYS": secrets.token_urlsafe(48)}
PASSWORD = "correct horse battery staple"
ENGLISH = StatementText("en", "Free them all", "They helped others.\n\n## We ask\n\n1. Release them.")
BELARUSIAN = StatementText("be", "Вызваліць усіх", "Яны дапамагалі іншым.")


class PublicClient(FlaskClient):
    """Sends what a browser sends with a form of our own page."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Open an address, by default as a same-origin request."""
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Sec-Fetch-Site", "same-origin")
        kwargs["headers"] = {key: value for key, value in headers.items() if value is not None}
        return super().open(*args, **kwargs)


class Sink:
    """A real SMTP server. `reply` may say something else than 250 for a recipient."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.reply: Callable[[str], str | None] = lambda _recipient: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def clear(self) -> None:
        """Forget all mails and be friendly again."""
        self.mails.clear()
        self.raw.clear()
        self.reply = lambda _recipient: None

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address, oldest first."""
        return [mail for mail in self.mails if address in str(mail["To"])]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer RCPT TO."""
        answer = self.reply(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a mail."""
        self.raw.append(envelope.original_content or b"")
        self.mails.append(
            BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(
                envelope.original_content or b""
            )
        )
        return "250 Kept"


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The path of the confirmation link."""
    found = re.search(r"https?://\S+/[ci]/\S+", text_of(mail))
    assert found, text_of(mail)
    return urlsplit(found.group()).path


def code_in(mail: EmailMessage) -> str:
    """The typed code."""
    found = re.search(r"\b\d{4}( \d{4}){2,3}\b", text_of(mail))
    assert found, text_of(mail)
    return found.group()


def form(**changes: Any) -> dict[str, str]:
    """A well filled form of a person; a value of None leaves the field out."""
    filled = {
        "kind": "person",
        "name": "Anna Example",
        "email": "anna@post.example.org",
        "country": "PL",
        "city": "",
        "visibility": "public",
        "consent": "y",
    }
    return {key: value for key, value in (filled | changes).items() if value is not None}


def organisation_form(**changes: Any) -> dict[str, str]:
    """A well filled form of an organisation."""
    return form(**{"kind": "organisation", "organisation": "Test League", "title": "Director"} | changes)


class Campaign:
    """Builders on one app."""

    def __init__(self, app: Flask, sink: Sink, work: Callable[[], None]) -> None:
        self.app, self.sink, self.work = app, sink, work

    def addressee(self, **names: tuple[str, ...]) -> int:
        """Somebody in the book: language to (name, role, institution). Returns the id."""
        with self.app.app_context(), writing() as session:
            return enter_addressee(
                session, AddresseeContent({code: AddresseeNames(*said) for code, said in names.items()})
            ).id

    def statement(
        self,
        slug: str = "free",
        *,
        publish: bool = True,
        close: bool = False,
        sample: bool = False,
        texts: tuple[StatementText, ...] = (ENGLISH,),
        **settings: Any,
    ) -> int:
        """A statement, open unless told otherwise. Returns its id."""
        with self.app.app_context(), writing() as session:
            chosen = StatementSettings(
                slug=slug,
                kind=settings.pop("kind", Kind.PETITION),
                signers=settings.pop("signers", Signers.BOTH),
                **settings,
            )
            statement = operations.create_statement(session, chosen, texts, sample=sample)
            if publish:
                operations.publish(session, statement)
            if close:
                lifecycle.close(session, statement)
            return statement.id

    def published(self, change: Change, *texts: StatementText, slug: str = "free", note: str = "") -> int:
        """A later text of a statement. Returns its id."""
        with self.app.app_context(), writing() as session:
            statement = session.scalars(select(Statement).where(Statement.slug == slug)).one()
            operations.save_draft(session, statement, texts)
            revision_id = operations.publish(session, statement, change, note).id
        self.app.extensions["page_cache"].clear()
        return revision_id

    def organisation(self, name: str = "Test League", *domains: str, country: str = "PL", **more: Any) -> int:
        """An organisation in the registry. Returns its id."""
        with self.app.app_context(), writing() as session:
            return register_organisation(session, {"en": name}, country=country, domains=domains, **more).id

    def member(self, address: str, role: str = "owner") -> FlaskClient:
        """A browser in which a member of the team is signed in, as the view does it.

        The way through the form is in tests/accounts.
        """
        with self.app.test_request_context("/desk/"):
            with writing() as session:
                member = add_member(session, address, "Team Member", role, password=PASSWORD)
                # Whoever is new can't be the second person; the cast has been there for a while.
                member.created_at = clock.now() - dt.timedelta(days=30)
                key = sign_in(session, member.id)
            begin(key)
            kept = dict(signed)
        client = self.app.test_client()
        with client.session_transaction("/desk/") as cookie:
            cookie.update(kept)
            cookie.permanent = True
        return client

    def submit(self, slug: str = "free", **fields: Any) -> str:
        """Fill in the form and read the mail. Returns the path of the link."""
        filled = fields if fields.get("kind") == "organisation" and "organisation" in fields else None
        data = organisation_form(**fields) if filled is not None else form(**fields)
        before = len(self.sink.mails)
        response = self.app.test_client().post(f"/s/{slug}/sign", data=data)
        assert response.status_code == 303, response.text
        if data.get("reference"):
            # A form that a program filled in: its mail waits for the team.
            self.let_go(slug)
        self.work()
        assert len(self.sink.mails) == before + 1, "one mail should have come"
        return link_in(self.sink.mails[-1])

    def let_go(self, slug: str = "free") -> None:
        """Send the mails of flagged forms, as the team does on the desk; nobody waits for a turn here."""
        forget_all(self.app)
        with self.app.app_context(), writing() as session:
            mail_turns.let_go(session, session.scalars(select(Statement).where(Statement.slug == slug)).one())
        self.work()

    def sign(self, slug: str = "free", **fields: Any) -> str:
        """Fill in the form, read the mail, confirm, and let the fold list it.

        Returns the path of the link.
        """
        link = self.submit(slug, **fields)
        response = self.app.test_client().post(link, data={"action": "confirm"})
        # At high safety no page of one's own follows: the answer itself shows the words.
        assert response.status_code in (200, 303), response.text
        self.work()
        return link

    def signed(self, slug: str = "free", **typed: Any) -> str:
        """The same without form, mail and click, for tests of what comes after: submitted, confirmed, folded.
        Returns the path of the link.

        At high safety, and where attack protection is on, one goes the whole way: sign().
        """
        filled = organisation_form(**typed) if typed.get("kind") == "organisation" else form(**typed)
        website, counted = filled.get("website", ""), filled["visibility"] == Visibility.COUNTED
        fields = SubmittedFields(
            kind=SignatoryKind(filled["kind"]),
            visibility=Visibility(filled["visibility"]),
            email=filled["email"],
            country=filled["country"],
            name="" if counted else filled.get("name", ""),
            city="" if counted else filled["city"],
            message=filled.get("message", ""),
            updates=filled.get("updates") == "y",
            website=f"https://{website}" if website and "://" not in website else website,
            **{name: filled.get(name, "") for name in ("organisation", "title")},
        )
        with self.app.app_context(), writing() as session:
            forget_all(self.app)
            signing = terms_cache.current(slug)
            assert (
                signing is not None
                and signing.terms.safety == Safety.STANDARD
                and signing.level == ProtectionLevel.OFF
            ), "this one signs by the form"
            promised = set(session.scalars(select(OutboxMail.id)))
            row = submit(session, signing.place, fields, "en")
            session.execute(delete(OutboxMail).where(OutboxMail.id.not_in(promised)))
            confirm(session, row)
            fold_statement(session, signing.place.statement_id)
            link = f"/c/{tokens.issue(tokens.Purpose.SIGNATURE, row)}"
        self.app.extensions["page_cache"].clear()
        return link

    def affiliate(self, link: str, affiliation: str) -> uuid.UUID:
        """Give a person an affiliation, which comes with lists from elsewhere. Returns the signature's id."""
        signature_id = self.signature(link).id
        with self.app.app_context(), writing() as session:
            signature = session.get_one(Signature, signature_id)
            names = names_of(signature) | {"affiliation": affiliation}
            write_names(signature, names, Visibility(signature.visibility))
        self.work()
        return signature_id

    def counts(self, slug: str = "free") -> tuple[int, int]:
        """(people, organisations) as everyone reads them."""
        body = self.app.test_client().get(f"/s/{slug}/live.json").get_json()
        return body["counts"]["people"], body["counts"]["organisations"]

    def signature(self, link: str) -> Signature:
        """The signature behind a link, detached."""
        with self.app.app_context():
            row = tokens.read(tokens.Purpose.SIGNATURE, link.rpartition("/")[2])
            signature = db.session.scalar(
                select(Signature)
                .join(Submission, Submission.signature_id == Signature.id)
                .where(Submission.id == row)
            )
            assert signature is not None
            db.session.expunge(signature)
            return signature


def csrf_of(response: TestResponse) -> str:
    """The CSRF token in a form of the team."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', response.text)
    assert found, response.text[:2000]
    return found.group(1)


def csrf(team: FlaskClient) -> str:
    """The token for a form of who is signed in, from the lightest page that has one."""
    return csrf_of(team.get("/desk/prove"))
