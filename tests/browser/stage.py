"""The stage of the browser: a whole site, web and worker as their own processes, on each kind of database,
mail to the sink.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select

from campaign import create_app
from campaign.accounts.operations import add_member
from campaign.circulation import answers, suggestions
from campaign.circulation.answers import Given
from campaign.circulation.contacts import Contact
from campaign.circulation.models import Answer
from campaign.config import Settings
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.tokens import Purpose
from campaign.mailing.mailbox import folder_in
from campaign.organisations.operations import register_organisation
from campaign.people import timeline
from campaign.people.dates import parse
from campaign.people.detention import Length
from campaign.people.models import Person
from campaign.people.operations import LetterAddress, PersonFacts, Told
from campaign.people.timeline import Event
from campaign.people.timeline import Words as EventWords
from campaign.people.vocabulary import EventKind, Letters, Script
from campaign.signatories.listing import fold_statement
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.messages import decide_message as decide
from campaign.signatures.messages import message_mark
from campaign.signatures.models import SignatoryKind, Signature, Submission, Visibility
from campaign.signatures.queries import held_message
from campaign.signing import confirmation, terms_cache
from campaign.signing.submissions import submit
from campaign.statements import lifecycle, topics
from campaign.statements.models import Kind, Signers, Statement
from campaign.statements.operations import StatementText
from campaign.updates.models import Update, UpdateKind
from campaign.updates.operations import Sitting, UpdateContent, UpdateWords, enter_update, publish_update
from tests import machine
from tests.processes import running, settings_in, wait_for
from tests.support import BELARUSIAN, ENGLISH, PASSWORD, Campaign, Sink
from tests.world.circulation import sent_round
from tests.world.people import join, person

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests need the browser."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.needs("chromium"))


Named = str | tuple[str, str] | dict[str, str]


def _entry(signatory: Named, country: str) -> Imported:
    if isinstance(signatory, dict):
        return Imported(SignatoryKind.ORGANISATION, signatory, country, "a test")
    name, city = (signatory, "") if isinstance(signatory, str) else signatory
    return Imported(SignatoryKind.PERSON, {"name": name, "city": city}, country, "a test")


@dataclass
class Site:
    """A running site."""

    url: str
    app: Flask
    sink: Sink

    @property
    def make(self) -> Campaign:
        """The builders of all tests. The site has a worker of its own."""
        return Campaign(self.app, self.sink, lambda: None)

    def statement(self, *texts: StatementText, close: bool = False, **settings: Any) -> str:
        """A fresh statement, open unless told otherwise, in two languages unless it brings its own texts.

        Returns its path.
        """
        slug = f"free-{secrets.token_hex(4)}"
        self.make.statement(
            slug, texts=texts or (ENGLISH, BELARUSIAN), close=close, **{"goal": 10} | settings
        )
        return f"/s/{slug}"

    def going_round(self) -> tuple[str, str, str]:
        """A text with two invitations, one of them answered.

        Returns the paths of its drive, of the open invitation and of the shared link.
        """
        slug = f"round-{secrets.token_hex(4)}"
        statement_id = self.make.statement(
            slug,
            publish=False,
            texts=(ENGLISH, BELARUSIAN),
            kind=Kind.JOINT_STATEMENT,
            signers=Signers.ORGANISATIONS,
        )
        with self.app.app_context(), writing() as session:
            contacts = [
                Contact(f"{name}@{slug}.example.org", name.title(), f"League of {name.title()}")
                for name in ("lena", "otto")
            ]
            circulation, (first, second) = sent_round(session, statement_id, contacts, country="PL")
            answers.give(session, second.id, Given(Answer.SIGN, contacts[1], shown_early=True, read=1))
            suggestions.suggest(
                session, second.id, "en", 1, ENGLISH.body.replace("others", "many"), "Clearer."
            )
            token, shared = (
                tokens.issue(Purpose.CIRCULATION, first.id),
                tokens.issue(Purpose.SHARED_CIRCULATION, circulation.shared_id),
            )
        return f"/desk/statements/{slug}/circulation", f"/i/{token}", f"/i/{shared}"

    def topic(self) -> tuple[str, int]:
        """A topic that a hearing of years to come and undated news are told of.

        Returns its path and its id, for statements.
        """
        slug = f"defenders-{secrets.token_hex(4)}"
        with self.app.app_context(), writing() as session:
            topic_id = topics.enter_topic(
                session, slug, {"en": topics.TopicWords("Defenders", "What is done to them.")}
            ).id
            said = [
                UpdateWords(
                    "be", "Пасяджэнне", "Яно **адкрытае**.", "Вярхоўны Суд", "Адны супраць другіх", "Мінск"
                )
            ]
            sitting = Sitting(dt.datetime(2099, 9, 30, 8, 0, tzinfo=dt.UTC), "Europe/Minsk")
            sources = ("https://court.example.org/" + "a-long-address/" * 8,)
            enter_update(
                session,
                UpdateContent(UpdateKind.HEARING, said, None, topic_id, sources=sources, sitting=sitting),
                publish=True,
            )
            enter_update(
                session,
                UpdateContent(UpdateKind.NEWS, [UpdateWords("en", "News")], None, topic_id),
                publish=True,
            )
        return f"/t/{slug}", topic_id

    def campaign(self) -> tuple[str, str, int]:
        """A campaign for one who is in prison and one who is free, with news of it.

        Returns its path, that of the first, and the id of the news.
        """
        path, mark = self.statement(kind=Kind.RELEASE_CAMPAIGN), secrets.token_hex(4)
        arrest, verdict, sentence = (
            (EventKind.ARREST, "2021-07-14"),
            (EventKind.VERDICT, "2023-03-03"),
            (EventKind.SENTENCE, "2023-03-03", Length(9, 6)),
        )
        stories = {
            "Jana Example": (arrest, verdict, sentence, (EventKind.HEARING, "2099-09-30")),
            "Lev Sample": (arrest,),
        }
        texts = {"en": Told(role="volunteer", life="They *help*.", letter_note="Number your letters.")}
        facts = PersonFacts(letters=Letters.SOMETIMES, letter_languages="be,ru", born_on=dt.date(1979, 5, 21))
        slugs = [
            person(
                self.app,
                story=story,
                confirmed=clock.today(),
                names={"en": f"{name} {mark}", "be": f"Асоба {mark}"},
                words={"en": EventWords("Article 1", "It says nothing.", "Minsk", "A *note*.")},
                texts=texts,
                addresses={Script.CYRILLIC: LetterAddress("Калонія 4\n246035 Гомель", "BY")},
                sources=["https://news.example.org/1"],
                facts=facts,
            )
            for name, story in stories.items()
        ]
        join(self.app, path[3:], *slugs)
        with self.app.app_context(), writing() as session:
            free = session.scalars(select(Person).where(Person.slug == slugs[1])).one()
            timeline.enter_event(session, free, Event(EventKind.RELEASE, parse("2023-07-21")))
            (draft,) = session.scalars(select(Update).where(Update.person_id == free.id))
            publish_update(session, draft)
            return path, f"/p/{slugs[0]}", draft.id

    def told(self, path: str, title: str) -> None:
        """Tell something about a statement."""
        with self.app.app_context(), writing() as session:
            statement = session.scalars(select(Statement).where(Statement.slug == path[3:])).one()
            entry = UpdateContent(
                UpdateKind.OUTCOME,
                [UpdateWords("en", title, "At last.")],
                statement.id,
                happened_on=dt.date(2026, 5, 1),
                sources=("A newspaper",),
            )
            enter_update(session, entry, publish=True)

    def organisation(self, name: str, domain: str) -> None:
        """An organisation whose mailboxes sign at once."""
        self.make.organisation(name, domain)

    def listed(self, path: str, *signatories: Named, country: str = "PL") -> None:
        """List signatories at once, oldest first, as an import does: each a name, or (name, city), or
        {"organisation_name": …}.
        """
        with self.app.app_context(), writing() as session:
            signing = terms_cache.current(path[3:])
            assert signing is not None
            names = [
                signatory["organisation_name"] for signatory in signatories if isinstance(signatory, dict)
            ]
            known = {name: register_organisation(session, {"en": name}, country=country).id for name in names}
            entries = prepare(_entry(signatory, country) for signatory in signatories)
            import_signatures(
                session, signing.place.statement_id, signing.place.revision_id, "en", entries, known
            )
            fold_statement(session, signing.place.statement_id)

    def shown(self, path: str, number: int) -> None:
        """Wait until pages of the statement show so many signatures, people and organisations together."""
        for _try in range(200):
            with urllib.request.urlopen(f"{self.url}{path}/live.json", timeout=5) as answer:  # noqa: S310  our own server
                if json.load(answer)["counts"]["total"] == number:
                    return
            time.sleep(0.05)
        raise AssertionError(f"{path} does not show {number} signatures")

    def filled_in(self, path: str, **typed: Any) -> str:
        """The link of a form that was filled in, without waiting for its mail."""
        fields = {
            "kind": SignatoryKind.PERSON,
            "visibility": Visibility.PUBLIC,
            "country": "PL",
            "name": "Anna Example",
        } | typed
        fields.setdefault("email", f"{secrets.token_hex(6)}@post.example.org")
        with self.app.app_context(), writing() as session:
            signing = terms_cache.current(path[3:])
            assert signing is not None
            row = submit(session, signing.place, SubmittedFields(**fields), "en")
            return f"{self.url}/c/{tokens.issue(tokens.Purpose.SIGNATURE, row)}"

    def signed(self, path: str, **typed: Any) -> str:
        """The link of a confirmed signature; the worker lists it half a second later."""
        link = self.filled_in(path, **typed)
        with self.app.app_context(), writing() as session:
            confirmation.confirm(session, self.row_of(link))
        return link

    def close(self, path: str) -> None:
        """Close a statement, and so long ago that mails which come late confirm nothing any more."""
        with self.app.app_context(), writing() as session:
            statement = session.scalars(select(Statement).where(Statement.slug == path[3:])).one()
            lifecycle.close(session, statement, clock.now() - dt.timedelta(days=30))

    def expire(self, link: str) -> None:
        """Nobody confirmed in time."""
        with self.app.app_context(), writing() as session:
            session.get_one(Submission, self.row_of(link)).expires_at = clock.now() - dt.timedelta(seconds=1)

    def row_of(self, link: str) -> uuid.UUID:
        """The submission behind a link."""
        with self.app.app_context():
            return tokens.read(tokens.Purpose.SIGNATURE, link.rpartition("/")[2])

    def message_shown(self, link: str) -> None:
        """The team has read the message that this signer left, and shows it."""
        with self.app.app_context(), writing() as session:
            submission = session.get_one(Submission, self.row_of(link))
            signature = session.get_one(Signature, cast(object, submission.signature_id))
            decide(session, signature, message_mark(held_message(signature) or ""), show=True)

    def member(self) -> str:
        """The address of an owner of the installation, whose password is PASSWORD."""
        address = f"{secrets.token_hex(4)}@team.example"
        with self.app.app_context(), writing() as session:
            add_member(session, address, "Team Member", "owner", password=PASSWORD)
        return address

    def kept_mail(self, text: str) -> None:
        """Put a mail into the local mailbox."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "post@neutral.example",
            "anna@post.example.org",
            "Please confirm your entry",
        )
        mail.set_content(text)
        folder = folder_in(self.app.extensions["settings"].instance_path)
        (folder / f"{time.time_ns()}-{secrets.token_hex(4)}.eml").write_bytes(mail.as_bytes())

    def mail_to(self, address: str, number: int = 1) -> str:
        """The link in the nth mail to an address, once it is there."""
        from tests.support import link_in  # noqa: PLC0415

        for _try in range(200):
            mails = self.sink.to(address)
            if len(mails) >= number:
                return self.url + link_in(mails[number - 1])
            time.sleep(0.05)
        raise AssertionError(f"mail {number} did not come")


