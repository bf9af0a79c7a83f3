"""The pages for developers name what is in the code, and their tables of transitions are the code's."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from campaign.rooms import ROOMS
from campaign.signatures.states import TRANSITIONS
from campaign.statements.lifecycle import may_become
from campaign.statements.models import Status

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

ROOT = Path(__file__).resolve().parent.parent.parent
ARCHITECTURE, HOW_TO = ROOT / "docs/architecture.md", ROOT / "docs/how-to.md"
# `signing/submissions.py:submit`; with `<room>` or `*` in it, it stands for many.
NAMED = re.compile(r"`([\w/.-]+/[\w.-]+|[\w-]+\.\w+)(?::(\w+))?`")
LINKED = re.compile(r"\]\(([^)#:]+)\)")
FROM_THE_TOP = ("tests/", "deploy/", "docs/", "migrations/", "templates/", "static/", "benchmarks/")
AT_THE_TOP = ("pyproject.toml", "Makefile", "Procfile")


@cache
def _defined(file: Path) -> frozenset[str]:
    """The names of functions, classes and values at the top level of a module."""
    names: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return frozenset(names)


def _missing(text: str) -> list[str]:
    """What a text names and the repository does not have."""
    found = []
    for name, within in NAMED.findall(text):
        if "/" not in name and name not in AT_THE_TOP and not (ROOT / "campaign" / name).exists():
            # `models.py` of any room.
            if not list((ROOT / "campaign").glob(f"*/{name}")):
                found.append(name)
            continue
        top = ROOT if name.startswith(FROM_THE_TOP) or name in AT_THE_TOP else ROOT / "campaign"
        if not (top / name).exists() or (within and within not in _defined(top / name)):
            found.append(f"{name}:{within}" if within else name)
    return found


def _rows(heading: str) -> Iterator[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = ARCHITECTURE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    yield from ([cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:])


@pytest.mark.parametrize("page", [ARCHITECTURE, HOW_TO], ids=lambda page: page.name)
def test_what_it_names_is_there(page: Path) -> None:
    text = page.read_text()
    assert len(NAMED.findall(text)) > 20
    assert _missing(text) == []
    assert [link for link in LINKED.findall(text) if not (page.parent / link).exists()] == []


def test_the_guard_sees_what_is_gone() -> None:
    gone = ["signing/gone.py", "signing/submissions.py:gone", "tests/guards/gone.py", "gone.py"]
    there = "`signing/submissions.py:submit` `tests/guards/rooms.py` `models.py` `rooms.py:ROOMS`"
    assert _missing(there + "".join(f" `{name}`" for name in gone)) == gone


def test_every_room_is_described_and_no_other() -> None:
    named = [room.strip("`") for room, _sentence in _rows("The rooms")]
    assert named == ["core", *ROOMS]


def test_the_ways_of_a_signature_are_those_of_the_code() -> None:
    coded = {
        (str(source or "new"), str(way.to), str(by))
        for way in TRANSITIONS
        for source, by in product(way.sources, way.by)
    }
    said = [
        way
        for row in _rows("The states of a signature")
        for way in product(*(cell.split(", ") for cell in row))
    ]
    assert sorted(said) == sorted(coded)


def test_the_ways_of_a_statement_are_those_of_the_code() -> None:
    coded = {(str(source), str(to)) for source, to in product(Status, repeat=2) if may_become(source, to)}
    said = [
        way
        for source, to, _step in _rows("The states of a statement")
        for way in product(source.split(", "), to.split(", "))
    ]
    assert sorted(said) == sorted(coded)
