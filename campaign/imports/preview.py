"""The preview of an import: each row as the list will show it, with its problems and doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from campaign.core.sections import Section
from campaign.extensions import db
from campaign.imports import staging
from campaign.imports.column_mapping import Layout
from campaign.imports.duplicate_check import ImportFindings
from campaign.imports.models import Import, ImportStage
from campaign.imports.operations import findings_of
from campaign.imports.row_parser import ParsedSignatory
from campaign.sheets.plan import Problem
from campaign.signatories.queries import SignatoryLine
from campaign.signatures.models import SignatoryKind, Visibility
from campaign.statements.queries import StatementPage

PAGE_LENGTH = 50
_EARLIER = 20


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file.

    `line` is how the list will show it; None for one that is not imported, which has `cells`: with problems,
    or no signatory.
    """

    row: int
    line: SignatoryLine | None
    cells: str
    problems: list[Problem]
    doubts: list[Problem]
    wants_updates: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A page of rows, from 1, and the number of pages."""

    rows: list[PreviewRow]
    page: int
    pages: int


def preview(import_: Import, page: int) -> Preview:
    """The rows of one page, or of the nearest page that exists."""
    pages = max(1, -(-import_.rows // PAGE_LENGTH))
    page = min(max(page, 1), pages)
    details = staging.details_of(import_)
    layout, findings = Layout.of(details["layout"]), findings_of(import_) or ImportFindings()
    per_part = staging.PART // PAGE_LENGTH
    parts = staging.parts(import_.id)
    start = (page - 1) % per_part * PAGE_LENGTH
    raw = staging.raw_rows(parts[(page - 1) // per_part])[start : start + PAGE_LENGTH] if parts else []

    entries = map(ParsedSignatory.of, staging.entries(parts[(page - 1) // per_part]) if parts else [])
    by_row: dict[int, list[ParsedSignatory]] = {}
    for entry in entries:
        by_row.setdefault(entry.row, []).append(entry)
    return Preview(
        [
            _shown(row, cells, entry, findings)
            for row, cells in raw
            if row > layout.header and (cells or row in by_row)
            for entry in by_row.get(row, [None])
        ],
        page,
        pages,
    )


def example_of(import_: Import) -> SignatoryLine | None:
    """The first signatory who will be imported, as the list will show them."""
    findings = findings_of(import_) or ImportFindings()
    refused = {(problem.row, problem.about.get("part", 0)) for problem in findings.problems}
    for part in staging.parts(import_.id):
        for entry in map(ParsedSignatory.of, staging.entries(part)):
            if entry.at not in refused:
                return line_of_entry(entry)
    return None


def line_of_entry(entry: ParsedSignatory) -> SignatoryLine:
    """A row as the list will show it."""
    return SignatoryLine(
        position=entry.row,
        kind=SignatoryKind(entry.kind),
        visibility=Visibility.PUBLIC,
        name=entry.name or None,
        organisation=entry.organisation or None,
        title=entry.title or None,
        country=entry.country or None,
        city=entry.city or None,
        website=entry.website or None,
        message=None,
        affiliation=entry.affiliation or None,
    )


def imports_of(statement_id: int) -> Sequence[Import]:
    """The newest imports into a statement, in any state."""
    newest = (
        select(Import)
        .where(Import.statement_id == statement_id, Import.stage != ImportStage.READING)
        .order_by(Import.created_at.desc())
    )
    return db.session.scalars(newest.limit(_EARLIER)).all()


def imports_shown(statement: StatementPage) -> Section | None:
    """The imports on the public list, for everyone: source, day and evidence, the oldest first."""
    done = select(Import).where(Import.statement_id == statement.id, Import.stage == ImportStage.DONE)
    imports = db.session.scalars(done.order_by(Import.finished_at)).all()
    return Section("imports/_imports.html", {"imports": imports, "slug": statement.slug}) if imports else None


def _shown(row: int, cells: list[str], entry: ParsedSignatory | None, findings: ImportFindings) -> PreviewRow:
    part = entry.part if entry else 0
    problems = [one for one in findings.problems if one.row == row and one.about.get("part", 0) == part]
    doubts = [
        one
        for one in (*findings.doubles, *findings.similar)
        if one.row == row and one.about.get("part", 0) == part
    ]
    line = line_of_entry(entry) if entry and not problems else None
    said = " · ".join(cell.strip()[:60] for cell in cells if cell.strip())[:300]
    return PreviewRow(row, line, said, problems, doubts, bool(entry and entry.updates))
