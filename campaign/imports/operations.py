"""Importing a list: rows are stored sealed, checked, then all imported in one transaction, or none."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask_babel import gettext as _
from sqlalchemy import Table as SqlTable
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.accounts.permissions import signed_in_member
from campaign.core import clock
from campaign.core.database import as_stored, insert_rows, writing
from campaign.core.ids import new_id
from campaign.core.vault import digest, vault
from campaign.extensions import db
from campaign.imports import staging
from campaign.imports.audit_actions import ImportAction
from campaign.imports.column_mapping import Layout, SheetColumn, guess, labels, sheet_columns
from campaign.imports.duplicate_check import MOST_KEPT, ImportFindings, Survey
from campaign.imports.errors import ListRepeated, NotNow, QuestionsOpen, RowsRefused
from campaign.imports.models import Import, ImportedSignature, ImportStage
from campaign.imports.name_lines import BROKEN, COLUMNS, SEPARATORS, is_table, names_in
from campaign.imports.questions import asked_anew, kept_questions
from campaign.imports.row_parser import ParsedSignatory
from campaign.imports.row_reader import RowReader
from campaign.imports.wanted_rows import wanted_rows
from campaign.imports.who_signs import who_signs
from campaign.organisations.operations import new_organisation, register_many
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.plan import Problem
from campaign.sheets.questions import Asked, SheetQuestion
from campaign.sheets.readers import Table, peeked
from campaign.sheets.readings import chosen_encoding, recoded
from campaign.signatories.listing import fold_statement
from campaign.signatures.bulk_insert import Imported, Prepared, import_signatures, prepare
from campaign.signatures.models import SignatoryKind
from campaign.statements.models import UNSEEN, Safety, Statement
from campaign.statements.queries import published_revision, statement_key

_HEAD = 300
# Questions whose answers make other rows of the lines of a text.
OF_LINES = (SEPARATORS, BROKEN)
# Between two rounds of the fold, for other writers: longer than SQLite sleeps before it tries again.
_PAUSE_SECONDS = 0.12
_LINKS = cast(SqlTable, ImportedSignature.__table__)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of signatories, shown beside the list: where and when they were collected, where the
    originals are.
    """

    source: str
    evidence: str | None = None
    collected_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What may be left out: rows with problems, people who seem to be there already.

    `again`: import a list that was imported before.
    """

    leave_problems: bool = False
    leave_doubles: bool = False
    again: bool = False


def receive(statement: Statement, table: Table, origin: Origin) -> uuid.UUID:
    """Store the rows and guess the columns; check() comes next. Returns the id of the import.

    Raises SheetUnreadable, KeyDestroyed; nothing is stored then.
    """
    if statement.status in UNSEEN:
        raise SheetUnreadable(
            _("This statement is a draft. Publish it first: a signature agrees to a published text.")
        )

    statement_key(db.session(), statement.id)
    member, import_id, statement_id = signed_in_member(), new_id(), statement.id
    made = {
        "statement_id": statement_id,
        "member_id": member.id if member else None,
        "created_at": clock.now(),
    }
    head, rows = peeked(table, _HEAD)
    lines = [] if is_table(head) else table.lines()
    names = names_in(lines, {})
    if names is not None:
        rows = iter(names.rows)
        head = names.rows[:_HEAD]
    with writing() as session:
        new = Import(
            id=import_id, stage=ImportStage.READING, source=origin.source, evidence=origin.evidence, **made
        )
        new.collected_on = origin.collected_on
        staging.keep_details(new, {})
        session.add(new)

    try:
        count = _stage(import_id, rows)
    except BaseException:
        discard(import_id)
        raise

    layout = guess(head)
    with writing() as session:
        import_ = session.get_one(Import, import_id)
        details: dict[str, Any] = {"layout": layout.as_json(), "head": head[:_HEAD], "notes": table.notes}
        details |= {"read_as": table.read_as, "of_text": [question.as_json() for question in table.questions]}
        details["of_file"] = list(details["of_text"])
        if names is not None:
            details["notes"] = [*table.notes, *names.notes]
            details["of_file"] += [question.as_json() for question in names.questions]
            details |= {"lines": lines, "of_table": table.notes} if names.questions else {}
        staging.keep_details(import_, details)
        import_.rows, import_.stage = count, ImportStage.CHECKING

    return import_id


def arrange(import_id: uuid.UUID, layout: Layout | None, answers: Mapping[str, str] | None = None) -> None:
    """Read the columns in another way, with these answers to its questions; check() comes next.

    Raises NotNow. Without a layout the columns stay as they are; earlier answers stay where there are no
    others.
    """
    with writing() as session:
        import_ = _locked(session, import_id, ImportStage.CHECKING, ImportStage.CHECKED)
        details = staging.details_of(import_)
        before = details.get("answers", {})
        details["answers"] = before | dict(answers or {})
        names_columns = bool(layout and any(layout.columns.values()))
        if details.get("lines") and names_columns:
            # Whoever names a second column says that there are some.
            details["answers"].setdefault(SEPARATORS, COLUMNS)
        is_recoded = _recode(session, import_, details)
        said = [(before.get(name), details["answers"].get(name)) for name in OF_LINES]
        is_read_anew = bool(details.get("lines")) and (is_recoded or any(then != now for then, now in said))
        if is_read_anew:
            _read_lines_anew(session, import_, details)
        if layout and not is_recoded and (names_columns or not is_read_anew):
            details["layout"] = layout.as_json()
        staging.keep_details(import_, details)
        import_.stage, import_.claimed_at, import_.passed = ImportStage.CHECKING, None, 0


def _recode(session: Session, import_: Import, details: dict[str, Any]) -> bool:
    """Read the letters of a text as a person has said; the columns are guessed anew. False where they are
    read so already.
    """
    questions = [SheetQuestion.of(kept) for kept in details.get("of_text", ())]
    read_as, chosen = details.get("read_as"), chosen_encoding(questions, details["answers"])
    if not read_as or chosen is None or chosen == read_as:
        return False
    parts = staging.parts(import_.id)
    rows = [(row, cells) for part in parts for row, cells in staging.raw_rows(part)]
    anew = [(row, [recoded(cell, read_as, chosen) for cell in cells]) for row, cells in rows]
    head = anew[:_HEAD]
    details |= {"read_as": chosen, "head": head, "layout": guess(head).as_json()}
    details["lines"] = [recoded(line, read_as, chosen) for line in details.get("lines", ())]
    staging.replace_parts(session, import_, anew)
    return True


def _read_lines_anew(session: Session, import_: Import, details: dict[str, Any]) -> None:
    """Read the lines of a text as the answers say: other rows, and other columns."""
    names = names_in(details["lines"], details["answers"])
    if names is None:
        return
    head = names.rows[:_HEAD]
    details |= {"head": head, "layout": guess(head).as_json(), "notes": [*details["of_table"], *names.notes]}
    asked = [question.as_json() for question in names.questions]
    details["of_file"] = [*details.get("of_text", ()), *asked]
    staging.replace_parts(session, import_, names.rows)


def check(import_id: uuid.UUID) -> None:
    """Check every row, and store the findings. Raises NotNow, KeyDestroyed."""
    import_ = _present(import_id, ImportStage.CHECKING)
    statement, details = db.session.get_one(Statement, import_.statement_id), staging.details_of(import_)
    layout, asked = Layout.of(details["layout"]), asked_anew(details)
    survey = Survey(statement, asked)
    width = next((len(cells) for row, cells in details["head"] if row == layout.header), 0)
    who = who_signs(details["head"], layout, statement.signers)
    reader = RowReader(layout, width, asked, who, head=details["head"])
    guarded = statement.safety == Safety.HIGH
    wrong: list[Problem] = []
    refused = 0
    for part in staging.parts(import_id):
        rows = list(reader.read(wanted_rows(staging.raw_rows(part), layout, asked, reader.left_out)))
        found = [_guarded(read.entry) if guarded else read.entry for read in rows if read.entry]
        survey.add(found)
        refused += sum(1 for read in rows if read.problems and not read.entry)
        wrong += [problem for read in rows for problem in read.problems][: max(0, MOST_KEPT - len(wrong))]

        with writing() as session:
            staging.keep_entries(session, part, found)
            _pass(session, import_id, len(rows))

    findings = survey.finish(wrong, refused)
    findings.left_out = reader.left_out
    findings.repeated = _imported_before(db.session(), statement.id, _marks(statement.id, survey.mark))
    _keep_findings(import_id, layout, findings, asked)


def tell(import_id: uuid.UUID, order: Order) -> None:
    """Order the import of a checked list; carry_out() comes next.

    Raises NotNow, QuestionsOpen, RowsRefused, ListRepeated.
    """
    with writing() as session:
        import_ = _locked(session, import_id, ImportStage.CHECKED)
        details = staging.details_of(import_)
        findings = ImportFindings.of(details["findings"])
        if kept_questions(details).open:
            raise QuestionsOpen
        if findings.refused and not order.leave_problems:
            raise RowsRefused
        if findings.repeated and not order.again:
            raise ListRepeated

        said = {
            "leave_problems": order.leave_problems,
            "leave_doubles": order.leave_doubles,
            "again": order.again,
        }
        staging.keep_details(import_, details | {"order": said})
        import_.stage, import_.claimed_at, import_.passed = ImportStage.QUEUED, None, 0


def carry_out(import_id: uuid.UUID) -> None:
    """Import as tell() ordered, in one transaction. Nothing is written when it raises.

    Raises NotNow, KeyDestroyed; and, when the list or the registry has changed since the check, ListRepeated,
    RowsRefused, OrganisationSigned.
    """
    import_ = _present(import_id, ImportStage.QUEUED)
    order = Order(**staging.details_of(import_)["order"])
    origin = Origin(import_.source, import_.evidence, import_.collected_on)
    asked, statement_id = Asked(staging.details_of(import_).get("answers", {})), import_.statement_id
    survey = Survey(db.session.get_one(Statement, statement_id), asked)
    for part in staging.parts(import_id):
        entries = [ParsedSignatory.of(kept) for kept in staging.entries(part)]
        survey.add(entries)
        ready = prepare(_imported(entry, origin) for entry in entries)
        with writing() as session:
            staging.keep_prepared(
                session, part, [(entry.at, one) for entry, one in zip(entries, ready, strict=True)]
            )
            _pass(session, import_id, len(entries))

    survey.finish()
    if asked.open or (survey.refused and not order.leave_problems):
        raise RowsRefused

    left = survey.refused | survey.unseen | (survey.doubled.keys() if order.leave_doubles else set())
    unknown = survey.registered.values()
    new = [
        new_organisation(entry.organisation, entry.country or None, entry.website or None)
        for entry in unknown
    ]
    revision = published_revision(statement_id)
    if revision is None:
        raise NotNow

    text, marks = (revision.id, revision.translations[0].language), _marks(statement_id, survey.mark)
    with writing() as session:
        import_ = _locked(session, import_id, ImportStage.QUEUED)
        # Two imports into one statement at once wait for each other; signers do not wait.
        statement = session.get_one(Statement, statement_id, with_for_update={"key_share": True})
        if not order.again and _imported_before(session, statement_id, marks):
            raise ListRepeated

        entered = register_many(session, text[1], new)
        organisations = {**survey.known, **entered}
        import_.entered = json.dumps(sorted(entered.values())) if entered else None
        import_.people, import_.organisations = _insert(session, import_, text, organisations, left)
        import_.stage, import_.finished_at, import_.list_mark = ImportStage.DONE, clock.now(), marks[0]
        staging.forget(session, import_)
        counts = {"people": import_.people, "organisations": import_.organisations}
        record_for(session, import_.member_id, ImportAction.IMPORTED, f"statement:{statement.slug}", **counts)


def check_again(import_id: uuid.UUID) -> None:
    """Check a list again whose import was refused. Does nothing when it is over."""
    with writing() as session:
        import_ = session.get(Import, import_id, with_for_update=True)
        if import_ is not None and import_.stage == ImportStage.QUEUED:
            import_.stage, import_.claimed_at, import_.passed = ImportStage.CHECKING, None, 0


def fail(import_id: uuid.UUID) -> None:
    """Give up an import that can't go on; its rows are erased."""
    with writing() as session:
        import_ = session.get(Import, import_id, with_for_update=True)
        if import_ is not None and import_.stage in (ImportStage.CHECKING, ImportStage.QUEUED):
            import_.stage, import_.finished_at, import_.claimed_at = ImportStage.FAILED, clock.now(), None
            staging.forget(session, import_)


