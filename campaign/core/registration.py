"""The ways in which a room registers with the app: its pages, its commands, and its answers to questions of
rooms below.
"""

from __future__ import annotations

from types import ModuleType
from typing import Generic, TypeVar, cast

import click
from flask import Blueprint, Flask, current_app

from campaign.core.cli import GROUP

Answer = TypeVar("Answer")


def add_pages(app: Flask, *modules: ModuleType) -> None:
    """Register the blueprints `bp` of these modules.

    Modules that share one are all named here, so that all of its views are there.
    """
    for blueprint in dict.fromkeys(cast(Blueprint, module.bp) for module in modules):
        app.register_blueprint(blueprint)


def add_commands(app: Flask, *commands: click.Command) -> None:
    """Add commands to `flask campaign`."""
    group = cast(click.Group, app.cli.commands[GROUP])
    for command in commands:
        group.add_command(command)


class Registry(Generic[Answer]):
    """A question that a room asks of the rooms above it, of which it knows nothing: each registers an answer,
    mostly a function.

    News for which no answer is awaited goes by signal (blinker) instead.
    """

    def __init__(self, name: str) -> None:
        self._key = f"registry: {name}"

    def add(self, app: Flask, answer: Answer) -> None:
        """Register an answer of this app."""
        app.extensions.setdefault(self._key, []).append(answer)

    def answers(self) -> list[Answer]:
        """The answers of the running app, in the order of the rooms from the bottom up."""
        return cast(list[Answer], current_app.extensions.get(self._key, []))
