"""`make room-map`: the picture of the rooms in docs/architecture.md, drawn from the imports so that it stays
true.

Each layer of the import contract (pyproject.toml) is a row, the highest on top. A line leads from a room to
one that it imports; lines that follow from others are left out (the transitive reduction of a graph without
circles), and so is core, on which every room stands.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/pictures/rooms.svg"
EVERYWHERE = "core"

WIDTH, MARGIN = 960, 24
BOX_HEIGHT, ROW_HEIGHT = 34, 74
STYLE = (
    "text{font:600 14px 'Source Sans 3',system-ui,sans-serif;fill:#1c1b19;text-anchor:middle}"
    "rect{fill:#fffdf8;stroke:#1c1b19;stroke-width:1.2}"
    "path{fill:none;stroke:#8a1c1c;stroke-width:1.1;opacity:.55}"
    ".ground{fill:#efe9dc}.paper{fill:#fffdf8;stroke:none}"
)


@dataclass(frozen=True, slots=True)
class Box:
    """A room in the picture: the middle of its box, and its width."""

    x: float
    y: float
    width: float


def layers() -> list[list[str]]:
    """The rooms as the import contract has them, a list for each layer, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip().removeprefix("campaign.") for name in row.split("|")] for row in rows]


def imports_between(rooms: list[str]) -> dict[str, set[str]]:
    """The rooms that each room imports, as the code does now."""
    graph = grimp.build_graph("campaign", cache_dir=None)
    found: dict[str, set[str]] = {room: set() for room in rooms}
    for room in rooms:
        for module in graph.find_descendants(f"campaign.{room}") | {f"campaign.{room}"}:
            imported = (
                name.split(".")[1] for name in graph.find_modules_directly_imported_by(module) if "." in name
            )
            found[room] |= {other for other in imported if other in found and other != room}
    return found


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """The imports without those that follow from the rest, and without the room that all import."""
    below = {room: {other for other in others if other != EVERYWHERE} for room, others in imports.items()}

    def reach(room: str) -> set[str]:
        return below[room].union(*(reach(other) for other in below[room]))

    return {room: others - set().union(*(reach(other) for other in others)) for room, others in below.items()}


def drawn(rows: list[list[str]], imports: dict[str, set[str]]) -> str:
    """The picture, as SVG."""
    boxes = {}
    for level, row in enumerate(rows):
        step = (WIDTH - 2 * MARGIN) / len(row)
        for place, room in enumerate(row):
            wide = WIDTH - 2 * MARGIN if room == EVERYWHERE else min(step - 12, 150)
            boxes[room] = Box(
                MARGIN + step * (place + 0.5), MARGIN + ROW_HEIGHT * level + BOX_HEIGHT / 2, wide
            )

    lines = [
        _line(boxes[room], boxes[other])
        for room, others in sorted(reduced(imports).items())
        for other in sorted(others)
    ]
    height = MARGIN * 2 + ROW_HEIGHT * (len(rows) - 1) + BOX_HEIGHT

    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>The rooms of campaign/ and what they import</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *lines,
            *(_box(room, box) for room, box in boxes.items()),
            "</svg>\n",
        ]
    )


def _line(start: Box, end: Box) -> str:
    top, bottom = start.y + BOX_HEIGHT / 2, end.y - BOX_HEIGHT / 2
    bend = (bottom - top) / 2
    return (
        f'<path d="M{start.x:.0f} {top:.0f}C{start.x:.0f} {top + bend:.0f} '
        f'{end.x:.0f} {bottom - bend:.0f} {end.x:.0f} {bottom:.0f}"/>'
    )


def _box(room: str, box: Box) -> str:
    ground = ' class="ground"' if room == EVERYWHERE else ""
    left, top = box.x - box.width / 2, box.y - BOX_HEIGHT / 2
    frame = (
        f'<rect{ground} x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}" height="{BOX_HEIGHT}" rx="3"/>'
    )
    return f'{frame}<text x="{box.x:.0f}" y="{box.y + 5:.0f}">{room}</text>'


def picture() -> str:
    """The picture as it should be now."""
    rows = layers()
    return drawn(rows, imports_between([room for row in rows for room in row]))


if __name__ == "__main__":
    PICTURE.write_text(picture())
    print(PICTURE.relative_to(ROOT))
