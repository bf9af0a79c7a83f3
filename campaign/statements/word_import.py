"""Text from Word and Google Docs as Markdown: headings, lists, links, emphasis and footnotes are kept,
formatting is dropped.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import mammoth
from lxml import html as trees
from lxml.etree import Comment, LxmlError
from markdownify import markdownify

from campaign.core.text import has_hidden_characters
from campaign.statements.errors import WordUnreadable

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_PASTE = 900_000
_MOST_UNPACKED = 50 * 1024 * 1024
# The limit for parts that are parsed as a tree, which takes twenty times their size in memory; pictures are
# never read.
_MOST_WORDS = 12 * 1024 * 1024
# Style mappings that mammoth lacks.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
"""
_DROPPED = (
    "style",
    "script",
    "meta",
    "link",
    "head",
    "title",
    "img",
    "object",
    "xml",
    "svg",
    "iframe",
    "input",
    "button",
)
_LIST_CLASS = re.compile(r"MsoList", re.I)
_LEVEL = re.compile(r"level(\d)")
_NUMBER = re.compile(r"^\s*(\d+|[a-z]{1,4})[.)]\s*", re.I)
_BULLET = re.compile("^[\\s\u00a0·•▪◦‣o§\uf0b7\uf0a7–-]+[\\s\u00a0]+")
_BOLD = re.compile(r"font-weight:\s*(bold|[6-9]00)", re.I)
_NORMAL = re.compile(r"font-weight:\s*(normal|400)", re.I)
_ITALIC = re.compile(r"font-style:\s*italic", re.I)
_BLANKS = re.compile(r"\n{3,}")


_MOST_PARAGRAPHS = 1_500


def markdown_of_docx(body: bytes) -> str:
    """A .docx file as Markdown. Raises WordUnreadable with `reason` one of `large`, `kind`, `broken`."""
    if len(body) > LARGEST_FILE:
        raise WordUnreadable("large")

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if "word/document.xml" not in packed.namelist():
                raise WordUnreadable("kind")
            # A few kilobytes can unpack to gigabytes.
            entries = packed.infolist()
            words = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
            if words > _MOST_WORDS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                raise WordUnreadable("large")
        no_images = mammoth.images.img_element(lambda _image: {})
        converted = mammoth.convert_to_html(io.BytesIO(body), convert_image=no_images, style_map=_STYLES)
    except WordUnreadable:
        raise
    except zipfile.BadZipFile as error:
        raise WordUnreadable("kind") from error
    except Exception as error:  # a parser may raise anything on a file from outside
        raise WordUnreadable("broken") from error

    return markdown_of_html(converted.value)


def markdown_of_html(pasted: str) -> str:
    """The HTML of a clipboard as Markdown.

    The page made of it is sanitised again by core.text.render_markdown.
    """
    if not pasted.strip():
        return ""

    try:
        tree = trees.fragment_fromstring(pasted.replace("\0", ""), create_parent="div")
    except (LxmlError, ValueError):
        return ""

    _drop(tree)
    _unstyle(tree)
    # Finding the neighbours of a paragraph takes longer the more paragraphs there are.
    if sum(1 for _paragraph in tree.iter("p")) <= _MOST_PARAGRAPHS:
        _listed(tree)
        _nested(tree)

    _footnotes(tree)
    cleaned = trees.tostring(tree, encoding="unicode")
    written = markdownify(
        cleaned,
        heading_style="ATX",
        bullets="-",
        table_infer_header=True,
        strip=["span", "font", "u", "sup", "sub"],
    )
    lines = (line.rstrip() for line in written.replace("\u00a0", " ").expandtabs(4).splitlines())

    return _BLANKS.sub("\n\n", "\n".join(_without_hidden(line) for line in lines)).strip()


def _without_hidden(line: str) -> str:
    """The line without the zero-width characters and soft hyphens of Word, which the editor would refuse."""
    return (
        "".join(char for char in line if not has_hidden_characters(char))
        if has_hidden_characters(line)
        else line
    )


