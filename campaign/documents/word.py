"""Letters for Word: as printed, and in the layout that the United Nations require of joint written
statements.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from flask_babel import gettext as _
from lxml import etree

from campaign.documents.blocks import Block, Inline
from campaign.documents.letters import Letter, Signed
from campaign.organisations.models import UnStatus

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FONT = "Times New Roman"
_INDENT = Pt(18)


def letter_docx(letter: Letter) -> bytes:
    """The statement as a letter with its list, names in the scripts in which they were written."""
    document, labels = _document(letter), letter.labels()
    for party in letter.addressees:
        document.add_paragraph("\n".join((party.name, *party.lines)))

    document.add_paragraph(letter.dated)
    document.add_heading(letter.statement.title, 0)
    _add_blocks(document, letter.blocks)
    for said in (labels["published_by"], labels["source"]):
        if said:
            document.add_paragraph(said)

    if labels["part"]:
        document.add_paragraph(labels["part"])

    if letter.groups:
        document.add_heading(labels["signed"], 1)
        for part in letter.groups:
            document.add_heading(part.name, 2)
            _add_list(document, [*part.organisations, *part.people])
    else:
        for name, signed in (("organisations", letter.organisations), ("people", letter.people)):
            if signed:
                document.add_heading(labels[name], 1)
                _add_list(document, signed)

    if labels["unnamed"]:
        document.add_paragraph(labels["unnamed"])

    document.add_paragraph(f"{labels['as_of']} · {labels['text']} · {labels['sha256']}\n{letter.check_url}")

    return _bytes(document)


def un_docx(letter: Letter, by_status: Mapping[UnStatus, Sequence[str]]) -> bytes:
    """A joint written statement to a body of the United Nations (ECOSOC resolution 1996/31, paragraphs 36 and
    37).

    Organisations in consultative status stand under the title, by general, special and roster; the others in
    a footnote to the title.
    """
    document = _document(letter)
    title = document.add_heading(letter.statement.title, 0)
    without = by_status.get(UnStatus.NONE, ())
    if without:
        lead = _(
            "Organisations without consultative status also share the views expressed in this statement:"
        )
        _add_footnote(document, title, f"{lead} {'; '.join(without)}")

    with_status = [
        (UnStatus.GENERAL, _("in general consultative status")),
        (UnStatus.SPECIAL, _("in special consultative status")),
    ]
    for status, said in [*with_status, (UnStatus.ROSTER, _("on the roster"))]:
        named = by_status.get(status, ())
        if named:
            paragraph = document.add_paragraph()
            paragraph.add_run("; ".join(named) + ", ")
            paragraph.add_run(_("non-governmental organisations %(status)s", status=said)).italic = True

    _add_blocks(document, letter.blocks)

    return _bytes(document)


def _document(letter: Letter) -> Any:
    document = Document()
    document.core_properties.title = letter.statement.title
    document.core_properties.author = ", ".join(owner.name for owner in letter.statement.owners)[:255]
    document.core_properties.language = letter.statement.language
    document.core_properties.identifier = letter.number
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(11)
    # Cyrillic has a font setting of its own.
    style.element.rPr.rFonts.set(qn("w:cs"), _FONT)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(attribute), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)

    return document


def _add_list(document: Any, signed: Iterable[Signed]) -> None:
    for line in signed:
        paragraph = document.add_paragraph(line.name)
        if line.below:
            run = paragraph.add_run(f"\n{line.below}")
            run.font.size = Pt(9)


def _add_blocks(document: Any, blocks: Iterable[Block], style: str | None = None) -> None:
    for block in blocks:
        if block["is"] == "paragraph":
            _add_words(document.add_paragraph(style=style), block["words"])
        elif block["is"] == "heading":
            _add_words(document.add_heading(level=block["level"]), block["words"])
        elif block["is"] == "list":
            for number, item in enumerate(block["items"], 1):
                _add_item(document, item, f"{block['start'] + number - 1}." if block["numbered"] else "•")
        elif block["is"] == "quote":
            _add_blocks(document, block["blocks"], "Quote")
        elif block["is"] == "table":
            _add_table(document, block["rows"])


def _add_item(document: Any, item: list[Block], mark: str) -> None:
    """A list item numbered by hand: Word's own style would count on from one list to the next."""
    before = len(document.paragraphs)
    _add_blocks(document, item)
    added = document.paragraphs[before:]
    for paragraph in added:
        paragraph.paragraph_format.left_indent = (paragraph.paragraph_format.left_indent or 0) + _INDENT
    if added:
        added[0].paragraph_format.first_line_indent = -_INDENT
        added[0].paragraph_format.tab_stops.add_tab_stop(added[0].paragraph_format.left_indent)
        run = added[0].add_run(f"{mark}\t")._r
        added[0]._p.insert(1, run)


def _add_table(document: Any, rows: list[list[list[Inline]]]) -> None:
    table = document.add_table(rows=len(rows), cols=max(map(len, rows), default=1), style="Table Grid")
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=False):
            _add_words(cell.paragraphs[0], words)


def _add_words(paragraph: Any, words: Iterable[Inline], *, bold: bool = False, italic: bool = False) -> None:
    for word in words:
        if word["is"] == "text":
            run = paragraph.add_run(word["text"])
            run.bold, run.italic = bold or None, italic or None
        elif word["is"] == "break":
            paragraph.add_run().add_break()
        elif word["is"] == "link" and word["address"]:
            _add_link(paragraph, word)
        else:
            _add_words(
                paragraph,
                word["words"],
                bold=bold or word["is"] == "strong",
                italic=italic or word["is"] == "em",
            )


def _add_link(paragraph: Any, word: Inline) -> None:
    relation = paragraph.part.relate_to(word["address"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    before = len(paragraph._p)
    _add_words(paragraph, word["words"])
    for run in list(paragraph._p)[before:]:
        link.append(run)
    paragraph._p.append(link)


def _add_footnote(document: Any, paragraph: Any, said: str) -> None:
    """A footnote, which python-docx can't write, with the two separators that Word expects before the
    first.
    """
    root = etree.fromstring(
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" '
        'w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:rPr><w:vertAlign '
        'w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"> </w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )  # fmt: skip

    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = said
    run.append(text)
    root[2][0].append(run)
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES, body, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    mark = paragraph.add_run()
    mark.font.superscript = True
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "1")
    mark._r.append(reference)


def _bytes(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
