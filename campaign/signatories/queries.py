"""The public list. One select serves page, API, embed, export and handover."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select, text

from campaign.core.places import SEARCHES
from campaign.core.search import has_words
from campaign.extensions import db
from campaign.organisations.queries import named_with
from campaign.signatories.cursor import ListCursor
from campaign.signatories.models import SignatoryList
from campaign.signatures.models import SignatoryKind, Signature
from campaign.signatures.queries import IS_LISTED

PAGE_LENGTH = 100
HEAD_ORGANISATIONS = 200
HEAD_PEOPLE = 60
NEWEST = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of organisations and of people on a list. `version` rises with every change of the list."""

    people: int = 0
    organisations: int = 0
    version: int = 0
    changed_at: dt.datetime | None = None

    @property
    def total(self) -> int:
        """All signatories, for the goal; a page that shows the sum says what it is made of."""
        return self.people + self.organisations

    def as_json(self) -> dict[str, int]:
        """The dict of the public API."""
        return {"people": self.people, "organisations": self.organisations, "total": self.total}


_IN_JSON = (
    "position", "kind", "name", "organisation", "title", "affiliation", "country", "message", "revision"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SignatoryLine:
    """One signatory as shown.

    A name that its signer does not show is None, and so is everything that could reveal it.
    """

    position: int
    kind: SignatoryKind
    visibility: str
    name: str | None
    organisation: str | None
    title: str | None
    country: str | None
    city: str | None
    website: str | None
    message: str | None
    affiliation: str | None = None
    # Of an organisation: its slug in the registry, and the digest of its logo
    # (signatories.organisation_display).
    slug: str | None = None
    logo: str | None = None
    # The number of the newest text that it was given to, and whether the demands have changed since
    # (signatories.agreement).
    revision: int | None = None
    earlier: bool = False
    # Of a statement of a network: whether it was a member on the day on which it signed
    # (signatories.organisation_display).
    member: bool = False

    def as_json(self) -> dict[str, object]:
        """The dict of the public API."""
        return {key: getattr(self, key) for key in _IN_JSON}


@dataclass(frozen=True, slots=True)
class SignatoryPage:
    """A page of the list for readers; `next` is the cursor of the following one.

    `left_off`: the search was not through with the list when its time was up, and goes on with `next`.
    """

    lines: list[SignatoryLine]
    next: str | None
    left_off: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list for programs; `next` is the position after which the following one begins."""

    lines: list[SignatoryLine]
    next: int | None


def counts_of(statement_id: int) -> Counts:
    """The counts of a statement's list as of the last fold."""
    roll = db.session.get(SignatoryList, statement_id)
    return Counts(roll.people, roll.organisations, roll.version, roll.changed_at) if roll else Counts()


def counts_by_statement(ids: Sequence[int]) -> dict[int, Counts]:
    """The counts of several statements; one without signatories has none."""
    rolls = db.session.scalars(select(SignatoryList).where(SignatoryList.statement_id.in_(ids)))
    return {
        roll.statement_id: Counts(roll.people, roll.organisations, roll.version, roll.changed_at)
        for roll in rolls
    }


def list_version(statement_id: int) -> int:
    """The version of the list, the cheapest question about it."""
    return (
        db.session.scalar(select(SignatoryList.version).where(SignatoryList.statement_id == statement_id))
        or 0
    )


def all_versions() -> tuple[int, int]:
    """The version of all lists together, which changes when any list changes."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(SignatoryList.version), 0)).select_from(SignatoryList)
    ).one()
    return (row[0], row[1])


def signed_by(organisation_id: int) -> list[int]:
    """The statements on whose lists this organisation stands."""
    return list(
        db.session.scalars(
            select(Signature.statement_id)
            .where(Signature.organisation_id == organisation_id, IS_LISTED)
            .distinct()
        )
    )


def names_signed_with(organisation_id: int) -> dict[int, str]:
    """The name under which an organisation stands as signed, by statement."""
    query = select(Signature.statement_id, Signature.organisation_name).where(
        Signature.organisation_id == organisation_id, IS_LISTED
    )
    return {statement_id: name for statement_id, name in db.session.execute(query).tuples() if name}


def listed(
    statement_id: int,
) -> Select[
    tuple[
        int,
        SignatoryKind,
        str,
        str | None,
        str | None,
        str | None,
        str | None,
        str | None,
        str | None,
        str | None,
        str | None,
    ]
]:
    """The select behind every list: the listed signatures, with the columns that may be shown."""
    return select(
        Signature.position.label("position"),
        Signature.kind,
        Signature.visibility,
        Signature.name,
        Signature.organisation_name,
        Signature.title,
        Signature.country,
        Signature.city,
        Signature.website,
        Signature.message,
        Signature.affiliation,
    ).where(Signature.statement_id == statement_id, IS_LISTED)  # type: ignore[return-value]


def organisations_head(statement_id: int, most: int = HEAD_ORGANISATIONS) -> list[SignatoryLine]:
    """The first organisations of the register, by name."""
    return _lines(listed(statement_id).where(_KIND_ORGANISATION).order_by(*REGISTER).limit(most))


def people_head(statement_id: int, most: int = HEAD_PEOPLE) -> list[SignatoryLine]:
    """The newest people."""
    return _lines(
        listed(statement_id)
        .where(Signature.kind == SignatoryKind.PERSON)
        .order_by(Signature.position.desc())
        .limit(most)
    )


def whole_list(statement_id: int) -> list[SignatoryLine]:
    """Everyone on the list, organisations first, in the order in which they came. About 0.1 s for 10,000."""
    return _lines(listed(statement_id).order_by(Signature.kind, Signature.position))


def list_part(statement_id: int, number: int, length: int) -> list[SignatoryLine]:
    """A part of whole_list(), from 1 on, for a list that is too long for one file."""
    ordered = listed(statement_id).order_by(Signature.kind, Signature.position)
    return _lines(ordered.offset((number - 1) * length).limit(length))


def organisations_of(statement_id: int) -> list[SignatoryLine]:
    """The organisations of whole_list()."""
    return _lines(listed(statement_id).where(_KIND_ORGANISATION).order_by(Signature.position))


def list_state(statement_id: int) -> dict[str, int | str]:
    """The version of the list and its moment, and how many have left it since it began: positions are never
    given twice.
    """
    roll = db.session.get(SignatoryList, statement_id)
    if roll is None:
        return {"version": 0, "changed_at": "", "left": 0}
    left = roll.last_position - roll.people - roll.organisations
    return {"version": roll.version, "changed_at": str(roll.changed_at), "left": left}


def newest(statement_id: int, most: int = NEWEST) -> list[SignatoryLine]:
    """The newest signatories who show their name, of both kinds, newest first."""
    # Each kind by itself has an index that ends with the position; both together would have to be sorted.
    lines = people_head(statement_id, most * 4) + _newest_organisations(statement_id, most * 4)
    shown = sorted((line for line in lines if line.visibility == "public"), key=lambda line: -line.position)
    return shown[:most]


def words(statement_id: int, most: int = 4) -> list[SignatoryLine]:
    """The newest public messages that a team member has read, each with its signatory."""
    left = (
        listed(statement_id)
        .where(Signature.message.is_not(None))
        .order_by(Signature.position.desc())
        .limit(most)
    )
    return _lines(left)


def _newest_organisations(statement_id: int, most: int) -> list[SignatoryLine]:
    return _lines(
        listed(statement_id)
        .where(Signature.kind == SignatoryKind.ORGANISATION)
        .order_by(Signature.position.desc())
        .limit(most)
    )


@dataclass(frozen=True, slots=True)
class CountryCount:
    """The numbers of signatories from one country (ISO 3166-1 alpha-2), however their names are shown."""

    code: str
    people: int
    organisations: int

    @property
    def total(self) -> int:
        """The sum, for the length of a bar; a page that shows it as a number says what it is made of."""
        return self.people + self.organisations


def by_country(statement_id: int) -> list[CountryCount]:
    """Countries with their listed signatories, most first."""
    of = select(Signature.country, Signature.kind, func.count()).where(
        Signature.statement_id == statement_id, IS_LISTED
    )
    counted: dict[str, dict[str, int]] = {}
    for country, kind, count in db.session.execute(
        of.where(Signature.country.is_not(None)).group_by(Signature.country, Signature.kind)
    ):
        counted.setdefault(str(country), {})[kind] = count

    lines = [
        CountryCount(code, kinds.get(SignatoryKind.PERSON, 0), kinds.get(SignatoryKind.ORGANISATION, 0))
        for code, kinds in counted.items()
    ]

    return sorted(lines, key=lambda line: (-line.total, line.code))


def line_of(signature_id: uuid.UUID) -> SignatoryLine | None:
    """One listed signatory, as the list shows it."""
    statement_id = db.session.scalar(select(Signature.statement_id).where(Signature.id == signature_id))
    found = _lines(listed(statement_id).where(Signature.id == signature_id)) if statement_id else []
    return found[0] if found else None


def by_position(statement_id: int, after: int, most: int = PAGE_LENGTH) -> Stretch:
    """Signatories in the order in which they came to the list, for programs that follow it."""
    lines = _lines(
        listed(statement_id).where(Signature.position > after).order_by(Signature.position).limit(most + 1)
    )
    return Stretch(lines[:most], lines[most - 1].position if len(lines) > most else None)


def last_position(statement_id: int, until: int) -> int:
    """The last listed position up to `until`, so that a page can begin after it; 0 if there is none."""
    listed_until = select(Signature.position).where(
        Signature.statement_id == statement_id, IS_LISTED, Signature.position <= until
    )
    return db.session.scalar(listed_until.order_by(Signature.position.desc()).limit(1)) or 0


def browse(
    statement_id: int,
    *,
    kind: SignatoryKind | None = None,
    query: str = "",
    country: str = "",
    after: ListCursor | None = None,
    most: int = PAGE_LENGTH,
    registered: bool = False,
    part: ColumnElement[bool] | None = None,
) -> SignatoryPage:
    """One page for readers: organisations by name, then people, newest first. `after` is the place of the
    last line seen.

    A search holds one of the few places for searches, and reads for SEARCH_SECONDS. Raises Busy.

    With `registered`, `query` also finds an organisation by any name that the registry has for it. `part` is
    a further SQL condition.
    """
    base = listed(statement_id).add_columns(Signature.sort_key)
    conditions = _conditions(query, country, registered=registered)
    if part is not None:
        conditions.append(part)
    wanted = [kind] if kind else [SignatoryKind.ORGANISATION, SignatoryKind.PERSON]
    if after:
        wanted = [each for each in wanted if (each, after.kind) != _BEFORE]
    walk = _Walk(statement_id, base, conditions, after, most)
    with SEARCHES.taken() if conditions else nullcontext():
        for each in wanted:
            walk.through(each)

    return SignatoryPage([SignatoryLine(*row[:-1]) for row in walk.found[:most]], *walk.end())


_BEFORE = (SignatoryKind.ORGANISATION, SignatoryKind.PERSON)
# A condition that no index answers is tried on so many rows at a time, for as long as this; then the reader
# goes on from there. A list of 20,000 is always searched whole.
SLICE = 20_000
SEARCH_SECONDS = 0.4


class _Walk:
    """A way through the list, kind by kind, that ends with a page full of lines, with the list, or with its
    time.
    """

    def __init__(
        self,
        statement_id: int,
        base: Select[Any],
        conditions: list[ColumnElement[bool]],
        after: ListCursor | None,
        most: int,
    ) -> None:
        self.found: list[Row] = []  # type: ignore[type-arg]
        self._statement_id, self._base, self._conditions = statement_id, base, conditions
        self._after, self._most = after, most
        self._until = time.monotonic() + SEARCH_SECONDS
        self._slices = bool(conditions) and counts_of(statement_id).total > SLICE
        self._left_off: ListCursor | None = None

    def through(self, kind: SignatoryKind) -> None:
        """Go through the signatories of one kind."""
        place = self._after if self._after and self._after.kind == kind else None
        while len(self.found) <= self._most and not self._left_off:
            ordered = _of_kind(self._base, kind, place)
            edge = db.session.execute(ordered.offset(SLICE - 1).limit(1)).first() if self._slices else None
            query = ordered.where(*self._conditions)
            if edge is not None:
                query = query.where(_up_to(_place_of(edge)))
            self.found += _rows(query.limit(self._most + 1 - len(self.found)))
            if edge is None:
                return
            place = _place_of(edge)
            if time.monotonic() > self._until:
                self._left_off = place

    def end(self) -> tuple[str | None, bool]:
        """The cursor of the following page, and whether the search left off before its page was full."""
        if len(self.found) > self._most:
            return _place_of(self.found[self._most - 1]).cursor(self._statement_id), False
        return self._left_off.cursor(self._statement_id) if self._left_off else None, bool(self._left_off)


def _of_kind(base: Select[Any], kind: SignatoryKind, after: ListCursor | None) -> Select[Any]:
    if kind is SignatoryKind.ORGANISATION:
        register = base.where(_KIND_ORGANISATION).order_by(*REGISTER)
        return register.where(after.later_in_register()) if after else register
    people = base.where(Signature.kind == SignatoryKind.PERSON).order_by(Signature.position.desc())
    return people.where(Signature.position < after.position) if after else people


def _up_to(place: ListCursor) -> ColumnElement[bool]:
    """The condition of not standing behind this place."""
    named = place.kind == SignatoryKind.ORGANISATION
    return not_(place.later_in_register()) if named else Signature.position >= place.position


# Worded like the partial index, so that SQLite uses it: it can't know the value of a bound parameter.
_KIND_ORGANISATION = text("signatures.kind = 'organisation'")
# Organisations that only the team may see have no sort key; both databases sort them to the end.
REGISTER = (Signature.sort_key.is_(None), Signature.sort_key, Signature.position)


def _place_of(row: Row) -> ListCursor:  # type: ignore[type-arg]
    named = row.kind == SignatoryKind.ORGANISATION
    return ListCursor(SignatoryKind(row.kind), row.position, row.sort_key if named else None)


def _conditions(words: str, country: str, *, registered: bool) -> list[ColumnElement[bool]]:
    conditions = has_words(Signature.search_key, words)
    if conditions and registered:
        conditions = [or_(and_(*conditions), and_(*named_with(Signature.organisation_id, words)))]
    return [*conditions, *([Signature.country == country] if country else [])]


def _lines(query: Select) -> list[SignatoryLine]:  # type: ignore[type-arg]
    return [SignatoryLine(*row) for row in _rows(query)]


def _rows(query: Select) -> list[Row]:  # type: ignore[type-arg]
    return list(db.session.execute(query).all())