def _drop(tree: Any) -> None:
    for element in list(tree.iter()):
        tag = element.tag if isinstance(element.tag, str) else ""
        if element is not tree and (
            element.tag is Comment or tag in _DROPPED or (":" in tag and tag.startswith(("v:", "w:", "m:")))
        ):
            element.drop_tree()
    for element in list(tree.iter("{*}p", "o:p")):
        if element.tag == "o:p":
            element.drop_tag()


def _unstyle(tree: Any) -> None:
    """Turn the styled spans of Google Docs into emphasis, and drop the bold element, not bold at all, that it
    wraps around everything.
    """
    for element in list(tree.iter("b", "strong", "i", "em", "span")):
        style = element.get("style", "")
        bold, italic = bool(_BOLD.search(style)), bool(_ITALIC.search(style))
        if element.tag in {"b", "strong"} and _NORMAL.search(style):
            element.drop_tag()
        elif element.tag == "span" and (bold or italic):
            element.tag = "strong" if bold else "em"
            if bold and italic:
                _wrap_content(element, "em")

    for paragraph in tree.iter("p"):
        if "MsoTitle" in paragraph.get("class", ""):
            paragraph.tag = "h1"
    for heading in tree.iter("h1", "h2", "h3", "h4"):
        for inner in list(heading.iter("b", "strong")):
            inner.drop_tag()


def _wrap_content(element: Any, tag: str) -> None:
    inner = trees.Element(tag)
    inner.text, element.text = element.text, None
    inner.extend(list(element))
    element.append(inner)


def _listed(tree: Any) -> None:
    """Turn Word's list items into nested lists: Word writes them as paragraphs that begin with their mark,
    with their level in a style.
    """
    open_lists: list[tuple[Any, int]] = []
    for paragraph in list(tree.iter("p")):
        style = paragraph.get("style", "")
        if not _LIST_CLASS.search(paragraph.get("class", "")) and "mso-list" not in style:
            continue
        found = _LEVEL.search(style)
        level, mark = int(found.group(1)) if found else 1, _take_mark(paragraph)
        if open_lists and paragraph.getprevious() is not open_lists[0][0]:
            open_lists = []
        tag = "ol" if _NUMBER.match(mark) else "ul"
        while open_lists and (
            open_lists[-1][1] > level or (open_lists[-1][1] == level and open_lists[-1][0].tag != tag)
        ):
            open_lists.pop()
        if not open_lists or open_lists[-1][1] < level:
            open_lists.append(
                (_begin_list(paragraph, open_lists[-1][0] if open_lists else None, tag, mark), level)
            )
        paragraph.tag, paragraph.tail = "span", None
        paragraph.attrib.clear()
        item = trees.Element("li")
        open_lists[-1][0].append(item)
        item.append(paragraph)


def _begin_list(paragraph: Any, within: Any, tag: str, mark: str) -> Any:
    """A list before the paragraph, or in the last item of the list that it belongs to."""
    begun = trees.Element(tag)
    number = re.search(r"\d+", mark)
    if tag == "ol" and number and int(number.group()) > 1:
        begun.set("start", number.group())
    if within is None:
        paragraph.addprevious(begun)
    else:
        within[-1].append(begun)
    return begun


def _nested(tree: Any) -> None:
    """Repair nested lists: Google Docs puts a list directly into a list, and Word on the web makes a list of
    each item.
    """
    for inner in list(tree.iter("ul", "ol")):
        before = inner.getprevious()
        if inner.getparent().tag in {"ul", "ol"} and before is not None and before.tag == "li":
            before.append(inner)
        elif (
            before is not None
            and before.tag == inner.tag
            and not (before.tail or "").strip()
            and (inner.tag == "ul" or inner.get("start", "1") != "1")
        ):
            before.extend(list(inner))
            inner.drop_tree()


def _take_mark(paragraph: Any) -> str:
    """Cut the mark off the beginning of a list item, and return it."""
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
    """Keep footnote references as [1] and drop links within the page, which would lead nowhere."""
    for link in list(tree.iter("a")):
        address = link.get("href", "")
        if address.startswith("#") or not address:
            if "".join(link.itertext()).strip() in {"↑", ""}:
                link.drop_tree()
            else:
                link.drop_tag()
        elif not address.startswith(("https://", "http://", "mailto:")):
            link.drop_tag()
