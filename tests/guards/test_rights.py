"""Every page of the team says whom it is for and what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from campaign import create_app
from campaign.accounts.permissions import Scope, is_marked
from campaign.config import Settings

pytestmark = pytest.mark.databases("sqlite")


def pages_of_team(app: Flask) -> Iterator[tuple[Rule, Any]]:
    """Every rule under /desk with its view."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            yield rule, app.view_functions[rule.endpoint]


def test_every_page_of_the_team_says_who_may_use_it(app: Flask) -> None:
    assert [rule.endpoint for rule, view in pages_of_team(app) if not is_marked(view)] == []


def test_what_a_page_is_about_stands_in_its_address(app: Flask) -> None:
    scoped = [
        (rule, view.of) for rule, view in pages_of_team(app) if isinstance(getattr(view, "of", None), Scope)
    ]
    assert len(scoped) > 30
    assert [rule.endpoint for rule, scope in scoped if scope.argument not in rule.arguments] == []


def test_a_page_that_does_not_say_so_is_closed(environment: dict[str, str], tmp_path: Path) -> None:
    app = create_app(
        Settings.from_environment(environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/bare.db"})
    )
    bare = Blueprint("bare", __name__, url_prefix="/desk")
    bare.add_url_rule("/bare", "page", lambda: "open to all")
    app.register_blueprint(bare)
    assert app.test_client().get("/desk/bare").status_code == 403
