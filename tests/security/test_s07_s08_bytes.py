"""S7, S8: who takes the files finds no address, no hidden name and no key in them; and of what was
withdrawn or expired nothing at all.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from campaign import create_app
from campaign.config import Settings
from campaign.core import clock, retention, worker
from campaign.core.database import WRITES, shed_log
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from campaign.privacy.backup_archive import pack
from campaign.signatures.models import Signature, Submission
from campaign.signatures.names import names_of
from campaign.signatures.queries import held_message
from campaign.statements.models import Safety
from tests.support import Campaign, PublicClient, Sink, organisation_form

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
)
PUBLIC = ("CanaryPublic", "CanaryTown")


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
