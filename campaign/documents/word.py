"""Letters for Word: as printed, and in the layout that the United Nations require of joint written
statements.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from flask_babel import gettext as _
from lxml import etree

from campaign.documents.blocks import Block, Inline
from campaign.documents.letters import Letter, Signed
from campaign.organisations.models import UnStatus

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FONT = "Times New Roman"
_INDENT = Pt(18)
# The serif of the house; a machine without it takes its own, since it is known to be one.
HOUSE_FONT = "Source Serif 4"
SENDER, ADDRESSEE, DATE, SALUTATION = "Letter sender", "Letter addressee", "Letter date", "Letter salutation"
SIGNATORY, PEOPLE, FINE = "Letter signatory", "Letter people", "Letter fine print"
_STYLES: dict[str, dict[str, Any]] = {
    SENDER: {"size": 10, "bold": True, "after": 2, "names": True},
    ADDRESSEE: {"before": 18, "after": 6, "names": True},
    DATE: {"before": 12, "after": 6, "right": True},
    SALUTATION: {"after": 8},
    SIGNATORY: {"size": 10, "after": 5, "names": True},
    PEOPLE: {"size": 10, "names": True},
    FINE: {"size": 8, "before": 6},
}
# The headings of the template: (size, space before).
_HEADINGS = {"Title": (15, 10), "Heading 1": (12, 16), "Heading 2": (11, 10), "Heading 3": (11, 8)}
_PEOPLE = 100


def letter_docx(letter: Letter) -> bytes:
    """The statement as a letter on A4: sender, addressee, place and date, subject, salutation, text; then
    organisations in two columns, people in running lines, and the code by which it can be checked. Names
    stand in the scripts in which they were written.
    """
    document, labels = _house_document(letter), letter.labels()
    for owner in letter.statement.owners:
        document.add_paragraph(owner.name, style=SENDER)
    for party in letter.addressees:
        document.add_paragraph("\n".join((party.name, *party.lines)), style=ADDRESSEE)
    document.add_paragraph(letter.place_and_date, style=DATE)
    document.add_heading(letter.statement.title, 0)
    if letter.salutation:
        document.add_paragraph(letter.salutation, style=SALUTATION)
    _add_blocks(document, letter.blocks)
    for said in (labels["source"], labels["part"]):
        if said:
            document.add_paragraph(said, style=FINE)

    if letter.groups:
        document.add_heading(labels["signed"], 1)
        for group in letter.groups:
            document.add_heading(group.name, 2)
            _add_signatories(document, group.organisations, group.people)
    for name, organisations, people in (
        ("organisations", letter.organisations, []),
        ("people", [], letter.people),
    ):
        if (organisations or people) and not letter.groups:
            document.add_heading(labels[name], 1)
            _add_signatories(document, organisations, people)

    if labels["unnamed"]:
        document.add_paragraph(labels["unnamed"], style=FINE)
    belongs = f"{labels['as_of']} · {labels['text']} · {labels['sha256']}"
    document.add_paragraph(f"{belongs}\n{labels['check']} {letter.check_url}", style=FINE)
    _add_page_numbers(document, labels["as_of"])
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


def _document(letter: Letter, font: str = _FONT) -> Any:
    document = Document()
    document.core_properties.title = letter.statement.title
    document.core_properties.author = ", ".join(owner.name for owner in letter.statement.owners)[:255]
    document.core_properties.language = letter.statement.language
    document.core_properties.identifier = letter.number
    style = document.styles["Normal"]
    style.font.name, style.font.size = font, Pt(11)
    # Cyrillic has a font setting of its own.
    style.element.rPr.rFonts.set(qn("w:cs"), font)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(attribute), font)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)

    return document


def _house_document(letter: Letter) -> Any:
    """An A4 document in the look of the house: one serif, black, with named styles for each part of a letter,
    so that whoever edits it changes a style and not a hundred paragraphs.
    """
    document = _document(letter, HOUSE_FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(22)
    section.top_margin, section.bottom_margin = Mm(24), Mm(24)
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    _name_substitute(document)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7), 1.15
    for name, (size, before) in _HEADINGS.items():
        _plain_style(document.styles[name], size, before)
    for name, changes in _STYLES.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = normal, True
        style.font.size, style.font.bold = Pt(changes.get("size", 11)), changes.get("bold", False) or None
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(changes.get("before", 0)), Pt(changes.get("after", 7))
        form.keep_together = True
        if changes.get("right"):
            form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if changes.get("names"):
            form.line_spacing = 1
            # Word refuses a file whose properties stand in another order than the standard's.
            style.element.get_or_add_pPr().insert_element_before(
                OxmlElement("w:suppressAutoHyphens"), "w:spacing", "w:ind", "w:jc"
            )
    return document


def _name_substitute(document: Any) -> None:
    """Tell a machine without the font of the house which one is like it (ECMA-376, altName)."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = etree.fromstring(table.blob)
    font = etree.SubElement(fonts, qn("w:font"), {qn("w:name"): HOUSE_FONT})
    etree.SubElement(font, qn("w:altName"), {qn("w:val"): _FONT})
    etree.SubElement(font, qn("w:family"), {qn("w:val"): "roman"})
    table._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _plain_style(style: Any, size: int, before: int) -> None:
    """A heading without the colours and the line of the template."""
    style.font.size, style.font.bold, style.font.italic = Pt(size), True, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
    style.paragraph_format.keep_with_next = True
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)


def _add_signatories(document: Any, organisations: Iterable[Signed], people: Sequence[Signed]) -> None:
    """Organisations in two columns, each with its representative below; people in running lines."""
    listed = list(organisations)
    if listed:
        _new_section(document, 2)
        for line in listed:
            paragraph = document.add_paragraph(line.name, style=SIGNATORY)
            if line.below:
                paragraph.add_run(f"\n{line.below}").font.size = Pt(8.5)
        _new_section(document, 1)
    # In paragraphs of a hundred: one of ten thousand names is slow in every program.
    for start in range(0, len(people), _PEOPLE):
        paragraph = document.add_paragraph(style=PEOPLE)
        for number, line in enumerate(people[start : start + _PEOPLE]):
            paragraph.add_run((" · " if number else "") + line.name)
            if line.below:
                paragraph.add_run(f" ({line.below})").font.size = Pt(8.5)


def _new_section(document: Any, columns: int) -> None:
    """Go on in so many columns. The end of the section before is told by its last paragraph: an empty one
    would be a gap on the page.
    """
    section = document.add_section(WD_SECTION.CONTINUOUS)
    ends = document.paragraphs[-1]._p
    before = ends.getprevious()
    properties = before.get_or_add_pPr() if before is not None and before.tag == qn("w:p") else None
    if properties is not None and not ends.xpath("./w:r") and properties.find(qn("w:sectPr")) is None:
        properties.append(ends.pPr.find(qn("w:sectPr")))
        ends.getparent().remove(ends)
    _set_columns(section, columns)


def _set_columns(section: Any, number: int) -> None:
    found = section._sectPr.find(qn("w:cols"))
    columns = OxmlElement("w:cols") if found is None else found
    columns.set(qn("w:num"), str(number))
    columns.set(qn("w:space"), "454")
    if found is None:
        section._sectPr.append(columns)


def _add_page_numbers(document: Any, said: str) -> None:
    """At the foot of each page what the list is as of, and the number of the page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles[FINE]
    paragraph.add_run(f"{said} · ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()._r
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run.append(mark)


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
