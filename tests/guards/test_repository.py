"""What the repository holds: no address of a package index, nothing large, hashed locks, and no text that
skips escaping.
"""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.txt", "tests/requirements.txt")
LARGEST = 1_000_000
# Put together here, or this file would hold what it looks for.
INDEXES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
    )
]
INDEXES += [
    ".".join(parts)
    for parts in (
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare"),
        ("proxy", "golang"),
        ("crates", "io"),
    )
]
INDEX_SETTING = re.compile(
    r"(?:(?<![\w-])--(?:extra-)?index-url|--find-links|\bindex-url\s*=|PIP_INDEX_URL\s*=|UV_INDEX_URL\s*=|\[\[tool\.uv\.index)"
)
# Where HTML is made from text by hand, each with its reason beside it.
MARKUP = {
    "campaign/accounts/reauthentication.py",
    "campaign/core/forms.py",
    "campaign/core/long_select.py",
    "campaign/core/sections.py",
    "campaign/core/text.py",
    "campaign/mailing/views.py",
    "campaign/pages/sitemap.py",
}


@cache
def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a work tree of git")
    names = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    assert "campaign/__init__.py" in names
    return names


def _text(name: str) -> str:
    return (ROOT / name).read_text(errors="replace")


def test_no_file_names_a_package_index() -> None:
    assert [(name, host) for name in _tracked() for host in INDEXES if host in _text(name).lower()] == []


def test_no_file_sets_a_package_index() -> None:
    own = Path(__file__).relative_to(ROOT).as_posix()
    assert [name for name in _tracked() if name != own and INDEX_SETTING.search(_text(name))] == []


def test_no_file_is_large_and_none_is_made_by_a_run() -> None:
    assert [name for name in _tracked() if (ROOT / name).stat().st_size > LARGEST] == []
    assert [
        name
        for name in _tracked()
        if re.search(
            r"(^|/)(\.venv|instance|__pycache__|\.\w+_cache)/|\.(db|sqlite3?|pyc|mo|log|env|pem|key)$", name
        )
    ] == []


@pytest.mark.parametrize("folder", ["static/vendor", "static/fonts", "campaign/documents/fonts"])
def test_files_of_others_are_those_that_were_looked_at(folder: str) -> None:
    """Whoever renews one renews its SHA-256 in the same commit, where a reader sees it."""
    lines = _text(f"{folder}/SHA256SUMS").splitlines()
    stated = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = [
        path
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.name not in ("README.md", "SHA256SUMS")
    ]
    assert {
        str(path.relative_to(ROOT / folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    } == stated


def _locked(name: str) -> dict[str, str]:
    """Versions by package. A line that is no requirement with hashes fails."""
    lines = re.sub(r"\\\n\s*", " ", _text(name)).splitlines()
    requirements = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    versions = {}
    for line in requirements:
        found = re.fullmatch(
            r"([\w.-]+)(?:\[[\w,-]+\])?==(\S+)(?: ;[^-]*?(?:'[^']*'[^']*)*)?((?: +--hash=sha256:[0-9a-f]{64})+)",
            line.strip(),
        )
        assert found, f"{name}: {line[:200]}"
        versions[found[1].lower().replace("_", "-")] = found[2]
    return versions


def test_locks_carry_hashes_and_agree() -> None:
    site, tests = (_locked(name) for name in LOCKS)
    assert len(site) > 20
    assert {package: tests.get(package) for package in site} == site


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(_text("pyproject.toml"))
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "tests/requirements.txt": project["dependency-groups"]["dev"],
    }
    for name, requirements in asked.items():
        packages = {re.split(r"[\[<>=~!; ]", line)[0].lower().replace("_", "-") for line in requirements}
        assert packages - set(_locked(name)) == set()


def test_no_template_skips_escaping(app: Flask) -> None:
    environment = app.jinja_env
    for name in environment.list_templates():
        assert environment.loader is not None
        tree = environment.parse(environment.loader.get_source(environment, name)[0], name)
        assert not [
            found.name for found in tree.find_all(nodes.Filter) if found.name in ("safe", "mark_safe")
        ], name
        # The plain text of a mail is no HTML; every other kind of file must be of those that are escaped.
        assert name.endswith(".txt") or not list(tree.find_all(nodes.EvalContextModifier)), (
            f"{name} switches escaping"
        )
        assert name.endswith((".html", ".txt")), f"{name} would not be escaped"


def test_html_is_made_by_hand_only_where_it_is_known() -> None:
    making = set()
    for path in (ROOT / "campaign").rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        names = {
            call.id if isinstance(call, ast.Name) else call.attr
            for call in calls
            if isinstance(call, ast.Name | ast.Attribute)
        }
        if names & {"Markup", "render_template_string", "from_string"}:
            making.add(path.relative_to(ROOT).as_posix())
    assert making == MARKUP
