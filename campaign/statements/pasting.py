"""Text from Word and Google Docs as Markdown: headings, lists, links, emphasis and footnotes stay, all looks go."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import mammoth
from lxml import html as trees
from lxml.etree import Comment
from markdownify import markdownify

from campaign.statements.errors import WordUnreadable

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_PASTE = 900_000
_MOST_UNPACKED = 50 * 1024 * 1024
_DROPPED = ("style", "script", "meta", "link", "head", "title", "img", "object", "xml", "svg", "iframe", "input", "button")
_LIST_CLASS = re.compile(r"MsoList", re.I)
_LEVEL = re.compile(r"level(\d)")
_NUMBER = re.compile(r"^\s*(\d+|[a-z]{1,4})[.)]\s*", re.I)
_BULLET = re.compile("^[\\s\u00a0·•▪◦‣o§\uf0b7\uf0a7–-]+[\\s\u00a0]+")
_BOLD = re.compile(r"font-weight:\s*(bold|[6-9]00)", re.I)
_NORMAL = re.compile(r"font-weight:\s*(normal|400)", re.I)
_ITALIC = re.compile(r"font-style:\s*italic", re.I)
_BLANKS = re.compile(r"\n{3,}")


def markdown_of_docx(body: bytes) -> str:
    """A .docx file as Markdown. Raises WordUnreadable with `reason` one of `large`, `kind`, `broken`."""
    if len(body) > LARGEST_FILE:
        raise WordUnreadable("large")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if "word/document.xml" not in packed.namelist():
                raise WordUnreadable("kind")
            # A few kilobytes can unpack to gigabytes.
            if sum(entry.file_size for entry in packed.infolist()) > _MOST_UNPACKED:
                raise WordUnreadable("large")
        converted = mammoth.convert_to_html(io.BytesIO(body), convert_image=mammoth.images.img_element(lambda _image: {}))
    except WordUnreadable:
        raise
    except zipfile.BadZipFile as error:
        raise WordUnreadable("kind") from error
    except Exception as error:  # whatever a parser makes of a file that somebody has sent
        raise WordUnreadable("broken") from error
    return markdown_of_html(converted.value)


def markdown_of_html(pasted: str) -> str:
    """What a clipboard holds as Markdown. What it becomes on a page is cleaned once more by core.text.render_markdown."""
    if not pasted.strip():
        return ""
    tree = trees.fragment_fromstring(pasted.replace("\0", ""), create_parent="div")
    _drop(tree)
    _unstyle(tree)
    _listed(tree)
    _footnotes(tree)
    written = markdownify(trees.tostring(tree, encoding="unicode"), heading_style="ATX", bullets="-", strip=["span", "font", "u", "sup", "sub"])
    return _BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in written.replace("\u00a0", " ").splitlines())).strip()


def _drop(tree: Any) -> None:
    for element in list(tree.iter()):
        tag = element.tag if isinstance(element.tag, str) else ""
        if element is not tree and (element.tag is Comment or tag in _DROPPED or (":" in tag and tag.startswith(("v:", "w:", "m:")))):
            element.drop_tree()
    for element in list(tree.iter("{*}p", "o:p")):
        if element.tag == "o:p":
            element.drop_tag()


def _unstyle(tree: Any) -> None:
    """Google Docs writes emphasis as styles of spans, and wraps all of it in a bold element that is not bold."""
    for element in list(tree.iter("b", "strong", "i", "em", "span")):
        style = element.get("style", "")
        if element.tag in {"b", "strong"} and _NORMAL.search(style):
            element.drop_tag()
        elif element.tag == "span" and _BOLD.search(style):
            element.tag = "strong"
            if _ITALIC.search(style):
                element.tag = "em"
        elif element.tag == "span" and _ITALIC.search(style):
            element.tag = "em"
    for heading in tree.iter("h1", "h2", "h3", "h4"):
        for inner in list(heading.iter("b", "strong")):
            inner.drop_tag()


def _listed(tree: Any) -> None:
    """Word writes list items as paragraphs that begin with their mark: they become lists."""
    current, numbered = None, False
    for paragraph in list(tree.iter("p")):
        if not _LIST_CLASS.search(paragraph.get("class", "")) and "mso-list" not in paragraph.get("style", ""):
            current = None
            continue
        mark = _take_mark(paragraph)
        is_number = bool(_NUMBER.match(mark))
        if current is None or is_number != numbered or paragraph.getprevious() is not current:
            current, numbered = trees.Element("ol" if is_number else "ul"), is_number
            paragraph.addprevious(current)
        item = trees.Element("li")
        paragraph.tag = "span"
        paragraph.attrib.clear()
        current.append(item)
        item.append(paragraph)
        paragraph.tail = None


def _take_mark(paragraph: Any) -> str:
    """Cut the mark off the beginning of a list item, and say what it was."""
    ignored = paragraph.xpath('.//span[contains(translate(@style, "IL", "il"), "mso-list:ignore")]')
    if ignored:
        mark = "".join(ignored[0].itertext())
        ignored[0].drop_tree()
        return str(mark)
    text = paragraph.text or ""
    for shape in (_NUMBER, _BULLET):
        found = shape.match(text)
        if found:
            paragraph.text = text[found.end() :]
            return found.group()
    return ""


def _footnotes(tree: Any) -> None:
    """References stay as [1]; links within the page lead nowhere elsewhere."""
    for link in list(tree.iter("a")):
        address = link.get("href", "")
        if address.startswith("#") or not address:
            if "".join(link.itertext()).strip() in {"↑", ""}:
                link.drop_tree()
            else:
                link.drop_tag()
        elif not address.startswith(("https://", "http://", "mailto:")):
            link.drop_tag()
