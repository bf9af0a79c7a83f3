"""Row 16: names of lists stand in papers in their own scripts, of which this is a table."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser
from pypdf import PdfReader

from campaign.documents import pdf
from campaign.documents.paper_fonts import FOLDER, OWN, SetLine, initials, set_line
from tests.machine import program
from tests.support import KEYS, Campaign

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

NAMES = {
    "Vietnamese": "Nguyễn Thị Hằng",
    "Azerbaijani": "Əliyeva Gülşən",
    "Kazakh": "Әбілова Ғани Құнанбай",
    "Serbian": "Љиљана Ђорђевић",
    "Greek": "Ἀθηνᾶ Παπαδοπούλου",
    "Armenian": "Գայանե Հարությունյան",
    "Georgian": "ნინო ბურჯანაძე",
    "Hebrew": "שרה כהן־לוי",
    "Arabic": "محمد بن سلمان",
    "Uyghur": "ئىلھام توختى",
    "Syriac": "ܫܡܥܘܢ ܒܪ",
    "Amharic": "እስክንድር ነጋ",
    "Tigrinya": "ዳዊት ይስሓቕ",
    "Tifinagh": "ⵎⵓⵃⵎⵎⴰⴷ ⴰⵎⴰⵣⵉⵖ",
    "Cherokee": "ᏣᎳᎩ ᎠᏰᎵ",
    "Inuktitut": "ᓯᓚ ᐊᓗᒃ",
    "Mongolian": "ᠪᠠᠲᠤ",
    "Santali": "ᱥᱟᱱᱛᱟᱲ",
    "Vai": "ꕙꔤ ꕉꕜ",
    "Lisu": "ꓡꓲꓢꓴ",
    "Korean": "김철수",
    "Korean, rare syllables": "똠방 뷁",
    "Korean in Chinese characters": "金哲洙",
    "Chinese": "刘晓波 朱镕基",
    "Taiwanese": "鄭南榕",
    "Japanese": "山田 さくら",
    "Japanese, beyond the standard": "渡邊・ジョン 髙橋",
    "Lao": "ສົມບັດ ສົມພອນ",
}
# What pdftotext gives back here in another order, or twice: looked at instead.
PICTURES = {
    "Thai": "สมชาย ใจดี ผู้นำ",
    "Khmer": "គឹម សុខា",
    "Myanmar": "အောင်ဆန်းစုကြည်",
    "Tibetan": "བསྟན་འཛིན་རྒྱ་མཚོ",
    "Devanagari": "अमर्त्य सेन कृष्ण",
    "Bengali": "শহিদুল আলম শ্রী",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Gujarati": "તીસ્તા સેતલવાડ",
    "Oriya": "ସୁବ୍ରତ ପଣ୍ଡା",
    "Tamil": "கிருஷ்ணன் ஸ்ரீ",
    "Telugu": "వరవర రావు శ్రీ",
    "Kannada": "ಗೌರಿ ಲಂಕೇಶ್ ಕೃಷ್ಣ",
    "Malayalam": "അരുന്ധതി റോയ് കൃഷ്ണൻ",
    "Sinhala": "සන්ධ්‍යා එක්නැලිගොඩ",
    "MeeteiMayek": "ꯏꯔꯣꯝ ꯁꯔꯃꯤꯂꯥ",
    "Javanese": "ꦗꦮ ꦱꦺꦤ",
    "Arabic": "مُحَمَّد می‌خواهی",
    "Thaana": "އިބްރާހީމް ނަޝީދު",
    "NKo": "ߒߞߏ ߞߊ߲ߕߍ",
    "Adlam": "𞤀𞤣𞤤𞤢𞤥 𞤆𞤵𞤤𞤢𞤪",
}


def text_of(body: bytes, *options: str) -> str:
    """What pdftotext gives back with these options, without the marks for directions that it adds."""
    done = subprocess.run(
        [program("poppler"), *options, "-", "-"], input=body, capture_output=True, check=True
    )
    return re.sub("[\u200e\u200f\u202a-\u202e]", "", unicodedata.normalize("NFC", done.stdout.decode()))


def boxes_in(body: bytes) -> int:
    """How often a paper shows the glyph that stands for those which a font lacks."""
    shown = b"".join(page.get_contents().get_data() for page in PdfReader(io.BytesIO(body)).pages)
    pairs = [_codes(string) for string in re.findall(rb"\(((?:\\.|[^\\()])*)\)", shown, re.DOTALL)]
    assert pairs
    return sum(code == b"\0\0" for codes in pairs for code in codes)


def _codes(string: bytes) -> Iterator[bytes]:
    escaped = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def plain(match: re.Match[bytes]) -> bytes:
        found = match.group(1)
        return bytes([int(found, 8)]) if found.isdigit() else escaped.get(found, found)

    raw = re.sub(rb"\\([0-7]{3}|.)", plain, string, flags=re.DOTALL)
    return (raw[at : at + 2] for at in range(0, len(raw), 2))


@pytest.mark.needs("poppler")
def test_row_16_names_come_back_from_a_paper_in_their_own_script(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    for number, name in enumerate([*NAMES.values(), *PICTURES.values()]):
        campaign.signed(email=f"{number}@post.example.org", name=name, city="")
    body = client.get("/s/free/statement.pdf").data
    said = "".join(text_of(body).split())
    assert {script: name for script, name in NAMES.items() if "".join(name.split()) not in said} == {}
    assert boxes_in(body) == 0
    assert "*" not in said


@pytest.mark.needs("poppler")
def test_row_16_neighbours_keep_their_places_and_no_name_breaks_at_its_own_hyphen(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    for number, name in enumerate(("محمد بن سلمان", "شیرین عبادی", "שרה כהן", "(ו) דוד לוי")):
        campaign.signed(email=f"{number}@post.example.org", name=name, city="")
    for number in range(40):
        name = f"Anna-Maria Kowalska-Zielińska-{'von-' * (number % 5)}Bo"
        campaign.signed(email=f"k{number}@post.example.org", name=name, city="Bielsko-Biała")
    body = client.get("/s/free/statement.pdf").data
    found = re.findall(r'<word xMin="([\d.]+)"[^>]*>([^<]+)</word>', text_of(body, "-bbox"))
    # With their places, it gives the letters of a word from left to right.
    places = {word[::-1]: float(left) for left, word in found}
    assert places["محمد"] < places["عبادی"] < places["שרה"] < places["דוד"]
    assert not re.search(r"\w-$", text_of(body), re.MULTILINE)


@pytest.mark.needs("poppler")
def test_row_24_a_word_longer_than_a_line_is_on_the_paper_to_its_end(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    name = "Kraków" * 20
    campaign.signed(email="long@post.example.org", name=name, city="")
    body = client.get("/s/free/statement.pdf").data
    assert name in "".join(re.sub("[\u200b\u00ad]", "", text_of(body)).split())
    width = float(PdfReader(io.BytesIO(body)).pages[0].mediabox.width)
    ends = [float(right) for right in re.findall(r'<word [^>]*xMax="([\d.]+)"', text_of(body, "-bbox"))]
    assert ends and max(ends) < width - 20
    assert boxes_in(body) == 0


def test_row_16_only_words_that_no_font_has_are_respelled() -> None:
    for name, said in {
        "ꀊꁌ Anna ნინო": "apu* Anna ნინო",
        "𠮷野 家": "〓野* 家",
        "e\u0301va \u202aIda\u202c": "éva Ida",
        "ㅎㅏㄴ 한": "ㅎㅏㄴ 한",
        "\ufa19谷": "神谷",
    }.items():
        assert set_line(name, mark="*").text == said, name
    assert set_line("Anna Nowak").fonts == () and set_line("Anna Nowak").data == "Anna Nowak"
    assert set_line("Әбілова Ғани").fonts == ("Undersigned Latin",)
    assert initials("नीता सिंह") == "नीसिं" and initials("Anna von Bo") == "AB"


@pytest.mark.parametrize(
    ("name", "place", "first"),
    [
        ("山田さくら", None, "HanJapan"),
        ("直子", "JP", "HanJapan"),
        ("直子", "TW", "HanTaiwan"),
        ("直子", "CN", "Han1"),
        ("김直", None, "HanJapan"),
        ("刘晓波", None, "Han1"),
        ("李國強", None, "HanTaiwan"),
        ("髙橋", None, "HanJapan"),
    ],
)
def test_row_16_chinese_characters_have_the_shapes_of_their_country(
    name: str, place: str | None, first: str
) -> None:
    assert set_line(name, place).fonts[0] == f"Undersigned {first}"


def test_row_16_no_page_and_no_start_reads_the_fonts_of_papers(client: FlaskClient, app: Flask) -> None:
    script = (
        "import sys; read = []\n"
        "sys.addaudithook(lambda event, found: event == 'open' and 'documents/fonts' in str(found[0]) and read.append(found))\n"
        "from campaign import create_app; from campaign.config import Settings\n"
        "app = create_app(Settings.from_environment(__import__('os').environ))\n"
        "answer = app.test_client().get('/'); assert answer.status_code == 200, answer.status\n"
        "assert not read, read"
    )
    settings = app.extensions["settings"]
    environment = (
        os.environ
        | KEYS
        | {
            "DATABASE_URL": settings.database_url,
            "SITE_URL": settings.site_url,
            "INSTANCE_PATH": str(settings.instance_path),
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_SENDER": "post@neutral.example",
        }
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# A name on a page of its own, by the same function as in papers.
PAGES = """
#import "names.typ": *
#let lines = json("data.json")
#set page(width: 300mm, height: 50mm, margin: 15mm)
#set text(size: 14pt, lang: "en", hyphenate: false)
#for line in lines { page(named(line)) }
"""
ROW = 200
# Of 255. Two engines that draw the same stay below 60, a lost vowel is 80 and more.
MOST = 70


@pytest.mark.needs("poppler")
def test_row_16_syllables_of_thai_and_brahmic_scripts_look_as_a_browser_draws_them(chromium: Browser) -> None:
    """Text that comes back proves nothing about vowels that stand before, above and around their letters."""
    lines = {script: set_line(name) for script, name in PICTURES.items()}
    assert [script for script, line in lines.items() if line.respelled or not line.fonts] == []
    browser, paper = _in_browser(chromium, lines), _on_paper(lines)
    found = {script: _difference(browser[script], paper[script]) for script in lines}
    assert {script: darker for script, darker in found.items() if darker > MOST} == {}


def _on_paper(lines: Mapping[str, SetLine]) -> dict[str, Image.Image]:
    said = [{"text": line.text, "fonts": [*line.fonts, OWN], "rtl": line.rtl} for line in lines.values()]
    files = {
        "main.typ": PAGES.encode(),
        "names.typ": (Path(pdf.__file__).parent / "names.typ").read_bytes(),
        "data.json": json.dumps(said).encode(),
    }
    body = pdf._set(files, "set.pdf", [family for line in lines.values() for family in line.fonts])
    assert boxes_in(body) == 0
    drawn = subprocess.run(
        [str(Path(program("poppler")).with_name("pdftoppm")), "-r", "288", "-gray", "-"],
        input=body,
        capture_output=True,
        check=True,
    ).stdout
    pictures = []
    while drawn:
        # PGM: its size, then a byte for each point.
        head = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", drawn)
        assert head
        size = int(head[1]), int(head[2])
        end = head.end() + size[0] * size[1]
        pictures.append(Image.frombytes("L", size, drawn[head.end() : end]))
        drawn = drawn[end:]
    return dict(zip(lines, pictures, strict=True))


def _in_browser(chromium: Browser, lines: Mapping[str, SetLine]) -> dict[str, Image.Image]:
    families = dict.fromkeys(family for line in lines.values() for family in line.fonts)
    rows = [
        f'<p dir="{"rtl" if line.rtl else "ltr"}" style="font-family: {_quoted(line)}">{line.text}</p>'
        for line in lines.values()
    ]
    style = (
        f"body {{ margin: 0; background: white }} p {{ margin: 0; height: {ROW}px; line-height: {ROW}px;"
        " font-size: 56px; white-space: pre; text-rendering: geometricPrecision }"
    )
    page = chromium.new_page(viewport={"width": 1200, "height": ROW * len(lines)})
    page.set_content(f"<style>{''.join(map(_face, families))}{style}</style>{''.join(rows)}")
    page.evaluate("document.fonts.ready")
    whole = Image.open(io.BytesIO(page.screenshot())).convert("L")
    page.close()
    return {script: whole.crop((0, row * ROW, 1200, (row + 1) * ROW)) for row, script in enumerate(lines)}


def _quoted(line: SetLine) -> str:
    return ", ".join(f"'{family}'" for family in line.fonts)


def _face(family: str) -> str:
    (file,) = (FOLDER / family.partition(" ")[2]).iterdir()
    body = base64.b64encode(file.read_bytes()).decode()
    return f"@font-face {{ font-family: '{family}'; src: url(data:font/ttf;base64,{body}) }}"


def _difference(one: Image.Image, other: Image.Image) -> int:
    """Between pictures slightly out of focus, the most by which one is darker anywhere: a lost dot is seen."""
    first, second = (_ink(picture) for picture in (one, other))
    second = second.resize(first.size)
    first, second = (picture.filter(ImageFilter.GaussianBlur(4)) for picture in (first, second))
    _least, most = ImageChops.difference(first, second).getextrema()
    return int(most)


def _ink(picture: Image.Image) -> Image.Image:
    turned = ImageChops.invert(picture)
    return turned.crop(turned.point(lambda value: 255 if value > 60 else 0).getbbox())
