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
from campaign.statements.word_import import LARGEST_FILE, markdown_of_docx, markdown_of_html
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


NESTED = """<p class=MsoTitle>Appeal</p>
<p class=MsoListParagraphCxSpFirst style='margin-left:36pt;text-indent:-18pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>3.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Release</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp;</span></span>the ill</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>b)<span>&nbsp;</span></span>the old</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>4.<span>&nbsp;</span></span>Repeal</p>
<p class=MsoNormal>After\u200b a so\u00adft end</p>"""


def shape(html: str) -> str:
    """Tags without attributes, in a line."""
    return re.sub(
        r"\s*(<[^>]+>)\s*",
        lambda found: re.sub(r"<(\w+)(?: start=\"\d+\")? ?[^>]*>", r"<\1>", found.group(1)),
        html,
    ).strip()


def test_lists_of_word_keep_their_levels_and_their_first_number() -> None:
    text = markdown_of_html(NESTED)
    html = str(render_markdown(text))
    nested = "<ol><li>Release<ol><li>the ill</li><li>the old</li></ol></li><li>Repeal</li></ol>"
    assert shape(html) == f"<h2>Appeal</h2>{nested}<p>After a soft end</p>"
    assert '<ol start="3">' in html
    assert "\u200b" not in text and "\u00ad" not in text


def test_lists_of_google_docs_keep_their_levels() -> None:
    pasted = "<ul><li><p>a</p></li><ul><li><p>b</p></li></ul><li><p>c</p></li></ul>"
    assert (
        re.sub(r"</?p>", "", shape(str(render_markdown(markdown_of_html(pasted)))))
        == "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"
    )


def test_items_of_word_on_the_web_become_one_list() -> None:
    pasted = (
        '<ol start="1"><li><p>a</p></li></ol><ol start="2"><li><p>b</p></li></ol><p>x</p><ol><li>c</li></ol>'
    )
    assert str(render_markdown(markdown_of_html(pasted))).count("<ol>") == 2


def test_what_is_bold_and_italic_stays_both() -> None:
    html = str(
        render_markdown(
            markdown_of_html('<p>a <span style="font-weight:700;font-style:italic">b</span> c</p>')
        )
    )
    assert "<em><strong>b</strong></em>" in html or "<strong><em>b</em></strong>" in html


def test_a_table_keeps_its_head() -> None:
    html = str(
        render_markdown(
            markdown_of_html(
                "<table><tr><td>Name</td><td>Age</td></tr><tr><td>Anna</td><td>7</td></tr></table>"
            )
        )
    )
    assert "<th>Name</th>" in html and "<td>Anna</td>" in html


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


def letter() -> bytes:
    """A file with a title, a list within a list, a link and a footnote."""
    document = Document()
    document.add_heading("An appeal", 0)
    for text, style in (("Release", "List Bullet"), ("the ill", "List Bullet 2"), ("Repeal", "List Bullet")):
        document.add_paragraph(text, style=style)
    file = io.BytesIO()
    document.save(file)
    return with_parts(file.getvalue())


def with_parts(body: bytes) -> bytes:
    """The file with a link and a footnote, which python-docx can't write."""
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = (
        '<w:p><w:hyperlink r:id="rLink" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:r><w:t>here</w:t></w:r>'
        '</w:hyperlink><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    )
    note = f'<w:footnotes {word}><w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ways = f'<Relationship Id="rLink" Type="{kind}/hyperlink" Target="https://example.org/a" TargetMode="External"/>'
    ways += f'<Relationship Id="rNote" Type="{kind}/footnotes" Target="footnotes.xml"/>'
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(file, "w") as after:
        for entry in before.infolist():
            content = before.read(entry).decode("utf-8", "surrogateescape")
            if entry.filename == "word/document.xml":
                content = content.replace("<w:sectPr", said + "<w:sectPr", 1)
            elif entry.filename == "word/_rels/document.xml.rels":
                content = content.replace("</Relationships>", ways + "</Relationships>")
            after.writestr(entry.filename, content.encode("utf-8", "surrogateescape"))
        after.writestr("word/footnotes.xml", note)
    return file.getvalue()


def test_a_file_keeps_its_title_its_lists_within_lists_its_links_and_its_footnotes() -> None:
    text = markdown_of_docx(letter())
    assert text.splitlines()[0] == "# An appeal"
    assert "[here](https://example.org/a)" in text and "[1]" in text and "1. A note." in text
    assert "<ul><li>Release<ul><li>the ill</li></ul></li><li>Repeal</li></ul>" in shape(
        str(render_markdown(text))
    )


def test_a_file_stands_below_what_was_typed(team: FlaskClient) -> None:
    taken = upload(team, docx(), body_be="Тое, што было")
    assert re.search(r"Тое, што было\s+They \*\*helped\*\*", taken.text)


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


REFUSED = {
    "text": (b"no file of Word", "kind"),
    "another archive": (b"PK\x05\x06" + b"\0" * 18, "kind"),
    "a bomb": (bomb(), "large"),
}
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
    data: dict[str, object] = {
        "csrf_token": csrf_of(page),
        "take_word": "y",
        "word_language": "be",
        "source": "Kept as typed",
    } | typed
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
    ("body", "said"),
    [
        (None, "Please choose a file."),
        (b"x", "This is not a .docx file."),
        (b"PK" + b"\0" * LARGEST_FILE, "larger than 5 MB"),
    ],
)
def test_a_bad_file_is_explained_and_nothing_is_lost(
    team: FlaskClient, body: bytes | None, said: str
) -> None:
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
