"""The command that compares counts with rows."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from campaign.core.database import writing
from campaign.signatories import listing


@click.command("verify-counts")
@click.option("--repair", is_flag=True, help="Correct wrong counts.")
@with_appcontext
def verify_counts(repair: bool) -> None:
    """Compare the counts of every list with its rows; exits with 1 if one differs."""
    drifts = listing.drifts()
    for drift in drifts:
        click.echo(
            f"statement {drift.statement_id}: counted {drift.counted}, listed {drift.listed}"
            " (people, organisations)"
        )
        if repair:
            with writing() as session:
                listing.recount(session, drift.statement_id)

    click.echo(
        "All counts equal their rows."
        if not drifts
        else f"{len(drifts)} list(s) differ{', repaired' if repair else ''}."
    )
    if drifts and not repair:
        raise SystemExit(1)
