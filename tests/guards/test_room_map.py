"""The picture of the rooms in docs/architecture.md is that of the code."""

from __future__ import annotations

import pytest

from deploy.room_map import EVERYWHERE, PICTURE, imports_between, layers, picture, reduced

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")


def test_the_picture_shows_what_the_code_imports() -> None:
    assert PICTURE.read_text() == picture(), "the imports between rooms have changed: make room-map"


def test_what_follows_from_other_lines_is_left_out() -> None:
    assert reduced({"a": {"b", "c", "core"}, "b": {"c", "core"}, "c": {"core"}, EVERYWHERE: set()}) == {
        "a": {"b"},
        "b": {"c"},
        "c": set(),
        EVERYWHERE: set(),
    }


def test_every_room_stands_in_one_layer() -> None:
    rooms = [room for row in layers() for room in row]
    assert len(rooms) == len(set(rooms)) > 20
    assert imports_between(rooms)[EVERYWHERE] == set()
