"""Who works for one organisation speaks for no other; nothing that was said, signed or handed over is
written anew behind anybody's back.
"""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.accounts import memberships
from campaign.accounts.queries import member_at
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.text import has_hidden_characters
from campaign.extensions import db
from campaign.handover.frozen_lists import lines_of
from campaign.handover.models import FrozenLine, FrozenList
from campaign.organisations.merge import merge
from campaign.organisations.models import Organisation
from campaign.signatures import states
from campaign.signatures.models import Signature
from campaign.statements import form_mapping, lifecycle, operations
from campaign.statements.models import Change, Statement
from campaign.statements.operations import StatementText
from campaign.statements.queries import newest_revision
from campaign.statements.translation_status import lagging, mark_of
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf

EDIT = "/desk/organisations/{}/edit"


def confined(campaign: Campaign, organisation: int) -> FlaskClient:
    """An editor who works for one organisation."""
    browser = campaign.member("editor@team.example", role="editor")
    with campaign.app.app_context(), writing() as session:
        member = member_at("editor@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [organisation])
    return browser


def post(browser: FlaskClient, path: str, **data: str) -> TestResponse:
    """Send a form as it was loaded, with some fields typed otherwise."""
    page = browser.get(path)
    state = page.text.partition('name="state"')[2].partition('value="')[2].partition('"')[0]
    return browser.post(path, data={"csrf_token": csrf(browser), "state": state} | data)


def test_no_mail_domain_or_name_of_others_is_entered(campaign: Campaign) -> None:
    mine = campaign.organisation("Tiny Club", "tiny.example.org")
    campaign.organisation("Large League", "large.example.com")
    browser = confined(campaign, mine)
    refused = post(
        browser, "/desk/organisations/new", name_en="Large League", domains="evil.example.net", sure="y"
    )
    assert (
        refused.status_code == 422
        and "Only somebody who works for the whole site can enter this" in refused.text
    )
    for typed in (
        {"name_en": "Tiny Club", "aliases": "Large League"},
        {"name_en": "Committee of the World"},
        {"name_en": "Tiny Club", "un_status": "general"},
    ):
        refused = post(
            browser,
            EDIT.format("tiny-club"),
            **{"domains": "tiny.example.org", "sure": "y", "canonical": "en"} | typed,
        )
        assert refused.status_code == 422, typed
    allowed = post(
        browser,
        EDIT.format("tiny-club"),
        name_en="Tiny Club",
        domains="tiny.example.org",
        canonical="en",
        website="https://tiny.example.org",
    )
    assert allowed.status_code == 303, allowed.text


def test_no_statement_is_made_in_the_name_of_others(campaign: Campaign) -> None:
    mine, other = campaign.organisation("Tiny Club"), campaign.organisation("Large League")
    campaign.statement("joint", owners=(mine, other), publish=False)
    browser = confined(campaign, mine)
    new = {
        "title_en": "T",
        "body_en": "B",
        "kind": "petition",
        "signers": "both",
        "time_zone": "UTC",
        "dated_precision": "day",
        "slug": "fake",
    }
    token = csrf(browser)
    refused = browser.post("/desk/statements/new", data=new | {"csrf_token": token, "owners": [mine, other]})
    assert refused.status_code == 422 and "only organisations that you work for" in refused.text
    refused = browser.post(
        "/desk/statements/joint/edit", data=new | {"slug": "joint", "csrf_token": token, "owners": [mine]}
    )
    assert refused.status_code == 422 and "only organisations that you work for" in refused.text


def test_a_record_saved_meanwhile_is_not_overwritten(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.organisation("Test League")
    page = team.get(EDIT.format("test-league"))
    state = page.text.partition('name="state"')[2].partition('value="')[2].partition('"')[0]
    assert post(team, EDIT.format("test-league"), name_en="Test League", name_be="Ліга").status_code == 303
    mine = {"csrf_token": csrf(team), "name_en": "Test League", "founded": "1996", "sure": "y"}
    refused = team.post(EDIT.format("test-league"), data=mine | {"state": state})
    assert refused.status_code == 409
    assert "Somebody has changed this record" in refused.text and 'value="1996"' in refused.text
    with app.app_context():
        assert {name.name for name in db.session.scalars(select(Organisation)).one().names} == {
            "Test League",
            "Ліга",
        }


def test_a_form_from_before_a_merge_does_not_overwrite_who_stays(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    goes, stays = campaign.organisation("Aaa League"), campaign.organisation("Bbb Union")
    state = (
        team.get(EDIT.format("aaa-league"))
        .text.partition('name="state"')[2]
        .partition('value="')[2]
        .partition('"')[0]
    )
    with app.app_context(), writing() as session:
        merge(session, session.get_one(Organisation, goes), session.get_one(Organisation, stays))
    typed = {"csrf_token": csrf(team), "state": state, "name_en": "Aaa League", "sure": "y"}
    assert team.post(EDIT.format("aaa-league"), data=typed).status_code == 409
    with app.app_context():
        assert "Bbb Union" in {name.name for name in db.session.get_one(Organisation, stays).names}


def handed(team: FlaskClient, campaign: Campaign) -> int:
    """A statement whose list was handed to somebody of the book. Returns their id."""
    addressee_id = campaign.addressee(en=("Judge Old", "Judge", "The Court"))
    campaign.statement("given", addressees=(addressee_id,))
    campaign.signed("given")
    data = {
        "csrf_token": csrf(team),
        "addressee": str(addressee_id),
        "by_whom": "We",
        "handed_on": str(clock.today()),
        "channel": "post",
    }
    assert team.post("/desk/statements/given/handovers", data=data).status_code == 303
    return addressee_id


def test_whom_a_list_was_handed_to_stays(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    addressee_id = handed(team, campaign)
    refused = post(team, f"/desk/addressees/{addressee_id}/edit", name_en="Judge New", role_en="Judge")
    assert refused.status_code == 422 and "A list was handed to this person" in refused.text
    assert (
        post(
            team,
            f"/desk/addressees/{addressee_id}/edit",
            name_en="Judge Old",
            role_en="Judge",
            email="court@example.org",
        ).status_code
        == 303
    )
    assert "Judge Old" in client.get("/s/given").text
    with app.app_context(), writing() as session:
        session.scalars(select(Statement)).one().addressees = []
    removed = team.post(
        f"/desk/addressees/{addressee_id}/remove", data={"csrf_token": csrf(team)}, follow_redirects=True
    )
    assert "can’t be removed" in removed.text
    mine = campaign.organisation("Tiny Club")
    assert (
        post(confined(campaign, mine), f"/desk/addressees/{addressee_id}/edit", name_en="Forged").status_code
        == 403
    )


def test_who_is_hidden_for_a_while_comes_back_to_the_frozen_list(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    handed(team, campaign)
    with app.app_context():
        signature_id, frozen = (
            db.session.scalars(select(Signature.id)).one(),
            db.session.scalars(select(FrozenList)).one().id,
        )
    for act, kept in ((states.hide, {"number": 1, "hidden": True}), (states.accept, None)):
        with app.app_context(), writing() as session:
            act(session, session.get_one(Signature, signature_id))
        campaign.work()
        with app.app_context():
            line = json.loads(next(lines_of(frozen)))
            # Beside it there is the salted digest of the line.
            assert kept.items() <= line.items() if kept else line["name"] == "Anna Example"
            # It is sealed meanwhile.
            assert (db.session.scalars(select(FrozenLine.line)).one() is None) == (kept is not None)


def test_every_word_of_a_text_is_printed(team: FlaskClient, campaign: Campaign, client: FlaskClient) -> None:
    body = "Before.\n\n    We demand his release.\n\n```\nfenced words\n```\n\n- item\n  ## Head\n  lost tail\n\n3. third\n4. fourth\n"
    campaign.statement(texts=(StatementText("en", "Free them", body),))
    campaign.signed()
    page = client.get("/s/free").text
    paper = " ".join(
        " ".join(
            sheet.extract_text()
            for sheet in PdfReader(io.BytesIO(client.get("/s/free/statement.pdf").data)).pages
        ).split()
    )
    token = csrf(team)
    word = team.post(
        "/desk/statements/free/export", data={"csrf_token": token, "format": "docx", "text": "en"}
    ).data
    written = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs)
    for words in ("We demand his release.", "fenced words", "item", "Head", "lost tail", "third"):
        assert words in page, words
        assert words in paper, words
        assert words in written, words
    assert "3. third" in paper and "4. fourth" in paper
    assert "3.\tthird" in written


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe"])
def test_what_no_document_can_hold_is_refused(sign: str) -> None:
    assert has_hidden_characters(f"a{sign}b")
    assert not has_hidden_characters("a\ufb00b")


def test_nothing_is_published_that_was_not_read(
    team: FlaskClient, campaign: Campaign, app: Flask, client: FlaskClient
) -> None:
    campaign.statement(publish=False)
    read = (
        team.get("/desk/statements/free")
        .text.partition('name="draft"')[2]
        .partition('value="')[2]
        .partition('"')[0]
    )
    with app.app_context(), writing() as session:
        operations.save_draft(
            session, session.scalars(select(Statement)).one(), [StatementText("en", "UNREAD", "Text")]
        )
    token = csrf(team)
    for draft in (read, ""):
        assert (
            team.post("/desk/statements/free/publish", data={"csrf_token": token, "draft": draft}).status_code
            == 422
        )
    with app.app_context(), pytest.raises(EditedMeanwhile), writing() as session:
        operations.publish(session, session.scalars(select(Statement)).one(), read=read)
    assert client.get("/s/free").status_code == 404


@pytest.mark.parametrize(
    ("steps", "change"),
    [((lifecycle.close, lifecycle.archive), Change.EDITORIAL), ((lifecycle.close,), Change.MATERIAL)],
)
def test_a_text_that_nobody_can_object_to_is_final(
    campaign: Campaign, app: Flask, steps: tuple[object, ...], change: Change
) -> None:
    campaign.statement()
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        for step in steps:
            step(session, statement)  # type: ignore[operator]
        operations.save_draft(session, statement, [StatementText("en", "Other", "We take it all back.")])
    with app.app_context(), pytest.raises(lifecycle.NotFromHere), writing() as session:
        operations.publish(session, session.scalars(select(Statement)).one(), change, "x")


def test_a_translation_of_the_original_of_before_lags_behind(campaign: Campaign, app: Flask) -> None:
    statement_id = campaign.statement(texts=(ENGLISH, BELARUSIAN))
    old = mark_of(ENGLISH)
    with app.app_context(), writing() as session:
        operations.save_draft(
            session,
            session.get_one(Statement, statement_id),
            [StatementText("en", "Free them now", "New."), BELARUSIAN],
        )
    with app.app_context(), writing() as session:
        state = form_mapping.text_state([BELARUSIAN], "be")
        form_mapping.save_translation(
            session,
            statement_id,
            StatementText("be", BELARUSIAN.title, "Дробная праўка."),
            state,
            followed=old,
        )
    with app.app_context():
        assert lagging(newest_revision(statement_id)) == ["be"]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1799-12-31"])
def test_a_day_beyond_all_clocks_is_refused(team: FlaskClient, day: str) -> None:
    typed = {
        "csrf_token": csrf(team),
        "kind": "hearing",
        "title_en": "T",
        "sits_on": day,
        "sits_at": "00:00",
        "time_zone": "Asia/Tokyo",
    }
    refused = team.post("/desk/updates/new", data=typed)
    assert refused.status_code == 422
    assert "Please enter a day between the years 1800 and 2999." in refused.text


def test_who_moved_the_closing_day_is_not_closed(
    campaign: Campaign, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement_id = campaign.statement(closes_at=clock.now() + dt.timedelta(days=30))
    real = db.session.scalars

    def late(query: object, *more: object) -> object:
        return (
            real(select(Statement.id))
            if "closes_at" in str(query) and "status" in str(query)
            else real(query, *more)
        )  # type: ignore[call-overload]

    with app.app_context():
        monkeypatch.setattr(db.session, "scalars", late)
        lifecycle.open_and_close_what_is_due()
        monkeypatch.undo()
        db.session.rollback()
        assert db.session.get_one(Statement, statement_id).status == "open"
