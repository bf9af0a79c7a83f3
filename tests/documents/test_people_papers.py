"""What one can do for somebody in prison: letters, papers, cards, and letters to those who decide. It ends
where the wish or a death ends it.
"""

from __future__ import annotations

import io
import re
import time
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.mail_links import mail_link, share_link
from campaign.core.page_cache import FRESH_SECONDS
from campaign.documents.addressee_letter import demands_of
from campaign.documents.pdf import _set, drawn
from campaign.extensions import db
from campaign.people import operations
from campaign.people.dates import parse
from campaign.people.models import Person
from campaign.people.operations import LetterAddress, PersonFacts, Script
from campaign.people.portraits import change_portrait, draw
from campaign.people.timeline import Event, Words, enter_event
from campaign.people.vocabulary import Letters, Wish
from campaign.statements import lifecycle
from campaign.statements.addressees import AddresseeContent, AddresseeNames, enter_addressee
from campaign.statements.models import Kind, Safety, Statement
from campaign.statements.operations import StatementText
from campaign.statements.queries import public_version, statement_page
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf_of
from tests.world.people import HELD, K, join, person
from tests.world.pictures import picture

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

LINES = "Калонія 4\nвул. Антошкіна, 3\n246035 Гомель"
NAMES = {"en": "Jana Example", "be": "Яна Прыклад"}
POST = ("envelope.pdf", "postcard.pdf")
PAPERS = (*POST, "poster.pdf", "card.png", "letter")
ADDRESSES = {
    Script.CYRILLIC: LetterAddress(LINES, "BY"),
    Script.LATIN: LetterAddress("Prison 4\nGomel", "BY"),
}
NEVER = ("Undersigned", "localhost", "/p/", "jana-example")


@pytest.fixture
def held(app: Flask) -> str:
    """Somebody in prison with everything that a letter needs."""
    facts = PersonFacts(letters=Letters.SOMETIMES, letter_languages="be,ru", moving=True)
    return person(app, names=NAMES, addresses=ADDRESSES, facts=facts, confirmed=clock.today())


def change(app: Flask, operation: Any, *arguments: Any) -> None:
    """Do something to the only case file, and wait until pages show it."""
    with app.app_context(), writing() as session:
        operation(session, session.scalars(select(Person)).one(), *arguments)
    time.sleep(FRESH_SECONDS + 0.05)


def wish(app: Flask, wanted: Wish) -> None:
    """Write down another wish."""
    change(app, operations.wish, wanted, "her mother", "Ina", clock.today())


