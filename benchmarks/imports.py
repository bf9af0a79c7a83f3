"""`benchmarks/imports.py SLUG ROWS`: import a list of invented people, undo it, and print time and memory.

Settings come from the environment. It is a process of its own, so that it inherits no memory.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.exports import most_resident
from benchmarks.people import COUNTRIES
from benchmarks.stage import ROOT, Stage
from benchmarks.table import IMPORT, IMPORT_RESIDENT, UNDO, Measured, Results
from campaign import create_app
from campaign.core.database import writing
from campaign.imports import operations, undo
from campaign.imports.operations import Order, Origin
from campaign.sheets.readers import read_file
from campaign.statements.queries import statement_by_slug


def measure(stage: Stage, slug: str, rows: int) -> Results:
    """A CSV file of `rows` imported into the list of `slug`, as the worker does it, and undone again."""
    command = [sys.executable, __file__, slug, str(rows)]
    done = subprocess.run(command, cwd=ROOT, env=stage.at(0), check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, float] = json.loads(done.stdout)
    parts = ", ".join(f"{name} {said[name]:.1f}" for name in ("read", "checked", "imported", "listed"))
    return {
        IMPORT: Measured(said["all"], f"{rows:,} rows: {parts}"),
        IMPORT_RESIDENT: Measured(said["resident"]),
        UNDO: Measured(said["undone"]),
    }


def write_list(path: Path, rows: int) -> None:
    """A file as a spreadsheet exports it; every row another person."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Name", "City", "Country"))
        for number in range(rows):
            country = chance.choice(COUNTRIES)
            name = f"{chance.choice(country.first)} {chance.choice(country.last)} {number}"
            writer.writerow((name, chance.choice(country.cities), country.code))


def take_over(slug: str, path: Path) -> dict[str, float]:
    """Seconds for each step, and `resident`, the peak memory above idle in MB."""
    statement, idle, seconds = statement_by_slug(slug), most_resident(), {}
    assert statement is not None
    statement_id, begun = statement.id, time.perf_counter()

    def passed(step: str) -> None:
        seconds[step] = time.perf_counter() - begun - sum(seconds.values())

    with path.open("rb") as file:
        taken = operations.receive(statement, read_file(file), Origin("a benchmark"))

    passed("read")
    operations.check(taken)
    passed("checked")
    operations.tell(taken, Order())
    operations.carry_out(taken)
    passed("imported")
    operations.list_now(statement_id)
    passed("listed")
    said = seconds | {"all": time.perf_counter() - begun, "resident": most_resident() - idle}
    begun = time.perf_counter()
    with writing() as session:
        undo.undo_import(session, taken)

    operations.list_now(statement_id)

    return said | {"undone": time.perf_counter() - begun}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, create_app().app_context():
        write_list(Path(folder) / "list.csv", int(sys.argv[2]))
        print(json.dumps(take_over(sys.argv[1], Path(folder) / "list.csv")))
