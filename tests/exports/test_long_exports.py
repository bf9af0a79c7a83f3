"""Exports of long lists: made by the worker, sealed for a day, and never with somebody who has left."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from campaign.accounts.models import AuditEntry
from campaign.core import clock, retention
from campaign.core.database import writing
from campaign.core.sealed_files import opened, sealed_file
from campaign.core.vault import SealBroken
from campaign.exports import desk, jobs, operations
from campaign.exports.formats import format_named
from campaign.exports.models import ExportJob, ExportStage
from campaign.exports.wishes import Wishes
from campaign.extensions import db
from campaign.signatures.models import Signature, Visibility
from campaign.signing.signer_actions import change_visibility
from tests.support import Campaign, csrf
from tests.world.lists import EXPORT

pytestmark = pytest.mark.databases("sqlite", "postgresql")
WORDS = "correct horse battery staple"


@pytest.fixture
def links(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links of three signers of a list that counts as long."""

    def short(name: Any) -> Any:
        found = format_named(name)
        return type(found)(**{field: getattr(found, field) for field in found.__slots__} | {"at_once": 2})

    monkeypatch.setattr(desk, "format_named", short)
    campaign.statement()
    return [campaign.signed(name=f"Signer {one}", email=f"{one}@post.example.org") for one in "abc"]


def asked(team: FlaskClient, **choices: object) -> str:
    """Ask for a file: the address of its page."""
    answer = team.post(EXPORT, data={"csrf_token": csrf(team), "format": "csv"} | choices)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def file_at(team: FlaskClient, page: str) -> Any:
    with team.post(f"{page}/file", data={"csrf_token": csrf(team)}) as answer:
        answer.get_data()
        return answer


def file_of(app: Flask, page: str) -> Path:
    """The file of a job, beside the database."""
    folder = Path(app.extensions["settings"].instance_path) / "exports"
    return folder / f"{page.rpartition('/')[2].replace('-', '')}.sealed"


def names_in(body: bytes) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))]


def test_a_long_list_is_made_by_the_worker_while_a_page_shows_how_far_it_is(
    campaign: Campaign, team: FlaskClient, links: list[str], app: Flask
) -> None:
    page = asked(team)
    waiting = team.get(page).text
    assert "<progress" in waiting and 'max="3"' in waiting and 'http-equiv="refresh"' in waiting
    assert "/file" not in waiting and file_at(team, page).status_code == 303
    campaign.work()
    assert "Your file is ready" in team.get(page).text and page.rpartition("/")[2] in team.get(EXPORT).text
    answer = file_at(team, page)
    assert names_in(answer.data) == ["Signer a", "Signer b", "Signer c"]
    assert "filename=free_20" in answer.headers["Content-Disposition"]
    with app.app_context():
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported"))
        assert entry.member_id is not None and '"rows": 3' in entry.details
        assert db.session.scalars(select(ExportJob.passed)).one() == 3
    # On the disk it is sealed, and nobody else on the team has it.
    assert b"Signer" not in file_of(app, page).read_bytes()
    assert campaign.member("other@team.example").get(page).status_code == 404


@pytest.mark.parametrize("how", ["left", "hidden"])
def test_a_file_with_somebody_who_has_left_or_hides_the_name_is_not_given_out(
    campaign: Campaign, team: FlaskClient, client: FlaskClient, links: list[str], app: Flask, how: str
) -> None:
    page = asked(team)
    campaign.work()
    if how == "left":
        client.post(links[0], data={"action": "withdraw"})
    else:
        with app.app_context(), writing() as session:
            change_visibility(
                session,
                session.scalars(select(Signature).where(Signature.name == "Signer a")).one(),
                Visibility.TEAM,
            )
    campaign.work()
    assert "This file is out of date" in team.get(page).text and file_at(team, page).status_code == 303
    team.post(f"{page}/again", data={"csrf_token": csrf(team)})
    campaign.work()
    assert "Signer a" not in names_in(file_at(team, page).data)


def test_a_contact_list_with_somebody_who_wants_no_more_news_is_not_given_out(
    campaign: Campaign, team: FlaskClient, client: FlaskClient, links: list[str]
) -> None:
    news = {one: f"{one}@news.example.org" for one in "abc"}
    wanting = [campaign.signed(name=f"Wants {one}", email=news[one], updates="y") for one in news]
    campaign.work()
    page, public = asked(team, contents="contacts"), asked(team)
    campaign.work()
    assert news["a"] in file_at(team, page).get_data(as_text=True)
    client.post(wanting[0], data={"action": "updates"})
    # At once, before the worker has looked at anything; the public list is as it was.
    assert "This file is out of date" in team.get(page).text and file_at(team, page).status_code == 303
    assert file_at(team, public).status_code == 200
    team.post(f"{page}/again", data={"csrf_token": csrf(team)})
    campaign.work()
    again = file_at(team, page).get_data(as_text=True)
    assert news["b"] in again and news["a"] not in again


