"""No code but the table of states and the fold changes the state of a signature, and two functions make
one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CODE = Path(__file__).resolve().parent.parent.parent / "campaign"
# The door, and the fold, which writes thousands of rows as the table says.
MAY_MOVE = {"signatures/states.py", "signatories/listing.py"}
# Where a signature comes to be, in a state that the table allows.
MAY_MAKE = MAY_MOVE | {"signatures/new_signatures.py"}
# What the model of signatures is called where rows are written.
_TABLES = {"Signature", "_SIGNATURES"}
_RAW = re.compile(r'\b(?:UPDATE|INSERT\s+INTO|DELETE\s+FROM|COPY)\s+"?signatures\b', re.IGNORECASE)
# Other rows have a state too: of a mail, of a form in the desk.
_OTHER_STATES = ("mailing/", "updates/")


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _is_about_signatures(tree: ast.Module) -> bool:
    return bool(_TABLES & _names(tree))


def _assigned(target: ast.AST) -> bool:
    attribute = isinstance(target, ast.Attribute) and target.attr == "state"
    item = (
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Constant)
        and target.slice.value == "state"
    )
    return attribute or item


def _findings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """(what, line) of each place that could change the state of a signature, or make one."""
    about_signatures = _is_about_signatures(tree)
    for node in ast.walk(tree):
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        for target in targets:
            if any(
                _assigned(part) and isinstance(getattr(part, "ctx", None), ast.Store)
                for part in ast.walk(target)
            ):
                yield "assigns a state", node.lineno
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _RAW.search(node.value):
            yield "writes raw SQL", node.lineno
        if isinstance(node, ast.Dict) and about_signatures:
            if any(isinstance(key, ast.Constant) and key.value == "state" for key in node.keys):
                yield "has a value for the state", node.lineno
            if any(ast.unparse(key) == "Signature.state" for key in node.keys if key):
                yield "has a value for the state", node.lineno
        if isinstance(node, ast.Call):
            yield from _of_call(node, about_signatures)


def _of_call(call: ast.Call, about_signatures: bool) -> Iterator[tuple[str, int]]:
    called = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    first = call.args[0] if call.args else None
    sets = any(keyword.arg == "state" for keyword in call.keywords)
    if (
        called == "setattr"
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and call.args[1].value == "state"
    ):
        yield "assigns a state", call.lineno
    if called == "Signature" or (called == "values" and sets and about_signatures):
        yield "makes or moves a signature", call.lineno
    if called in {"insert", "insert_rows", "insert_unless_taken"} and any(
        _TABLES & _names(argument) for argument in call.args
    ):
        yield "makes a signature", call.lineno
    if called == "delete" and first is not None and isinstance(first, ast.Name) and first.id in _TABLES:
        yield "deletes a signature", call.lineno
    if called == "values" and _TABLES & _names(call.func):
        # What is set must be readable here: names of columns, no variable that may hold anything.
        opaque = [argument for argument in call.args if not isinstance(argument, ast.Dict)]
        opaque += [keyword.value for keyword in call.keywords if keyword.arg is None]
        if opaque:
            yield "sets what can't be read here", call.lineno


def found(path: Path) -> list[tuple[str, int]]:
    """What a module may not have."""
    where = path.relative_to(CODE).as_posix()
    if where in MAY_MAKE or where.startswith(_OTHER_STATES):
        return []
    return list(_findings(ast.parse(path.read_text())))


def test_only_the_table_of_states_and_the_fold_move_a_signature() -> None:
    modules = sorted(CODE.rglob("*.py"))
    assert len(modules) > 200
    findings = {path.relative_to(CODE).as_posix(): places for path in modules if (places := found(path))}
    assert findings == {}


def test_where_one_is_made_none_is_moved() -> None:
    for where in sorted(MAY_MAKE - MAY_MOVE):
        places = _findings(ast.parse((CODE / where).read_text()))
        assert {what for what, _line in places} <= {"makes a signature", "has a value for the state"}, where


@pytest.mark.parametrize(
    "written",
    [
        "signature.state = State.HIDDEN",
        "move.invalidated.state, move.invalidated.folded = State.INVALIDATED, False",
        "setattr(signature, 'state', 'hidden')",
        "session.execute(update(Signature).where(x).values(state='hidden'))",
        "session.execute(update(_SIGNATURES).values({'state': State.HIDDEN}))",
        "session.execute(update(Signature).values({Signature.state: 'hidden'}))",
        "erased = {'state': State.WITHDRAWN}\nsession.execute(update(Signature).values(erased))",
        "session.execute(update(Signature.__table__).where(x).values(changes))",
        "session.execute(text('UPDATE signatures SET state = 1'))",
        "session.execute(text('update  signatures set folded = 0'))",
        "connection.exec_driver_sql('INSERT INTO signatures (id) VALUES (1)')",
        "session.add(Signature(id=1))",
        "insert_rows(session, _SIGNATURES, columns, rows)",
        "session.execute(delete(Signature))",
    ],
)
def test_the_guard_sees_each_way_past_the_door(written: str) -> None:
    assert list(_findings(ast.parse(written)))


@pytest.mark.parametrize(
    "written",
    [
        "session.execute(update(Signature).where(Signature.state == 'listed').values(folded=False))",
        "select(Signature).where(Signature.state == State.HIDDEN)",
        "mail = {'state': 'queued'}",
        "states.hide(session, signature)",
    ],
)
def test_the_guard_lets_all_else_pass(written: str) -> None:
    assert not list(_findings(ast.parse(written)))
