"""A change stays in its room: a page is added to a copy of the tree, and nothing outside of the room's
folders is touched.
"""

from __future__ import annotations

import filecmp
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TREE = ("campaign", "templates", "static", "migrations", "tests/guards", "wsgi.py", "pyproject.toml")
ROOM = ("campaign/feeds/", "templates/feeds/")
VIEWS = '''"""A page that was not there before: for everyone, and for the team."""

from __future__ import annotations

from flask import Blueprint, render_template

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Reach, requires
from campaign.statements.queries import statement_lines

bp = Blueprint("feed_guide", __name__)


@bp.get("/feeds")
def guide() -> str:
    """Which feeds there are."""
    return render_template("feeds/guide.html", count=len(statement_lines("en")))


@bp.get("/desk/feeds")
@requires(Permission.READ, of=Reach.OWN)
def desk() -> str:
    """The same for the team."""
    return guide()
'''
TEMPLATE = """{% extends "base.html" %}
{% block title %}Feeds{% endblock %}
{% block content %}<h1>{{ count }} feeds</h1>{% endblock %}
"""
# What the app of the copy answers, and what its guards find.
ASKED = """
import grimp
from flask_migrate import upgrade
from importlinter.cli import lint_imports
from campaign import create_app
from campaign.accounts.permissions import is_marked
from tests.guards.rooms import private_imports

app = create_app()
with app.app_context():
    upgrade()
client = app.test_client()
page, of_team = client.get("/feeds"), client.get("/desk/feeds")
print(page.status_code, "<h1>0 feeds</h1>" in page.text)
print(of_team.status_code, "/desk/sign-in" in of_team.headers.get("Location", ""))
print(is_marked(app.view_functions["feed_guide.desk"]))
print(lint_imports(no_cache=True), private_imports(grimp.build_graph("campaign", cache_dir=None)))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """The tree, as far as the app and its guards need it."""
    for name in TREE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / "copy" / name)
        else:
            shutil.copy(ROOT / name, tmp_path / "copy" / name)
    (tmp_path / "copy" / "tests" / "__init__.py").touch()
    return tmp_path / "copy"


def _differing(copy: Path) -> set[str]:
    """The files of the copy that are new or changed."""
    files = [
        path.relative_to(copy)
        for name in TREE
        for path in ([copy / name] if (copy / name).is_file() else (copy / name).rglob("*"))
    ]
    kept = [file for file in files if (copy / file).is_file() and "__pycache__" not in file.parts]
    return {
        file.as_posix()
        for file in kept
        if not (ROOT / file).exists() or not filecmp.cmp(ROOT / file, copy / file, shallow=False)
    }


@pytest.mark.databases("sqlite")
def test_a_page_is_added_in_the_folders_of_its_room(copy: Path) -> None:
    (copy / "campaign/feeds/guide_views.py").write_text(VIEWS)
    (copy / "templates/feeds").mkdir(exist_ok=True)
    (copy / "templates/feeds/guide.html").write_text(TEMPLATE)
    room = copy / "campaign/feeds/__init__.py"
    bound = room.read_text().replace(
        "    add_pages(app,",
        "    from campaign.feeds import guide_views\n\n    add_pages(app, guide_views,",
        1,
    )
    room.write_text(bound)
    differing = _differing(copy)
    assert differing == {
        "campaign/feeds/guide_views.py",
        "campaign/feeds/__init__.py",
        "templates/feeds/guide.html",
    }
    assert all(file.startswith(ROOM) for file in differing)

    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEYS", "VAULT_KEYS")}
    environment = {
        "PATH": os.environ["PATH"],
        "FLASK_SKIP_DOTENV": "1",
        "INSTANCE_PATH": str(copy / "instance"),
        **keys,
    }
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    answers = [
        line for line in asked.stdout.splitlines() if line.split(" ")[0] in {"200", "303", "True", "0"}
    ]
    assert answers == ["200 True", "303 True", "True", "0 []"], asked.stdout