def test_a_worker_that_dies_is_taken_over_and_after_three_attempts_the_page_says_so(
    campaign: Campaign, team: FlaskClient, links: list[str], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, begun = asked(team), clock.now()
    with app.app_context():
        assert jobs._claim() is not None
        assert jobs._claim() is None, "another process has it"
    monkeypatch.setattr(clock, "now", lambda: begun + dt.timedelta(minutes=3))
    with app.app_context():
        assert jobs.work() is True
        assert db.session.scalars(select(ExportJob.stage)).one() == ExportStage.DONE
        with writing() as session:
            session.execute(update(ExportJob).values(stage=ExportStage.MAKING, attempts=3))
        assert jobs.work() is True
    assert "The file could not be made" in team.get(page).text
    assert team.post(f"{page}/again", data={"csrf_token": csrf(team)}).status_code == 303
    with app.app_context():
        jobs.work()
    assert "Your file is ready" in team.get(page).text


def test_a_file_that_breaks_ends_in_a_clear_state(
    campaign: Campaign, team: FlaskClient, links: list[str], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(team)
    monkeypatch.setattr(operations, "_stem", lambda _source: 1 / 0)
    with app.app_context(), pytest.raises(ZeroDivisionError):
        jobs.work()
    assert "The file could not be made" in team.get(page).text
    assert not file_of(app, page).exists()


def test_after_a_day_file_and_row_are_erased(
    campaign: Campaign, team: FlaskClient, links: list[str], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, begun = asked(team), clock.now()
    campaign.work()
    monkeypatch.setattr(jobs, "_LOST_SECONDS", -1)
    with app.app_context():
        retention.purge_all()
    assert file_at(team, page).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: begun + dt.timedelta(hours=24, seconds=1))
    with app.app_context():
        retention.purge_all()
        assert db.session.scalars(select(ExportJob)).all() == []
    assert not file_of(app, page).exists()


@pytest.mark.parametrize("long", [True, False])
def test_a_file_can_be_encrypted_to_keys_or_with_a_passphrase(
    campaign: Campaign,
    team: FlaskClient,
    links: list[str],
    app: Flask,
    long: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not long:
        monkeypatch.undo()
    one, two = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    for choices, secrets in (
        ({"recipients": f"{one.to_public()}\n{two.to_public()}"}, [one, two]),
        ({"passphrase": WORDS}, []),
    ):
        if long:
            page = asked(team, **choices)
            campaign.work()
            answer = file_at(team, page)
        else:
            with team.post(EXPORT, data={"csrf_token": csrf(team), "format": "csv"} | choices) as answer:
                answer.get_data()
        assert answer.data.startswith(b"age-encryption.org/v1") and b"Signer" not in answer.data
        assert answer.headers["Content-Disposition"].endswith(".csv.age")
        plain = [pyrage.decrypt(answer.data, [secret]) for secret in secrets]
        for body in plain or [pyrage.passphrase.decrypt(answer.data, WORDS)]:
            assert names_in(body) == ["Signer a", "Signer b", "Signer c"]
    with app.app_context():
        assert set(db.session.scalars(select(ExportJob.sealed_passphrase))) <= {None}
    for wrong in (
        {"recipients": "my key"},
        {"passphrase": "short"},
        {"recipients": "age1", "passphrase": WORDS},
    ):
        refused = team.post(EXPORT, data={"csrf_token": csrf(team), "format": "csv"} | wrong)
        assert refused.status_code == 422 and WORDS not in refused.text, wrong


def test_an_outdated_file_with_a_passphrase_is_never_made_again_without_it(
    campaign: Campaign, team: FlaskClient, client: FlaskClient, links: list[str], app: Flask
) -> None:
    page = asked(team, passphrase=WORDS)
    campaign.work()
    client.post(links[0], data={"action": "withdraw"})
    campaign.work()
    assert "/again" not in team.get(page).text
    team.post(f"{page}/again", data={"csrf_token": csrf(team)})
    with app.app_context():
        assert jobs.work() is False


def test_a_sealed_file_can_not_be_cut_off_moved_or_read_without_the_key(app: Flask, tmp_path: Path) -> None:
    path, body = tmp_path / "one.sealed", b"names " * 400_000
    with app.app_context():
        with sealed_file(path) as file:
            file.write(body)
        assert b"".join(opened(path)) == body and b"names" not in path.read_bytes()
        whole = path.read_bytes()
        first = 4 + int.from_bytes(whole[:4])
        other = tmp_path / "two.sealed"
        for target, wrong in ((path, whole[:first]), (path, whole[:-1]), (other, whole), (path, b"")):
            target.write_bytes(wrong)
            with pytest.raises(SealBroken):
                b"".join(opened(target))
        assert [one.name for one in tmp_path.iterdir() if "unfinished" in one.name] == []


def test_wishes_come_back_from_a_row_as_they_were() -> None:
    wishes = Wishes(columns=("name",), languages=("be", "de"), text="be")
    assert Wishes.from_json(wishes.as_json()) == wishes
