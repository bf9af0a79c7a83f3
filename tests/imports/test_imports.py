"""Taking over names collected elsewhere: upload, look, import, undo, as the team does it at the desk."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.accounts.models import AuditEntry
from campaign.core import clock, retention
from campaign.core.database import writing
from campaign.extensions import db
from campaign.imports import job, operations
from campaign.imports.models import Import, ImportedSignature, ImportPart
from campaign.organisations import operations as organisations
from campaign.organisations.models import Organisation, OrganisationName
from campaign.signatures.models import Assent, Signature, Submission, Tombstone
from campaign.signing import signer_actions
from campaign.statements.models import Safety, Statement
from tests.imports.lists_of_names import START, carry_out, paste, post, signatures, upload, words
from tests.support import Campaign


@pytest.fixture(autouse=True)
def statement(campaign: Campaign) -> int:
    """An open statement."""
    return campaign.statement("free")


def count(app: Flask, model: Any) -> int:
    """How many rows there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_list_is_uploaded_looked_at_imported_and_shown_with_its_origin(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    address = upload(team, "Імя,Горад,Краіна\nАнна Прыклад,Мінск,Беларусь\nJan Kowalski,Warszawa,Polska\n")
    page = words(team.get(address))
    assert "Анна Прыклад Мінск" in page and "Jan Kowalski Warszawa" in page
    assert count(app, Signature) == 0
    asked = words(team.get(f"{address}/confirm"))
    assert "Import 2 people?" in asked and "Анна Прыклад" in asked and "12 May 2026" in asked
    assert carry_out(team, campaign, address).status_code == 303
    assert [(row.name, row.city, row.country) for row in signatures(app)] == [
        ("Анна Прыклад", "Мінск", "BY"),
        ("Jan Kowalski", "Warszawa", "PL"),
    ]
    assert {(row.source, row.evidence, row.collected_on) for row in signatures(app)} == {
        ("signed on paper", "held by the Test League", dt.date(2026, 5, 12))
    }
    for path in ("/s/free/signatories", "/s/free/how-this-list-was-made"):
        shown = words(client.get(path))
        assert "signed on paper" in shown and "12 May 2026" in shown and "held by the Test League" in shown
    assert campaign.counts() == (2, 0)
    assert campaign.sink.mails == []
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "signatures imported")).one()
    assert entry.member_id is not None and json.loads(entry.details)["people"] == 2


