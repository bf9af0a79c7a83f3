"""Every page is sound HTML: one title, one heading, labelled fields, no inline code, nothing from another
host.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from werkzeug.test import TestResponse

from tests.support import csrf_of, form
from tests.world.addresses import House, Walk

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

# Parts of a page, and a mail as its program would show it.
NO_PAGES = {"signatories.live", "mailbox.html"}
LOADED = {
    "link": "href",
    "use": "href",
    "image": "href",
    "script": "src",
    "img": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
}
LOADED |= {
    "iframe": "src",
    "embed": "src",
    "object": "data",
    "form": "action",
    "track": "src",
    "base": "href",
}
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form")


def _parsed(html: str, *, fragment: bool = False) -> Element:
    """The tree of a page. What a browser would have to mend fails."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parseFragment(html) if fragment else parser.parse(html)
    assert [(place, code) for place, code, _variables in parser.errors] == [], html
    return tree


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _faults(tree: Element) -> Iterator[str]:
    """What is wrong in a tree, whole page or part."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    identifiers = Counter(element.attrib["id"] for element in elements if "id" in element.attrib)
    yield from (f"id {name} stands twice" for name, times in identifiers.items() if times > 1)
    for element in elements:
        yield from _inline(element)
        yield from _foreign(element)
        pointed = {name for pointer in POINTERS for name in element.attrib.get(pointer, "").split()}
        yield from (
            f"{element.tag} points to {name}, which is nowhere" for name in pointed - set(identifiers)
        )
        if element.tag == "img" and "alt" not in element.attrib:
            yield f"img {element.attrib.get('src')} has no alt"
        if element.attrib.get("lang") == "":
            yield f"{element.tag} stands in no language"
    yield from _nameless(tree)


def _inline(element: Element) -> Iterator[str]:
    if "style" in element.attrib or element.tag == "style":
        yield f"{element.tag} has a style of its own"
    # Data for programs; no browser runs it.
    runs = element.tag == "script" and element.attrib.get("type") != "application/ld+json"
    if runs and ("src" not in element.attrib or _text(element)):
        yield "there is an inline script"
    yield from (
        f"{element.tag} has {name}" for name in element.attrib if name.lower().startswith(("on", "hx-on"))
    )


def _foreign(element: Element) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2]
    # Said of the page, and not loaded with it.
    said = tag == "link" and element.attrib.get("rel") in {"canonical", "alternate"}
    addresses = [
        value
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] == LOADED.get(tag) and not said
    ]
    addresses += [part.split()[0] for part in element.attrib.get("srcset", "").split(",") if part.strip()]
    addresses += [element.attrib[name] for name in ("poster", "formaction", "ping") if name in element.attrib]
    for address in addresses:
        if not address.startswith(("/", "?", "#")) or address.startswith("//"):
            yield f"{tag} leads to {address}"
    for name, value in element.attrib.items():
        if "javascript:" in value.lower().replace(" ", ""):
            yield f"{tag} has a script in {name}"


def _nameless(tree: Element) -> Iterator[str]:
    """Fields, buttons and links that a screen reader could not name."""
    labelled = {label.attrib["for"] for label in tree.iter("label") if "for" in label.attrib and _text(label)}
    inside = {
        id(field)
        for label in tree.iter("label")
        if _text(label)
        for field in label.iter()
        if field is not label
    }
    for tag in ("input", "select", "textarea"):
        for field in tree.iter(tag):
            named = (
                field.attrib.get("id") in labelled or id(field) in inside or field.attrib.get("aria-label")
            )
            # A field for password managers alone is hidden from everyone else.
            hidden = field.attrib.get("type") in ("hidden", "submit") or (
                field.attrib.get("aria-hidden"),
                field.attrib.get("tabindex"),
            ) == (
                "true",
                "-1",
            )
            if not (named or hidden):
                yield f"{tag} {field.attrib.get('name')} has no label"
    for tag in ("button", "a", "legend", "h1", "h2", "h3", "th", "label", "option"):
        for element in tree.iter(tag):
            if (
                not _text(element)
                and not element.attrib.get("aria-label")
                and not element.findall(".//img[@alt]")
            ):
                yield f"{tag} is empty: {element.attrib}"


def _page_faults(tree: Element, language: str) -> Iterator[str]:
    """What is wrong in a whole page besides."""
    titles, headings, mains = (
        list(tree.iterfind("head/title")),
        list(tree.iter("h1")),
        list(tree.iter("main")),
    )
    if len(titles) != 1 or not _text(titles[0]).strip(" ·"):
        yield f"title: {[_text(title) for title in titles]}"
    if len(headings) != 1 or len(mains) != 1:
        yield f"{len(headings)} h1, {len(mains)} main"
    if tree.attrib.get("lang") != language:
        yield f"lang is {tree.attrib.get('lang')}, not {language}"


def _check(response: TestResponse, path: str, language: str = "en", *, whole: bool = True) -> None:
    tree = _parsed(response.text, fragment=not whole)
    faults = list(_faults(tree)) + (list(_page_faults(tree, language)) if whole else [])
    assert not faults, (path, faults)


def test_every_page_is_sound(walked: Walk) -> None:
    checked = set()
    for answer in walked.seen("GET"):
        if answer.response.status_code == 200 and answer.response.mimetype == "text/html" and answer.endpoint:
            _check(answer.response, answer.path, whole=answer.endpoint not in NO_PAGES)
            checked.add(answer.endpoint)
    _all_kinds(checked)


def test_every_page_is_sound_in_another_language(house: House) -> None:
    checked = set()
    for address in house.addresses("GET"):
        response = house.browser(address).get(f"/be{address.path}")
        if response.status_code == 200 and response.mimetype == "text/html":
            _check(response, address.path, "be", whole=address.endpoint not in NO_PAGES)
            checked.add(address.endpoint)
    _all_kinds(checked)


def _all_kinds(checked: set[str]) -> None:
    assert {
        "pages.home",
        "pages.statement",
        "signing.manage",
        "desk.dashboard",
        "statements_desk.edit",
        "team.index",
    } <= checked
    assert len(checked) > 20


def test_every_other_state_of_a_page_is_sound(house: House) -> None:
    pages = [path for path in house.more if not path.startswith("/be/")]
    pages += [
        "/s/free/signatories?kind=organisation&country=PL",
        "/desk/sign-in?out=1",
        "/c/forged",
        "/desk/nowhere",
        "/desk/invitation/forged",
    ]
    pages += [
        f"/desk/statements/{slug}{more}" for slug in ("old", "draft") for more in ("", "/edit", "/signatures")
    ]
    for path in pages:
        response = (house.team if path.startswith("/desk/s") else house.stranger).get(
            path, follow_redirects=True
        )
        _check(response, path)
    for browser in (house.stranger, house.team):
        _check(browser.get("/desk/sign-in", follow_redirects=True), "/desk/sign-in")


def test_every_refused_form_is_sound(house: House) -> None:
    public = [
        ("/s/free/sign", {}),
        ("/s/free/sign", form(kind="organisation")),
        ("/s/old/sign", form()),
        ("/code", {}),
    ]
    public += [(house.pending, {"action": "x"}), (house.pending, {"action": "confirm"})]
    public += [
        (house.pending, {"action": "visibility"}),
        (house.pending, {"action": "correct", "name": ""}),
        (house.pending, {"action": "withdraw"}),
    ]
    for path, data in public:
        _check(house.stranger.post(path, data=data, follow_redirects=True), path)
    _check(house.stranger.post("/", data={}), "/")
    team = [
        (f"/desk/{path}", house.team)
        for path in ("statements/new", "statements/draft/edit", "statements/draft/publish", "team", "review")
    ]
    team += [
        ("/desk/organisations/new", house.team),
        ("/desk/organisations/test-league/edit", house.team),
        ("/desk/sign-in", house.stranger),
    ]
    team += [
        (f"/desk/signatures/{house.values['signature_id']}/{decision}", house.team)
        for decision in ("approve", "reject", "message")
    ]
    for path, browser in team:
        token = csrf_of(browser.get("/desk/sign-in", follow_redirects=True))
        _check(browser.post(path, data={"csrf_token": token}, follow_redirects=True), path)
