"""The command that imports a file of signatories."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import with_appcontext

from campaign.extensions import db
from campaign.imports import operations
from campaign.imports.duplicate_check import ImportFindings
from campaign.imports.errors import ListRepeated, NotNow, RowsRefused
from campaign.imports.models import Import
from campaign.imports.operations import Order, Origin
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.readers import read_file
from campaign.signatures.errors import OrganisationSigned
from campaign.statements.errors import KeyDestroyed
from campaign.statements.published import statement_or_refuse

_PROBLEMS_SHOWN = 50
_REPEATED = (
    "This very list was imported into this statement before. Nothing was written. "
    "Add --again to import it once more all the same."
)


@click.command("import")
@click.argument("slug")
@click.argument("sheet", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--source", required=True, help="Where the signatures were collected; it is kept with each of them."
)
@click.option("--evidence", help="Where the originals are, for example the scan of a list.")
@click.option("--collected-on", type=click.DateTime(["%Y-%m-%d"]), help="The day they were collected.")
@click.option("--again", is_flag=True, help="Import a list that was imported into this statement before.")
@click.option("--yes", is_flag=True, help="Import; without this only show what would happen.")
@with_appcontext
def import_list(
    slug: str,
    sheet: Path,
    source: str,
    evidence: str | None,
    collected_on: dt.datetime | None,
    again: bool,
    yes: bool,
) -> None:
    """Add signatories from a CSV file or workbook (header such as
    kind,name,country,city,organisation,title,website): either all or none.
    """
    if not source.strip():
        raise click.ClickException("Say where the signatures were collected: --source “…”.")

    statement = statement_or_refuse(slug)
    import_id, statement_id = None, statement.id
    try:
        with _explained(), sheet.open("rb") as file:
            origin = Origin(source.strip(), evidence, collected_on.date() if collected_on else None)
            import_id = operations.receive(statement, read_file(file), origin)
            operations.check(import_id)
            _say(slug, import_id, again=again)
            if not yes:
                click.echo("Nothing was written. Add --yes to import them.")
                return
            operations.tell(import_id, Order(again=again))
            operations.carry_out(import_id)
    finally:
        if import_id is not None:
            operations.discard(import_id)

    operations.list_now(statement_id)
    click.echo("Imported and listed.")


def _say(slug: str, import_id: uuid.UUID, *, again: bool) -> None:
    """Print the findings of the check, and raise on the problems, by row."""
    import_ = db.session.get_one(Import, import_id)
    layout, columns, notes = operations.layout_of(import_)
    findings = operations.findings_of(import_)
    if findings is None:
        raise NotNow

    for note in notes:
        click.echo(note)

    if ignored := [name for place, name in enumerate(columns) if place not in layout.columns.values()]:
        click.echo(f"Not read: the columns {', '.join(ignored)}.")

    _refuse(findings)
    if findings.repeated and not again:
        raise ListRepeated

    _describe(slug, findings)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SheetUnreadable as error:
        raise click.ClickException(str(error)) from None
    except ListRepeated:
        raise click.ClickException(_REPEATED) from None
    except (OrganisationSigned, RowsRefused, NotNow):
        raise click.ClickException(
            "The list has changed meanwhile. Nothing was saved; please try again."
        ) from None
    except OSError as error:
        raise click.ClickException(f"The file can't be read: {error.strerror}.") from None
    except KeyDestroyed:
        raise click.ClickException(
            "The key of this statement has been destroyed: nobody can sign it any more."
        ) from None


def _refuse(findings: ImportFindings) -> None:
    if not findings.refused:
        return
    for problem in findings.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"row {problem.row}: {problem.text}", err=True)
    if len(findings.problems) > _PROBLEMS_SHOWN:
        click.echo(f"and {len(findings.problems) - _PROBLEMS_SHOWN} more", err=True)
    raise click.ClickException(f"{findings.refused} row(s) with problems. Nothing was written.")


def _describe(slug: str, findings: ImportFindings) -> None:
    click.echo(
        f"{slug}: {findings.organisations} organisation(s) and {findings.people} person(s) in the file."
    )
    if findings.new:
        more = f" and {findings.new_count - 20} more" if findings.new_count > 20 else ""
        click.echo(f"New in the registry: {', '.join(findings.new[:20])}{more}.")
    for problem in [*findings.similar, *findings.doubles][:_PROBLEMS_SHOWN]:
        click.echo(f"Please check row {problem.row}: {problem.text}")