def discard(import_id: uuid.UUID) -> None:
    """Erase a list that is not to be imported. One that was imported stays; calling it twice is no error."""
    with writing() as session:
        over = (ImportStage.DONE, ImportStage.UNDONE, ImportStage.FAILED)
        session.execute(delete(Import).where(Import.id == import_id, Import.stage.not_in(over)))


def list_now(statement_id: int) -> None:
    """Let the fold list what waits, without waiting for the worker."""
    while _fold(statement_id):
        time.sleep(_PAUSE_SECONDS)


def findings_of(import_: Import) -> ImportFindings | None:
    """The findings of the check; None before it."""
    kept = staging.details_of(import_).get("findings")
    return ImportFindings.of(kept) if kept else None


def questions_of(import_: Import) -> Asked:
    """The questions that the check raised, with the answers so far."""
    return kept_questions(staging.details_of(import_))


def layout_of(import_: Import) -> tuple[Layout, list[str], list[str]]:
    """The layout, the label of each column, and remarks on the file for the person who imports it."""
    details = staging.details_of(import_)
    layout = Layout.of(details["layout"])
    return layout, labels(details["head"], layout.header), details["notes"]


def columns_of(import_: Import) -> list[SheetColumn]:
    """The columns of the file, with examples of their cells."""
    details = staging.details_of(import_)
    return sheet_columns(details["head"], Layout.of(details["layout"]).header)


