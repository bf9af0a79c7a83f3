"""A template knows its own room and those below: it names nothing that a room above gives to templates, and
takes no template of one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes
from jinja2.meta import find_referenced_templates

from campaign.rooms import ROOMS

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
BELOW_ALL = "core"
HEIGHT = {room: height for height, room in enumerate((BELOW_ALL, *ROOMS))}
# The frame of every page of the team: it stands as low as the lowest room that has such a page.
FRAME = {"desk/base.html": "accounts", "desk/_nav.html": "accounts"}


def _room_of_template(name: str) -> str:
    """The room of a template; what stands outside of the rooms' folders serves them all."""
    room = FRAME.get(name, name.partition("/")[0])
    return room if room in HEIGHT else BELOW_ALL


def _given(app: Flask) -> dict[str, str]:
    """What templates may name, and the room that gives it: globals, filters, tests, and variables."""
    environment = app.jinja_env
    named = [*environment.globals.items(), *environment.filters.items(), *environment.tests.items()]
    with app.test_request_context():
        for processor in app.template_context_processors[None]:
            named += [(name, processor) for name in processor()]
    modules = {name: str(getattr(value, "__module__", "")).split(".") for name, value in named}

    return {name: module[1] for name, module in modules.items() if module[0] == "campaign" and module[1:]}


def _reaches_up(app: Flask, name: str, source: str) -> list[str]:
    """What a template takes from a room above its own, as sentences."""
    tree, given = app.jinja_env.parse(source), _given(app)
    height = HEIGHT[_room_of_template(name)]
    named = {node.name for node in tree.find_all((nodes.Name, nodes.Filter, nodes.Test))}
    above = {each: given[each] for each in named if HEIGHT[given.get(each, BELOW_ALL)] > height}
    above |= {
        other: _room_of_template(other)
        for other in find_referenced_templates(tree)
        if other and HEIGHT[_room_of_template(other)] > height
    }

    return sorted(f"{name} takes {each} of {room}" for each, room in above.items())


def _templates() -> dict[str, str]:
    """All templates, by their names."""
    files = [file for file in TEMPLATES.rglob("*") if file.is_file()]
    return {file.relative_to(TEMPLATES).as_posix(): file.read_text() for file in files}


def test_no_template_reaches_up(app: Flask) -> None:
    templates = _templates()
    assert len(templates) > 150
    assert [found for name, source in templates.items() for found in _reaches_up(app, name, source)] == []


def test_what_a_template_takes_is_there(app: Flask) -> None:
    templates = _templates()
    parsed = {name: app.jinja_env.parse(source) for name, source in templates.items()}
    taken = {other for tree in parsed.values() for other in find_referenced_templates(tree) if other}
    assert taken - set(templates) == set()


def test_what_rooms_give_is_known(app: Flask) -> None:
    given = _given(app)
    expected = {
        "day": "core",
        "language": "core",
        "may": "accounts",
        "asked_name": "circulation",
        "doing_of_person": "documents",
        "described": "pages",
    }
    assert expected.items() <= given.items()


def test_a_reach_up_is_found(app: Flask) -> None:
    source = "{{ doing_of_person(person) }} {{ one|asked_name }} {% include 'documents/_doing.html' %} {{ day(1) }}"
    assert _reaches_up(app, "people/people.html", source) == [
        "people/people.html takes asked_name of circulation",
        "people/people.html takes documents/_doing.html of documents",
        "people/people.html takes doing_of_person of documents",
    ]
    assert _reaches_up(app, "pages/person.html", source) == []
