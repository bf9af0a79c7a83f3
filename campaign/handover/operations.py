"""Handing over a list, with an entry in the audit log for each file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from campaign.accounts.audit import record
from campaign.core import clock
from campaign.core.database import snapshot, writing
from campaign.handover.csv_format import csv_chunks
from campaign.handover.errors import NothingToExport
from campaign.handover.exports import Export, Format, Writer, source_of
from campaign.handover.json_format import json_chunks
from campaign.handover.text_format import text_chunks
from campaign.statements.models import UNSEEN, Statement

# Format to extension, media type and writer.
_FORMATS: dict[Format, tuple[str, str, Writer]] = {
    Format.CSV: ("csv", "text/csv", csv_chunks),
    Format.JSON: ("json", "application/json", json_chunks),
    Format.TEXT: ("txt", "text/plain", text_chunks),
}


@contextmanager
def export(statement: Statement, wanted: Format) -> Generator[Export]:
    """The list of a statement as a file, recorded in the audit log before its first byte. Raises NothingToExport for a draft.

    While open it holds a connection of its own, and the file is of one moment, however long it takes to read it.
    """
    if statement.status in UNSEEN:
        raise NothingToExport
    extension, mimetype, write = _FORMATS[wanted]
    with snapshot() as connection:
        source = source_of(connection, statement)
        chunks = write(source)
        with writing() as session:
            record(session, "list exported", f"statement:{source.slug}", format=str(wanted), rows=source.rows, version=source.version)
        yield Export(f"{source.slug}_{clock.today()}_text-{source.revision}_signatories.{extension}", mimetype, source.rows, chunks)
