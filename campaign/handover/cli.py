"""Commands: a list as a file, and a file as a list."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from campaign.core.cli import campaign
from campaign.handover import imports, operations
from campaign.handover.errors import ListRepeated, NothingToExport, SheetUnreadable
from campaign.handover.exports import Format
from campaign.handover.imports import Origin, Plan
from campaign.handover.sheets import Problem, read_sheet
from campaign.signing.errors import OrganisationSigned
from campaign.statements.errors import KeyDestroyed
from campaign.statements.models import Statement
from campaign.statements.queries import statement_by_slug

_FORMATS = tuple(str(wanted) for wanted in Format)
_LATER = ("xlsx",)
_PROBLEMS_SHOWN = 50
_REPEATED = "This very list was imported into this statement before. Nothing was written. Add --again to import it once more all the same."


@campaign.command("export")
@click.argument("slug")
@click.option("--format", "wanted", type=click.Choice([*_FORMATS, *_LATER]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write; a file there is replaced.")
def export_list(slug: str, wanted: str, out: Path) -> None:
    """Write the list of a statement to a file."""
    if wanted in _LATER:
        raise click.ClickException(f"There is no {wanted} yet. There are: {', '.join(_FORMATS)}.")
    try:
        with operations.export(_statement(slug), Format(wanted)) as file:
            _write_whole(out, file.chunks)
    except NothingToExport:
        raise click.ClickException("This statement is a draft: it has no list.") from None
    except OSError as error:
        raise click.ClickException(f"Can't write {out}: {error.strerror}.") from None
    click.echo(f"{file.rows} signatories in {out}.")


@campaign.command("import")
@click.argument("slug")
@click.argument("sheet", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the signatures were collected; it is kept with each of them.")
@click.option("--evidence", help="Where the originals are, for example the scan of a list.")
@click.option("--again", is_flag=True, help="Import a list that was imported into this statement before.")
@click.option("--yes", is_flag=True, help="Do it; without this you are told what would happen.")
def import_list(slug: str, sheet: Path, source: str, evidence: str | None, again: bool, yes: bool) -> None:
    """Add signatories from a CSV file (header kind,name,country,city,organisation,title,website), all of them or none."""
    if not source.strip():
        raise click.ClickException("Say where the signatures were collected: --source “…”.")
    with _explained():
        read = read_sheet(sheet)
        plan = imports.plan_import(_statement(slug), read)
    if read.ignored:
        click.echo(f"Not read: the columns {', '.join(read.ignored)}.")
    _refuse(plan.problems)
    if plan.repeated and not again:
        raise click.ClickException(_REPEATED)
    _describe(plan)
    if not yes:
        click.echo("Nothing was written. Add --yes to import them.")
        return
    with _explained():
        imports.carry_out(plan, Origin(source.strip(), evidence), again=again)
    click.echo("Imported and listed.")


def _statement(slug: str) -> Statement:
    statement = statement_by_slug(slug)
    if statement is None:
        raise click.ClickException(f"There is no statement “{slug}”.")
    return statement


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SheetUnreadable as error:
        raise click.ClickException(str(error)) from None
    except ListRepeated:
        raise click.ClickException(_REPEATED) from None
    except OrganisationSigned:
        raise click.ClickException("An organisation of the file has signed meanwhile. Nothing was written; please try again.") from None
    except KeyDestroyed:
        raise click.ClickException("The key of this statement was destroyed: nobody can sign it any more.") from None


def _refuse(problems: Iterable[Problem]) -> None:
    """End with the problems, by row, if there are any."""
    lines = [f"row {problem.row}: {problem.text}" for problem in problems]
    if not lines:
        return
    for line in lines[:_PROBLEMS_SHOWN]:
        click.echo(line, err=True)
    if len(lines) > _PROBLEMS_SHOWN:
        click.echo(f"and {len(lines) - _PROBLEMS_SHOWN} more", err=True)
    raise click.ClickException(f"{len(lines)} problem(s) found. Nothing was written.")


def _describe(plan: Plan) -> None:
    click.echo(f"{plan.slug}: {plan.organisations} organisation(s) and {plan.people} person(s) in the file.")
    new = [entry.organisation for entry in plan.new]
    if new:
        click.echo(f"New in the registry: {', '.join(new[:20])}{f' and {len(new) - 20} more' if len(new) > 20 else ''}.")
    if plan.alike:
        click.echo(f"Please look: {plan.alike} of the people listed now have the same name, city and country as someone in the file.")


def _write_whole(out: Path, chunks: Iterable[bytes]) -> None:
    """Write a file under another name and move it into place: nobody finds half of it."""
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