@pytest.fixture(scope="session")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sink: Sink
) -> Iterator[Site]:
    """Web and worker on a database of each kind."""
    folder = tmp_path_factory.mktemp("site")
    environment = settings_in(folder) | {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(sink.port),
        "LOCAL_MAILBOX": "1",
        "WEB_THREADS": "4",
    }
    if request.param == "postgresql":
        with machine.postgresql() as database:
            yield from _running(environment | {"DATABASE_URL": database}, sink)
    else:
        yield from _running(environment, sink)


def _running(environment: dict[str, str], sink: Sink) -> Iterator[Site]:
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade()
    with running(environment, "web", "worker"):
        wait_for(f"{environment['SITE_URL']}/readyz")
        yield Site(environment["SITE_URL"], app, sink)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    # How fast a page is, `make bench` measures; a crowded machine only makes a test wait.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.program("chromium"), args=FLAGS)
        yield browser
        browser.close()


def sign_in(page: Page, site: Site) -> None:
    """Sign a member of the team in."""
    page.goto(f"{site.url}/desk/sign-in")
    page.get_by_label("E-mail", exact=True).fill(site.member())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/desk/**")


@pytest.fixture(params=["scripts", "no scripts"])
def either(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A browser with scripts, and one without."""
    context = chromium.new_context(
        java_script_enabled=request.param == "scripts", viewport={"width": 360, "height": 740}
    )
    yield context
    context.close()


@pytest.fixture
def page(either: BrowserContext) -> Page:
    """A page of it; it fails the test when it asks another host for anything."""
    return either.new_page()


@pytest.fixture
def scripted(chromium: Browser) -> Iterator[Page]:
    """A page with scripts, 1280 px wide, that collects what the console complains about."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
