"""Rooms import downward only and what others list as public, and none is left out of the contract."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp

from campaign.rooms import ROOMS
from tests.guards.rooms import ALWAYS, across_rooms, private_imports, public_modules

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_contracts_are_kept() -> None:
    # In a process apart: it switches off every logger that there is.
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()[-2000:]


def test_every_room_stands_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer for contract in contracts if contract["type"] == "layers" for layer in contract["layers"]]
    named = {room.strip() for layer in layers for room in layer.split("|")}
    rooms = {
        f"campaign.{folder.name}" for folder in (ROOT / "campaign").iterdir() if any(folder.glob("*.py"))
    }
    assert rooms - named == set()
    assert len(rooms) >= 9


def test_what_stands_outside_the_rooms_knows_none_of_them() -> None:
    graph = grimp.build_graph("campaign", cache_dir=None)
    known = {
        name: graph.find_modules_directly_imported_by(f"campaign.{name}") for name in ("config", "extensions")
    }
    assert known == {
        "config": {"campaign.core.catalogues"},
        "extensions": {"campaign.core.base", "campaign.core.visitors"},
    }


def test_across_rooms_only_public_modules_are_imported() -> None:
    assert private_imports(grimp.build_graph("campaign", cache_dir=None)) == []


def test_no_room_lists_as_public_what_no_other_room_needs() -> None:
    needed = set(across_rooms(grimp.build_graph("campaign", cache_dir=None)))
    listed = {(room, module) for room in ROOMS for module in public_modules(room)}
    assert listed - needed == set()
    assert {module for _room, module in listed} & ALWAYS == set()


def test_a_reach_past_the_public_modules_is_found() -> None:
    graph = grimp.build_graph("campaign", cache_dir=None)
    graph.add_import(importer="campaign.feeds.views", imported="campaign.statements.word_import")
    assert private_imports(graph) == ["campaign.feeds.views imports campaign.statements.word_import"]


def test_nothing_is_imported_for_its_side_effect() -> None:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--ignore-noqa",
        "--select",
        "F401",
        "--output-format",
        "concise",
    ]
    found = subprocess.run([*command, str(ROOT / "campaign")], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout.splitlines()[:-1]) == (0, []), found.stderr
    assert [str(path) for path in (ROOT / "campaign").rglob("*.py") if "noqa: F401" in path.read_text()] == []


# Each room in a process of its own, forked from one that knows the libraries alone.
_MODELS_ALONE = """
import importlib, os, sys
import flask, flask_sqlalchemy, flask_migrate, flask_babel, flask_limiter, flask_mail, flask_wtf
for room in sys.argv[1:]:
    sys.stdout.flush()
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0, room
        continue
    importlib.import_module(f"campaign.{room}.models")
    for name in sorted(sys.modules):
        parts = name.split(".")
        last = parts[-1]
        shows = last in ("views", "desk", "cli") or last.endswith(("_views", "_desk"))
        if parts[0] == "campaign" and len(parts) > 2 and parts[1] != "core" and shows:
            print(room, name)
    sys.stdout.flush()
    os._exit(0)
"""


def test_a_model_costs_no_views() -> None:
    rooms = [room for room in ROOMS if (ROOT / "campaign" / room / "models.py").exists()]
    assert len(rooms) > 5
    found = subprocess.run(
        [sys.executable, "-c", _MODELS_ALONE, *rooms], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout == ""


def test_no_two_rooms_give_their_classes_one_name() -> None:
    named = [
        (node.name, f"{path.parent.name}/{path.name}")
        for path in sorted((ROOT / "campaign").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        # WTForms asks each form for a class of this name within.
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta"
    ]
    assert len(named) > 200
    places: dict[str, list[str]] = {}
    for name, place in named:
        places.setdefault(name, []).append(place)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
