"""The check of all rows of a list together: repeated rows, earlier signatures, organisations of the
registry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from campaign.core.search import search_key
from campaign.extensions import db
from campaign.imports.left_out import LeftOut
from campaign.imports.row_parser import ParsedSignatory
from campaign.organisations.duplicates import similar_to
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisations_by_name
from campaign.sheets.plan import Plan, Problem
from campaign.signatories.queries import listed
from campaign.signatures.bulk_insert import mailboxes_signed
from campaign.signatures.models import SignatoryKind, Signature
from campaign.signatures.queries import organisations_signed
from campaign.statements.models import Signers, Statement

# Of the rest only the number is stored.
MOST_KEPT = 20_000
# Every new name is compared with every name of the registry.
_MOST_COMPARED = 200
_MAILBOXES_AT_ONCE = 400
# Problems of rows that are valid by themselves.
_OF_THE_WHOLE_LIST = ("only organisations", "only people", "signed", "twice", "unclear")
_KIND_OF = {Signers.ORGANISATIONS: SignatoryKind.ORGANISATION, Signers.PEOPLE: SignatoryKind.PERSON}


@dataclass(slots=True)
class ImportFindings(Plan[str]):
    """The plan of an import of signatures. `new` are names that the registry lacks, the first of `new_count`.

    `people` and `organisations` have no problem; `doubles`, for a person to judge, are among the people.
    `refused` and `doubled` are numbers of rows.
    """

    people: int = 0
    organisations: int = 0
    refused: int = 0
    doubled: int = 0
    doubles: list[Problem] = field(default_factory=list)
    new_count: int = 0
    repeated: bool = False
    left_out: LeftOut = field(default_factory=LeftOut)

    def as_json(self) -> dict[str, Any]:
        """The findings as JSON, to be stored between two steps."""
        kept = asdict(self)
        for name in ("problems", "doubles", "similar"):
            kept[name] = [problem.as_json() for problem in getattr(self, name)]
        return kept

    @classmethod
    def of(cls, kept: dict[str, Any]) -> ImportFindings:
        """The findings that as_json() stored."""
        said = {
            name: [Problem(*problem) for problem in kept[name]] for name in ("problems", "doubles", "similar")
        }
        return cls(**kept | said | {"left_out": LeftOut.of(kept.get("left_out", {}))})


class Survey:
    """The check of a list, fed with its entries part by part; it holds some dozens of bytes for each.

    Findings tell of earlier signatures whose names are public, and of no other: the check leaves no trace, so
    it would let anyone try out who has signed unseen. Rows that meet such a signature (`unseen`) are left out
    when the list is imported, which is recorded.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement_id, self.signers = statement.id, Signers(statement.signers)
        self.refused: set[int] = set()
        self.unseen: set[int] = set()
        self.doubled: dict[int, Problem] = {}
        self.known: dict[str, int] = {}
        self.registered: dict[str, ParsedSignatory] = {}
        self._people: dict[int, int] = {}
        self._of_organisations: list[tuple[int, str]] = []
        self._strangers: list[int] = []
        self._counts = {SignatoryKind.PERSON: 0, SignatoryKind.ORGANISATION: 0}
        self._sum = 0

    def add(self, entries: Sequence[ParsedSignatory]) -> None:
        """Look at more entries."""
        wanted = _KIND_OF.get(self.signers)
        for entry in entries:
            # Lists without affiliations are recognised by marks from before there were any.
            said = entry[1:] if entry.affiliation else entry[1:-1]
            self._sum += int.from_bytes(hashlib.sha256(repr(said).encode()).digest())
            if wanted and entry.kind is not wanted:
                self._strangers.append(entry.row)
                continue
            self._counts[entry.kind] += 1
            if entry.kind is SignatoryKind.ORGANISATION:
                self._of_organisations.append((entry.row, entry.organisation))
                self.registered.setdefault(entry.organisation, entry)
            else:
                self._add_person(entry)

        self._compare_mailboxes(
            [entry for entry in entries if entry.email and entry.kind is SignatoryKind.PERSON]
        )

    @property
    def mark(self) -> str:
        """A hash in hexadecimal, the same for the same rows in any order."""
        return f"{self._sum % 2**256:064x}"

    def finish(self, wrong: Iterable[Problem] = (), refused: int = 0) -> ImportFindings:
        """Compare with the list and the registry. Raises KeyDestroyed.

        `wrong` and `refused` are the problems of rows that are no entries, and the number of such rows.
        Afterwards `refused` has the rows that still can't be imported, `doubled` those to be judged, `known`
        the ids of organisations by name, and `registered` the entries of those that the registry lacks.
        """
        problems = [
            *wrong,
            *(Problem(row, f"only {self.signers}") for row in self._strangers),
            *self._organisations(),
        ]
        self.refused = {_row_of(problem) for problem in problems if problem.code in _OF_THE_WHOLE_LIST}
        self._compare_with_list()
        new = list(self.registered)
        of_refused = sum(row in self.refused for row, _name in self._of_organisations)

        return ImportFindings(
            people=self._counts[SignatoryKind.PERSON],
            organisations=self._counts[SignatoryKind.ORGANISATION] - of_refused,
            refused=refused + len(self.refused),
            doubled=len(self.doubled),
            problems=sorted(problems, key=_row_of)[:MOST_KEPT],
            doubles=sorted(self.doubled.values(), key=_row_of)[:MOST_KEPT],
            similar=self._similar(new),
            new=new[:_MOST_COMPARED],
            new_count=len(new),
        )

    def _add_person(self, entry: ParsedSignatory) -> None:
        key = _person(entry.name, entry.city, entry.country)
        first = self._people.setdefault(key, entry.row)
        if first != entry.row:
            self.doubled[entry.row] = Problem(entry.row, "same", {"first": first})

    def _compare_mailboxes(self, writing: Sequence[ParsedSignatory]) -> None:
        for start in range(0, len(writing), _MAILBOXES_AT_ONCE):
            some = writing[start : start + _MAILBOXES_AT_ONCE]
            session, addresses = db.session(), {entry.email for entry in some}
            signed = mailboxes_signed(session, self.statement_id, addresses)
            shown = mailboxes_signed(session, self.statement_id, addresses, shown=True)
            self.unseen.update(entry.row for entry in some if entry.email in signed - shown)
            self.doubled.update(
                (entry.row, Problem(entry.row, "mailbox")) for entry in some if entry.email in shown
            )

    def _compare_with_list(self) -> None:
        """Two people may have one name and live in one place: a person decides."""
        if not self._people:
            return

        people = listed(self.statement_id).where(
            Signature.kind == SignatoryKind.PERSON, Signature.name.is_not(None)
        )
        rows = db.session.execute(
            people.with_only_columns(Signature.name, Signature.city, Signature.country).execution_options(
                yield_per=2_000
            )
        )
        for name, city, country in rows:
            if row := self._people.get(_person(name or "", city or "", country or "")):
                self.doubled.setdefault(row, Problem(row, "on list"))

    def _organisations(self) -> list[Problem]:
        """The problems of organisations: on the list already, in two rows under any of their names, or
        ambiguous.
        """
        made_up = db.session.get_one(Statement, self.statement_id).fictional
        found = organisations_by_name(db.session(), self.registered, made_up=made_up)
        self.known = {name: ids[0] for name, ids in found.items() if len(ids) == 1}
        unclear = {name for name, ids in found.items() if len(ids) > 1}
        session, ids = db.session(), set(self.known.values())
        taken = organisations_signed(session, self.statement_id, ids) if ids else set()
        shown = organisations_signed(session, self.statement_id, ids, shown=True) if ids else set()
        self.registered = {name: entry for name, entry in self.registered.items() if not found[name]}
        problems, first = [], dict[int | str, int]()
        for row, name in self._of_organisations:
            organisation = self.known.get(name) or search_key(name)
            if name in unclear:
                problems.append(Problem(row, "unclear"))
            elif organisation in shown:
                problems.append(Problem(row, "signed"))
            elif organisation in first:
                problems.append(Problem(row, "twice", {"first": first[organisation]}))
                self._enter_no_more(name, row)
            elif organisation in taken:
                self.unseen.add(row)
            first.setdefault(organisation, row)

        return problems

    def _enter_no_more(self, name: str, row: int) -> None:
        """Don't enter an organisation a second time under another spelling."""
        if (entry := self.registered.get(name)) and entry.row == row:
            del self.registered[name]

    def _similar(self, new: Sequence[str]) -> list[Problem]:
        said = []
        for name in new[:_MOST_COMPARED]:
            if twins := similar_to([name]):
                called = db.session.get_one(Organisation, twins[0])
                shown = next(known.name for known in called.names if known.canonical)
                said.append(
                    Problem(self.registered[name].row, "similar name", {"name": shown, "slug": called.slug})
                )
        return said


def _row_of(problem: Problem) -> int:
    """Lists of signatures have rows."""
    return int(problem.row)


def _person(name: str, city: str, country: str) -> int:
    """A hash of a person, for which case and order of the words of a name do not matter."""
    return hash((" ".join(sorted(name.casefold().split())), city.casefold(), country))
