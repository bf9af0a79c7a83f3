"""The tests stand each by itself: what several share is in tests/world, tests/support.py or a conftest,
never in another test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
# What any test may import; beyond it only helpers of its own folder.
SHARED = (
    "tests.world",
    "tests.support",
    "tests.machine",
    "tests.processes",
    "tests.database",
    "tests.browser.stage",
    "tests.browser.acts",
)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _is_foreign(name: str, folder: str) -> bool:
    if name.startswith("."):
        return True
    if not name.startswith("tests.") or name.startswith(tuple(f"{shared}." for shared in SHARED) + SHARED):
        return False
    return not name.startswith(f"{folder}.") or any(part.startswith("test_") for part in name.split("."))


def test_no_test_imports_another_test_or_what_belongs_to_another_room() -> None:
    found = []
    for path in sorted(TESTS.rglob("*.py")):
        folder = ".".join(path.relative_to(TESTS.parent).parent.parts)
        found += [
            f"{path.relative_to(TESTS)}: {name}" for name in _imported(path) if _is_foreign(name, folder)
        ]
    assert found == []


def test_the_guard_sees_what_it_is_for() -> None:
    for name in (
        "tests.statements.test_desk.send",
        "tests.mailing.servers.free_port",
        ".test_person",
        "tests.signing.test_form.x",
    ):
        assert _is_foreign(name, "tests.signing"), name
    for name in (
        "tests.support.form",
        "tests.machine",
        "tests.world.people.person",
        "tests.signing.helpers.x",
        "campaign.signing",
    ):
        assert not _is_foreign(name, "tests.signing"), name
