"""Commands: a list as a file, and a file as a list."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from campaign.core.cli import campaign
from campaign.extensions import db
from campaign.handover import imports, operations
from campaign.handover.errors import ListRepeated, NothingToExport, NotNow, RowsRefused, SheetUnreadable
from campaign.handover.exports import Format
from campaign.handover.imports import Order, Origin
from campaign.handover.models import Import
from campaign.handover.survey import Findings
from campaign.handover.tables import read_file
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
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write; an existing file is replaced.")
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
@click.option("--collected-on", type=click.DateTime(["%Y-%m-%d"]), help="The day they were collected.")
@click.option("--again", is_flag=True, help="Import a list that was imported into this statement before.")
@click.option("--yes", is_flag=True, help="Import; without this only show what would happen.")
def import_list(slug: str, sheet: Path, source: str, evidence: str | None, collected_on: dt.datetime | None, again: bool, yes: bool) -> None:
    """Add signatories from a CSV file or workbook (header such as kind,name,country,city,organisation,title,website): either all or none."""
    if not source.strip():
        raise click.ClickException("Say where the signatures were collected: --source “…”.")
    statement = _statement(slug)
    key, statement_id = None, statement.id
    try:
        with _explained(), sheet.open("rb") as file:
            origin = Origin(source.strip(), evidence, collected_on.date() if collected_on else None)
            key = imports.receive(statement, read_file(file), origin)
            imports.check(key)
            _say(slug, key, again=again)
            if not yes:
                click.echo("Nothing was written. Add --yes to import them.")
                return
            imports.tell(key, Order(again=again))
            imports.carry_out(key)
    finally:
        if key is not None:
            imports.discard(key)
    imports.list_now(statement_id)
    click.echo("Imported and listed.")


def _say(slug: str, key: uuid.UUID, *, again: bool) -> None:
    """What the check has found. Ends with the problems, by row, if there are any."""
    import_ = db.session.get_one(Import, key)
    layout, columns, notes = imports.layout_of(import_)
    findings = imports.findings_of(import_)
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
    except (OrganisationSigned, RowsRefused, NotNow):
        raise click.ClickException("The list has changed meanwhile. Nothing was saved; please try again.") from None
    except OSError as error:
        raise click.ClickException(f"The file can't be read: {error.strerror}.") from None
    except KeyDestroyed:
        raise click.ClickException("The key of this statement has been destroyed: nobody can sign it any more.") from None


def _refuse(findings: Findings) -> None:
    if not findings.refused:
        return
    for problem in findings.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"row {problem.row}: {problem.text}", err=True)
    if len(findings.problems) > _PROBLEMS_SHOWN:
        click.echo(f"and {len(findings.problems) - _PROBLEMS_SHOWN} more", err=True)
    raise click.ClickException(f"{findings.refused} row(s) with problems. Nothing was written.")


def _describe(slug: str, findings: Findings) -> None:
    click.echo(f"{slug}: {findings.organisations} organisation(s) and {findings.people} person(s) in the file.")
    if findings.new:
        more = f" and {findings.new_count - 20} more" if findings.new_count > 20 else ""
        click.echo(f"New in the registry: {', '.join(findings.new[:20])}{more}.")
    for problem in [*findings.similar, *findings.doubles][:_PROBLEMS_SHOWN]:
        click.echo(f"Please check row {problem.row}: {problem.text}")


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
