"""`benchmarks/exports.py ROUNDS TENTH FULL`: write lists to nowhere, and print the speed and the memory used.

Settings come from the environment. It is a process of its own, so that it inherits no memory.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.stage import ROOT, Stage
from benchmarks.table import (
    CSV,
    CSV_GROWTH,
    CSV_RESIDENT,
    JSON,
    TEXT,
    XLSX,
    XLSX_GROWTH,
    Measured,
    Results,
    figure,
)
from campaign import create_app
from campaign.exports import operations
from campaign.exports.vocabulary import FormatName
from campaign.exports.wishes import Wishes
from campaign.statements.queries import statement_by_slug

_MEASURED = (FormatName.CSV, FormatName.XLSX, FormatName.JSON, FormatName.TEXT)


def measure(stage: Stage, tenth: str, full: str, rounds: int) -> Results:
    """Every format of the list of `full`, and the memory of CSV beside that for `tenth`."""
    command = [sys.executable, __file__, str(rounds), tenth, full]
    done = subprocess.run(command, cwd=ROOT, env=stage.at(0), check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, float] = json.loads(done.stdout)
    return {
        CSV: Measured(said["csv"], f"{said['rows']:,.0f} rows"),
        CSV_GROWTH: Measured(
            said["peak"] / said["tenth"], f"{figure(said['peak'])} to {figure(said['tenth'])} MB"
        ),
        CSV_RESIDENT: Measured(said["resident"]),
        XLSX: Measured(100_000 / said["xlsx"], f"{said['xlsx']:,.0f} rows/s"),
        XLSX_GROWTH: Measured(
            said["xlsx peak"] / said["xlsx tenth"],
            f"{figure(said['xlsx peak'])} to {figure(said['xlsx tenth'])} MB",
        ),
        JSON: Measured(said["json"]),
        TEXT: Measured(said["text"]),
    }


def write_lists(rounds: int, tenth: str, full: str) -> dict[str, float]:
    """`rows`, rows in a second by format, and memory in MB.

    `resident` is the process above idle; `peak` and `tenth` are Python alone, for each list.
    """
    idle = most_resident()
    rows, _seconds = _write(full, FormatName.CSV)
    said = {"rows": float(rows), "resident": most_resident() - idle}
    for wanted in _MEASURED:
        said[wanted] = statistics.median(rows / _write(full, wanted)[1] for _round in range(rounds))

    # Last, because tracing takes time.
    tracemalloc.start()
    for wanted, mark in ((FormatName.CSV, ""), (FormatName.XLSX, "xlsx ")):
        for name, slug in (("tenth", tenth), ("peak", full)):
            tracemalloc.reset_peak()
            held = tracemalloc.get_traced_memory()[0]
            _write(slug, wanted)
            said[mark + name] = (tracemalloc.get_traced_memory()[1] - held) / 1e6

    return said


def _write(slug: str, wanted: FormatName) -> tuple[int, float]:
    """(rows, seconds) of one file."""
    statement = statement_by_slug(slug)
    assert statement is not None
    begun = time.perf_counter()
    with operations.export(statement, Wishes(format=wanted)) as file, Path("/dev/null").open("wb") as nowhere:
        nowhere.writelines(file.chunks)
    return file.rows, time.perf_counter() - begun


def most_resident() -> float:
    """The peak memory of this process, in MB."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(write_lists(int(sys.argv[1]), sys.argv[2], sys.argv[3])))
