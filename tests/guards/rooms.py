"""The rooms as the guards see them: what each lets others import, and what is imported all the same."""

from __future__ import annotations

from importlib import import_module

import grimp

from campaign.rooms import ROOMS

# Public in every room; the decorators of accounts stand in its list.
ALWAYS = frozenset({"models", "queries", "operations", "states", "errors", "signals", "rights"})


def public_modules(room: str) -> frozenset[str]:
    """The names of the modules that a room lists as public beside those of every room."""
    return frozenset(getattr(import_module(f"campaign.{room}"), "PUBLIC", ()))


def across_rooms(graph: grimp.ImportGraph) -> dict[tuple[str, str], set[str]]:
    """By (room, module) of what is imported from another room the modules that import it; module is "" for
    the room itself.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            _campaign, room, *inside = imported.split(".")
            if room in ROOMS and importer.split(".")[1:2] != [room]:
                found.setdefault((room, inside[0] if inside else ""), set()).add(importer)
    return found


def private_imports(graph: grimp.ImportGraph) -> list[str]:
    """What is imported from another room and neither public in every room nor listed by that one, as
    sentences.
    """
    return sorted(
        f"{importer} imports campaign.{room}.{module or '__init__'}"
        for (room, module), importers in across_rooms(graph).items()
        if module not in ALWAYS | public_modules(room)
        for importer in importers
    )
