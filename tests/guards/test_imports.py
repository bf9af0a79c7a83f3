"""Rooms import downward only, and none is left out of the contract."""

from __future__ import annotations

import tomllib
from pathlib import Path

import grimp
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_contracts_are_kept() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_every_room_stands_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = [layer for contract in contracts if contract["type"] == "layers" for layer in contract["layers"]]
    named = {room.strip() for layer in layers for room in layer.split("|")}
    rooms = {f"campaign.{folder.name}" for folder in (ROOT / "campaign").iterdir() if any(folder.glob("*.py"))}
    assert rooms - named == set()
    assert len(rooms) >= 9


def test_what_stands_outside_the_rooms_knows_none_of_them() -> None:
    graph = grimp.build_graph("campaign", cache_dir=None)
    known = {name: graph.find_modules_directly_imported_by(f"campaign.{name}") for name in ("config", "extensions")}
    assert known == {"config": set(), "extensions": {"campaign.core.base", "campaign.core.visitors"}}
