"""The command that writes a list to a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from campaign.core.whole_file import write_whole_file
from campaign.exports import operations
from campaign.exports.rows import Format
from campaign.signatories.errors import NoListYet
from campaign.statements.published import statement_or_refuse

_FORMATS = tuple(str(wanted) for wanted in Format)


@click.command("export")
@click.argument("slug")
@click.option("--format", "wanted", type=click.Choice(_FORMATS), required=True)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; an existing file is replaced. Without it: standard output.",
)
@with_appcontext
def export_list(slug: str, wanted: str, out: Path | None) -> None:
    """Write the list of a statement to a file, or to standard output."""
    try:
        with operations.export(statement_or_refuse(slug), Format(wanted)) as file:
            if out is None:
                for chunk in file.chunks:
                    click.echo(chunk, nl=False)
            else:
                write_whole_file(out, file.chunks)
    except NoListYet:
        raise click.ClickException("This statement is a draft: it has no list.") from None
    except OSError as error:
        raise click.ClickException(f"Can't write {out or 'the list'}: {error.strerror}.") from None

    click.echo(f"{file.rows} signatories in {out or 'all'}.", err=out is None)
