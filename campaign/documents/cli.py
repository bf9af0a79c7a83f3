"""The command that writes a statement with its list as a document."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from campaign.core.whole_file import write_whole_file
from campaign.documents.letters import Letter, letter_of, parts_of
from campaign.documents.operations import un_letter
from campaign.documents.pdf import letter_pdf
from campaign.documents.word import letter_docx
from campaign.signatories.queries import counts_of
from campaign.statements.models import UNSEEN
from campaign.statements.queries import statement_by_slug


@click.command("document")
@click.argument("slug")
@click.option(
    "--layout",
    type=click.Choice(["pdf", "word", "un"]),
    required=True,
    help="PDF, a letter for Word, or Word in the form required by the UN.",
)
@click.option("--text", "language", help="The language of the text; without it English, else the original.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write; an existing file is replaced.",
)
@with_appcontext
def document(slug: str, layout: str, language: str | None, out: Path) -> None:
    """Write a statement with its list as a document; a list of more than 10,000 as several, NAME-1 and so
    on.
    """
    statement = statement_by_slug(slug)
    if statement is None or statement.status in UNSEEN:
        raise click.ClickException(f"There is no published statement “{slug}”.")

    with current_app.test_request_context("/", base_url=current_app.extensions["settings"].site_url):
        parts = parts_of(counts_of(statement.id).total)
        if layout == "un":
            parts = parts[:1]
        for part in parts:
            letter = letter_of(statement.id, language, part=part if len(parts) > 1 else None)
            file = out if len(parts) == 1 else out.with_stem(f"{out.stem}-{part.number}")
            _write(file, _SET[layout](letter))
            click.echo(f"{len(letter.organisations) + len(letter.people)} named signatories in {file}.")


def _un(letter: Letter) -> bytes:
    return un_letter(letter.statement.id, letter)


_SET = {"pdf": letter_pdf, "word": letter_docx, "un": _un}


def _write(file: Path, body: bytes) -> None:
    try:
        write_whole_file(file, [body])
    except OSError as error:
        raise click.ClickException(f"Can't write {file}: {error.strerror}.") from None
