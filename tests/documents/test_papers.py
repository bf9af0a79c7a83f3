"""Posters and pictures for passing on, and what pages say to programs."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from campaign.core.database import writing
from campaign.documents import pdf
from campaign.documents.titles import title_on_paper
from campaign.statements.models import Kind, Safety, Statement
from campaign.statements.operations import StatementText
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.people import HELD, K, join, person


def test_the_picture_is_a_picture_for_every_text(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN))
    campaign.statement("long", texts=(StatementText("en", "A very long title of a statement, " * 5, "x"),))
    seen = set()
    for path in ("/s/free", "/be/s/free", "/s/long"):
        response = client.get(f"{path}/card.png")
        assert response.mimetype == "image/png"
        assert "Set-Cookie" not in response.headers
        with Image.open(io.BytesIO(response.data)) as picture:
            assert picture.size == (1200, 630)
            assert len(picture.convert("L").getcolors(256) or []) > 10
        seen.add(response.data)
    assert len(seen) == 3


LONG = {
    "de": "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente für alle Rechtsschutzversicherungsgesellschaften",
    "be": "Неадкладна і без усялякіх умоў вызваліць усіх палітычных зняволеных у Беларусі і спыніць пераслед",
    "be-Latn": "Niaadkładna i biez usialakich umoŭ vyzvalić usich palityčnych źniavolenych u Biełarusi i spynić pieraśled",
    "ru": "Свобода слова и собраний " * 8,
    "ar": "الحرية لجميع السجناء السياسيين في كل مكان، الآن وبدون شروط",
    "zh-TW": "立即釋放所有政治犯，停止對人權捍衛者、記者和律師的迫害，" * 6,
    "hi": "सभी राजनीतिक कैदियों को तुरंत रिहा करें और मुकदमे वापस लें",
    "en": "W" * 200,
}


@pytest.mark.parametrize("code", LONG)
def test_nothing_on_a_card_runs_into_anything_else(context: Flask, code: str) -> None:
    """From the bottom: what is counted, the logos, the title; each with room above it, and within the margins."""
    page = SimpleNamespace(title=LONG[code][:200].strip(), language=code, slug="free")
    logo = io.BytesIO()
    Image.new("RGB", (300, 100), "navy").save(logo, "PNG")
    counts = ["3 of 10 are free", "1,234 organisations and 12,345 people"]
    made = pdf.card_png(page, "Campaign", counts, [logo.getvalue()] * 5)  # type: ignore[arg-type]
    with Image.open(io.BytesIO(made)) as opened:
        inked = opened.convert("L").crop((20, 0, 1200, 630)).point(lambda value: 255 if value < 150 else 0)
    rows = [row for row in range(630) if inked.crop((0, row, 1180, row + 1)).getbbox()]
    gaps = [(above, below) for above, below in pairwise(rows) if below - above > 20]
    assert len(gaps) >= 3 and gaps[-1][0] > 400 and rows[-1] < 590
    assert inked.getbbox()[2] <= 1180 - 72 + 4


def test_a_title_of_pictures_alone_leaves_no_card_blank(context: Flask) -> None:
    """A heart is in the typesetter's own font; a family, a flag, hands of some colour are in none."""
    shown = {"Freedom 🕊": "Freedom 🕊", "❤": "❤", "23.34": "23.34", "Свабода": "Свабода", "…!": "…!"}
    for title in ("🕊🔥", "👨‍👩‍👧", "🫶🏽 🇧🇾", "\U000e0061", "\u200d"):
        shown |= {title: "The Prosecutor General"}
    addressee = SimpleNamespace(name="The Prosecutor General", role="")
    page = SimpleNamespace(title="", addressees=[addressee], id=7)
    for page.title, seen in shown.items():
        assert title_on_paper(page) == seen, page.title  # type: ignore[arg-type]
    addressee.role = "Head"
    page.title = "🕊"
    assert title_on_paper(page) == "The Prosecutor General, Head"  # type: ignore[arg-type]
    page.addressees = []
    assert title_on_paper(page) == "№ 7"  # type: ignore[arg-type]


def test_a_card_without_a_word_in_its_title_has_large_letters(context: Flask) -> None:
    page = SimpleNamespace(title="🕊🔥", language="en", slug="free", id=7, addressees=[], status=None)
    made = pdf.card_png(page, "Campaign", ["1 person"], [])  # type: ignore[arg-type]
    with Image.open(io.BytesIO(made)) as opened:
        title = opened.convert("L").crop((20, 110, 1200, 300)).point(lambda value: 255 if value < 150 else 0)
    assert title.getbbox()


