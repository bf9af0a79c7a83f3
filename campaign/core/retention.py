"""How long personal data stays.

A room that has a personal column registers here what deletes it, and when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from campaign.core import worker
from campaign.core.database import shed_log, writing
from campaign.core.private_files import sweep

# Deleted data must be gone within an hour (S8).
_EVERY_SECONDS = 600.0
_SHED_EVERY_SECONDS = 60.0
_SWEEP_EVERY_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Rule:
    """The retention rule of a table.

    `keeps` tells people how long its personal data stays; `purge` deletes what has expired and counts it.
    """

    table: str
    keeps: str
    purge: Callable[[], int] | None


def keep(app: Flask, table: str, keeps: str, purge: Callable[[], int] | None = None) -> None:
    """Register the rule of one table. Without `purge` its personal data is deleted only by a person."""
    app.extensions.setdefault("retention", {})[table] = Rule(table, keeps, purge)


def rules() -> dict[str, Rule]:
    """The rules of the running app, by table."""
    return dict(cast(dict[str, Rule], current_app.extensions.get("retention", {})))


def purge_all() -> bool:
    """Carry out every rule, each in its own transaction. Returns False: nothing more is waiting."""
    for rule in rules().values():
        if rule.purge:
            with writing():
                rule.purge()
    return False


def shed() -> bool:
    """Remove from the database's files what has been erased.

    Returns False: should a read still be open, the next round comes soon.
    """
    shed_log()
    return False


def init_app(app: Flask) -> None:
    """Give the worker the purge, the shedding of the log, which follows every erasure by people too, and the
    removal of files that killed processes left.
    """
    worker.register(app, "retention", _EVERY_SECONDS, purge_all)
    worker.register(app, "shedding", _SHED_EVERY_SECONDS, shed)
    worker.register(app, "sweeping", _SWEEP_EVERY_SECONDS, sweep)