def _stage(import_id: uuid.UUID, rows: Iterable[tuple[int, list[str]]]) -> int:
    count = 0
    for number, part in enumerate(_some(rows, staging.PART)):
        staging.add_part(import_id, number, part)
        count += len(part)
    return count


def _some(rows: Iterable[Row], length: int) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == length:
            yield part
            part = []
    if part:
        yield part


def _guarded(entry: ParsedSignatory) -> ParsedSignatory:
    """At high safety, nothing is stored that tells a signer from others of the same name."""
    return entry._replace(city="", email="", updates=False, affiliation="")


def _present(import_id: uuid.UUID, stage: ImportStage) -> Import:
    import_ = db.session.get(Import, import_id, populate_existing=True)
    if import_ is None or import_.stage != stage:
        raise NotNow
    return import_


def _locked(session: Session, import_id: uuid.UUID, *stages: ImportStage) -> Import:
    import_ = session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if import_ is None or import_.stage not in stages:
        raise NotNow
    return import_


def _pass(session: Session, import_id: uuid.UUID, rows: int) -> None:
    import_ = session.get(Import, import_id)
    if import_ is None:
        raise NotNow
    import_.passed += rows
    import_.claimed_at = clock.now()


def _keep_findings(import_id: uuid.UUID, layout: Layout, findings: ImportFindings, asked: Asked) -> None:
    with writing() as session:
        import_ = _locked(session, import_id, ImportStage.CHECKING)
        details = staging.details_of(import_)
        import_.claimed_at, import_.passed = None, 0
        if details["layout"] == layout.as_json() and details.get("answers", {}) == asked.given:
            # Otherwise the columns or answers were changed meanwhile, and the next check is under way.
            questions = [question.as_json() for question in asked.questions]
            staging.keep_details(import_, details | {"findings": findings.as_json(), "questions": questions})
            import_.stage, import_.people, import_.organisations = (
                ImportStage.CHECKED,
                findings.people,
                findings.organisations,
            )


