"""Statements, as the team handles them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.extensions import db
from campaign.statements.models import Statement
from tests.support import Campaign, csrf_of
from tests.world.statements_desk import NEW, change, press, revisions, send, typed, write


def actions(app: Flask) -> list[str]:
    """What was recorded about statements, oldest first."""
    with app.app_context():
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject.startswith("statement:")).order_by(AuditEntry.id)
        )
        return [row.action for row in rows]


def test_a_new_statement_is_a_draft_that_nobody_else_sees(
    team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    response = write(team)
    assert (response.status_code, response.location) == (303, "/desk/statements/free-them")
    assert "Draft, not yet public" in team.get("/desk/statements/free-them").text
    assert client.get("/s/free-them").status_code == 404
    assert actions(app) == ["statement created"]


def test_the_list_shows_drafts_with_their_counts(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free", publish=False)
    page = team.get("/desk/statements/").text
    assert "Free them all" in page and "Draft" in page


def test_everything_typed_comes_back_to_the_editor(team: FlaskClient, campaign: Campaign) -> None:
    owner = campaign.organisation("Test League")
    write(
        team, title_be="Вызваліць", body_be="Тэкст", title_other="Libérez", body_other="Texte", language_other="fr", goal="1 000", owners=str(owner),
        closes_on="2099-12-31", closes_at="18:30", dated="2023-08-28", source="Printed in a newspaper",
        name_en="The Minister", role_en="Minister",
    )  # fmt: skip
    page = team.get("/desk/statements/free-them/edit").text
    for value in (
        "Вызваліць",
        "Libérez",
        'name="title_fr"',
        "2099-12-31",
        "18:30",
        "2023-08-28",
        "Printed in a newspaper",
        "The Minister",
        'value="1000"',
    ):
        assert value in page, value
    assert f'checked id="owners-0" name="owners" type="checkbox" value="{owner}"' in page


def test_publishing_opens_the_statement(team: FlaskClient, client: FlaskClient, app: Flask) -> None:
    write(team)
    assert press(team, "free-them", "publish").status_code == 303
    assert "They <em>helped</em> others." in client.get("/s/free-them").text
    assert actions(app) == ["statement created", "statement published"]


def test_publishing_a_second_time_says_that_there_is_nothing_new(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    press(team, "free", "publish")
    assert "There is no new text to publish." in team.get("/desk/statements/free").text
    assert revisions(app) == [(1, "first", True)]


def test_a_changed_text_waits_as_a_draft_while_readers_see_the_old_one(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    change(team, "free", title_en="Free them now")
    assert revisions(app) == [(1, "first", True), (2, "editorial", False)]
    assert "Free them all" in client.get("/s/free").text


@pytest.mark.parametrize("said", ["editorial", "material"])
def test_a_later_text_is_published_as_wording_only_or_demands_change(
    team: FlaskClient, client: FlaskClient, campaign: Campaign, app: Flask, said: str
) -> None:
    campaign.statement("free")
    change(team, "free", title_en="Free them now")
    press(team, "free", "publish", change=said, note="Now")
    app.extensions["page_cache"].clear()
    assert revisions(app) == [(1, "first", True), (2, said, True)]
    assert "Free them now" in client.get("/s/free").text


@pytest.mark.parametrize("said", ["", "first", "nonsense"])
def test_a_later_text_is_not_published_without_saying_what_changed(
    team: FlaskClient, campaign: Campaign, app: Flask, said: str
) -> None:
    campaign.statement("free")
    change(team, "free", title_en="Free them now")
    response = press(team, "free", "publish", change=said)
    assert response.status_code == 422 and "Please say what has changed." in response.text
    assert revisions(app)[1] == (2, "editorial", False)


def test_a_draft_that_was_changed_after_reading_is_not_published(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free", publish=False)
    response = press(team, "free", "publish", draft="0" * 64)
    assert response.status_code == 422 and "Somebody has changed the draft" in response.text
    assert revisions(app) == [(1, "first", False)]


def test_an_unchanged_text_makes_no_draft(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.statement("free")
    change(
        team,
        "free",
        title_en="Free them all",
        body_en="They helped others.\r\n\r\n## We ask\r\n\r\n1. Release them.",
        goal="50",
    )
    assert revisions(app) == [(1, "first", True)]


def test_going_back_to_the_published_text_gives_up_the_draft(
    team: FlaskClient, campaign: Campaign, app: Flask
) -> None:
    campaign.statement("free")
    change(team, "free", title_en="Free them now")
    change(
        team, "free", title_en="Free them all", body_en="They helped others.\n\n## We ask\n\n1. Release them."
    )
    assert revisions(app) == [(1, "first", True)]


def test_closing_and_opening_again(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    campaign.statement("free")
    press(team, "free", "close")
    press(team, "free", "close")
    assert "Reopen" in team.get("/desk/statements/free/settings").text
    press(team, "free", "reopen")
    assert "Close for signatures" in team.get("/desk/statements/free/settings").text
    assert actions(app) == ["statement closed", "statement reopened"]


@pytest.mark.parametrize("button", ["close", "reopen"])
def test_a_draft_is_neither_closed_nor_reopened(
    team: FlaskClient, campaign: Campaign, app: Flask, button: str
) -> None:
    campaign.statement("free", publish=False)
    assert press(team, "free", button).status_code == 303
    assert actions(app) == []


def test_every_visible_change_raises_the_version(team: FlaskClient, campaign: Campaign, app: Flask) -> None:
    owner = campaign.organisation("Test League")
    campaign.statement("free", owners=(owner,))

    def version() -> int:
        with app.app_context():
            return db.session.scalars(select(Statement.version)).one()

    seen = [version()]
    change(team, "free", title_en="Other words", owners=str(owner))
    seen.append(version())
    for button in ("publish", "close", "reopen"):
        press(team, "free", button, change="editorial")
        seen.append(version())
    page = "/desk/organisations/test-league/edit"
    send(team, page, page, name_en="Better Name")
    seen.append(version())
    assert sorted(set(seen)) == seen


def test_an_address_of_another_statement_is_refused_and_the_typed_stays(
    team: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement("free")
    response = write(team, slug="free")
    assert response.status_code == 422
    assert (
        "Another statement has or had this address." in response.text
        and "They *helped* others." in response.text
    )


def test_an_address_given_up_leads_on(team: FlaskClient, client: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    change(team, "free", slug="release", title_en="Free them all")
    assert client.get("/s/free").location == "/s/release"
    assert write(team, slug="free").status_code == 422


def test_moving_to_a_taken_address_is_refused(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    campaign.statement("other")
    response = change(team, "free", slug="other")
    assert response.status_code == 422 and "Another statement has or had this address." in response.text


BAD = {
    "nothing typed": ({"title_en": None, "body_en": None}, "Please write title and text in at least one language."),
    "title alone": ({"body_en": ""}, "There is a title in this language but no text."),
    "text alone": ({"title_en": ""}, "There is a text in this language but no title."),
    "half a translation": ({"title_be": "Загаловак"}, "There is a title in this language but no text."),
    "long title": ({"title_en": "x" * 201}, "Please use at most 200."),
    "direction override": ({"title_en": "Free \u202ethem"}, "There are invisible characters in this."),
    "capitals in the address": ({"slug": "Free-Them"}, "Please use small Latin letters"),
    "slashes in the address": ({"slug": "../free"}, "Please use small Latin letters"),
    "two hyphens": ({"slug": "free--them"}, "Please use small Latin letters"),
    "address of the desk": ({"slug": "new"}, "Please use small Latin letters"),
    "title without letters": ({"title_en": "!!!"}, "Please use small Latin letters"),
    "unknown kind": ({"kind": "song"}, "Please choose the kind of statement."),
    "unknown signers": ({"signers": "cats"}, "Please choose who may sign."),
    "goal zero": ({"goal": "0"}, "Please enter a whole number above 0"),
    "goal in words": ({"goal": "many"}, "Please enter a whole number above 0"),
    "goal negative": ({"goal": "-5"}, "Please enter a whole number above 0"),
    "goal huge": ({"goal": "9" * 30}, "Please enter a whole number above 0"),
    "past closing": ({"closes_on": "2020-01-01"}, "This time has passed."),
    "no such day": ({"closes_on": "2099-02-31"}, "Please enter the day in the form 2026-12-31."),
    "no such time": ({"closes_on": "2099-01-01", "closes_at": "25:00"}, "Please enter the time in the form 18:30."),
    "time without day": ({"closes_at": "18:30"}, "There is a time but no day."),
    "no such date": ({"dated": "yesterday"}, "Please enter the day in the form 2026-12-31."),
    "unknown owner": ({"owners": "999999"}, "One of these organisations is no longer in the registry."),
    "role without name": ({"role_en": "Minister"}, "There is a role or an institution here but no name."),
    "unknown language": ({"language_other": "zzz", "title_other": "T", "body_other": "B"}, "We do not know this language."),
    "language not said": ({"title_other": "T", "body_other": "B"}, "Please say which language this is"),
    "language twice": ({"language_other": "be", "title_other": "T", "body_other": "B"}, "This language has its own field on this page."),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_beside_the_field(team: FlaskClient, case: str) -> None:
    changes, message = BAD[case]
    response = write(team, **changes)
    assert response.status_code == 422
    assert message in response.text
    assert 'class="error"' in response.text


def test_a_closing_day_that_has_passed_stays_as_long_as_nobody_changes_it(
    team: FlaskClient, campaign: Campaign
) -> None:
    write(team, closes_on="2099-12-31")
    assert change(team, "free-them", closes_on="2099-12-31", closes_at="23:59").status_code == 303
    assert change(team, "free-them", closes_on="2020-12-31").status_code == 422


def test_the_preview_saves_nothing(team: FlaskClient, app: Flask) -> None:
    page = write(team, preview="1", title_en="Free <b>them</b>").text
    assert "They <em>helped</em> others." in page and "Free &lt;b&gt;them&lt;/b&gt;" in page
    assert "They *helped* others." in page
    assert revisions(app) == []


def test_the_preview_of_an_unfinished_change_keeps_what_was_typed(
    team: FlaskClient, campaign: Campaign
) -> None:
    campaign.statement("free")
    response = change(team, "free", preview="1", title_en="", body_en="**Only** a text")
    assert response.status_code == 200
    assert "<strong>Only</strong> a text" in response.text and "**Only** a text" in response.text


def test_the_fragment_for_scripts_holds_the_preview_alone(team: FlaskClient) -> None:
    page = send(team, "/desk/statements/preview", NEW, **typed()).text
    assert "<em>helped</em>" in page and "<html" not in page


def test_the_preview_is_clean_of_scripts(team: FlaskClient) -> None:
    page = send(
        team,
        "/desk/statements/preview",
        NEW,
        title_en="x",
        body_en="<script>alert(1)</script> [a](javascript:alert(1))",
    ).text
    assert "<script>" not in page and 'href="javascript' not in page


def test_the_editor_opens_with_the_preview_of_the_text(team: FlaskClient, campaign: Campaign) -> None:
    campaign.statement("free")
    page = team.get("/desk/statements/free/edit").text
    preview = page.split('id="preview"')[1].split("</section>")[0]
    assert "Release them." in preview and preview.count("<article") == 1
    assert "appears here" in team.get(NEW).text


def test_a_mistake_in_another_language_opens_its_part(team: FlaskClient) -> None:
    page = write(team, title_be="Вызваліць").text
    opened = [part.split("<summary>")[1].split("</b>")[0] for part in page.split('class="text-of" open')[1:]]
    assert len(opened) == 2 and "Беларуская" in opened[1]


def test_a_mistake_in_an_addressee_opens_its_part(team: FlaskClient) -> None:
    page = write(team, role_en="Minister").text
    assert (
        page.split("Somebody who is not in the address book yet")[0]
        .rstrip()
        .endswith("<details open>\n  <summary>")
    )


ADDRESSES = ["/", "/new", "/free", "/free/edit"]
BUTTONS = ["/new", "/free/edit", "/free/publish", "/free/close", "/free/reopen", "/preview"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_are_asked_to_sign_in(client: FlaskClient, campaign: Campaign, address: str) -> None:
    campaign.statement("free")
    response = client.get(f"/desk/statements{address}")
    assert response.status_code == 303 and "/desk/sign-in" in response.location


@pytest.mark.parametrize("address", BUTTONS)
def test_strangers_change_nothing(client: FlaskClient, campaign: Campaign, app: Flask, address: str) -> None:
    campaign.statement("free")
    response = client.post(
        f"/desk/statements{address}", data=typed() | {"csrf_token": csrf_of(client.get("/desk/sign-in"))}
    )
    assert response.status_code == 303 and "/desk/sign-in" in response.location
    assert actions(app) == []


@pytest.mark.parametrize("address", BUTTONS)
def test_readers_may_look_and_not_write(campaign: Campaign, address: str) -> None:
    campaign.statement("free")
    reader = campaign.member("reader@team.example", role="reader")
    assert reader.get("/desk/statements/free").status_code == 200
    page = reader.get("/desk/")
    assert (
        reader.post(f"/desk/statements{address}", data=typed() | {"csrf_token": csrf_of(page)}).status_code
        == 403
    )


@pytest.mark.parametrize("address", BUTTONS)
def test_a_form_without_its_token_is_refused(
    team: FlaskClient, campaign: Campaign, app: Flask, address: str
) -> None:
    campaign.statement("free")
    assert team.post(f"/desk/statements{address}", data=typed()).status_code == 400
    assert actions(app) == []


@pytest.mark.parametrize("address", ["/free/archive", "/free/close", "/free/reopen"])
def test_buttons_are_not_links(team: FlaskClient, campaign: Campaign, address: str) -> None:
    campaign.statement("free")
    assert team.get(f"/desk/statements{address}").status_code == 405


@pytest.mark.parametrize("address", ["/none", "/none/edit"])
def test_an_unknown_statement_has_no_page(team: FlaskClient, address: str) -> None:
    assert team.get(f"/desk/statements{address}").status_code == 404
