"""The wish of a person or family is read in one place, which every query, page, file and feed asks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = {"Wish", "wish", "wish_on", "sealed_wish", "WISHES", "PUBLIC_WISHES"}
# The gate, and the desk's editing of a wish: what it is, where it is kept, and how the team writes it down.
ALLOWED = {
    "visibility": "the gate",
    "vocabulary": "the values of a wish",
    "models": "its column",
    "operations": "writes it down",
    "forms": "the team's form",
    "labels": "its words for the team",
    "desk": "the team's page of a file, which shows who said so",
    "file_desk": "the team's button",
    "case_entry": "the team's form for a new file",
    "columns": "its columns in the team's sheet",
    "sheet_import": "the team's sheet",
    "team_queries": "the team's list, which shows it",
    "team_operations": "records that it was written down",
    "audit_actions": "leaves it out of what the log says",
}
READING = [
    ("Person.wish == wanted", {1}),
    ("select(Person.id).where(models.Person.wish.in_(seen))", {1}),
    ("from campaign.people.vocabulary import EventKind, Wish", {1}),
    ("from campaign.people import vocabulary\nvocabulary.Wish.FULL", {2}),
    ("import campaign.people.vocabulary as words\nwords.Wish", {2}),
    ("getattr(person, 'wish')", {1}),
    ("text('SELECT slug FROM people WHERE wish = 1')", {1}),
    ("# the wish\nshows_of(person).full", set()),
    ("'as the family wishes'", set()),
]


def _readings(source: str) -> set[int]:
    """The lines of Python that read a wish: by attribute, by name, by import, or in a string that a database
    or getattr gets.
    """
    found = set()
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            reads = node.attr in NAMES
        elif isinstance(node, ast.ImportFrom):
            reads = any(alias.name in NAMES for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            reads = (
                node.value in NAMES or re.search(r"\bSELECT\b.*\bwish\b", node.value, re.DOTALL) is not None
            )
        else:
            continue
        if reads:
            found.add(node.lineno)
    return found


@pytest.mark.parametrize(("source", "lines"), READING)
def test_a_reading_is_recognised(source: str, lines: set[int]) -> None:
    assert _readings(source) == lines


def test_no_module_but_the_gate_and_the_desk_reads_a_wish() -> None:
    allowed = {f"campaign/people/{name}.py" for name in ALLOWED}
    found = {}
    for path in sorted((ROOT / "campaign").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name not in allowed and (lines := _readings(path.read_text())):
            found[name] = sorted(lines)
    assert found == {}


def test_no_page_but_the_desk_s_reads_a_wish() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"\.wish\b|\['wish'\]", path.read_text())
    }
    assert readers == {
        "templates/people/desk_entry.html",
        "templates/people/desk_file.html",
        "templates/people/desk_index.html",
    }
