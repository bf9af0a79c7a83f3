"""The plan of an import: which rows are new, changed or wrong, before anything is written.

A room that imports registers the sentences of its problems, by code, and may register names for its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Form

from campaign.core.registration import Registry

# The number of a row as a spreadsheet counts, from 1; in JSON, which has no rows, a path such as
# people[2].events[1].
Row = int | str
Sentences = Mapping[str, LazyString]
Line = TypeVar("Line")

problem_sentences: Registry[Sentences] = Registry("sentences of problems in sheets")
column_names: Registry[Callable[[], Mapping[str, str]]] = Registry("names of columns of sheets")

_SENTENCES: Sentences = {
    "longer": _l("This row has more cells than there are column names."),
    "slug": _l("%(column)s: please use small Latin letters, digits and single hyphens, or leave it empty"),
    "slug twice": _l("%(column)s: %(first)s has the same"),
    "similar": _l("similar: %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason why a row can't be imported, or something in it that a person should check.

    `code` names the sentence, which `about` fills in; where a form or another rule has said it, `about` has
    its `words`. `column` is empty for what is wrong with the whole row.
    """

    row: Row
    code: str
    about: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""

    @property
    def place(self) -> str:
        """The row in words."""
        return place_of(self.row)

    @property
    def text(self) -> str:
        """The sentence, in the language of the interface."""
        if "words" in self.about:
            return str(self.about["words"])
        return str(_sentence(self.code)) % {"column": _column_name(self.column), **self.about}

    def as_json(self) -> list[Any]:
        """The problem as a list, to be kept between two steps: Problem(*kept) is the same again."""
        return [self.row, self.code, dict(self.about), self.column]


@dataclass(slots=True)
class Plan(Generic[Line]):
    """The plan of an import: what it would do.

    `problems` stand in its way; `similar` are doubts about new lines, for a person to judge (`about` has
    `name` and `slug`). `text` is the table that was read, as CSV or JSON: it comes back when the plan is
    confirmed.
    """

    new: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    similar: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    text: str = ""

    def similar_to(self, row: Row) -> list[Problem]:
        """The doubts about one row."""
        return [doubt for doubt in self.similar if doubt.row == row]


def place_of(row: Row) -> str:
    """A row in words: “row 5”, or its path in JSON."""
    return row if isinstance(row, str) else str(_("row %(row)s", row=row))


def form_problems(row: Row, form: Form) -> Iterable[Problem]:
    """The problems that a form finds in a row whose cells were put into it, as if somebody had typed them."""
    if form.validate():
        return
    for name, errors in form.errors.items():
        if name:
            label = form[name].label.text
            yield from (Problem(row, "form", {"words": f"{label}: {error}"}, name) for error in errors)


def _sentence(code: str) -> LazyString:
    known = dict(_SENTENCES)
    for sentences in problem_sentences.answers():
        known |= sentences
    return known[code]


def _column_name(column: str) -> str:
    if not column:
        return ""
    return next((names[column] for answer in column_names.answers() if column in (names := answer())), column)


def register_problems(
    app: Flask, sentences: Sentences, names: Callable[[], Mapping[str, str]] | None = None
) -> None:
    """Register a room's sentences for its problems, and its names for its columns."""
    problem_sentences.add(app, sentences)
    if names:
        column_names.add(app, names)
