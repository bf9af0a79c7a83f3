"""The time a visitor waits for the first page after a start of the site."""

from __future__ import annotations

import statistics
import sys
import time

from benchmarks.stage import Stage, procfile, serving
from benchmarks.table import START, START_ALL, Measured, Results, Target

# The web server alone, and all that `make run` starts once everything is set up.
_COMMANDS: dict[Target, list[str]] = {
    START: procfile("web"),
    START_ALL: [sys.executable, "deploy/run_local.py"],
}


def measure(stage: Stage, rounds: int) -> Results:
    """From the start of the process to the home page. The stage is migrated and holds the sample content."""
    return {
        target: Measured(statistics.median(_start(stage, command) for _round in range(rounds)))
        for target, command in _COMMANDS.items()
    }


def _start(stage: Stage, command: list[str]) -> float:
    begun = time.perf_counter()
    with serving(stage, command=command) as server:
        server.first_answer("/")
        return time.perf_counter() - begun
