"""Text from Word and Google Docs."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from docx import Document
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.core.text import render_markdown
from campaign.statements.errors import WordUnreadable
from campaign.statements.pasting import LARGEST_FILE, markdown_of_docx, markdown_of_html
from tests.support import csrf_of

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><style>p.MsoNormal {color:red}</style></head><body>
<!--StartFragment--><h2 style='margin:0'>We <b>ask</b><o:p></o:p></h2>
<p class=MsoNormal>They <b>helped</b> <i>others</i>.<span style='mso-spacerun:yes'>  </span>See <a href="https://example.org/a">here</a>
<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>   </span></span>Release them.</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>   </span></span>Now.</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>·<span>   </span></span>All of them</p>
<p class=MsoNormal>End.</p><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1">[1]</a> A note.</p></div><!--EndFragment--></body></html>"""
DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-weight:400">We ask</span></h2>
<p dir="ltr"><span style="font-weight:400;">They </span><span style="font-weight:700;">helped</span><span style="font-style:italic;"> others</span>
<a href="https://example.org/a"><span>here</span></a>.</p><ol><li dir="ltr"><p dir="ltr"><span>Release them.</span></p></li>
<li dir="ltr"><p dir="ltr"><span>Now.</span></p></li></ol></b>"""


def test_from_word() -> None:
    text = markdown_of_html(WORD)
    assert text.splitlines()[0] == "## We ask"
    for said in ("**helped**", "*others*", "[here](https://example.org/a)", "[1] A note."):
        assert said in text
    html = str(render_markdown(text))
    assert html.count("<ol>") == html.count("<ul>") == 1
    assert re.findall(r"<li>\s*(.*?)\s*</li>", html) == ["Release them.", "Now.", "All of them"]
    assert "·" not in text
    assert "color" not in text


def test_from_google_docs() -> None:
    text = markdown_of_html(DOCS)
    html = str(render_markdown(text))
    assert "<h2>We ask</h2>" in html
    assert html.count("<strong>") == 1
    assert "<strong>helped</strong>" in html
    assert "<em>" in html
    assert '<a href="https://example.org/a"' in html
    assert html.count("<li>") == 2


RUNNING = (
    "<script>alert(1)</script>x",
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<img src=x onerror="alert(1)">x',
    "<svg><script>1</script></svg>x",
)


@pytest.mark.parametrize("pasted", RUNNING)
def test_nothing_that_runs_comes_with_it(pasted: str) -> None:
    html = str(render_markdown(markdown_of_html(pasted)))
    assert "x" in html
    for danger in ("script", "alert", "onclick", "<img", "javascript"):
        assert danger not in html


@pytest.mark.parametrize("pasted", ["", "  ", "plain", "<p></p>", "a < b & c", "<!-- nothing -->"])
def test_odd_clipboards_break_nothing(pasted: str) -> None:
    assert isinstance(markdown_of_html(pasted), str)


def docx() -> bytes:
    """A file as Word writes it."""
    document = Document()
    document.add_heading("Free them all", 1)
    paragraph = document.add_paragraph("They ")
    paragraph.add_run("helped").bold = True
    document.add_paragraph("Release them.", style="List Number")
    document.add_paragraph("Now.", style="List Number")
    document.add_paragraph("All", style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 60_000_000)
    return file.getvalue()


def test_a_file_keeps_headings_and_lists() -> None:
    text = markdown_of_docx(docx())
    assert text.splitlines()[0] == "# Free them all"
    html = str(render_markdown(text))
    assert "<strong>helped</strong>" in html
    assert html.count("<li>") == 3
    assert "<ol>" in html
    assert "<ul>" in html


REFUSED = {"text": (b"no file of Word", "kind"), "another archive": (b"PK\x05\x06" + b"\0" * 18, "kind"), "a bomb": (bomb(), "large")}
REFUSED |= {"too large": (b"PK" + b"\0" * LARGEST_FILE, "large"), "half": (docx()[:2_000], "kind")}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_of_word_is_refused(name: str) -> None:
    body, reason = REFUSED[name]
    with pytest.raises(WordUnreadable) as refused:
        markdown_of_docx(body)
    assert refused.value.reason == reason


def upload(team: FlaskClient, body: bytes | None, **typed: str) -> TestResponse:
    """Choose a file in the editor."""
    page = team.get("/desk/statements/new")
    data: dict[str, object] = {"csrf_token": csrf_of(page), "take_word": "y", "word_language": "be", "source": "Kept as typed"} | typed
    if body is not None:
        data["word"] = (io.BytesIO(body), "text.docx")
    return team.post("/desk/statements/new", data=data, content_type="multipart/form-data")


def test_the_editor_takes_a_file_and_keeps_all_else(team: FlaskClient) -> None:
    taken = upload(team, docx(), title_en="Typed before")
    assert taken.status_code == 200
    assert 'value="Free them all"' in taken.text
    assert "They **helped**" in taken.text
    assert 'value="Typed before"' in taken.text
    assert 'value="Kept as typed"' in taken.text


@pytest.mark.parametrize(
    ("body", "said"), [(None, "Please choose a file."), (b"x", "This is not a .docx file."), (b"PK" + b"\0" * LARGEST_FILE, "larger than 5 MB")]
)
def test_a_bad_file_is_explained_and_nothing_is_lost(team: FlaskClient, body: bytes | None, said: str) -> None:
    refused = upload(team, body, body_en="Kept text")
    assert refused.status_code == 422
    assert said in refused.text
    assert "Kept text" in refused.text


def test_the_desk_turns_what_is_pasted_into_markdown(team: FlaskClient, client: FlaskClient) -> None:
    token = csrf_of(team.get("/desk/statements/new"))
    answer = team.post("/desk/statements/pasted", data={"csrf_token": token, "html": DOCS})
    assert answer.mimetype == "text/plain"
    assert answer.text.startswith("## We ask")
    assert client.post("/desk/statements/pasted", data={"html": DOCS}).status_code != 200
