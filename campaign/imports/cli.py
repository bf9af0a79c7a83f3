"""The command that imports a file of signatories."""

from __future__ import annotations

import datetime as dt
import shlex
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext

from campaign.extensions import db
from campaign.imports import operations
from campaign.imports.column_mapping import column_place
from campaign.imports.column_vocabulary import Field
from campaign.imports.duplicate_check import ImportFindings
from campaign.imports.errors import ListRepeated, NotNow, QuestionsOpen, RowsRefused
from campaign.imports.left_out import LeftOut
from campaign.imports.models import Import
from campaign.imports.operations import Order, Origin
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.questions import Asked
from campaign.sheets.readers import read_file
from campaign.signatures.errors import OrganisationSigned
from campaign.statements.errors import KeyDestroyed
from campaign.statements.published import statement_or_refuse

_PROBLEMS_SHOWN = 50
_CHOICES_SHOWN = 12
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
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field, such as name=C; name= for none. Others stay as they were understood.",
)
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=CHOICE",
    help="The answer to a question about the file; open ones are named with their choices.",
)
@click.option("--yes", is_flag=True, help="Import; without this only show what would happen.")
@with_appcontext
def import_list(
    slug: str,
    sheet: Path,
    source: str,
    evidence: str | None,
    collected_on: dt.datetime | None,
    columns: tuple[str, ...],
    answers: tuple[str, ...],
    again: bool,
    yes: bool,
) -> None:
    """Add signatories from a CSV file or workbook (header such as
    kind,name,country,city,organisation,title,website,affiliation): either all or none.
    """
    if not source.strip():
        raise click.ClickException("Say where the signatures were collected: --source “…”.")

    statement = statement_or_refuse(slug)
    import_id, statement_id = None, statement.id
    try:
        with _explained(), sheet.open("rb") as file:
            origin = Origin(source.strip(), evidence, collected_on.date() if collected_on else None)
            import_id = operations.receive(statement, read_file(file, asks=True), origin)
            _arrange(import_id, columns, answers)
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


def _arrange(import_id: uuid.UUID, columns: tuple[str, ...], answers: tuple[str, ...]) -> None:
    """Read the file as the options say. Raises ClickException where they can't be read."""
    if not columns and not answers:
        return

    given = {}
    for option in answers:
        name, is_pair, choice = option.rpartition("=")
        if not is_pair or not name:
            raise click.ClickException(f"--answer {option}: write QUESTION=CHOICE, such as hidden=leave-out.")
        given[name] = choice

    operations.arrange(import_id, None, given)
    if not columns:
        return

    layout, _labels, _notes = operations.layout_of(
        db.session.get_one(Import, import_id, populate_existing=True)
    )
    places = dict(layout.columns)
    for option in columns:
        name, is_pair, letters = option.partition("=")
        place = column_place(letters) if letters else None
        if not is_pair or name not in set(Field) or (letters and place is None):
            fields = ", ".join(Field)
            raise click.ClickException(
                f"--column {option}: write FIELD=COLUMN, such as name=C. Fields: {fields}."
            )
        field = Field(name)
        places = {known: where for known, where in places.items() if known is not field and where != place}
        if place is not None:
            places[field] = place

    operations.arrange(import_id, replace(layout, columns=places))


def _ask(asked: Asked) -> None:
    """Name the open questions with their choices."""
    for question in asked.open:
        click.echo(question.text, err=True)
        for example in question.examples:
            click.echo(f"    such as: {example}", err=True)
        choices = question.choices
        if len(choices) > _CHOICES_SHOWN and question.code == "country":
            name = shlex.quote(f"{question.name}=PL")
            click.echo(f"  --answer {name}  any ISO code of a country", err=True)
            choices = choices[:1]
        for value, said in choices[:_CHOICES_SHOWN]:
            click.echo(f"  --answer {shlex.quote(f'{question.name}={value}')}  {said}", err=True)


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

    _refuse(operations.questions_of(import_), findings)
    if findings.repeated and not again:
        raise ListRepeated

    _describe(slug, findings)
    _tell_left_out(findings.left_out)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SheetUnreadable as error:
        raise click.ClickException(str(error)) from None
    except ListRepeated:
        raise click.ClickException(_REPEATED) from None
    except (OrganisationSigned, QuestionsOpen, RowsRefused, NotNow):
        raise click.ClickException(
            "The list has changed meanwhile. Nothing was saved; please try again."
        ) from None
    except OSError as error:
        raise click.ClickException(f"The file can't be read: {error.strerror}.") from None
    except KeyDestroyed:
        raise click.ClickException(
            "The key of this statement has been destroyed: nobody can sign it any more."
        ) from None


def _refuse(asked: Asked, findings: ImportFindings) -> None:
    """Name what has to be answered and what has to be mended, all in one run, and raise on it."""
    if not findings.refused and not asked.open:
        return
    _ask(asked)
    for problem in findings.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"row {problem.row}: {problem.text}", err=True)
    if len(findings.problems) > _PROBLEMS_SHOWN:
        click.echo(f"and {len(findings.problems) - _PROBLEMS_SHOWN} more", err=True)
    counted = [
        f"{len(asked.open)} question(s) without an answer." if asked.open else "",
        f"{findings.refused} row(s) with problems." if findings.refused else "",
    ]
    raise click.ClickException(" ".join([*filter(None, counted), "Nothing was written."]))


def _tell_left_out(left: LeftOut) -> None:
    for row, text in left.rows[:_PROBLEMS_SHOWN]:
        click.echo(f"Left out, row {row}: {text}")
    if left.row_count > _PROBLEMS_SHOWN:
        click.echo(f"and {left.row_count - _PROBLEMS_SHOWN} more")
    if left.under:
        click.echo(f"Rows with the country of the heading above them: {left.under}.")
    if left.marked:
        click.echo(f"Numbers and bullets before names were left out: {left.marked} row(s).")
    if left.unnamed:
        click.echo(f"Rows without the name for the list, left out: {left.unnamed}.")
    if left.declined:
        click.echo(f"Rows that do not agree to be listed, left out: {left.declined}.")


def _describe(slug: str, findings: ImportFindings) -> None:
    click.echo(
        f"{slug}: {findings.organisations} organisation(s) and {findings.people} person(s) in the file."
    )
    if findings.new:
        more = f" and {findings.new_count - 20} more" if findings.new_count > 20 else ""
        click.echo(f"New in the registry: {', '.join(findings.new[:20])}{more}.")
    for problem in [*findings.similar, *findings.doubles][:_PROBLEMS_SHOWN]:
        click.echo(f"Please check row {problem.row}: {problem.text}")
