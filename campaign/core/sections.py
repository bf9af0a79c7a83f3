"""Sections that rooms above add to the pages of a room below, which only walks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, render_template, request
from markupsafe import Markup

from campaign.core.registration import Registry

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page: its template, in the room that adds it, and the values that are shown there."""

    template: str
    values: Mapping[str, object]

    def __html__(self) -> Markup:
        return Markup(render_template(self.template, **self.values))  # noqa: S704


class Sections(Registry[Callable[[Subject], Section | None]]):
    """What rooms above add at one place of a page: each a function from the subject of the page to a section,
    or to None where it has nothing to show.
    """

    def of(self, subject: Subject) -> list[Section]:
        """The sections for this subject, in the order of the rooms from the bottom up."""
        found = (section_of(subject) for section_of in self.answers())
        return [section for section in found if section is not None]


# Above every page. The subject is what it is about: a statement, and the statements that it lists.
page_notes: Sections[tuple[object, Sequence[object] | None]] = Sections("notes above every page")
# Above the pages of the desk. The subject is the rule of the address.
desk_heads: Sections[str] = Sections("heads of pages of the desk")


def init_app(app: Flask) -> None:
    """Give the frame of all pages its notes, and that of the desk its heads."""
    app.jinja_env.globals["page_notes"] = page_notes.of
    app.jinja_env.globals["desk_heads"] = lambda: desk_heads.of(
        request.url_rule.rule if request.url_rule else ""
    )
