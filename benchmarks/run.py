"""`make bench`: measure the site against its targets, on a temporary database of its own.

`--quick` tries every measurement on a small scale and keeps nothing: its figures mean nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
import pysqlite3.dbapi2 as sqlite
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import sync_playwright

from benchmarks import (
    asking,
    campaigns,
    circulations,
    exports,
    forms,
    held,
    imports,
    pages,
    paint,
    papers,
    signings,
    starts,
    weight,
)
from benchmarks.fill import fill
from benchmarks.forms import Place
from benchmarks.load import WRK
from benchmarks.pages import Slugs
from benchmarks.stage import Stage, serving, stage_in
from benchmarks.table import ROWS, Measured, Target, keep, machine, table
from campaign import create_app
from campaign.config import Settings
from campaign.core.database import writing
from campaign.desk.sample_content import FOLDER, load_sample
from campaign.statements import operations
from campaign.statements.models import Kind, Signers
from campaign.statements.operations import StatementText
from tests.machine import available, postgresql, program

SLUGS = Slugs("none", "part", "full")
TENTH = "tenth"
IMPORTED = "imported"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ALL_ROWS = (*ROWS, *weight.ROWS, paint.PAINT)


@dataclass(frozen=True, slots=True)
class Scale:
    """The signatures of `full`, seconds for each load, rounds, complete signings, and people of a
    campaign.
    """

    signatures: int
    seconds: int
    rounds: int
    signings: int
    people: int


_WHY_NOT = "a program is missing (Debian packages wrk and chromium)"
FULL, QUICK = Scale(100_000, 5, 3, 3_000, 1_500), Scale(100, 1, 1, 10, 30)


@contextmanager
def database(folder: Path, wants_postgresql: bool) -> Iterator[tuple[str, str, str]]:
    """The addresses of the site's database and of the reference's, and what they are; durable, as in
    production.
    """
    if not wants_postgresql:
        yield (
            f"sqlite:///{folder}/site.db",
            f"sqlite:///{folder}/bare.db",
            f"SQLite {sqlite.sqlite_version} (WAL, synchronous = FULL)",
        )
        return
    with postgresql() as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = on")
        connection.execute("SELECT pg_reload_conf()")
        yield url, url, f"PostgreSQL {connection.info.parameter_status('server_version')} (fsync on)"


def set_up(stage: Stage, scale: Scale) -> Flask:
    """Migrate, load the sample content, and fill the statements that are measured."""
    app = create_app(Settings.from_environment(stage.at(8000)))
    with app.app_context():
        upgrade()
        load_sample(stage.settings["SAMPLE_PASSWORD"])
        title, _line, body = (FOLDER / "free-viasna.en.md").read_text("utf-8").partition("\n")
        for slug, share in ((SLUGS.none, 0), (IMPORTED, 0), (TENTH, 10), (SLUGS.part, 5), (SLUGS.full, 1)):
            with writing() as session:
                made = operations.create_statement(
                    session,
                    operations.StatementSettings(slug, Kind.PETITION, Signers.BOTH),
                    [StatementText("en", title, body)],
                )
                operations.publish(session, made)
            if share:
                fill(slug, scale.signatures // share)

        for slug, signatories in papers.PAPERS.items():
            with writing() as session:
                made = operations.create_statement(
                    session,
                    operations.StatementSettings(slug, Kind.PETITION, Signers.BOTH),
                    [StatementText("en", title, body)],
                )
                operations.publish(session, made)
            fill(slug, signatories)

    return app


@contextmanager
def ready(stage: Stage, bare_url: str) -> Iterator[tuple[int, int]]:
    """The ports of the site and of the reference, once both answer."""
    with (
        serving(stage) as site,
        serving(stage, "benchmarks.bare:create_front", DATABASE_URL=bare_url) as bare,
    ):
        site.first_answer("/")
        bare.first_answer("/trivial")
        yield site.port, bare.port


def in_browser(port: int, rounds: int) -> dict[Target, Measured]:
    """Measurements of the sample content in a browser."""
    if "chromium" not in available():
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program("chromium"), args=FLAGS)
        site = f"http://127.0.0.1:{port}"
        found = dict(weight.measure(browser, site)) | dict(paint.measure(browser, site, rounds))
        browser.close()
    return found


def measure(stage: Stage, bare_url: str, scale: Scale) -> dict[Target, Measured]:
    """All measurements that this machine can make."""
    app = set_up(stage, scale)
    found = dict(starts.measure(stage, scale.rounds))
    found |= pages.measure_anew(SLUGS, app, 10 * scale.rounds)
    found |= papers.measure(app, scale.rounds)
    found |= exports.measure(stage, TENTH, SLUGS.full, scale.rounds)
    found |= imports.measure(stage, IMPORTED, scale.signatures)
    found |= circulations.measure(app)
    found |= campaigns.measure(app, scale.people, scale.rounds)
    with ready(stage, bare_url) as (site, bare):
        found |= in_browser(site, scale.rounds)
        found |= signings.measure(stage, SLUGS.full, site, scale.signings)
        found |= asking.measure(app, SLUGS.full, site, scale.signings)
        found |= held.measure(site, SLUGS.part)
        if WRK:
            found |= pages.measure_warm(SLUGS, site, bare, scale.seconds, scale.rounds)
            with app.app_context():
                found |= forms.measure(
                    Place(SLUGS.full, site, bare, scale.seconds, scale.rounds, stage.folder)
                )

    return found


def main() -> None:
    """Measure, print the table, and keep it in results.md (or results-postgresql.md)."""
    parser = argparse.ArgumentParser(description="Measure the site against its numbers.")
    parser.add_argument(
        "--quick", action="store_true", help="try every measurement on a small scale, keep nothing"
    )
    parser.add_argument(
        "--postgres", action="store_true", help="on a PostgreSQL server of our own instead of SQLite"
    )
    chosen = parser.parse_args()
    arguments = " ".join(sys.argv[1:])
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        database(Path(name), chosen.postgres) as (url, bare_url, engine),
    ):
        command = f'make bench BENCH_ARGS="{arguments}"' if arguments else "make bench"
        about = f"- `{command}`\n{machine(engine, Path(name))}"
        print(f"{about}\n", flush=True)
        rows = table(
            measure(stage_in(Path(name), url), bare_url, QUICK if chosen.quick else FULL), _WHY_NOT, ALL_ROWS
        )

    print(rows)
    if not chosen.quick:
        keep(
            Path(__file__).with_name("results-postgresql.md" if chosen.postgres else "results.md"),
            about,
            rows,
        )


if __name__ == "__main__":
    main()
