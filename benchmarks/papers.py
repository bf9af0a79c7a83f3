"""The printed letter, from the database to the last byte, as its first reader waits for it."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from flask import Flask

from benchmarks.table import PDF_TEN_THOUSAND, PDF_THOUSAND, Measured, Results
from campaign.documents import job

# Slug to how many signatories.
PAPERS = {"paper-1000": 1_000, "paper-10000": 10_000}


def measure(app: Flask, rounds: int) -> Results:
    """Seconds for each of PAPERS, whose lists are filled."""
    client = app.test_client()
    found = {}
    for target, slug in ((PDF_THOUSAND, "paper-1000"), (PDF_TEN_THOUSAND, "paper-10000")):
        took = []
        for _round in range(rounds):
            app.extensions["page_cache"].clear()
            begun = time.perf_counter()
            answer = client.get(f"/s/{slug}/statement.pdf")
            if answer.status_code == 503:
                # A long one is made by the worker: here the job alone.
                with app.app_context():
                    job.work()
                answer = client.get(f"/s/{slug}/statement.pdf")
                _forget(app)
            if answer.status_code != 200:
                raise SystemExit(f"The PDF of {slug} is answered with {answer.status_code}.")
            took.append(time.perf_counter() - begun)
        found[target] = Measured(statistics.median(took), f"{len(answer.data) / 1e6:.2f} MB")

    return found


def _forget(app: Flask) -> None:
    for file in (Path(app.extensions["settings"].instance_path) / "long-papers").iterdir():
        file.unlink()
