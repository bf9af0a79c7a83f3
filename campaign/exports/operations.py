"""Exporting a list, with an entry in the audit log for each file."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from campaign.accounts.audit import AuditAction, record
from campaign.core import clock
from campaign.core.archives import archive
from campaign.core.database import snapshot, writing
from campaign.core.language import request_in
from campaign.exports.audit_actions import ExportAction
from campaign.exports.columns import table_of
from campaign.exports.errors import NobodyListed
from campaign.exports.formats import format_named
from campaign.exports.formats.text import text_lines
from campaign.exports.rows import Source, not_shown_contacts, source_of
from campaign.exports.vocabulary import Contents, SignatoryOrder
from campaign.exports.wishes import Wishes
from campaign.signatories.audit_actions import ListAction
from campaign.signatories.errors import NoListYet
from campaign.statements.models import UNSEEN, Statement

ZIP = ("zip", "application/zip")


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be written or sent. `chunks` may be iterated once, while the snapshot is open. `action` and
    `facts` are its entry in the audit log.
    """

    name: str
    mimetype: str
    rows: int
    chunks: Iterator[bytes]
    action: AuditAction
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """The first rows as they will stand in the file: a table, or lines. `rows` of `listed` will be in it;
    `unseen` signatories who asked for news show no name, and are in no contact list.
    """

    rows: int
    listed: int
    headings: Sequence[str] = ()
    cells: Sequence[Sequence[object]] = ()
    lines: Sequence[str] = ()
    not_named: Sequence[str] = ()
    unseen: int = 0


_SHOWN_ROWS = 8
# An address is seen in the file alone, which takes a sign-in of the last minutes.
_HIDDEN = "•••"


@contextmanager
def export(statement: Statement, wishes: Wishes, *, of_nobody: bool = True) -> Generator[Export]:
    """The list of a statement as a file, recorded in the audit log before its first byte. Raises NoListYet
    for a draft, NobodyListed where the file would be empty and that is not wanted, NotReadyYet.

    While open it holds a connection of its own, and the file is of one moment, however long it takes to read
    it.
    """
    if statement.status in UNSEEN:
        raise NoListYet
    with snapshot() as connection:
        file = file_of(connection, statement, wishes)
        if not (file.rows or of_nobody):
            raise NobodyListed
        action = file.action
        with writing() as session:
            record(session, action, f"statement:{statement.slug}", **file.facts)
        yield file


def file_of(
    connection: Connection,
    statement: Statement,
    wishes: Wishes,
    told: Callable[[int], None] = lambda _rows: None,
) -> Export:
    """The file, from one moment of the database. `told` is called with the numbers of rows that are read."""
    written = [_written(connection, statement, wishes, told, code) for code in wishes.languages]
    source, name, mimetype, chunks = written[0]
    if len(written) > 1:
        extension, mimetype = ZIP
        name = f"{_stem(source)}.{extension}"
        chunks = archive((one_name, one_chunks) for _source, one_name, _type, one_chunks in written)
    contacts = wishes.contents is Contents.CONTACTS
    action = ExportAction.CONTACTS_EXPORTED if contacts else ListAction.EXPORTED
    facts = {"format": str(wishes.format), "rows": source.rows, "version": source.version}
    return Export(name, mimetype, source.rows, chunks, action, facts)


def rows_of(statement: Statement, wishes: Wishes) -> int:
    """The number of rows that a file has now, in each language."""
    with snapshot() as connection:
        return source_of(connection, statement, wishes, SignatoryOrder.SIGNED).rows


def preview(statement: Statement, wishes: Wishes) -> ExportPreview:
    """The first rows of the file. Raises NoListYet for a draft."""
    if statement.status in UNSEEN:
        raise NoListYet
    wanted = format_named(wishes.format)
    with snapshot() as connection, request_in(wishes.languages[0]):
        source = source_of(connection, statement, wishes, wishes.order or wanted.order)
        if not wanted.tabular and wishes.contents is not Contents.CONTACTS:
            return ExportPreview(source.rows, source.listed, lines=text_lines(source, _SHOWN_ROWS * 2))
        table = table_of(source)
        rows = [row for batch in table.batches(_SHOWN_ROWS) for row in batch]
        if "email" in table.keys:
            place = table.keys.index("email")
            rows = [(*row[:place], _HIDDEN, *row[place + 1 :]) for row in rows]
        return ExportPreview(
            source.rows,
            source.listed,
            table.headings,
            rows,
            not_named=table.not_named,
            unseen=not_shown_contacts(connection, statement.id)
            if wishes.contents is Contents.CONTACTS
            else 0,
        )


def _written(
    connection: Connection, statement: Statement, wishes: Wishes, told: Callable[[int], None], code: str
) -> tuple[Source, str, str, Iterator[bytes]]:
    """The file in one language: its source, name, media type and content."""
    wanted = format_named(wishes.format)
    with request_in(code):
        source = source_of(connection, statement, wishes, wishes.order or wanted.order, told)
        extension, mimetype = wanted.ending_for(source)
        several = f"_{code}" if len(wishes.languages) > 1 else ""
        return source, f"{_stem(source)}{several}.{extension}", mimetype, wanted.write(source)


def _stem(source: Source) -> str:
    said = {Contents.PUBLIC: "signatories", Contents.ADDRESSEE: "list", Contents.CONTACTS: "contacts"}
    return f"{source.slug}_{clock.today()}_text-{source.revision}_{said[source.wishes.contents]}"