def test_the_card_of_a_campaign_has_the_number_of_signatures(
    campaign: Campaign, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    typeset = pdf.typeset
    monkeypatch.setattr(
        pdf,
        "typeset",
        lambda name, data, *rest, **more: seen.append(data) or typeset(name, data, *rest, **more),
    )
    campaign.statement(kind=Kind.RELEASE_CAMPAIGN)
    free = person(app, story=(*HELD, (K.RELEASE, "2025-12-13")))
    join(app, "free", free)
    campaign.signed()
    campaign.work()
    assert client.get("/s/free/card.png").status_code == 200
    assert seen[0]["counts"] == ["1 of 1 is free", "1 person"]


@pytest.mark.parametrize("paper", ["card.png", "poster.pdf", "sheet.pdf", "statement.pdf"])
def test_nothing_of_a_draft_is_drawn(campaign: Campaign, client: FlaskClient, paper: str) -> None:
    campaign.statement("draft", publish=False)
    assert client.get(f"/s/draft/{paper}").status_code == 404


def test_nothing_of_high_safety_is_drawn_for_other_sites(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement_id = campaign.statement()
    assert "og:image" in client.get("/s/free").text
    with app.app_context(), writing() as session:
        session.get_one(Statement, statement_id).safety = Safety.HIGH
    campaign.work()
    assert client.get("/s/free/card.png").status_code == 404
    assert "og:image" not in client.get("/be/s/free").text


def test_the_poster_leads_to_the_page(campaign: Campaign, client: FlaskClient, app: Flask) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN))
    for prefix, title in (("", ENGLISH.title), ("/be", BELARUSIAN.title)):
        response = client.get(f"{prefix}/s/free/poster.pdf")
        (page,) = PdfReader(io.BytesIO(response.data)).pages
        assert float(page.mediabox.width) == pytest.approx(595, abs=1)
        assert title in page.extract_text()
        address = app.extensions["settings"].site_url.partition("://")[2] + f"{prefix}/s/free"
        assert address in page.extract_text().replace("\n", "")


def test_the_paper_sheet_says_what_is_agreed_to_and_has_room_for_names(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    statement_id = campaign.statement(texts=(ENGLISH, BELARUSIAN))
    for prefix, text in (("", ENGLISH), ("/be", BELARUSIAN)):
        first, rows = PdfReader(io.BytesIO(client.get(f"{prefix}/s/free/sheet.pdf").data)).pages
        assert text.title in first.extract_text() and text.title in rows.extract_text()
        assert "17" in rows.extract_text()
        assert f"{prefix}/s/free" in rows.extract_text().replace("\n", "")
    said = PdfReader(io.BytesIO(client.get("/s/free/sheet.pdf").data)).pages[1].extract_text()
    assert "E-mail address, only if you want" in said
    with app.app_context(), writing() as session:
        session.get_one(Statement, statement_id).safety = Safety.HIGH
    app.extensions["page_cache"].clear()
    guarded = PdfReader(io.BytesIO(client.get("/s/free/sheet.pdf").data)).pages[1].extract_text()
    assert "E-mail address" not in guarded and "cannot harm you" in guarded


def test_what_a_page_says_of_itself(campaign: Campaign, client: FlaskClient, app: Flask) -> None:
    owner = campaign.organisation()
    campaign.statement(
        texts=(StatementText("en", "Free </script><b> & them", "They helped."), BELARUSIAN), owners=(owner,)
    )
    campaign.signed(name="Ганна Сакрэт")
    page, site = client.get("/s/free").text, app.extensions["settings"].site_url
    assert f'<link rel="canonical" href="{site}/s/free">' in page
    assert f'<link rel="alternate" hreflang="be" href="{site}/be/s/free">' in page
    written = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    said = json.loads(written)
    assert said["name"] == "Free </script><b> & them"
    assert said["publisher"][0]["name"] == "Test League"
    assert "Сакрэт" not in written
    assert '<meta property="og:title" content="Free &lt;/script&gt;&lt;b&gt; &amp; them">' in page


def test_the_sitemap_lists_what_is_public_in_every_language(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    campaign.statement()
    campaign.statement("draft", publish=False)
    site = app.extensions["settings"].site_url
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)  # noqa: S314  our own
    found = [element.text for element in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert {f"{site}/", f"{site}/s/free", f"{site}/be/s/free", f"{site}/ru/s/free"} <= set(found)
    assert not any("draft" in (address or "") for address in found)
    assert f"Sitemap: {site}/sitemap.xml" in client.get("/robots.txt").text
    with app.app_context(), writing() as session:
        assert session.scalars(select(Statement)).all()
