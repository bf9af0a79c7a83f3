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
from campaign.imports.registry_match import IN_REGISTRY, NEW, UNCLEAR, in_registry
from campaign.imports.row_parser import ParsedSignatory
from campaign.organisations.duplicates import similar_to
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisations_by_name
from campaign.sheets.plan import Plan, Problem
from campaign.sheets.questions import Asked
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
# The row and the part of it.
Place = tuple[int, int]
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

    def __init__(self, statement: Statement, asked: Asked) -> None:
        self._asked = asked
        self.statement_id, self.signers = statement.id, Signers(statement.signers)
        self.refused: set[Place] = set()
        self.unseen: set[Place] = set()
        self.doubled: dict[Place, Problem] = {}
        self.known: dict[str, int] = {}
        self.registered: dict[str, ParsedSignatory] = {}
        self._people: dict[int, Place] = {}
        self._of_organisations: list[tuple[Place, str]] = []
        self._strangers: list[Place] = []
        self._counts = {SignatoryKind.PERSON: 0, SignatoryKind.ORGANISATION: 0}
        self._sum = 0

    def add(self, entries: Sequence[ParsedSignatory]) -> None:
        """Look at more entries."""
        wanted = _KIND_OF.get(self.signers)
        for entry in entries:
            # Lists without affiliations are recognised by marks from before there were any.
            said = entry[1:-1] if entry.affiliation else entry[1:-2]
            self._sum += int.from_bytes(hashlib.sha256(repr(said).encode()).digest())
            if wanted and entry.kind is not wanted:
                self._strangers.append(entry.at)
                continue
            self._counts[entry.kind] += 1
            if entry.kind is SignatoryKind.ORGANISATION:
                self._of_organisations.append((entry.at, entry.organisation))
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
            *(_problem(at, f"only {self.signers}") for at in self._strangers),
            *self._organisations(),
        ]
        self.refused = {_place_of(problem) for problem in problems if problem.code in _OF_THE_WHOLE_LIST}
        self._compare_with_list()
        new = list(self.registered)
        of_refused = sum(at in self.refused for at, _name in self._of_organisations)

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
        first = self._people.setdefault(key, entry.at)
        if first != entry.at:
            self.doubled[entry.at] = _problem(entry.at, "same", first=first[0])

    def _compare_mailboxes(self, writing: Sequence[ParsedSignatory]) -> None:
        for start in range(0, len(writing), _MAILBOXES_AT_ONCE):
            some = writing[start : start + _MAILBOXES_AT_ONCE]
            session, addresses = db.session(), {entry.email for entry in some}
            signed = mailboxes_signed(session, self.statement_id, addresses)
            shown = mailboxes_signed(session, self.statement_id, addresses, shown=True)
            self.unseen.update(entry.at for entry in some if entry.email in signed - shown)
            self.doubled.update(
                (entry.at, _problem(entry.at, "mailbox")) for entry in some if entry.email in shown
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
            if at := self._people.get(_person(name or "", city or "", country or "")):
                self.doubled.setdefault(at, _problem(at, "on list"))

    def _organisations(self) -> list[Problem]:
        """The problems of organisations: on the list already, in two rows under any of their names, or
        ambiguous.
        """
        made_up = db.session.get_one(Statement, self.statement_id).fictional
        found = organisations_by_name(db.session(), self.registered, made_up=made_up)
        said = {
            name: in_registry(entry, found[name], self._asked)
            for name, entry in self.registered.items()
            if found[name]
        }
        for name, entry in self._compared([name for name in self.registered if not found[name]]):
            said[name] = in_registry(entry, similar_to([name]), self._asked, by_name=False)
        self.known = {name: one for name, one in said.items() if isinstance(one, int)}
        unclear = {name for name, one in said.items() if one == UNCLEAR}
        session, ids = db.session(), set(self.known.values())
        taken = organisations_signed(session, self.statement_id, ids) if ids else set()
        shown = organisations_signed(session, self.statement_id, ids, shown=True) if ids else set()
        self.registered = {
            name: entry for name, entry in self.registered.items() if said.get(name, NEW) == NEW
        }
        problems, first = [], dict[int | str, Place]()
        for at, name in self._of_organisations:
            organisation = self.known.get(name) or search_key(name)
            if name in unclear:
                problems.append(_problem(at, "unclear"))
            elif organisation in shown:
                problems.append(_problem(at, "signed"))
            elif organisation in first:
                problems.append(_problem(at, "twice", first=first[organisation][0]))
                self._enter_no_more(name, at)
            elif organisation in taken:
                self.unseen.add(at)
            first.setdefault(organisation, at)

        return problems

    def _compared(self, names: Sequence[str]) -> Iterable[tuple[str, ParsedSignatory]]:
        return [(name, self.registered[name]) for name in names[:_MOST_COMPARED]]

    def _enter_no_more(self, name: str, at: Place) -> None:
        """Don't enter an organisation a second time under another spelling."""
        if (entry := self.registered.get(name)) and entry.at == at:
            del self.registered[name]

    def _similar(self, new: Sequence[str]) -> list[Problem]:
        said = []
        for name in new[:_MOST_COMPARED]:
            is_asked = self._asked.is_raised(IN_REGISTRY, name)
            if not is_asked and (twins := similar_to([name])):
                called = db.session.get_one(Organisation, twins[0])
                shown = next(known.name for known in called.names if known.canonical)
                said.append(
                    Problem(self.registered[name].row, "similar name", {"name": shown, "slug": called.slug})
                )
        return said


def _problem(at: Place, code: str, **about: Any) -> Problem:
    """The problem of one name; only those behind the first in their cell have a part."""
    row, part = at
    return Problem(row, code, {**about, "part": part} if part else about)


def _place_of(problem: Problem) -> Place:
    return _row_of(problem), problem.about.get("part", 0)


def _row_of(problem: Problem) -> int:
    """Lists of signatures have rows."""
    return int(problem.row)


def _person(name: str, city: str, country: str) -> int:
    """A hash of a person, for which case and order of the words of a name do not matter."""
    return hash((" ".join(sorted(name.casefold().split())), city.casefold(), country))
