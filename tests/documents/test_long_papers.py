"""Papers of long lists: made by the worker, in files of so many names, and never with somebody who has left."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import select

from campaign.core.database import writing
from campaign.documents import letters, orders
from campaign.documents.errors import TooManyAtOnce
from campaign.extensions import db
from campaign.signatures.models import Signature, Visibility
from campaign.signing.signer_actions import change_visibility, correct
from campaign.statements.models import Statement
from tests.support import Campaign, csrf, organisation_form

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")
ADDRESS = "/s/free/statement.pdf"


@pytest.fixture
def signers(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links of five signers on a list that counts as long, with two names to a file."""
    monkeypatch.setattr(orders, "LONG", 1)
    monkeypatch.setattr(orders, "_RENEW_SECONDS", 0)
    monkeypatch.setattr(letters, "PART", 2)
    campaign.statement()
    campaign.organisation("Test League", "league.example.org")
    campaign.signed(**organisation_form(email="anna@league.example.org", organisation="Test League"))
    return [campaign.signed(name=f"Signer {word}", email=f"{word}@post.example.org") for word in _NAMES]


_NAMES = ("Anna", "Bela", "Cyril", "Dora")


def _words(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.data)).pages)


def test_who_asks_first_is_told_to_come_again_and_then_gets_it(
    campaign: Campaign, client: FlaskClient, signers: list[str]
) -> None:
    early = client.get(f"/be{ADDRESS}?part=1")
    assert (early.status_code, early.headers["Retry-After"]) == (503, "30")
    assert 'lang="be"' in early.text
    campaign.work()
    words = _words(client, f"/be{ADDRESS}?part=1")
    assert "Release them." in words
    assert client.get(f"/be{ADDRESS}?part=1").headers["ETag"]


def test_a_very_long_list_is_a_set_of_files_that_a_page_names(
    campaign: Campaign, client: FlaskClient, signers: list[str]
) -> None:
    page = client.get(ADDRESS, follow_redirects=True)
    assert page.text.count("part=") == 3
    for part in (1, 2, 3):
        client.get(f"{ADDRESS}?part={part}")
    campaign.work()
    parts = [_words(client, f"{ADDRESS}?part={part}") for part in (1, 2, 3)]
    # Each signatory stands in one file, and the text in the first.
    for name in ("Test League", *(f"Signer {word}" for word in _NAMES)):
        assert [name in words for words in parts].count(True) == 1, name
    assert ["Release them." in words for words in parts] == [True, False, False]
    assert "Part 2 of 3: signatories 3 to 4" in parts[1]
    assert [client.get(f"{ADDRESS}?part={part}").status_code for part in ("0", "4", "x")] == [404, 404, 400]


def test_the_last_paper_is_handed_out_until_the_next_is_made(
    campaign: Campaign, client: FlaskClient, signers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{ADDRESS}?part=3")
    campaign.work()
    campaign.signed(name="Signer Emil", email="emil@post.example.org")
    # However old it is: nobody on it is shown in another way.
    monkeypatch.setattr(orders, "_EARLIER_SECONDS", -1)
    assert "Signer Emil" not in _words(client, f"{ADDRESS}?part=3")
    campaign.work()
    assert "Signer Emil" in _words(client, f"{ADDRESS}?part=3")


def test_nobody_who_has_left_is_handed_out_and_no_file_keeps_the_name(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str]
) -> None:
    client.get(f"{ADDRESS}?part=1")
    campaign.work()
    folder = Path(app.extensions["settings"].instance_path) / "long-papers"
    assert [file.suffix for file in folder.iterdir()] == [".paper"]
    client.post(signers[0], data={"action": "withdraw"})
    campaign.work()
    assert client.get(f"{ADDRESS}?part=1").status_code == 503
    with app.app_context():
        orders.sweep()
    assert [file.suffix for file in folder.iterdir()] == [".wanted"]
    campaign.work()
    assert "Signer Anna" not in _words(client, f"{ADDRESS}?part=1")


def test_the_team_and_who_has_nothing_yet_do_not_wait_behind_what_strangers_order(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str]
) -> None:
    client.get(f"{ADDRESS}?part=1")
    campaign.work()
    campaign.signed(name="Signer Emil", email="emil@post.example.org")
    # A new one of what there is, one that there is not yet, and at last the team's.
    client.get(f"{ADDRESS}?part=1")
    client.get(f"{ADDRESS}?part=2")
    order_of_the_team(app)
    with app.app_context():
        taken = []
        while found := orders.next_order():
            taken.append((found[0].layout, found[0].part))
    assert taken == [("letter", 1), ("pdf", 2), ("pdf", 1)]


