"""The commands that load and remove the sample content."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from campaign.core.database import writing
from campaign.desk.made_up_sample import PEOPLE, enter_made_up, fill_made_up
from campaign.desk.sample_content import load_sample
from campaign.desk.sample_removal import RealSignatures, remove_sample


@click.command("sample")
@click.option(
    "--password",
    envvar="SAMPLE_PASSWORD",
    show_envvar=True,
    help="Password of the sample member; without it one is made and shown.",
)
@click.option("--facts-only", is_flag=True, help="Leave out the made-up statement with its long list.")
@with_appcontext
def sample(password: str | None, *, facts_only: bool) -> None:
    """Load the sample content, unless it is already there."""
    report = load_sample(password)
    made_up = not facts_only and enter_made_up()
    if not facts_only:
        fill_made_up()
    if report.loaded:
        click.echo(f"Loaded {report.statements} statements with {report.signatories} signatories.")
    if made_up:
        click.echo(f"Loaded a made-up statement with {PEOPLE} people.")
    if not (report.loaded or made_up):
        click.echo("The sample content is already here.")
    if report.password and not password:
        click.echo(f"Sign in at /desk/sign-in as {report.email} with {report.password}")


@click.command("remove-sample")
@click.option("--with-real-signatures", is_flag=True, help="Remove signatures of real people with it.")
@click.option("--with-changed", is_flag=True, help="Remove people and organisations that were changed too.")
@with_appcontext
def remove_sample_content(*, with_real_signatures: bool, with_changed: bool) -> None:
    """Remove the sample content; the account of the sample member stays."""
    try:
        with writing() as session:
            report = remove_sample(
                session, with_real_signatures=with_real_signatures, with_changed=with_changed
            )
    except RealSignatures as found:
        raise click.ClickException(
            f"Signatures on the sample that did not come with it: {found.number}. Nothing was removed. To"
            " remove them too, call it with --with-real-signatures."
        ) from found
    if not report.statements:
        click.echo("There is no sample content here.")
        return
    click.echo(f"Removed {report.statements} statements with {report.signatures} signatures.")
    for kind, kept in (("organisations", report.organisations_kept), ("people", report.people_kept)):
        if kept:
            click.echo(f"These {kind} stay, used outside of the sample or changed: {', '.join(kept)}")
