"""Importing a sheet: what would happen, and making it happen, all or nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from campaign.accounts.audit import record, was_recorded
from campaign.core.database import writing
from campaign.core.search import search_key
from campaign.core.vault import digest, vault
from campaign.extensions import db
from campaign.handover.errors import ListRepeated, SheetUnreadable
from campaign.handover.sheets import COLUMNS, Entry, Problem, Sheet
from campaign.organisations.operations import new_organisation, register_many
from campaign.organisations.queries import organisations_named
from campaign.signatories.operations import fold_statement
from campaign.signatories.queries import listed
from campaign.signing.importing import Imported, import_signatures, prepare
from campaign.signing.models import SignatoryKind, Signature
from campaign.signing.queries import organisations_signed
from campaign.statements.models import Signers, Statement
from campaign.statements.queries import published_revision

_cells = attrgetter(*COLUMNS)
_IMPORTED = "signatures imported"
# Between two rounds of the fold, for those who wait to write: longer than SQLite sleeps before it tries again.
_PAUSE_SECONDS = 0.12
_KIND_OF = {Signers.ORGANISATIONS: SignatoryKind.ORGANISATION, Signers.PEOPLE: SignatoryKind.PERSON}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where signatories come from, said beside each of them."""

    source: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import of `entries` would do. `known` maps names in the sheet to organisations of the registry.

    `marks` tell this list from others in the audit log, in hexadecimal, under the newest key first; `repeated`: it was imported before.
    """

    statement_id: int
    slug: str
    revision_id: int
    language: str
    entries: Sequence[Entry]
    problems: Sequence[Problem]
    known: Mapping[str, int]
    alike: int
    marks: Sequence[str]
    repeated: bool

    @property
    def organisations(self) -> int:
        """How many organisations would sign."""
        return sum(entry.kind is SignatoryKind.ORGANISATION for entry in self.entries)

    @property
    def people(self) -> int:
        """How many people would sign."""
        return len(self.entries) - self.organisations

    @property
    def new(self) -> list[Entry]:
        """The rows of organisations that would be entered into the registry."""
        return [entry for entry in self.entries if entry.organisation and entry.organisation not in self.known]


def plan_import(statement: Statement, sheet: Sheet) -> Plan:
    """Look up the organisations of a sheet, and find what stands in the way. Raises SheetUnreadable for a draft, KeyDestroyed."""
    revision = published_revision(statement.id)
    if revision is None:
        raise SheetUnreadable("This statement is a draft. Publish it first: a signature agrees to a published text.")
    wanted = _KIND_OF.get(Signers(statement.signers))
    others = [entry for entry in sheet.entries if wanted and entry.kind is not wanted]
    strangers = [Problem(entry.row, f"only {statement.signers} sign this statement") for entry in others]
    known, unclear = _known_organisations(sheet.entries)
    taken = organisations_signed(db.session(), statement.id, set(known.values()))
    problems = sorted([*sheet.problems, *strangers, *unclear, *_twice(sheet.entries, known, taken)], key=lambda problem: problem.row)
    language = revision.translations[0].language
    marks = _marks(statement.id, sheet.entries)
    repeated = was_recorded(db.session(), _IMPORTED, marks)
    alike = _alike(statement.id, sheet.entries)
    return Plan(statement.id, statement.slug, revision.id, language, sheet.entries, problems, known, alike, marks, repeated)


def carry_out(plan: Plan, origin: Origin, *, again: bool = False) -> None:
    """Import all entries in one transaction, then list them. Nothing is written when it raises.

    Raises OrganisationSigned when one has signed meanwhile, and ListRepeated for a list that was imported before, unless `again`.
    """
    entries = prepare(_imported(entry, origin) for entry in plan.entries)
    new = [new_organisation(entry.organisation, entry.country or None, entry.website or None) for entry in plan.new]
    with writing() as session:
        # Two imports at once into one statement wait for one another; who signs does not.
        session.get_one(Statement, plan.statement_id, with_for_update={"key_share": True})
        if not again and was_recorded(session, _IMPORTED, plan.marks):
            raise ListRepeated
        organisations = {**plan.known, **register_many(session, plan.language, new)}
        import_signatures(session, plan.statement_id, plan.revision_id, plan.language, entries, organisations)
        counts = {"people": plan.people, "organisations": plan.organisations}
        record(session, _IMPORTED, f"statement:{plan.slug}", list=plan.marks[0], **counts)
    list_now(plan.statement_id)


def list_now(statement_id: int) -> None:
    """Let the fold list what waits, without waiting for the worker."""
    while _fold(statement_id):
        time.sleep(_PAUSE_SECONDS)


def _fold(statement_id: int) -> int:
    with writing() as session:
        return fold_statement(session, statement_id)


def _marks(statement_id: int, entries: Sequence[Entry]) -> list[str]:
    """The same for the same rows in another order. Keyed: the log outlives names, and must not tell who was on a list."""
    rows = sorted(digest(*_cells(entry)) for entry in entries)
    return [mark.hex() for mark in vault().indexes("imported list", digest(str(statement_id), *rows))]


def _known_organisations(entries: Sequence[Entry]) -> tuple[dict[str, int], list[Problem]]:
    known: dict[str, int] = {}
    unclear = []
    for entry in entries:
        if not entry.organisation or entry.organisation in known:
            continue
        found = organisations_named(db.session(), entry.organisation)
        if len(found) == 1:
            known[entry.organisation] = found[0].id
        elif found:
            unclear.append(Problem(entry.row, "several organisations of the registry have this name"))
    return known, unclear


def _twice(entries: Sequence[Entry], known: Mapping[str, int], taken: set[int]) -> list[Problem]:
    """Organisations that are on the list already, or stand in two rows, be it under two names."""
    problems = []
    first: dict[int | str, int] = {}
    for entry in entries:
        if not entry.organisation:
            continue
        organisation = known.get(entry.organisation) or search_key(entry.organisation)
        if organisation in taken:
            problems.append(Problem(entry.row, "this organisation has signed already"))
        elif organisation in first:
            problems.append(Problem(entry.row, f"this organisation stands in row {first[organisation]} too"))
        first.setdefault(organisation, entry.row)
    return problems


def _alike(statement_id: int, entries: Sequence[Entry]) -> int:
    """How many people of the list have a name and place that a row has too. Two people may: it is for a person to judge."""
    rows = {(entry.name, entry.city or None, entry.country or None) for entry in entries if entry.kind is SignatoryKind.PERSON}
    people = listed(statement_id).where(Signature.kind == SignatoryKind.PERSON).with_only_columns(Signature.name, Signature.city, Signature.country)
    return sum(tuple(row) in rows for row in db.session.execute(people.execution_options(yield_per=2_000))) if rows else 0


def _imported(entry: Entry, origin: Origin) -> Imported:
    names = {"name": entry.name, "city": entry.city}
    if entry.kind is SignatoryKind.ORGANISATION:
        names |= {"organisation_name": entry.organisation, "title": entry.title, "website": entry.website}
    return Imported(entry.kind, names, entry.country or None, origin.source, origin.evidence)