def test_what_nobody_asks_for_is_removed(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{ADDRESS}?part=1")
    campaign.work()
    monkeypatch.setattr(orders, "_FORGOTTEN_SECONDS", -1)
    with app.app_context():
        orders.sweep()
    assert list((Path(app.extensions["settings"].instance_path) / "long-papers").iterdir()) == []


def test_an_order_that_can_not_be_carried_out_does_not_come_back(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaign.documents import job  # noqa: PLC0415

    client.get(f"{ADDRESS}?part=1")
    monkeypatch.setitem(job._SET, "pdf", lambda _letter: 1 / 0)
    with app.app_context(), pytest.raises(ZeroDivisionError):
        job.work()
    with app.app_context():
        assert job.work() is False


@pytest.mark.parametrize("wanted", ["pdf", "docx"])
def test_the_team_gets_a_very_long_list_as_an_archive_of_files(
    campaign: Campaign, signers: list[str], wanted: str
) -> None:
    team = campaign.member("ina@team.example")
    data = {"format": wanted, "order": "name", "csrf_token": csrf(team)}
    with team.post("/desk/statements/free/export", data=data) as answer, io.BytesIO(answer.data) as whole:
        assert answer.mimetype == "application/zip"
        with zipfile.ZipFile(whole) as archive:
            bodies = {name: archive.read(name) for name in archive.namelist()}
    assert list(bodies) == [f"free-{number}.{wanted}" for number in (1, 2, 3)]
    said = [in_words(body, wanted) for body in bodies.values()]
    assert ["Release them." in words for words in said] == [True, False, False]
    for name in ("Test League", *(f"Signer {word}" for word in _NAMES)):
        assert [name in words for words in said].count(True) == 1, name


def in_words(body: bytes, kind: str) -> str:
    """The text of a paper, read by a library that did not make it."""
    if kind == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return "\n".join(etree.fromstring(file.read("word/document.xml")).itertext())


def order_of_the_team(app: Flask) -> None:
    """A paper for somebody who is not a stranger is ordered."""
    with app.app_context(), pytest.raises(TooManyAtOnce):
        orders.take(orders.PaperOrder("letter", db.session.scalars(select(Statement.id)).one(), "en", "en"))


def test_a_list_as_it_was_handed_over_comes_in_the_same_files(
    campaign: Campaign, signers: list[str], app: Flask
) -> None:
    from campaign.core.database import writing  # noqa: PLC0415
    from campaign.handover.frozen_lists import freeze  # noqa: PLC0415
    from campaign.statements.queries import statement_by_slug  # noqa: PLC0415

    with app.app_context():
        with writing() as session:
            statement = statement_by_slug("free")
            assert statement is not None
            frozen = freeze(session, statement)
        part = letters.parts_of(frozen.people + frozen.organisations)[1]
        with app.test_request_context("/"):
            letter = letters.frozen_letter(frozen, part)
    assert [line.name for line in letter.people] == ["Signer Bela", "Signer Cyril"]
    assert letter.blocks == []


def _folder(app: Flask) -> Path:
    return Path(app.extensions["settings"].instance_path) / "long-papers"


def test_papers_lie_sealed_on_the_disk(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str]
) -> None:
    order_of_the_team(app)
    client.get(f"{ADDRESS}?part=1")
    campaign.work()
    campaign.work()
    papers = [file.read_bytes() for file in _folder(app).iterdir() if file.suffix == ".paper"]
    assert len(papers) == 2
    # A Word file is a ZIP, and a PDF has its text packed: what they begin with would tell.
    assert not any(mark in paper for paper in papers for mark in (b"%PDF", b"PK\x03\x04"))
    assert client.get(f"{ADDRESS}?part=1").data[:4] == b"%PDF"
    for file in _folder(app).glob("*.paper"):
        head, _line, body = file.read_bytes().partition(b"\n")
        file.write_bytes(head + b"\n%PDF of an earlier release" + body)
    assert client.get(f"{ADDRESS}?part=1").status_code == 503


@pytest.mark.parametrize("change", ["team", "renamed"])
def test_a_name_that_is_hidden_or_changed_is_in_no_paper_a_minute_later(
    app: Flask,
    campaign: Campaign,
    client: FlaskClient,
    signers: list[str],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    client.get(f"{ADDRESS}?part=1")
    campaign.work()
    with app.app_context(), writing() as session:
        anna = session.scalars(select(Signature).where(Signature.name == "Signer Anna")).one()
        if change == "team":
            change_visibility(session, anna, Visibility.TEAM)
        else:
            correct(session, anna, {"name": "Signer Another"})
    campaign.work()
    assert "Signer Anna" in _words(client, f"{ADDRESS}?part=1"), "the one of a moment ago"
    monkeypatch.setattr(orders, "_EARLIER_SECONDS", -1)
    assert client.get(f"{ADDRESS}?part=1").status_code == 503
    with app.app_context():
        orders.sweep()
    assert list(_folder(app).glob("*.paper")) == []
    campaign.work()
    assert "Signer Anna" not in _words(client, f"{ADDRESS}?part=1")


def test_what_a_killed_process_left_unfinished_is_removed(
    app: Flask, campaign: Campaign, client: FlaskClient, signers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"{ADDRESS}?part=1")
    for name in (".unfinished.x", ".1-pdf-en-own-now-1.paper.0a1b2c3d"):
        (_folder(app) / name).write_bytes(b"half of it")
    monkeypatch.setattr(orders, "_LOST_SECONDS", -1)
    with app.app_context():
        orders.sweep()
    assert [file.suffix for file in _folder(app).iterdir()] == [".wanted"]
