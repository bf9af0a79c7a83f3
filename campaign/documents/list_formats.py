"""The letters as formats of an export: PDF, Word, and Word in the form required by the UN."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from campaign.core.archives import archive
from campaign.core.language import request_in
from campaign.documents import letters, orders
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import Letter, letter_in_order, letter_of, parts_of
from campaign.documents.operations import un_letter
from campaign.documents.pdf import letter_pdf
from campaign.documents.word import letter_docx
from campaign.exports.columns import Cells, group_of
from campaign.exports.errors import NotReadyYet
from campaign.exports.formats import ListFormat
from campaign.exports.rows import Source, batches
from campaign.exports.vocabulary import Contents, FormatName, Grouping, SignatoryOrder
from campaign.signatories.queries import Counts, SignatoryLine
from campaign.statements.queries import StatementPage, statement_page

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ZIP = ("zip", "application/zip")
_LETTERS = frozenset({Contents.PUBLIC, Contents.ADDRESSEE})
_COLUMNS = (
    "position", "kind", "visibility", "name", "organisation", "title", "country", "city", "website",
    "message", "affiliation",
)  # fmt: skip
Setter = Callable[[Letter], bytes]


def _pdf(source: Source) -> Iterator[bytes]:
    return _letters(source, letter_pdf, "pdf")


def _docx(source: Source) -> Iterator[bytes]:
    return _letters(source, letter_docx, "docx")


def _un(source: Source) -> Iterator[bytes]:
    """Organisations alone stand in this layout, so it is one file for any list."""
    letter = letter_of(source.statement_id, source.wishes.text)
    return iter([un_letter(source.statement_id, letter)])


def _ending(extension: str, mimetype: str) -> Callable[[Source], tuple[str, str]]:
    """Of a list that is too long for one file: an archive of several."""
    return lambda source: (extension, mimetype) if source.rows <= letters.PART else _ZIP


def _letters(source: Source, setter: Setter, extension: str) -> Iterator[bytes]:
    page, group = statement_page(source.statement_id, source.language, source.wishes.text), group_of(source)
    counts = Counts(source.people, source.organisations, source.version)
    if source.rows <= letters.PART:
        rows = next(_in_parts(source, group), ([], []))
        return iter([_set(setter, _letter_of(source, page, counts, *rows))])
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    rows_of_parts = enumerate(_in_parts(source, group))
    return archive(
        (f"{source.slug}-{number + 1}.{extension}", _later(app, source, page, counts, setter, number, rows))
        for number, rows in rows_of_parts
    )


def _later(
    app: Flask,
    source: Source,
    page: StatementPage,
    counts: Counts,
    setter: Setter,
    number: int,
    rows: tuple[list[SignatoryLine], list[str]],
) -> Iterator[bytes]:
    """A part of a very long list, made when it is its turn, and so without the request."""
    with app.app_context(), request_in(source.language):
        body = _set(setter, _letter_of(source, page, counts, *rows, part=number))
    yield body


def _letter_of(
    source: Source,
    page: StatementPage,
    counts: Counts,
    lines: list[SignatoryLine],
    groups: list[str],
    part: int | None = None,
) -> Letter:
    return letter_in_order(
        page,
        counts,
        lines,
        register=source.order is SignatoryOrder.PAGE,
        part=None if part is None else parts_of(source.rows)[part],
        place=source.wishes.place,
        groups={line.position: name for line, name in zip(lines, groups, strict=False)},
    )


def _set(setter: Setter, letter: Letter) -> bytes:
    try:
        return setter(letter)
    except TooManyAtOnce:
        raise NotReadyYet from None


def _in_parts(source: Source, group: Cells) -> Iterator[tuple[list[SignatoryLine], list[str]]]:
    """The lines and the headings of their groups, so many at a time as stand in one file."""
    grouped = source.wishes.grouping in (Grouping.COUNTRY, Grouping.STATUS)
    lines: list[SignatoryLine] = []
    groups: list[str] = []
    for batch in batches(source):
        lines += [SignatoryLine(*row) for row in zip(*(batch[name] for name in _COLUMNS), strict=True)]
        groups += map(str, group(batch)) if grouped else ()
        while len(lines) >= letters.PART:
            yield lines[: letters.PART], groups[: letters.PART]
            lines, groups = lines[letters.PART :], groups[letters.PART :]
    if lines:
        yield lines, groups


LETTERS = (
    ListFormat(
        FormatName.PDF, "PDF", "pdf", PDF, _pdf, tabular=False, order=SignatoryOrder.PAGE,
        contents=_LETTERS, ending=_ending("pdf", PDF), at_once=orders.LONG,
    ),
    ListFormat(
        FormatName.DOCX, "DOCX", "docx", DOCX, _docx, tabular=False, order=SignatoryOrder.PAGE,
        contents=_LETTERS, ending=_ending("docx", DOCX), at_once=orders.LONG,
    ),
    ListFormat(
        FormatName.UN, _l("Word, in the form required by the UN"), "docx", DOCX, _un, tabular=False,
        order=SignatoryOrder.PAGE, contents=_LETTERS, at_once=orders.LONG,
    ),
)  # fmt: skip
