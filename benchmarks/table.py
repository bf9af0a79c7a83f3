"""The targets of the measurements; the table; and the file of a run."""

from __future__ import annotations

import datetime as dt
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

NOTES = "<!-- Below this line by hand; a run keeps it. -->"
_PACKAGES = ("flask", "sqlalchemy", "granian", "werkzeug", "jinja2")


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table. `bound` is the minimum, or the maximum if `most`; None: only for comparison."""

    name: str
    unit: str
    bound: float | None = None
    most: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A number, and its basis in words."""

    value: float
    of: str = ""


BARE = Target("reference: a view that inserts one row and commits", "/s")
SIGN = Target("sign: acknowledged, durable, mail queued", "× reference", 0.4)
CONFIRM = Target("confirm", "× reference", 0.4)
COMPLETE = Target("complete signings: form, mail over SMTP, confirmed, listed", "/s", 100)
TIMING = Target("time that tells apart who has signed", "ms", 1, most=True)
PROOF = Target("checking a proof of work", "ms", 3, most=True)
TRIVIAL = Target("reference: a view that returns a constant", "/s")
PAGE = Target("statement page, warm", "/s", 1_500)
PAGE_TRIVIAL = Target("statement page, warm, beside the constant (an aim)", "× reference", 0.5)
PAGE_GROWTH = Target("statement page, warm: its time beside that without signatures", "×", 1.15, most=True)
# Without a bound: a page without signatures has no list to write.
RENDER_GROWTH = Target("statement page, made anew: its time beside that without signatures", "×")
RENDER_FULL = Target(
    "statement page, made anew: its time beside that with a fifth of the signatures", "×", 1.15, most=True
)
LIVE = Target("live fragment, whole (200)", "/s")
LIVE_SAME = Target("live fragment, unchanged (304)", "/s", 3_000)
LIVE_AFTER = Target("live fragment, unchanged, as an open page asks (204)", "/s", 3_000)
HEALTH = Target("/healthz while 3 × 64 clients hold their sockets: the slowest", "ms", 1_000, most=True)
FEED = Target("feed of a topic, warm", "/s", 500)
PDF_THOUSAND = Target("PDF of a statement with 1,000 signatories", "s", 2, most=True)
PDF_TEN_THOUSAND = Target("PDF of a statement with 10,000 signatories", "s", 10, most=True)
CSV = Target("export as CSV", "rows/s", 100_000)
CSV_GROWTH = Target(
    "export as CSV: memory of Python beside that for a tenth of the rows", "×", 1.15, most=True
)
CSV_RESIDENT = Target("export as CSV: memory of the process above idle", "MB", 64, most=True)
XLSX = Target("export of 100,000 rows as XLSX", "s", 15, most=True)
XLSX_GROWTH = Target(
    "export as XLSX: memory of Python beside that for a tenth of the rows", "×", 1.15, most=True
)
JSON = Target("export as JSON", "rows/s")
TEXT = Target("export as text", "rows/s")
INVITATIONS = Target("1,000 invitations: understood and queued", "s", 2, most=True)
IMPORT = Target("import of 100,000 rows: read, checked, imported, listed", "s", 30, most=True)
IMPORT_RESIDENT = Target("import of 100,000 rows: memory of the process above idle", "MB", 96, most=True)
UNDO = Target("undo of that import, until the list is without it", "s")
CAMPAIGN = Target("campaign page with 1,500 people: first view after a change", "ms", 200, most=True)
CAMPAIGN_DERIVED = Target("that page, first view of a day in a process: each case derived anew", "ms")
CAMPAIGN_SEARCH = Target("search among these 1,500 people, in any spelling", "ms", 50, most=True)
START = Target("cold start: web server to first page", "s", 3, most=True)
START_ALL = Target("cold start: make run after set-up to first page", "s", 3, most=True)
ROWS = (
    BARE, SIGN, CONFIRM, COMPLETE, TIMING, PROOF,
    TRIVIAL, PAGE, PAGE_TRIVIAL, PAGE_GROWTH, RENDER_GROWTH, RENDER_FULL, LIVE, LIVE_SAME, LIVE_AFTER, FEED,
    HEALTH,
    PDF_THOUSAND, PDF_TEN_THOUSAND,
    CSV, CSV_GROWTH, CSV_RESIDENT, XLSX, XLSX_GROWTH, JSON, TEXT, IMPORT, IMPORT_RESIDENT, UNDO, INVITATIONS,
    CAMPAIGN, CAMPAIGN_DERIVED, CAMPAIGN_SEARCH, START, START_ALL,
)  # fmt: skip
Results = Mapping[Target, Measured]


def beside(found: Sequence[float], references: Sequence[float], unit: str = "/s") -> Measured:
    """The median of the ratios within each round."""
    ratio = statistics.median(number / reference for number, reference in zip(found, references, strict=True))
    return Measured(
        ratio, f"{figure(statistics.median(found))} to {figure(statistics.median(references))} {unit}"
    )


def table(results: Results, why_not: str, rows: Sequence[Target] = ROWS) -> str:
    """All rows as Markdown; a row without a number says why."""
    lines = ["| what | measured | of | target | |", "|---|---|---|---|---|"]
    for target in rows:
        measured = results.get(target)
        shown = f"{figure(measured.value)} {target.unit}" if measured else f"not measured: {why_not}"
        lines.append(
            f"| {target.name} | {shown} | {measured.of if measured else ''} | {_bound(target)} | "
            f"{_verdict(target, measured)} |"
        )
    return "\n".join(lines)


def figure(value: float) -> str:
    """A number to three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _bound(target: Target) -> str:
    return "" if target.bound is None else f"{'≤' if target.most else '≥'} {target.bound:,g}"


def _verdict(target: Target, measured: Measured | None) -> str:
    if target.bound is None or measured is None:
        return ""
    over = measured.value / target.bound - 1
    return "met" if (over <= 0 if target.most else over >= 0) else f"missed by {abs(over):.0%}"


def machine(database: str, folder: Path) -> str:
    """Processor, memory, versions, and how busy the machine is."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return "\n".join(
        (
            f"- {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, load average before: "
            f"{', '.join(f'{load:.2f}' for load in os.getloadavg())}",
            f"- {_line('/proc/cpuinfo', 'model name') or platform.machine()}, {os.cpu_count()} cores, "
            f"{_line('/proc/meminfo', 'MemTotal')} of memory,"
            f" {platform.system()} {platform.release()}",
            f"- {database} on {_file_system(folder)}, Python {platform.python_version()}, {packages}",
        )
    )


def _file_system(folder: Path) -> str:
    """The kind of the file system: on one in memory, being durable costs nothing."""
    said = subprocess.run(
        ["df", "--output=fstype", str(folder)], capture_output=True, text=True, check=False
    ).stdout
    return said.split()[-1] if said.split() else "an unknown file system"


def _line(file: str, key: str) -> str:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def keep(path: Path, about: str, rows: str) -> None:
    """Write the file of a run, keeping the part of it that was written by hand."""
    _made, _mark, notes = path.read_text("utf-8").partition(NOTES) if path.exists() else ("", "", "\n")
    path.write_text(f"# Measured\n\n{about}\n\n{rows}\n\n{NOTES}{notes}", "utf-8")
