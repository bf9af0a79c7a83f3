"""A release on one page: what follows is shown before anything is kept, and one button does it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from time_machine import travel
from werkzeug.test import TestResponse

from campaign.accounts import memberships
from campaign.accounts.models import AuditEntry
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from campaign.extensions import db
from campaign.people.models import CaseEvent, Person
from campaign.people.vocabulary import Wish
from campaign.statements.models import Kind
from campaign.updates.models import Update, UpdateMailing
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf_of
from tests.world.people import HELD, join, person

NOW = dt.datetime(2025, 12, 15, 9, tzinfo=dt.UTC)
PAGE = "/desk/people/jana-example/release"


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """The 15th of December, also when the members of the team sign in."""
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def vigil(campaign: Campaign, app: Flask) -> int:
    """A campaign in two languages for one who is in prison, with a signer who asked for news."""
    found = campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN, texts=(ENGLISH, BELARUSIAN))
    join(app, "vigil", person(app, names={"en": "Jana Example", "be": "Яна Прыклад"}, confirmed=NOW.date()))
    return found


def send(team: FlaskClient, **fields: Any) -> TestResponse:
    return team.post(PAGE, data={"csrf_token": csrf_of(team.get("/desk/people/"))} | fields)


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends from the page with everything that follows."""
    form = page.partition("<main")[2]
    found = {
        name: unescape(value)
        for name, value in re.findall(r'name="(when|title_[^"]+)"[^>]*value="([^"]*)"', form)
    }
    for name, value in re.findall(r'<textarea[^>]*name="(body_[^"]+)"[^>]*>\s*([^<]*)</textarea>', form):
        found[name] = unescape(value).strip()
    return found | dict.fromkeys(
        re.findall(r'<input [^>]*checked[^>]* name="((?:publish|mail)_\d+)"', form), "y"
    )


def kept(app: Flask) -> tuple[int, int, int, int]:
    """How many events, updates, mailings and entries of the log there are."""
    with app.app_context():
        return tuple(  # type: ignore[return-value]
            db.session.scalar(select(func.count()).select_from(table))
            for table in (CaseEvent, Update, UpdateMailing, AuditEntry)
        )


def test_everything_that_follows_is_shown_and_nothing_is_kept_yet(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, vigil: int
) -> None:
    campaign.signed("vigil", updates="y")
    before, page = kept(app), client.get("/s/vigil").text
    assert send(team, when="2025-12-13").status_code == 200
    shown = unescape(send(team, when="2025-12-13").text)
    for said in (
        "serving a sentence → <b>released</b>, 13 December 2025", "1,613 days", "no longer offered",
        "At liberty: Jana Example", "Яна Прыклад", "1 signer asked for news.",
    ):  # fmt: skip
        assert said in shown, said
    assert kept(app) == before and client.get("/s/vigil").text == page


def test_one_button_records_publishes_and_mails(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, vigil: int
) -> None:
    campaign.signed("vigil", updates="y")
    sent = len(campaign.sink.mails)
    fields = fields_of(send(team, when="2025-12-13").text)
    assert {f"publish_{vigil}", f"mail_{vigil}", f"body_{vigil}_be"} <= set(fields)
    done = send(team, **fields | {f"title_{vigil}_en": "Jana is free"}, carry_out="y")
    assert (done.status_code, done.location) == (303, "/desk/people/jana-example")
    app.extensions["page_cache"].clear()
    page = client.get("/s/vigil").text
    assert "Jana is free" in page and "1,613 days in detention" in page and "1 free again" in page
    campaign.work()
    assert len(campaign.sink.mails) == sent + 1
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))[-4:]
    assert actions == ["event entered", "update changed", "update published", "update mailed"]
    # Pressed twice, nothing happens twice.
    events = kept(app)
    again = send(team, **fields, carry_out="y")
    assert again.status_code == 422 and kept(app) == events


def test_what_is_unticked_stays_a_draft_with_the_words_that_were_typed(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, vigil: int
) -> None:
    campaign.signed("vigil", updates="y")
    fields = fields_of(send(team, when="2025-12").text)
    del fields[f"publish_{vigil}"]
    assert send(team, **fields | {f"title_{vigil}_en": "Jana is free"}, carry_out="y").status_code == 303
    with app.app_context():
        (draft,) = db.session.scalars(select(Update))
        assert draft.published_at is None and draft.texts[0].title == "Jana is free"
        # A mail about what nobody can read is not sent, although its box was ticked.
        assert db.session.scalars(select(UpdateMailing)).all() == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"when": "in May"}, "Please enter the date as 2021-07-14"),
        ({"when": ""}, "Please enter the date as 2021-07-14"),
        ({"when": "2999-01-01"}, "This day is in the future."),
        ({"when": "2020-01-01"}, "outside of every detention"),
        ({"when": "2020-01-01", "carry_out": "y"}, "outside of every detention"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    team: FlaskClient, app: Flask, vigil: int, fields: dict[str, str], message: str
) -> None:
    before = kept(app)
    refused = send(team, **fields)
    assert refused.status_code == 422 and kept(app) == before
    error = re.search(r'<p class="error" id="when-error">([^<]+)</p>', refused.text)
    assert error and (message in unescape(error.group(1)) or "arrest" in error.group(1))


def test_a_title_that_was_emptied_is_asked_for_and_the_rest_stays(
    team: FlaskClient, app: Flask, vigil: int
) -> None:
    fields = fields_of(send(team, when="2025-12-13").text)
    before = kept(app)
    refused = send(team, **fields | {f"title_{vigil}_en": "", f"body_{vigil}_be": "Яна дома."}, carry_out="y")
    assert refused.status_code == 422 and "Please enter a title." in refused.text
    assert "Яна дома." in refused.text and kept(app) == before


def test_a_campaign_of_others_gets_a_draft(campaign: Campaign, app: Flask) -> None:
    """A member who keeps the file, and works on one of its two campaigns."""
    league = campaign.organisation("Test League")
    mine = campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN, owners=(league,))
    other = campaign.statement("theirs", kind=Kind.RELEASE_CAMPAIGN)
    slug = person(app, "Jana Example", HELD, confirmed=NOW.date(), facts={"kept_by_id": league})
    for statement in ("vigil", "theirs"):
        join(app, statement, slug)
    editor = campaign.member("editor@team.example", role="editor")
    with app.app_context(), writing() as session:
        member = member_at("editor@team.example")
        assert member is not None
        memberships.work_for(session, member.id, [league])
    page = send(editor, when="2025-12-13")
    assert "You do not work on this campaign" in page.text and f"publish_{other}" not in page.text
    forged = {f"publish_{other}": "y", f"title_{other}_en": "Forged", f"body_{other}_en": "x"}
    assert send(editor, **fields_of(page.text) | forged, carry_out="y").status_code == 303
    with app.app_context():
        found = {update.statement_id: update for update in db.session.scalars(select(Update))}
        assert found[mine].published_at is not None and found[other].published_at is None
        assert found[other].texts[0].title == "At liberty: Jana Example"


def test_of_a_person_who_is_not_shown_nothing_is_told(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN)
    join(app, "vigil", person(app, "Jana Example", HELD, wish=Wish.NOT_PUBLIC))
    page = send(team, when="2025-12-13").text
    assert "The public does not see this person" in page and 'name="publish_' not in page
    assert send(team, when="2025-12-13", carry_out="y").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Update)).all() == []
        assert db.session.scalars(select(Person)).one().events[-1].kind == "release"