def _marks(statement_id: int, mark: str) -> list[bytes]:
    """The hashes by which a list is recognised, under the newest key first.

    Keyed, so that nobody else can find out who was on it.
    """
    return vault().indexes("imported list", digest(str(statement_id), mark))


def _imported_before(session: Session, statement_id: int, marks: Sequence[bytes]) -> bool:
    """True when this very list was imported into the statement, also where that was undone."""
    same = select(Import.id).where(Import.statement_id == statement_id, Import.list_mark.in_(marks))
    return session.scalar(same.limit(1)) is not None


def _imported(entry: ParsedSignatory, origin: Origin) -> Imported:
    names = {"name": entry.name, "city": entry.city, "affiliation": entry.affiliation}
    if entry.kind == SignatoryKind.ORGANISATION:
        names |= {"organisation_name": entry.organisation, "title": entry.title, "website": entry.website}

    email = entry.email if entry.updates else ""

    return Imported(
        SignatoryKind(entry.kind),
        names,
        entry.country or None,
        origin.source,
        origin.evidence,
        origin.collected_on,
        email,
    )


def _insert(
    session: Session,
    import_: Import,
    text: tuple[int, str],
    organisations: dict[str, int],
    left: Collection[tuple[int, int]],
) -> tuple[int, int]:
    """Insert all prepared signatories but those in `left`, with links for the undo.

    Returns the numbers of people and organisations.
    """
    as_id = as_stored(_LINKS, "signature_id")
    own, people, of_organisations = as_id(import_.id), 0, 0
    for kept in staging.prepared(session, import_.id):
        ready = [Prepared(*values) for at, values in kept if tuple(at) not in left]
        brought = import_signatures(session, import_.statement_id, *text, ready, organisations)
        if brought:
            insert_rows(
                session,
                _LINKS,
                ("signature_id", "import_id"),
                [(as_id(signature_id), own) for signature_id in brought],
            )
        of_organisations += sum(entry.organisation is not None for entry in ready)
        people += sum(entry.organisation is None for entry in ready)

    return people, of_organisations


def _fold(statement_id: int) -> int:
    with writing() as session:
        return fold_statement(session, statement_id)
