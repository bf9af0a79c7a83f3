"""The command that writes a statement with its list as a document."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from campaign.core.whole_file import write_whole_file
from campaign.documents.letters import letter_of
from campaign.documents.operations import by_status
from campaign.documents.pdf import letter_pdf
from campaign.documents.word import letter_docx, un_docx
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
    """Write a statement with its list as a document."""
    statement = statement_by_slug(slug)
    if statement is None or statement.status in UNSEEN:
        raise click.ClickException(f"There is no published statement “{slug}”.")

    with current_app.test_request_context("/", base_url=current_app.extensions["settings"].site_url):
        letter = letter_of(statement.id, language)
        if layout == "pdf":
            body = letter_pdf(letter)
        else:
            body = (
                letter_docx(letter)
                if layout == "word"
                else un_docx(letter, by_status(statement.id, letter.statement.language))
            )

    try:
        write_whole_file(out, [body])
    except OSError as error:
        raise click.ClickException(f"Can't write {out}: {error.strerror}.") from None

    click.echo(f"{len(letter.organisations) + len(letter.people)} named signatories in {out}.")
