"""The command that loads the sample content."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from campaign.desk.sample_content import load_sample


@click.command("sample")
@click.option(
    "--password",
    envvar="SAMPLE_PASSWORD",
    show_envvar=True,
    help="Password of the sample member; without it one is made and shown.",
)
@with_appcontext
def sample(password: str | None) -> None:
    """Load the sample content, unless it is already there."""
    report = load_sample(password)
    if not report.loaded:
        click.echo("The sample content is already here.")
        return
    click.echo(f"Loaded {report.statements} statements with {report.signatories} signatories.")
    if report.password and not password:
        click.echo(f"Sign in at /desk/sign-in as {report.email} with {report.password}")
