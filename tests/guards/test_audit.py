"""The log of what the team did: written by operations and never by views, in actions that have words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from inspect import signature
from pathlib import Path

import pytest
from flask import Flask

from campaign.accounts import audit
from campaign.accounts.audit import AuditAction
from campaign.accounts.audit_words import action_text

ROOT = Path(__file__).resolve().parent.parent.parent
# Where `action` stands among the arguments.
RECORDING = {"record": 1, "record_for": 2}

pytestmark = pytest.mark.databases("sqlite")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package but the log itself, by its path."""
    paths = (path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "campaign").rglob("*.py")))
    return {
        path: ast.parse((ROOT / path).read_text()) for path in paths if path != "campaign/accounts/audit.py"
    }


def recording_calls(module: ast.Module) -> Iterator[ast.expr]:
    """The action of each call that adds an entry."""
    for node in ast.walk(module):
        name = _name(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in RECORDING:
            yield node.args[RECORDING[name]]


def has_views(path: str, module: ast.Module) -> bool:
    """True for a module with views: by its name, by a blueprint, or by what decorates its functions."""
    nodes = list(ast.walk(module))
    imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    decorated = {
        decorator.func.value.id
        for node in nodes if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)
        and isinstance(decorator.func.value, ast.Name)
    }  # fmt: skip
    return path.endswith(("desk.py", "views.py")) or "Blueprint" in imported or "bp" in decorated


def test_no_view_writes_the_log() -> None:
    writing = {
        path for path, module in modules().items() if has_views(path, module) and any(recording_calls(module))
    }
    assert writing == set()


def test_every_action_that_is_recorded_is_one_of_an_enum(context: Flask) -> None:
    assert {signature(audit.record).parameters["action"].annotation} == {"AuditAction"}
    known = {enum.__name__: set(enum.__members__) for enum in AuditAction.__subclasses__()}
    unnamed = {
        path
        for path, module in modules().items()
        for action in recording_calls(module)
        for named in _alternatives(action)
        # A variable is one of an enum by its type, which mypy asks for.
        if not isinstance(named, ast.Name)
        if not isinstance(named, ast.Attribute) or named.attr not in known.get(_name(named.value), ())
    }
    assert unnamed == set()
    assert sum(len(members) for members in known.values()) > 40


def test_every_action_has_words_and_is_one_of_a_single_enum(context: Flask) -> None:
    members = [action for enum in AuditAction.__subclasses__() for action in enum]
    assert [action for action in members if action_text(action) == action] == []
    assert len({str(action) for action in members}) == len(members)


def _alternatives(action: ast.expr) -> list[ast.expr]:
    if isinstance(action, ast.IfExp):
        return [*_alternatives(action.body), *_alternatives(action.orelse)]
    return [action]


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
