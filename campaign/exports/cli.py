"""The command that writes a list to a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from campaign.config import LANGUAGES
from campaign.core.whole_file import write_whole_file
from campaign.exports import operations
from campaign.exports.age_files import encryption_in
from campaign.exports.columns import columns_of
from campaign.exports.errors import NotReadyYet
from campaign.exports.formats import format_named
from campaign.exports.vocabulary import Contents, FormatName, Grouping, Headings, SignatoryOrder
from campaign.exports.wishes import Wishes
from campaign.signatories.errors import NoListYet
from campaign.statements.published import statement_or_refuse
from campaign.statements.queries import published_revision


def _choice(values: type[Contents | FormatName | SignatoryOrder | Grouping | Headings]) -> click.Choice[str]:
    return click.Choice([str(value) for value in values])


@click.command("export")
@click.argument("slug")
@click.option("--format", "wanted", type=_choice(FormatName), required=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; an existing file is replaced. Without it: standard output.",
)
@click.option(
    "--list",
    "contents",
    type=_choice(Contents),
    default=str(Contents.PUBLIC),
    show_default=True,
    help="Everyone on the list, names for the addressee, or addresses of those who asked for news.",
)
@click.option("--columns", default="", help="Names of columns, separated by commas.")
@click.option("--order", type=_choice(SignatoryOrder), help="Without it: as is usual for the format.")
@click.option("--group", "grouping", type=_choice(Grouping), default=str(Grouping.NONE), show_default=True)
@click.option(
    "--headings",
    type=_choice(Headings),
    default=str(Headings.NAMES),
    show_default=True,
    help="Names of fields, or words in the language of the file.",
)
@click.option(
    "--language",
    "languages",
    type=click.Choice(list(LANGUAGES)),
    multiple=True,
    help="The language of headings and countries; more than one makes a ZIP with a file for each.",
)
@click.option("--text", help="The language of the statement in a letter.")
@click.option("--place", default="", help="The town from which a letter is sent.")
@click.option(
    "--recipient", "recipients", multiple=True, help="An age public key that the file is encrypted to."
)
@with_appcontext
def export_list(
    slug: str,
    wanted: str,
    out: Path | None,
    contents: str,
    columns: str,
    order: str | None,
    grouping: str,
    headings: str,
    languages: tuple[str, ...],
    text: str | None,
    place: str,
    recipients: tuple[str, ...],
) -> None:
    """Write the list of a statement to a file, or to standard output."""
    wishes = Wishes(
        Contents(contents),
        FormatName(wanted),
        tuple(name.strip() for name in columns.split(",") if name.strip()),
        SignatoryOrder(order) if order else None,
        Grouping(grouping),
        Headings(headings),
        tuple(dict.fromkeys(languages)) or ("en",),
        text,
        place.strip(),
    )
    statement = statement_or_refuse(slug)
    _refuse_unknown(wishes, statement.id)
    encryption, problems = encryption_in(" ".join(recipients), "")
    if problems:
        raise click.ClickException(" ".join(problems))
    try:
        with operations.export(statement, wishes) as file:
            if out is None:
                for chunk in encryption.encrypted(file.chunks):
                    click.echo(chunk, nl=False)
            else:
                write_whole_file(out, encryption.encrypted(file.chunks))
    except NoListYet:
        raise click.ClickException("This statement is a draft: it has no list.") from None
    except NotReadyYet:
        raise click.ClickException("Other documents are being made. Please try again in a minute.") from None
    except OSError as error:
        raise click.ClickException(f"Can't write {out or 'the list'}: {error.strerror}.") from None

    if out is not None and file.name.endswith(".zip") and out.suffix != ".zip":
        click.echo(f"{out} is a ZIP archive of several files.", err=True)
    if not file.rows:
        click.echo("There is nobody to export: the file has no names.", err=True)
    click.echo(f"{file.rows} signatories in {out or 'all'}.", err=out is None)


def _refuse_unknown(wishes: Wishes, statement_id: int) -> None:
    known = columns_of(wishes.contents)
    if unknown := [name for name in wishes.columns if name not in known]:
        raise click.ClickException(f"There is no column “{unknown[0]}”. There are: {', '.join(known)}.")
    if wishes.contents not in format_named(wishes.format).contents:
        raise click.ClickException(f"A contact list can't be written as {wishes.format}.")
    revision = published_revision(statement_id)
    if wishes.text and revision and wishes.text not in {one.language for one in revision.translations}:
        raise click.ClickException(f"The statement is not published in the language “{wishes.text}”.")
