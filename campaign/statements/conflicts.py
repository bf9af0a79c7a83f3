"""Edit conflicts on a statement: what each of two people changed, field by field, so that nobody overwrites
anything unknowingly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaign.core import edit_lock
from campaign.statements.differences import Fate, Piece, differences
from campaign.statements.forms import text_label

_OWN_FIELDS = {"csrf_token", "state", "base", "word", "word_language"}
_TEXTS = ("title_", "body_")
_PER_LANGUAGE = (*_TEXTS, "name_", "role_", "institution_")


@dataclass(frozen=True, slots=True)
class Clash:
    """A field in which what is saved differs from what was typed.

    For texts, `saved` and `typed` are lists of pieces: those of their own and those that both share.
    """

    name: str
    label: str
    language: str | None
    saved: list[Piece]
    typed: list[Piece]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The labels of the changed fields: changed by `both`, only by the person who saved first (`theirs`), or
    only by the person typing now (`mine`).
    """

    both: list[Clash]
    theirs: list[str]
    mine: list[str]


def statement_fingerprint(values: dict[str, Any]) -> str:
    """The fingerprint of what the form of a statement, or of a translation, shows."""
    return edit_lock.fingerprint({name: _comparable(value) for name, value in values.items()})


def take_over(form: Any, saved: Any, base: str) -> None:
    """Copy into the form what the other person saved in fields that the person typing has left alone."""
    before = edit_lock.marks_of(base)
    for field in _fields(saved):
        if field.name in form and _changed(field, before) and not _changed(form[field.name], before):
            form[field.name].data = field.data


def between(form: Any, saved: Any, base: str) -> Conflict:
    """The conflict between what was saved and what was typed since `base`, the state that both had loaded."""
    before, conflict = edit_lock.marks_of(base), Conflict([], [], [])
    for field in _fields(saved):
        if field.name not in form:
            continue
        mine = form[field.name]
        if _comparable(mine.data) == _comparable(field.data):
            if _changed(field, before):
                conflict.theirs.append(_label(field))
        elif _changed(field, before) and _changed(mine, before):
            conflict.both.append(_clash(field, mine))
        elif _changed(mine, before):
            conflict.mine.append(_label(field))

    return conflict


def unlike(saved: Any, mine: Any) -> list[Clash]:
    """The fields in which two forms of one statement differ."""
    return [
        _clash(field, mine[field.name])
        for field in _fields(saved)
        if field.name in mine and _comparable(mine[field.name].data) != _comparable(field.data)
    ]


def _clash(saved: Any, mine: Any) -> Clash:
    code = saved.name.rpartition("_")[2] if saved.name.startswith(_PER_LANGUAGE) else None
    pieces = differences(_shown(saved), _shown(mine))
    theirs = [piece for piece in pieces if piece.fate is not Fate.COMES]
    return Clash(
        saved.name, _label(saved), code, theirs, [piece for piece in pieces if piece.fate is not Fate.GOES]
    )


def _fields(saved: Any) -> list[Any]:
    return [field for field in saved if field.name not in _OWN_FIELDS]


def _changed(field: Any, before: dict[str, str]) -> bool:
    return before.get(field.name, "") != edit_lock.mark(_comparable(field.data))


def _comparable(value: Any) -> Any:
    """Check boxes arrive in the order of the page, not in that of the statement."""
    return sorted(value) if isinstance(value, list) else (value or None)


def _label(field: Any) -> str:
    label, code = str(field.label.text), field.name.rpartition("_")[2]
    return f"{text_label(code)} · {label}" if field.name.startswith(_PER_LANGUAGE) else label


def _shown(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[2])
    return str(field.data) if field.data else ""