def test_what_waits_is_sealed_and_gone_once_imported(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    address = upload(team, "Name,Country\nSecret Person,PL\n")
    with app.app_context():
        part, kept = db.session.scalars(select(ImportPart)).one(), db.session.scalars(select(Import)).one()
        assert part.entries is not None and kept.sealed is not None
        assert not any(b"Secret" in (column or b"") for column in (part.sealed, part.entries, kept.sealed))
    carry_out(team, campaign, address)
    assert count(app, ImportPart) == 0
    with app.app_context():
        assert db.session.scalars(select(Import)).one().sealed is None


def test_what_nobody_imports_is_erased_after_a_day(app: Flask, team: FlaskClient) -> None:
    upload(team, "Name,Country\nSecret Person,PL\n")
    with app.app_context():
        retention.purge_all()
        assert count(app, Import) == 1
        with time_machine.travel(clock.now() + dt.timedelta(days=1, minutes=1)):
            retention.purge_all()
    assert (count(app, Import), count(app, ImportPart)) == (0, 0)


def test_who_did_not_ask_for_news_leaves_no_address(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    address = upload(
        team,
        "Name,E-mail,News\nAnna Asked,anna@post.example.org,да\nBoris Not,boris@post.example.org,\nClara"
        " Neither,,no\n",
    )
    carry_out(team, campaign, address)
    rows = {row.name: row for row in signatures(app)}
    assert {name: row.wants_updates for name, row in rows.items()} == {
        "Anna Asked": True,
        "Boris Not": False,
        "Clara Neither": False,
    }
    assert rows["Anna Asked"].sealed_contact and b"anna" not in rows["Anna Asked"].sealed_contact
    assert not rows["Boris Not"].sealed_contact and not any(row.mailbox_index for row in rows.values())
    assert count(app, Submission) == 1
    assert campaign.sink.mails == []


def test_columns_can_be_read_in_another_way(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    address = upload(team, "Minsk,Anna Example\nVilnius,Boris Example\n")
    data = {"header": "0", "kind": "person", "column-name": "1", "column-city": "0"}
    assert post(team, f"{address}/columns", **data).status_code == 303
    assert "Anna Example Minsk" in words(team.get(address))
    carry_out(team, campaign, address)
    assert [(row.name, row.city) for row in signatures(app)] == [
        ("Anna Example", "Minsk"),
        ("Boris Example", "Vilnius"),
    ]


def test_problems_are_named_by_row_and_can_be_left_out(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    address = upload(team, "Name,Country\nAnna Example,PL\n,PL\nBoris at shop.com,BY\n")
    page = team.get(address)
    assert "2 rows can’t be imported as they are" in page.text
    assert "it contains an e-mail address" in page.text and "The name is empty." in page.text
    assert team.get(f"{address}/confirm").status_code == 422
    assert post(team, f"{address}/carry-out").status_code == 303
    assert count(app, Signature) == 0
    carry_out(team, campaign, address, leave_problems="y")
    assert [row.name for row in signatures(app)] == ["Anna Example"]


def test_people_who_may_be_there_already_are_shown_and_can_be_left_out(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    campaign.signed(name="Anna Example", country="PL", email="anna@post.example.org")
    campaign.signed(name="Other Name", country="PL", email="other@post.example.org")
    rows = ("anna EXAMPLE,PL,", "Somebody Else,PL,other@post.example.org", "New Person,BY,", "Person New,BY,")
    address = upload(team, "Name,Country,E-mail\n" + "\n".join(rows))
    page = words(team.get(address))
    assert "3 people may already be on the list" in page
    assert "Somebody with this name and place is already on the list." in page
    assert "Somebody has already signed with this e-mail address." in page
    assert "Same name and place as in row 4." in page
    carry_out(team, campaign, address, leave_doubles="y")
    assert sorted(row.name or "" for row in signatures(app)) == ["Anna Example", "New Person", "Other Name"]


@pytest.mark.parametrize("is_same", [True, False])
def test_row_17_twins_of_the_registry_are_asked_about_and_known_names_are_used(
    app: Flask, campaign: Campaign, team: FlaskClient, is_same: bool
) -> None:
    known = campaign.organisation("Viasna Human Rights Centre")
    twin = campaign.organisation("Belarusian Helsinki Committee")
    answer = str(twin) if is_same else "new"
    address = upload(
        team,
        "Organisation,Representative,Position\nViasna Human Rights Centre,Anna,Chair\nBielarusian"
        " Helsinki Comittee,,\nNew Network,,\n",
    )
    page = words(team.get(address))
    assert "Is “Bielarusian Helsinki Comittee” an organisation that the registry has already?" in page
    assert "Yes: Belarusian Helsinki Committee" in page and "New Network” an" not in page
    assert team.get(f"{address}/confirm").status_code == 422
    layout = {"header": "1", "field-0": "organisation", "field-1": "name", "field-2": "title"}
    post(team, f"{address}/columns", **layout, **{"answer-registry:Bielarusian Helsinki Comittee": answer})
    carry_out(team, campaign, address)
    rows = {row.organisation_name: row for row in signatures(app)}
    assert rows["Viasna Human Rights Centre"].organisation_id == known
    assert (rows["Viasna Human Rights Centre"].name, rows["Viasna Human Rights Centre"].title) == (
        "Anna",
        "Chair",
    )
    assert (rows["Bielarusian Helsinki Comittee"].organisation_id == twin) == is_same
    assert campaign.counts() == (0, 3)


def test_the_same_list_again_needs_a_word(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    for _time in range(2):
        address = upload(team, "Name,Country\nAnna Example,PL\n")
        if _time == 0:
            carry_out(team, campaign, address)
    assert "The same list has been imported before" in team.get(address).text
    assert team.get(f"{address}/confirm").status_code == 422
    post(team, f"{address}/carry-out")
    assert campaign.counts() == (1, 0)
    carry_out(team, campaign, address, again="y")
    assert campaign.counts() == (2, 0)


def test_an_import_is_undone_but_for_what_signers_have_changed(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.signed(name="Before Them", country="PL")
    address = upload(
        team,
        "Name,Country,E-mail,News\nAnna Example,PL,anna@post.example.org,yes\nBoris"
        " Example,PL,boris@post.example.org,yes\n",
    )
    carry_out(team, campaign, address)
    anna = next(row for row in signatures(app) if row.name == "Anna Example")
    with app.app_context(), writing() as session:
        signer_actions.correct(session, session.get_one(Signature, anna.id), {"city": "Vilnius"})
    campaign.work()
    asked = words(team.get(f"{address}/undo"))
    assert "Remove 1 person from the list?" in asked and "Boris Example" in asked and "1 stays" in asked
    assert post(team, f"{address}/undo").status_code == 303
    campaign.work()
    assert [row.name for row in signatures(app)].count("Anna Example") == 1
    assert campaign.counts() == (2, 0)
    assert "Boris" not in client.get("/s/free/signatories").text
    gone = next(row for row in signatures(app) if row.state == "withdrawn")
    assert (gone.name, gone.search_key, gone.sealed_contact, gone.wants_updates) == (None, None, None, False)
    with app.app_context():
        assert db.session.scalars(select(Tombstone.signature_id)).all() == [gone.id]
        assert db.session.scalars(select(Assent).where(Assent.signature_id == gone.id)).all() == []
        assert (
            db.session.scalars(select(AuditEntry).where(AuditEntry.action == "import undone")).one().member_id
            is not None
        )
    assert str(gone.id) in app.extensions["settings"].tombstones_path.read_text()
    assert post(team, f"{address}/undo").status_code == 303
    assert campaign.counts() == (2, 0)


def test_organisations_of_an_undone_import_go_but_for_those_that_somebody_worked_on(
    app: Flask, campaign: Campaign, team: FlaskClient
) -> None:
    address = upload(team, "Organisation,Country\nSample Union,PL\nTest League,PL\n")
    carry_out(team, campaign, address)
    with app.app_context(), writing() as session:
        league = session.scalars(
            select(OrganisationName.organisation_id).where(OrganisationName.name == "Test League")
        ).one()
        organisations.add_domain(session, session.get_one(Organisation, league), "league.example.org")
    asked = words(team.get(f"{address}/undo"))
    assert "leave it too, except those" in asked
    assert post(team, f"{address}/undo").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(OrganisationName.name)).all() == ["Test League"]


def test_after_a_day_nothing_is_undone(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    address = upload(team, "Name,Country\nAnna Example,PL\n")
    carry_out(team, campaign, address)
    assert "Undo this import" in team.get(address).text
    with app.app_context(), writing() as session:
        import_ = session.scalars(select(Import)).one()
        import_.finished_at = clock.now() - dt.timedelta(days=1, seconds=1)
    assert "Undo this import" not in team.get(address).text
    assert post(team, f"{address}/undo").status_code == 303
    campaign.work()
    assert campaign.counts() == (1, 0)
    with app.app_context():
        retention.purge_all()
    assert count(app, ImportedSignature) == 0


def test_a_long_list_goes_through_the_worker(
    app: Flask, campaign: Campaign, team: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "\n".join(f"Person Number {number},Minsk" for number in range(2_200))
    address = upload(team, "Name,City\n" + rows)
    page = team.get(address)
    assert "Your list is being checked" in page.text and "<progress" in page.text
    passed = []
    real = operations._pass
    monkeypatch.setattr(
        operations, "_pass", lambda session, key, rows: (real(session, key, rows), passed.append(rows))
    )
    with app.app_context():
        assert job.work()
    assert passed == [1_999, 201]
    page = words(team.get(address))
    assert "Page 1 of 45" in page and "Person Number 0" in page
    assert "Person Number 2199" in team.get(f"{address}?page=45").text
    post(team, f"{address}/carry-out")
    assert "Your list is being imported" in team.get(address).text
    assert team.get(address, headers={"HX-Request": "true"}).headers.get("HX-Refresh") is None
    campaign.work()
    assert team.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert campaign.counts() == (2_200, 0)


def test_a_worker_that_died_is_followed_by_another(app: Flask, campaign: Campaign, team: FlaskClient) -> None:
    address = upload(
        team, "Name,City\n" + "\n".join(f"Person Number {number},Minsk" for number in range(600))
    )
    with app.app_context(), writing() as session:
        session.scalars(select(Import)).one().claimed_at = clock.now()
    with app.app_context():
        assert not job.work()
        with time_machine.travel(clock.now() + dt.timedelta(minutes=3)):
            assert job.work()
    assert "Check before importing" in team.get(address).text


def test_who_signs_meanwhile_sends_the_list_back(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    campaign.organisation("Test League", "league.example.org")
    address = upload(
        team,
        "Organisation\n" + "Test League\n" + "\n".join(f"Network of town {number}" for number in range(3)),
    )
    link = campaign.submit(
        kind="organisation", organisation="Test League", name="Lena", email="lena@league.example.org"
    )
    with app.app_context():
        operations.tell(db.session.scalars(select(Import.id)).one(), operations.Order())
    assert client.post(link, data={"action": "confirm"}).status_code == 303
    with app.app_context():
        while job.work():
            pass
    assert "This organisation has already signed." in team.get(address).text
    assert count(app, Signature) == 1


def test_a_guarded_statement_takes_neither_city_nor_address(
    app: Flask, campaign: Campaign, team: FlaskClient, statement: int
) -> None:
    with app.app_context(), writing() as session:
        session.get_one(Statement, statement).safety = Safety.HIGH
    address = upload(team, "Name,City,E-mail,News\nAnna Example,Minsk,anna@post.example.org,yes\n")
    carry_out(team, campaign, address)
    (row,) = signatures(app)
    assert (row.name, row.city, row.sealed_contact, row.wants_updates) == ("Anna Example", None, None, False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Please choose a file, or paste the names."),
        ({"lines": "Anna Example", "source": ""}, "Please say where the names come from"),
        ({"lines": "Anna Example", "collected_on": "2999-01-01"}, "This day is in the future."),
        ({"lines": "Anna Example", "collected_on": "in May"}, "Please enter the day in the form 2026-12-31."),
        ({"lines": "\n;;\n", "evidence": "kept"}, "This file contains nothing."),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    app: Flask, team: FlaskClient, data: dict[str, str], said: str
) -> None:
    response = post(team, START, **{"source": "my source", "lines": ""} | data)
    assert response.status_code == 422
    assert said in response.text
    assert "my source" in response.text or not data.get("source", "x")
    assert data.get("lines", "").strip().split("\n")[0] in response.text
    assert count(app, Import) == 0


def test_discarded_is_gone(app: Flask, team: FlaskClient) -> None:
    address = paste(team, "Anna Example", "Boris Example")
    assert post(team, f"{address}/discard").status_code == 303
    assert team.get(address).status_code == 404
    assert (count(app, Import), count(app, ImportPart)) == (0, 0)


def test_readers_and_strangers_import_nothing(
    app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient
) -> None:
    address = paste(team, "Anna Example")
    reader = campaign.member("reader@team.example", role="reader")
    for path in (START, address, f"{address}/confirm", f"{address}/undo"):
        assert client.get(path).status_code == 303
        assert reader.get(path).status_code == 403
    assert team.get(address.replace("/free/", "/other/")).status_code == 404
    campaign.statement("other")
    assert team.get(address.replace("/free/", "/other/")).status_code == 404
