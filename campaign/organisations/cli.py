"""The commands of the registry."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from campaign.core.database import writing
from campaign.organisations import team_operations
from campaign.organisations.errors import MemberAlready, MembershipCircle, NotANetwork
from campaign.organisations.network_sheet import MembersPlan, plan_members
from campaign.organisations.queries import organisation_at
from campaign.sheets.errors import SheetUnreadable

_SHOWN = 50
_CHOICES_SHOWN = 12

organisations = AppGroup("organisations", help="Look after the registry of organisations.")


@organisations.command("members")
@click.argument("slug")
@click.argument("sheet", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=CHOICE",
    help="The answer to a question about the file; open ones are named with their choices.",
)
@click.option("--yes", is_flag=True, help="Record them; without this only show what would happen.")
@with_appcontext
def add_members(slug: str, sheet: Path, answers: tuple[str, ...], yes: bool) -> None:
    """Add the organisations in a CSV file or workbook (organisation,country,website,since,until,source) as
    members of the network SLUG: either all or none.
    """
    network = organisation_at(slug)
    if network is None or not network.is_network:
        raise click.ClickException(f"The registry has no network at the address {slug}.")
    try:
        plan = plan_members(network.id, sheet.read_bytes(), _given(answers))
    except SheetUnreadable as error:
        raise click.ClickException(str(error)) from None

    _say(plan)
    if not plan.can_be_carried_out:
        click.echo("There is nothing to record.")
        return
    if not yes:
        click.echo("Nothing was written. Add --yes to record them.")
        return
    try:
        network_id = network.id
        with writing() as session:
            team_operations.import_members(session, network_id, plan)
    except (MemberAlready, MembershipCircle, NotANetwork):
        raise click.ClickException(
            "The registry has changed meanwhile. Nothing was saved; please try again."
        ) from None
    click.echo("Recorded.")


def _given(answers: tuple[str, ...]) -> dict[str, str]:
    given = {}
    for option in answers:
        name, is_pair, choice = option.rpartition("=")
        if not is_pair or not name:
            raise click.ClickException(f"--answer {option}: write QUESTION=CHOICE, such as member:HRC=new.")
        given[name] = choice
    return given


def _say(plan: MembersPlan) -> None:
    """Print the plan, and raise on its problems and open questions."""
    for note in plan.notes:
        click.echo(note)
    if plan.ignored:
        click.echo(f"Not read: the columns {', '.join(plan.ignored)}.")
    for problem in plan.problems[:_SHOWN]:
        click.echo(f"{problem.place}: {problem.text}", err=True)
    if plan.problems:
        raise click.ClickException(f"{len(plan.problems)} row(s) with problems. Nothing was written.")
    for question in plan.asked.open:
        click.echo(question.text, err=True)
        for value, said in question.choices[:_CHOICES_SHOWN]:
            click.echo(f"  --answer {shlex.quote(f'{question.name}={value}')}  {said}", err=True)
    if plan.asked.open:
        raise click.ClickException(
            f"{len(plan.asked.open)} question(s) without an answer. Nothing was written."
        )
    click.echo(f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.same} unchanged.")
    if plan.entered:
        click.echo(f"New in the registry: {', '.join(plan.entered)}.")
