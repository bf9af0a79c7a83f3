"""Every page of the team says whom it is for and what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from campaign.accounts.permissions import Scope, is_marked

# Rooms with pages that do not say yet what they are about.
ROOMS_LEFT = {"circulation", "desk", "documents", "exports", "handover", "imports", "moderation"}

pytestmark = pytest.mark.databases("sqlite")


def pages_of_team(app: Flask) -> Iterator[tuple[Rule, Any]]:
    """Every rule under /desk with its view."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            yield rule, app.view_functions[rule.endpoint]


def test_every_page_of_the_team_says_who_may_use_it(app: Flask) -> None:
    assert [rule.endpoint for rule, view in pages_of_team(app) if not is_marked(view)] == []


def test_every_page_of_the_team_says_what_it_is_about(app: Flask) -> None:
    silent = [view for _rule, view in pages_of_team(app) if not hasattr(view, "for_strangers") and view.of is None]
    assert {view.__module__.split(".")[1] for view in silent} == ROOMS_LEFT


def test_what_a_page_is_about_stands_in_its_address(app: Flask) -> None:
    scoped = [(rule, view.of) for rule, view in pages_of_team(app) if isinstance(getattr(view, "of", None), Scope)]
    assert len(scoped) > 30
    assert [rule.endpoint for rule, scope in scoped if scope.argument not in rule.arguments] == []
