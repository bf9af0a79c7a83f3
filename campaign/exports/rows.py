"""The list that a file is written from: its signatories at one moment, in the order that is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, func, literal, select

from campaign.core import clock
from campaign.core.formats import countries
from campaign.core.language import language
from campaign.exports.vocabulary import Contents, Grouping, SignatoryOrder
from campaign.exports.wishes import Wishes
from campaign.organisations.models import Organisation, UnStatus
from campaign.signatories.models import SignatoryList
from campaign.signatories.queries import listed
from campaign.signatures.models import Assent, SignatoryKind, Signature, Visibility
from campaign.statements.models import Change, Revision, Statement
from campaign.statements.queries import title_of

BATCH = 2_000
# The raw values of a row, by name.
_LISTED = (
    "position", "kind", "visibility", "name", "organisation", "title", "country", "city", "website",
    "message", "affiliation", "provenance", "source", "day", "revision",
)  # fmt: skip
_GROUPED = ("status",)
_CONTACT = ("id", "sealed_contact", "language")
# By its name, the values of one column of a batch.
Batch = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """The list that a file is written from, at one moment, and how it is to look.

    `revisions` maps ids of published revisions to their numbers. `agreeing` are the ids of those whose
    demands still stand: a signatory who agreed to one of them agreed to the text of the list. `people` and
    `organisations` count all who are listed, `withheld` those of them (organisations, people) without a
    row.
    """

    connection: Connection
    wishes: Wishes
    order: SignatoryOrder
    language: str
    statement_id: int
    slug: str
    title: str
    sha256: str
    revisions: Mapping[int, int]
    agreeing: frozenset[int]
    people: int
    organisations: int
    withheld: tuple[int, int]
    version: int
    moment: dt.datetime
    country_names: Mapping[str, str]
    # Told how many rows more have been read.
    told: Callable[[int], None] = lambda _rows: None
    # The countries that occur, in the order of their names.
    country_order: Sequence[str] = ()

    @property
    def revision(self) -> int:
        """The number of the text that the list belongs to."""
        return max(self.revisions.values())

    @property
    def listed(self) -> int:
        """The number of listed signatories."""
        return self.people + self.organisations

    @property
    def rows(self) -> int:
        """The number of rows in the file."""
        return self.listed - sum(self.withheld)


def source_of(
    connection: Connection,
    statement: Statement,
    wishes: Wishes,
    order: SignatoryOrder,
    told: Callable[[int], None] = lambda _rows: None,
) -> Source:
    """The source for a statement's list, in the language of the interface."""
    columns = (Revision.id, Revision.number, Revision.sha256, Revision.change)
    published = select(*columns).where(
        Revision.statement_id == statement.id, Revision.published_at.is_not(None)
    )
    revisions = connection.execute(published.order_by(Revision.number)).all()
    demanded = max(revision.number for revision in revisions if revision.change != Change.EDITORIAL)
    everyone = _tally(connection, listed(statement.id))
    wanted = wishes.contents
    whole = wanted is Contents.PUBLIC
    shown = everyone if whole else _tally(connection, _chosen(listed(statement.id), wanted))
    found = Source(
        connection=connection,
        wishes=wishes,
        order=order,
        language=language(),
        statement_id=statement.id,
        slug=statement.slug,
        title=title_of(statement.id, language()),
        sha256=revisions[-1].sha256 or "",
        revisions={revision.id: revision.number for revision in revisions},
        agreeing=frozenset(revision.id for revision in revisions if revision.number >= demanded),
        people=everyone[1],
        organisations=everyone[0],
        withheld=(everyone[0] - shown[0], everyone[1] - shown[1]),
        version=connection.scalar(
            select(SignatoryList.version).where(SignatoryList.statement_id == statement.id)
        )
        or 0,
        moment=clock.now(),
        told=told,
        country_names=dict(countries(language())),
    )
    return replace(found, country_order=_country_order(found))


def batches(source: Source, most: int | None = None) -> Iterator[Batch]:
    """The rows in their order, or the first `most` of them, a batch of columns at a time.

    Only moments cast to text are the same in both databases; a row's datetime would take longer than the rest
    of it.
    """
    day = func.substr(cast(Signature.confirmed_at, String), 1, 10)
    query = _chosen(listed(source.statement_id), source.wishes.contents).add_columns(
        Signature.provenance, Signature.source, day, newest_assent(source)
    )
    names: tuple[str, ...] = _LISTED
    if source.wishes.grouping is Grouping.STATUS or "status" in source.wishes.columns:
        names += _GROUPED
        query = query.add_columns(_STATUS).outerjoin(
            Organisation, Organisation.id == Signature.organisation_id
        )
    if source.wishes.contents is Contents.CONTACTS:
        names += _CONTACT
        query = query.add_columns(Signature.id, Signature.sealed_contact, Signature.language)
    for rows in _stream(source.connection, query.order_by(*_ordering(source)).limit(most)):
        yield dict(zip(names, zip(*rows, strict=True), strict=True))
        source.told(len(rows))


