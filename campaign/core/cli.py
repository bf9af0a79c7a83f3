"""The command group `flask campaign …`, to which rooms add their commands, and the worker."""

from __future__ import annotations

from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from campaign.core import worker

GROUP = "campaign"


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, then exit.")
@with_appcontext
def run_worker(once: bool) -> None:
    """List signatures, send e-mail and delete expired data, until stopped."""
    app = cast(Flask, cast(Any, current_app)._get_current_object())
    if once:
        worker.run_once(app)
    else:
        worker.run_forever(app)


def init_app(app: Flask) -> None:
    """Add the command group, with the worker in it."""
    group = AppGroup(GROUP, help="Run and look after the site.")
    group.add_command(run_worker)
    app.cli.add_command(group)
