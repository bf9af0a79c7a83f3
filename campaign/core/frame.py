"""The frame of every page: whose site it is. A room above says it; core only shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from flask import Flask, current_app

from campaign.core.language import offered_languages
from campaign.core.text import render_markdown

_FRAME = "frame"


class FrameLogo(Protocol):
    """The logo in the head of a page."""

    @property
    def version(self) -> str:
        """What stands in its address."""

    @property
    def description(self) -> str:
        """For screen readers."""


class Frame(Protocol):
    """What stands in the head and the foot of every page."""

    @property
    def name(self) -> str:
        """The name of the site."""

    @property
    def logo(self) -> FrameLogo | None:
        """Its logo, if it has one."""

    @property
    def looks(self) -> str:
        """The address of a style sheet with its colours; empty for those of the house."""

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages that it offers."""


def let_frame(app: Flask, frame_of: Callable[[], Frame]) -> None:
    """Let a room above say what the frame shows. It must answer without a database too."""
    app.extensions[_FRAME] = frame_of


def frame() -> Frame:
    """What the frame shows now."""
    return cast(Callable[[], Frame], current_app.extensions[_FRAME])()


def init_app(app: Flask) -> None:
    """Let templates show the frame, and texts of the owners in it."""
    app.jinja_env.globals["frame"] = frame
    app.jinja_env.filters["markdown"] = render_markdown
    app.context_processor(lambda: {"site_name": frame().name, "offered": offered_languages()})