def newest_assent(source: Source) -> ColumnElement[int]:
    """The id of the newest revision agreed to.

    A statement with only one revision needs no look at the assents, which would halve the speed.
    """
    if len(source.revisions) == 1:
        return literal(next(iter(source.revisions)))
    return select(func.max(Assent.revision_id)).where(Assent.signature_id == Signature.id).scalar_subquery()


def not_named(source: Source) -> tuple[int, int]:
    """The numbers of listed organisations and people whose names are not shown."""
    unseen = listed(source.statement_id).where(Signature.visibility != Visibility.PUBLIC)
    return _tally(source.connection, unseen)


def not_shown_contacts(connection: Connection, statement_id: int) -> int:
    """The number of listed signatories who asked for news and do not show their name: no contact list has
    their address.
    """
    wanting = listed(statement_id).where(
        Signature.wants_updates,
        Signature.sealed_contact.is_not(None),
        Signature.visibility != Visibility.PUBLIC,
    )
    return connection.scalar(wanting.with_only_columns(func.count())) or 0


_STATUS = case(
    (Signature.kind == SignatoryKind.PERSON, "person"),
    else_=func.coalesce(Organisation.un_status, str(UnStatus.NONE)),
)
_RANKS = {
    str(status): rank
    for rank, status in enumerate((UnStatus.GENERAL, UnStatus.SPECIAL, UnStatus.ROSTER, UnStatus.NONE))
}


def _chosen(query: Select[Any], contents: Contents) -> Select[Any]:
    """The rows of a list that this one has."""
    if contents is Contents.PUBLIC:
        return query
    shown = query.where(Signature.visibility == Visibility.PUBLIC)
    if contents is Contents.CONTACTS:
        return shown.where(Signature.wants_updates, Signature.sealed_contact.is_not(None))
    return shown


def _ordering(source: Source) -> list[Any]:
    organisation = Signature.kind == SignatoryKind.ORGANISATION
    groups: dict[Grouping, list[Any]] = {
        Grouping.NONE: [],
        Grouping.KIND: [Signature.kind],
        Grouping.COUNTRY: [_country_rank(source)],
        Grouping.STATUS: [case(_RANKS, value=_STATUS, else_=len(_RANKS))],
    }
    # Names that are not shown have no sort key; without this the databases would differ in where they stand.
    register = case((and_(organisation, Signature.sort_key.is_(None)), 1), else_=0)
    orders: dict[SignatoryOrder, list[Any]] = {
        SignatoryOrder.SIGNED: [Signature.kind],
        SignatoryOrder.NAME: [Signature.kind, Signature.sort_key.is_(None), Signature.sort_key],
        SignatoryOrder.COUNTRY: [_country_rank(source), Signature.kind],
        SignatoryOrder.PAGE: [Signature.kind, register, case((organisation, Signature.sort_key))],
    }
    return [*groups[source.wishes.grouping], *orders[source.order], Signature.position]


def _country_rank(source: Source) -> Any:
    """The place of a country among the names in this language; those without one come last."""
    ranks = {code: rank for rank, code in enumerate(source.country_order)}
    return case(ranks, value=Signature.country, else_=len(ranks)) if ranks else literal(0)


def _country_order(source: Source) -> Sequence[str]:
    if source.wishes.grouping != Grouping.COUNTRY and source.order != SignatoryOrder.COUNTRY:
        return ()
    found = listed(source.statement_id).with_only_columns(Signature.country).distinct()
    scalars = source.connection.scalars(found.where(Signature.country.is_not(None)))
    there = {str(code) for code in scalars}
    # countries() is sorted by name.
    known = [code for code in source.country_names if code in there]
    return [*known, *sorted(there.difference(known))]


def _tally(connection: Connection, query: Select[Any]) -> tuple[int, int]:
    """(organisations, people)."""
    counted = query.with_only_columns(Signature.kind, func.count()).group_by(Signature.kind)
    counts: dict[str, int] = dict(connection.execute(counted).tuples().all())
    return counts.get(SignatoryKind.ORGANISATION, 0), counts.get(SignatoryKind.PERSON, 0)


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """The rows of `query`, in batches, so that memory stays flat; the cursor is closed when the reader
    leaves.
    """
    with connection.execute(query, execution_options={"yield_per": BATCH}) as result:
        yield from result.partitions()
