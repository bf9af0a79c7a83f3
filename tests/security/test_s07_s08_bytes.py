"""S7, S8: who takes the files finds no address, no hidden name and no key in them; and of what was
withdrawn or expired nothing at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from campaign import create_app
from campaign.accounts.operations import add_member
from campaign.config import Settings
from campaign.core import clock, retention, worker
from campaign.core.database import WRITES, shed_log, writing
from campaign.extensions import db
from campaign.handover.frozen_lists import freeze
from campaign.mailing.models import OutboxMail
from campaign.moderation import bulk_decisions
from campaign.moderation import operations as moderation
from campaign.moderation.models import Action, Watched
from campaign.organisations import team_operations
from campaign.organisations.models import Organisation
from campaign.people import team_operations as case_files
from campaign.people.models import Person
from campaign.people.operations import Told
from campaign.people.timeline import Words
from campaign.privacy.backup_archive import pack
from campaign.signatures.errors import NotAllowed
from campaign.signatures.messages import message_mark
from campaign.signatures.models import Signature, State, Submission
from campaign.signatures.names import names_of, reason_of
from campaign.signatures.queries import held_message
from campaign.statements.models import Safety, Statement
from tests.support import PASSWORD, Campaign, PublicClient, Sink, link_in, organisation_form
from tests.world.people import person as person_file

pytestmark = pytest.mark.databases("sqlite", "postgresql")

HIDDEN = (
    "canary.one@",
    "canary.two@",
    "canary.three@",
    "canary.four@",
    "CanaryTeamName",
    "CanaryCounted",
    "CanaryMessage",
    "CanaryRepresentative",
    "CanaryEmployer",
)
PUBLIC = ("CanaryPublic", "CanaryTown", "CanaryUniversity")


@pytest.fixture
def stage(
    environment: dict[str, str], database_url: str, app: Flask, sink: Sink, tmp_path: Path
) -> Iterator[tuple[Campaign, Callable[[], bytes]]]:
    """A site whose files are all in one folder, and what reads every byte of them (of PostgreSQL: every
    stored value).
    """
    folder = tmp_path / "instance"
    url = f"sqlite:///{folder}/site.db" if database_url.startswith("sqlite") else database_url
    site = create_app(
        Settings.from_environment(environment | {"DATABASE_URL": url, "INSTANCE_PATH": str(folder)})
    )
    site.test_client_class = PublicClient
    with site.app_context():
        upgrade()

    def work() -> None:
        worker.run_once(site)
        site.extensions["page_cache"].clear()

    def read() -> bytes:
        files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        return files + _values(site) if not url.startswith("sqlite") else files

    yield Campaign(site, sink, work), read
    with site.app_context():
        db.engine.dispose()


def _values(site: Flask) -> bytes:
    """All that stands in PostgreSQL, as its own dump has it."""
    with site.app_context():
        archive = io.BytesIO()
        pack(archive)
        return archive.getvalue()


def found(content: bytes, words: tuple[str, ...]) -> list[str]:
    """Which of the words can be read, in either width of letters."""
    lowered = content.lower()
    return [word for word in words if word.lower().encode() in lowered or word.encode("utf-16-le") in content]


def flow(campaign: Campaign) -> tuple[str, str]:
    """People sign in every way; one stays pending. Returns the links of a public and of a hidden
    signature.
    """
    campaign.statement()
    public = campaign.sign(
        name="CanaryPublic",
        city="CanaryTown",
        email="canary.one@post.example.org",
        message="CanaryMessage",
        updates="y",
    )
    hidden = campaign.sign(
        name="CanaryTeamName", email="canary.two@post.example.org", visibility="team", updates="y"
    )
    campaign.affiliate(public, "CanaryUniversity")
    campaign.affiliate(hidden, "CanaryEmployer")
    campaign.sign(
        **organisation_form(
            name="CanaryRepresentative", visibility="team", email="canary.three@post.example.org"
        )
    )
    campaign.submit(name="CanaryCounted", visibility="counted", email="canary.four@post.example.org")
    return public, hidden


def test_no_file_holds_an_address_a_hidden_name_or_a_key(stage: tuple[Campaign, Callable[[], bytes]]) -> None:
    campaign, read = stage
    flow(campaign)
    settings: Settings = campaign.app.extensions["settings"]
    content = read()
    assert found(content, PUBLIC) == list(PUBLIC)
    assert found(content, (*HIDDEN, *settings.vault_keys, *settings.secret_keys)) == []


def test_what_was_withdrawn_or_expired_is_gone_from_the_files(
    stage: tuple[Campaign, Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, read = stage
    client = campaign.app.test_client()
    public, hidden = flow(campaign)
    assert found(read(), PUBLIC)
    for link in (public, hidden):
        assert client.post(link, data={"action": "withdraw"}).status_code == 303
    later = clock.now() + dt.timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    campaign.work()
    with campaign.app.app_context():
        db.session.remove()
        retention.shed()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT", **{WRITES: True}
            ) as connection:
                connection.execute(text("VACUUM"))
        assert db.session.scalar(text("SELECT count(*) FROM submissions WHERE signature_id IS NULL")) == 0
        db.session.remove()
    assert found(read(), (*HIDDEN, *PUBLIC)) == []


def test_at_high_safety_the_files_with_their_keys_hold_no_address_no_place_and_no_words(
    stage: tuple[Campaign, Callable[[], bytes]],
) -> None:
    campaign, read = stage
    campaign.statement(safety=Safety.HIGH)
    words = []
    for number, visibility in enumerate(("public", "team", "counted")):
        address = f"canary.{number}@post.example.org"
        link = campaign.submit(
            name=f"CanaryName {number}", visibility=visibility, email=address, city="CanaryTown", updates="y"
        )
        page = campaign.app.test_client().post(link, data={"action": "confirm"}).text
        words.append(re.findall(r'class="words"[^>]*>([a-z ]+)<', page)[0])
    campaign.work()
    with campaign.app.app_context():
        shed_log()
        # Whoever has the keys, too, opens all that is sealed.
        opened = [
            str(names_of(signature)) + str(held_message(signature))
            for signature in db.session.scalars(select(Signature))
        ]
        assert db.session.scalars(select(Submission.id)).all() == []
        assert db.session.scalars(select(OutboxMail.sealed).where(OutboxMail.sealed.is_not(None))).all() == []
        assert db.session.scalars(select(Signature.sealed_contact)).all() == [None] * 3
    content = read() + "".join(opened).encode()
    assert found(content, ("canary.0@", "canary.1@", "canary.2@", "CanaryTown", *words)) == []
    assert found(content, ("CanaryName 0", "CanaryName 1")) == ["CanaryName 0", "CanaryName 1"]


LEFT = (
    "CanaryPerson", "CanaryTown", "CanaryMessage", "CanaryLeague", "CanaryTitle", "canaryleague", "CanaryUniversity"
)  # fmt: skip
DECIDED = {
    "hidden": State.HIDDEN,
    "reported": State.HIDDEN,
    "flagged": State.QUARANTINED,
    "rejected": State.REJECTED,
    "invalidated": State.INVALIDATED,
    "waiting": State.REVIEW,
}


def swept(campaign: Campaign) -> None:
    """Let the worker do everything, and the database forget what it has overwritten."""
    worker.run_once(campaign.app)
    with campaign.app.app_context():
        db.session.remove()
        retention.shed()
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT", **{WRITES: True}
            ) as connection:
                connection.execute(text("VACUUM"))
        db.session.remove()


def person(campaign: Campaign) -> uuid.UUID:
    """A person on the list whose message is shown, and whose list was handed over."""
    link = campaign.sign(name="CanaryPerson", city="CanaryTown", message="CanaryMessage")
    campaign.affiliate(link, "CanaryUniversity")
    with campaign.app.app_context(), writing() as session:
        signature = session.scalars(select(Signature)).one()
        moderation.decide_message(session, signature, message_mark("CanaryMessage"), show=True)
        freeze(session, session.scalars(select(Statement)).one())
    return campaign.signature(link).id


def league(campaign: Campaign) -> uuid.UUID:
    """An organisation that nobody knows, waiting for review."""
    typed = {"organisation": "CanaryLeague", "name": "CanaryPerson", "title": "CanaryTitle"}
    link = campaign.sign(**organisation_form(**typed, website="https://canaryleague.example.org"))
    return campaign.signature(link).id


def decided(campaign: Campaign, how: str) -> uuid.UUID:
    """Somebody signs, and it is decided in this way. Returns the signature."""
    campaign.statement()
    if how == "flagged":
        with campaign.app.app_context(), writing() as session:
            moderation.watch(session, Watched.WORD, "Watchword")
        link = campaign.sign(name="CanaryPerson Watchword", city="CanaryTown")
        return campaign.affiliate(link, "CanaryUniversity")
    signature_id = league(campaign) if how in ("rejected", "waiting") else person(campaign)
    if how == "reported":
        campaign.app.test_client().post("/s/free/report", data={"position": "1"})
    with campaign.app.app_context(), writing() as session:
        signature = session.get_one(Signature, signature_id)
        if how == "hidden":
            moderation.hide(session, signature)
        elif how == "rejected":
            moderation.reject(session, signature, "CanaryPerson is not of the CanaryLeague.")
        elif how == "invalidated":
            moderation.invalidate(session, signature, "CanaryPerson did not sign.")
    return signature_id


@pytest.mark.parametrize(
    "how",
    [
        how if how in ("waiting", "hidden", "invalidated") else pytest.param(how, marks=pytest.mark.night)
        for how in DECIDED
    ],
)
def test_a_name_that_is_not_listed_any_more_stands_in_no_file(
    stage: tuple[Campaign, Callable[[], bytes]], how: str
) -> None:
    campaign, read = stage
    signature_id = decided(campaign, how)
    swept(campaign)
    assert found(read(), LEFT) == []
    with campaign.app.app_context():
        signature = db.session.get_one(Signature, signature_id)
        assert signature.state == DECIDED[how]
        assert "CanaryPerson" in names_of(signature)["name"]


@pytest.mark.parametrize("how", ["rejected", "invalidated"])
def test_after_the_time_for_undoing_nothing_is_left_even_for_who_has_the_keys(
    stage: tuple[Campaign, Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    campaign, read = stage
    signature_id = decided(campaign, how)
    undo_days = campaign.app.extensions["settings"].undo_days
    for days, left in ((undo_days - 1, True), (undo_days + 1, False)):
        later = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        swept(campaign)
        with campaign.app.app_context():
            signature = db.session.get_one(Signature, signature_id)
            opened = [str(names_of(signature)), str(reason_of(signature)), str(signature.country)]
            assert ("CanaryPerson" in "".join(opened)) is left
    assert opened[1:] == ["None", "None"] and found(read(), LEFT) == []
    with campaign.app.app_context(), writing() as session, pytest.raises(NotAllowed):
        before = State.REVIEW if how == "rejected" else State.CONFIRMED
        moderation.undo_decision(session, session.get_one(Signature, signature_id), before)


def test_an_organisation_that_only_a_withdrawn_signature_brought_is_gone_with_it(
    stage: tuple[Campaign, Callable[[], bytes]],
) -> None:
    campaign, read = stage
    campaign.statement()
    signature_id = league(campaign)
    client = campaign.app.test_client()
    with campaign.app.app_context(), writing() as session:
        moderation.approve(session, session.get_one(Signature, signature_id), None)
        # What the team does to its record meanwhile stays in the log.
        team_operations.remove_logo(session, session.scalars(select(Organisation.id)).one())
    campaign.work()
    assert client.get("/o/canaryleague").status_code == 200
    for link in [link_in(mail) for mail in campaign.sink.mails]:
        assert client.post(link, data={"action": "withdraw"}).status_code == 303
    campaign.work()
    assert client.get("/o/canaryleague").status_code == 404
    swept(campaign)
    assert found(read(), LEFT) == []


def test_a_case_file_that_was_deleted_is_in_no_file(stage: tuple[Campaign, Callable[[], bytes]]) -> None:
    campaign, read = stage
    words = {"en": Words("CanaryMessage")}
    told = {"en": Told(role="CanaryTitle", life="CanaryTown", health="CanaryLeague")}
    person_file(campaign.app, "CanaryPerson", words=words, texts=told)
    assert found(read(), ("CanaryPerson", "CanaryMessage"))
    with campaign.app.app_context(), writing() as session:
        case_files.delete_file(session, session.scalars(select(Person.id)).one())
    swept(campaign)
    assert found(read(), LEFT) == []


def test_no_digest_that_is_stored_lets_a_name_be_tried(
    stage: tuple[Campaign, Callable[[], bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, read = stage
    made: list[tuple[bytes, bytes]] = []
    plain = hashlib.sha256

    class Listening:
        """SHA-256 that remembers what it was made of."""

        def __init__(self, content: bytes = b"", **_more: object) -> None:
            self.content = content

        def update(self, content: bytes) -> None:
            """More of it."""
            self.content += content

        def digest(self) -> bytes:
            """The digest."""
            made.append((self.content, plain(self.content).digest()))
            return made[-1][1]

        def hexdigest(self) -> str:
            """The same in hexadecimal."""
            return self.digest().hex()

    monkeypatch.setattr(hashlib, "sha256", Listening)
    decided(campaign, "invalidated")
    link = campaign.sign(name="CanaryPerson Second", city="CanaryTown", email="second@post.example.org")
    with campaign.app.app_context(), writing() as session:
        ids = list(session.scalars(select(Signature.id).where(Signature.state == State.LISTED)))
        freeze(session, session.scalars(select(Statement)).one())
        member = add_member(session, "owner@team.example", "Team Member", "owner", password=PASSWORD)
        bulk_decisions.decide(session, Action.INVALIDATE, ids, "False", member.id)
    campaign.app.test_client().post(link, data={"action": "withdraw"})
    swept(campaign)
    monkeypatch.undo()
    content = read()
    stored = [of for of, digest in made if digest in content or digest.hex().encode() in content]
    named = [of for of in stored if b"Canary" in of]
    salts = [re.search(rb'"salt":"(\w{32})"', of) for of in named]
    assert named and all(salts)
    assert [salt[1] for salt in salts if salt and salt[1] in content] == []
