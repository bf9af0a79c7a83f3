"""The benchmarks run, and measure what they name.

Their figures are not looked at: how fast this machine is now proves nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.run import ALL_ROWS
from benchmarks.table import CSV_RESIDENT, NOTES, SIGN, Measured, Target, keep, table

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "benchmarks" / "results.md"


def rows(written: str) -> dict[str, list[str]]:
    """Name to the other cells of each row."""
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in written.splitlines()
        if line.startswith("| ")
    ]
    return {name: others for name, *others in cells[1:]}


@pytest.mark.night
@pytest.mark.needs("wrk")
@pytest.mark.needs("chromium")
def test_a_quick_run_measures_every_row_and_keeps_nothing() -> None:
    before = RESULTS.read_bytes() if RESULTS.exists() else None
    done = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = rows(done.stdout)
    assert list(found) == [target.name for target in ALL_ROWS]
    assert [name for name, (measured, *_others) in found.items() if not re.match(r"\d", measured)] == []
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (SIGN, 0.4, "met"),
        (SIGN, 0.3, "missed by 25%"),
        (CSV_RESIDENT, 64, "met"),
        (CSV_RESIDENT, 96, "missed by 50%"),
    ],
)
def test_a_row_says_whether_its_target_was_met(target: Target, value: float, verdict: str) -> None:
    assert rows(table({target: Measured(value)}, "no reason"))[target.name][-1] == verdict


def test_a_row_without_a_number_says_why() -> None:
    assert rows(table({}, "wrk is missing"))[SIGN.name][0] == "not measured: wrk is missing"


def test_what_was_written_by_hand_outlives_a_run(tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    keep(path, "- first", "| a |")
    path.write_text(path.read_text() + "By hand.\n")
    keep(path, "- second", "| b |")
    made, _mark, notes = path.read_text().partition(NOTES)
    assert ("first" in made, "second" in made, notes) == (False, True, "\nBy hand.\n")