def read(client: FlaskClient, path: str) -> tuple[list[tuple[float, float]], str]:
    """The sizes of the pages in millimetres, and their words."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), path
    assert (
        "must-revalidate" in answer.headers["Cache-Control"]
        and "max-age=60" in answer.headers["Cache-Control"]
    )
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return [
        (round(float(page.mediabox.width) * 0.3528), round(float(page.mediabox.height) * 0.3528))
        for page in pages
    ], "\n".join(page.extract_text() for page in pages)


def test_envelope_and_postcard_carry_the_address_and_tell_nothing_else(
    held: str, client: FlaskClient
) -> None:
    for paper, sizes in (("envelope.pdf", [(220, 110)]), ("postcard.pdf", [(148, 105), (148, 105)])):
        found, words = read(client, f"/p/{held}/{paper}")
        assert found == sizes
        assert words.strip().split("\n") == ["Яна Прыклад", *LINES.split("\n"), "БЕЛАРУСЬ / BELARUS"]
        _sizes, latin = read(client, f"/p/{held}/{paper}?script=Latn")
        assert latin.strip().split("\n") == ["Jana Example", "Prison 4", "Gomel", "BELARUS"]
        body = client.get(f"/p/{held}/{paper}").data
        meta = PdfReader(io.BytesIO(body)).metadata or {}
        for telling in NEVER:
            assert telling not in words and telling.encode() not in body
            assert not any(telling in str(value) for value in meta.values())
    assert client.get(f"/p/{held}/envelope.pdf?script=Arab").status_code == 200


def test_a_name_that_the_team_wrote_into_the_address_is_not_written_twice(
    app: Flask, client: FlaskClient
) -> None:
    slug = person(
        app,
        names=NAMES,
        addresses={Script.CYRILLIC: LetterAddress("Прыклад Яне Іванаўне, 1979\n" + LINES, "BY")},
    )
    assert read(client, f"/p/{slug}/envelope.pdf")[1].split("\n")[0] == "Прыклад Яне Іванаўне, 1979"


def test_the_letter_page_has_all_that_a_writer_needs(held: str, client: FlaskClient) -> None:
    page = client.get(f"/p/{held}/letter").text
    assert "Яна Прыклад\nКалонія 4\n" in page and 'data-copy="postal-Cyrl"' in page
    assert page.index("postal-Cyrl") < page.index("postal-Latn")
    for said in (
        "Some letters arrive",
        "be moved any day",
        "Only letters in these languages",
        "What never to write",
        "script=Cyrl",
    ):
        assert said in page, said
    assert "<form" not in page and client.get(f"/be/p/{held}/letter").status_code == 200
    of_person = client.get(f"/p/{held}").text
    assert (
        "What you can do" in of_person
        and f"/p/{held}/letter" in of_person
        and "If you are in Belarus" not in of_person
    )


def test_after_60_days_the_letter_says_that_it_needs_checking(app: Flask, client: FlaskClient) -> None:
    slug = person(app, addresses=ADDRESSES)
    assert "The address may have changed" in client.get(f"/p/{slug}/letter").text


def test_the_poster_leads_to_the_page(held: str, client: FlaskClient) -> None:
    for prefix, name in (("", "Jana Example"), ("/be", "Яна Прыклад")):
        sizes, words = read(client, f"{prefix}/p/{held}/poster.pdf")
        assert sizes == [(210, 297)] and name in words
        assert f"localhost{prefix}/p/{held}" in words.replace("\n", "")
    assert "days in detention" in read(client, f"/p/{held}/poster.pdf")[1].replace("\n", " ")


def test_a_square_card_in_each_language_of_the_case(held: str, client: FlaskClient, app: Flask) -> None:
    page = client.get(f"/p/{held}").text
    seen = set()
    for path in (f"/p/{held}/card.png", f"/be/p/{held}/card.png"):
        assert f'href="{path}"' in page
        answer = client.get(path)
        with Image.open(io.BytesIO(answer.data)) as card:
            assert card.size == (1080, 1080)
        seen.add(answer.data)
    assert f'href="/de/p/{held}/card.png"' not in page
    change(app, change_portrait, draw(picture()), "A woman", "Jana Photo")
    seen.add(client.get(f"/p/{held}/card.png").data)
    assert len(seen) == 3


def test_row_16_names_stand_on_envelopes_and_posters_in_their_own_script(
    app: Flask, client: FlaskClient
) -> None:
    slug = person(app, names={"ka": "ნანა"}, addresses={Script.LATIN: LetterAddress("Prison 1", "GE")})
    assert "ნანა" in read(client, f"/p/{slug}/envelope.pdf")[1]
    assert "ნანა" in read(client, f"/p/{slug}/poster.pdf")[1]


@pytest.mark.parametrize("wanted", [Wish.DATES, Wish.NAME, Wish.NOT_PUBLIC, Wish.UNKNOWN])
def test_another_wish_takes_every_paper_away(
    held: str, client: FlaskClient, app: Flask, wanted: Wish
) -> None:
    assert {client.get(f"/p/{held}/{paper}").status_code for paper in PAPERS} == {200}
    wish(app, wanted)
    assert {client.get(f"/p/{held}/{paper}").status_code for paper in PAPERS} == {404}
    page = client.get(f"/p/{held}").text
    assert "What you can do" not in page and "/card.png" not in page


def test_a_withdrawal_takes_every_paper_away(held: str, client: FlaskClient, app: Flask) -> None:
    assert {client.get(f"/p/{held}/{paper}").status_code for paper in PAPERS} == {200}
    change(app, operations.withdraw)
    assert {client.get(f"/p/{held}/{paper}").status_code for paper in (*PAPERS, "calendar.ics")} == {404}


def test_after_a_death_nothing_is_made(held: str, client: FlaskClient, team: FlaskClient, app: Flask) -> None:
    token = csrf_of(team.get(f"/desk/people/{held}"))
    change(app, enter_event, Event(K.DEATH, parse("2025-02-01")))
    assert {client.get(f"/p/{held}/{paper}").status_code for paper in PAPERS} == {404}
    assert "What you can do" not in client.get(f"/p/{held}").text
    refused = team.post(f"/desk/people/{held}/day-card", data={"csrf_token": token})
    assert refused.status_code == 422 and "after a death" in refused.text
    assert "Make a day card" not in team.get(f"/desk/people/{held}").text


def test_nobody_writes_to_prison_to_who_is_free(app: Flask, client: FlaskClient) -> None:
    slug = person(app, story=(*HELD, (K.RELEASE, "2025-12-13")), addresses=ADDRESSES)
    assert {client.get(f"/p/{slug}/{paper}").status_code for paper in (*POST, "letter", "poster.pdf")} == {
        404
    }
    assert client.get(f"/p/{slug}/card.png").status_code == 200
    page = client.get(f"/p/{slug}").text
    assert "/card.png" in page and "Write a letter" not in page and "/poster.pdf" not in page


def test_the_day_card_is_made_when_the_team_asks(
    held: str, team: FlaskClient, client: FlaskClient, app: Flask
) -> None:
    page = team.get(f"/desk/people/{held}")
    assert page.text.count("Make a day card") == 2
    for prefix in ("", "/be"):
        answer = team.post(f"{prefix}/desk/people/{held}/day-card", data={"csrf_token": csrf_of(page)})
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        assert (
            "attachment" in answer.headers["Content-Disposition"]
            and answer.headers["Cache-Control"] == "no-store"
        )
        with Image.open(io.BytesIO(answer.data)) as card:
            assert card.size == (1080, 1080)
    with app.app_context():
        assert (
            len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "day card made")).all()) == 2
        )
    wish(app, Wish.NAME)
    assert team.post(f"/desk/people/{held}/day-card", data={"csrf_token": csrf_of(page)}).status_code == 422
    assert client.post(f"/desk/people/{held}/day-card").status_code in (302, 400, 403)


# -- letters to those who decide

ASKING = StatementText(
    "en",
    "Free “Jana” & all",
    "They helped.\n\n- a point\n\n## We ask\n\n1. Release **them**, now.\n2. Drop the charges.\n\nThank you.",
)
ASKING_BE = StatementText("be", "Вызваліць усіх", "Яны дапамагалі.\n\n1. Вызваліць іх.")


def addressed(campaign: Campaign, **settings: Any) -> int:
    "A statement to a minister who reads Belarusian best, and to an office without an e-mail address."
    with campaign.app.app_context(), writing() as session:
        names = {
            "en": AddresseeNames("Minister Example", "Minister", "Ministry"),
            "be": AddresseeNames("Міністр Прыклад", "Міністр"),
        }
        minister = enter_addressee(
            session, AddresseeContent(names, email="minister@office.example", languages=("be", "en"))
        ).id
        office = enter_addressee(session, AddresseeContent({"en": AddresseeNames("The Office")})).id
    return campaign.statement(texts=(ASKING, ASKING_BE), addressees=(minister, office), **settings)


def test_a_letter_to_each_addressee_in_the_language_they_read_best(
    campaign: Campaign, client: FlaskClient
) -> None:
    addressed(campaign)
    page = client.get("/s/free/write").text
    links = [unescape(link) for link in re.findall(r'href="(mailto:[^"]+)"', page)]
    assert (
        len(links) == 3
        and links[0].startswith("mailto:minister@office.example?")
        and links[2].startswith("mailto:?")
    )
    said = [{key: values[0] for key, values in parse_qs(urlsplit(link).query).items()} for link in links]
    assert said[0]["subject"] == ASKING_BE.title and said[0]["body"].startswith(
        "Міністр Прыклад\r\nМіністр\r\n\r\n"
    )
    assert "1. Вызваліць іх." in said[0]["body"] and "/be/s/free" in said[0]["body"]
    assert said[1]["subject"] == ASKING.title
    assert (
        "1. Release them, now.\r\n2. Drop the charges." in said[1]["body"]
        and "http://localhost/s/free" in said[1]["body"]
    )
    assert "Dear Sir or Madam," in said[2]["body"] and "a point" not in said[2]["body"]
    assert "<form" not in page and 'data-copy="letter-' in page
    assert client.get("/be/s/free/write").status_code == 200


LONG = "\n".join(f"{number}. Неадкладна і без умоў вызваліць усіх, хто зняволены." for number in range(1, 13))


@pytest.mark.parametrize("title", ["Вызваліць усіх", "Заява аб вызваленні ўсіх зняволеных " * 7, "Ж" * 250])
def test_row_19_no_link_is_longer_than_mail_programs_take(
    campaign: Campaign, client: FlaskClient, title: str
) -> None:
    with campaign.app.app_context(), writing() as session:
        content = AddresseeContent(
            {"be": AddresseeNames("Міністр")}, email="minister@office.example", languages=("be",)
        )
        minister = enter_addressee(session, content).id
    campaign.statement(
        texts=(StatementText("be", title.strip(), f"Патрабуем:\n\n{LONG}"),), addressees=(minister,)
    )
    page = client.get("/be/s/free/write").text
    (link,) = (unescape(found) for found in re.findall(r'href="(mailto:[^"]+)"', page))
    assert len(link) < 1_900 and link.startswith("mailto:minister@office.example?subject=")
    subject = parse_qs(urlsplit(link).query)["subject"][0]
    assert title.strip().startswith(subject.rstrip("…")) and len(subject) > 5 and "body=" not in link
    assert 'id="letter-' in page and "-hint" in page and "12. Неадкладна" in page.split("<textarea")[1]


@given(
    title=st.text(max_size=400), body=st.text(max_size=3_000), address=st.sampled_from(["", "a@b.example"])
)
def test_row_19_links_hold_of_any_text_what_fits(title: str, body: str, address: str) -> None:
    for link in (
        mail_link(address, title, body).href,
        mail_link(address, title, "https://site.example/s/free").href,
        share_link("https://wa.me/?text=", "https://site.example/s/free", title),
    ):
        assert len(link) < 1_900 and "\ufffd" not in unquote(link.replace("%EF%BF%BD", ""))
    assert "site.example" in link
    whole = mail_link(address, title, "https://site.example/s/free")
    assert whole.whole and whole.href.endswith("free")


def test_what_is_asked_for() -> None:
    assert demands_of("<p>One.</p>") == []
    assert demands_of(
        "<ul><li>one</li></ul><ol><li><p>two</p><p>more</p></li></ol><ul><li>three</li></ul>"
    ) == ["two more"]
    assert demands_of("<ul><li>one</li></ul><ul><li>three <a href='/'>four</a></li></ul>") == ["three four"]


def test_what_is_written_to_a_mail_program_can_add_no_receiver() -> None:
    link = mail_link("a@b.example?cc=x@y.example&x", "A & B?", "one + two\nthree").href
    assert link.count("?") == 1 and link.count("&") == 1
    assert parse_qs(urlsplit(link).query) == {"subject": ["A & B?"], "body": ["one + two\r\nthree"]}
    assert unquote(urlsplit(link).path) == "a@b.example?cc=x@y.example&x"


def test_there_is_no_letter_without_addressees_to_a_draft_or_in_the_archive(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    campaign.statement("alone")
    campaign.statement("draft", publish=False)
    assert {client.get(f"/s/{slug}/write").status_code for slug in ("alone", "draft", "nowhere")} == {404}
    statement_id = addressed(campaign)
    assert client.get("/s/free/write").status_code == 200
    with app.app_context(), writing() as session:
        lifecycle.close(session, session.get_one(Statement, statement_id))
        lifecycle.archive(session, session.get_one(Statement, statement_id))
    app.extensions["page_cache"].clear()
    assert client.get("/s/free/write").status_code == 404


# -- the section, and the notice before it


def doing(app: Flask, slug: str) -> str:
    """The section as the page of a statement includes it."""
    with app.test_request_context():
        statement_id, _version = public_version(slug) or (0, 0)
        template = app.jinja_env.get_template("documents/_doing.html")
        context: dict[str, Any] = {"statement": statement_page(statement_id, "en")}
        app.update_template_context(context)
        return template.render(context)


def test_the_section_of_a_campaign(held: str, campaign: Campaign, app: Flask) -> None:
    addressed(campaign, kind=Kind.RELEASE_CAMPAIGN)
    free = person(app, "Jan Free", (*HELD, (K.RELEASE, "2025-12-13")), addresses=ADDRESSES)
    hidden = person(app, "Jana Hidden", wish=Wish.NAME, addresses=ADDRESSES)
    join(app, "free", held, free, hidden)
    tomorrow = clock.today().replace(year=clock.today().year + 1)
    with app.app_context(), writing() as session:
        found = session.scalars(select(Person).where(Person.slug == held)).one()
        enter_event(
            session,
            found,
            Event(K.HEARING, parse(tomorrow.isoformat()), words={"en": Words(place="Court 1")}),
        )
    section = doing(app, "free")
    assert f"/p/{held}/letter" in section and "/s/free/write" in section and "/s/free/poster.pdf" in section
    assert free not in section and hidden not in section
    assert (
        "Jana Example: Court hearing" in section
        and "Court 1" in section
        and "/s/free/calendar.ics" in section
    )
    assert "If you are in Belarus" not in section
    page = app.test_client().get(f"/p/{held}").text
    assert "/s/free/write" in page and "/s/free/write" not in app.test_client().get(f"/p/{free}").text
    assert "Court 1" in page and f"/p/{held}/calendar.ics" in page
    calendar = Calendar.from_ical(app.test_client().get(f"/p/{held}/calendar.ics").data)
    (sitting,) = [one for one in calendar.walk("VEVENT") if "hearing" in one["SUMMARY"]]
    assert str(sitting["LOCATION"]) == "Court 1"


def test_the_section_of_a_statement_without_people(campaign: Campaign, app: Flask) -> None:
    campaign.statement("old", close=True)
    section = doing(app, "old")
    assert "Poster" in section and "Write" not in section


def test_behind_the_notice_where_safety_is_high(
    held: str, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    addressed(campaign, kind=Kind.RELEASE_CAMPAIGN)
    join(app, "free", held)
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        statement.safety, statement.version = Safety.HIGH, statement.version + 1
    app.extensions["page_cache"].clear()
    for text in (
        doing(app, "free"),
        *(client.get(path).text for path in (f"/p/{held}", f"/p/{held}/letter", "/s/free/write")),
    ):
        notice, opened = text.index("If you are in Belarus"), text.index('<details class="card guard">')
        assert notice < opened
        for way in ('/letter"', "mailto:", "envelope.pdf"):
            assert way not in text or text.index(way) > opened
    assert "/s/free/card.png" not in doing(app, "free")


def test_other_texts_of_a_house(campaign: Campaign, client: FlaskClient) -> None:
    office = campaign.addressee(en=("The Office",))
    campaign.statement(texts=(ENGLISH, BELARUSIAN), addressees=(office,))
    assert "1. Release them." in client.get("/s/free/write").text


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_set_from_memory(kind: str) -> None:
    made_of, page = (
        io.BytesIO(),
        b'#set page(width: 50pt, height: 50pt, margin: 0pt)\n#image("it.svg", width: 50pt)',
    )
    Image.new("RGB", (60, 60), (200, 30, 30)).save(made_of, kind)
    made = _set({"main.typ": page, "it.svg": drawn(made_of.getvalue())}, "set.png")
    red, green, _blue = Image.open(io.BytesIO(made)).convert("RGB").getpixel((25, 25))
    assert red > 180 and green < 60
