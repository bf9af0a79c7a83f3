"""The formats of an export, and the rows that they share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal, select

from campaign.core import clock
from campaign.core.formats import countries
from campaign.core.language import language
from campaign.signatories.models import SignatoryList
from campaign.signatories.queries import listed
from campaign.signatures.models import Assent, SignatoryKind, Signature
from campaign.statements.models import Change, Revision, Statement
from campaign.statements.queries import title_of

BATCH = 2_000
Batches = Iterator[Sequence[Sequence[Any]]]


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    JSON = "json"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Source:
    """The list that a file is written from, at one moment.

    `revisions` maps ids of published revisions to their numbers. `agreeing` are the ids of those whose
    demands still stand: a signatory who agreed to one of them agreed to the text of the list.
    """

    connection: Connection
    statement_id: int
    slug: str
    title: str
    sha256: str
    revisions: Mapping[int, int]
    agreeing: frozenset[int]
    people: int
    organisations: int
    version: int
    moment: dt.datetime
    country_names: Mapping[str, str]

    @property
    def revision(self) -> int:
        """The number of the text that the list belongs to."""
        return max(self.revisions.values())

    @property
    def rows(self) -> int:
        """The number of listed signatories."""
        return self.people + self.organisations


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be written or sent. `chunks` may be iterated once, while the snapshot is open."""

    name: str
    mimetype: str
    rows: int
    chunks: Iterator[bytes]


# From a list to the bytes of a file. Called in an app context, iterated outside it.
Writer = Callable[[Source], Iterator[bytes]]


def source_of(connection: Connection, statement: Statement) -> Source:
    """The source for a statement's list, in the language of the interface."""
    columns = (Revision.id, Revision.number, Revision.sha256, Revision.change)
    published = select(*columns).where(
        Revision.statement_id == statement.id, Revision.published_at.is_not(None)
    )
    revisions = connection.execute(published.order_by(Revision.number)).all()
    demanded = max(revision.number for revision in revisions if revision.change != Change.EDITORIAL)
    tally = listed(statement.id).with_only_columns(Signature.kind, func.count()).group_by(Signature.kind)
    counts: dict[str, int] = dict(connection.execute(tally).tuples().all())

    return Source(
        connection=connection,
        statement_id=statement.id,
        slug=statement.slug,
        title=title_of(statement.id, language()),
        sha256=revisions[-1].sha256 or "",
        revisions={revision.id: revision.number for revision in revisions},
        agreeing=frozenset(revision.id for revision in revisions if revision.number >= demanded),
        people=counts.get(SignatoryKind.PERSON, 0),
        organisations=counts.get(SignatoryKind.ORGANISATION, 0),
        version=connection.scalar(
            select(SignatoryList.version).where(SignatoryList.statement_id == statement.id)
        )
        or 0,
        moment=clock.now(),
        country_names=dict(countries(language())),
    )


def batches(source: Source) -> Batches:
    """All listed rows, organisations first, in the order they came.

    The columns are those of listed(), then provenance, source, day of signing (ISO 8601) and the id of the
    newest revision agreed to.
    """
    # Only moments cast to text are the same in both databases; a row's datetime would take longer than the
    # rest of it.
    day = func.substr(cast(Signature.confirmed_at, String), 1, 10)
    query = listed(source.statement_id).add_columns(
        Signature.provenance, Signature.source, day, newest_assent(source)
    )
    return stream(source.connection, query.order_by(Signature.kind, Signature.position))


def stream(connection: Connection, query: Select[Any]) -> Batches:
    """The rows of `query`, in batches, so that memory stays flat; the cursor is closed when the reader
    leaves.
    """
    with connection.execute(query, execution_options={"yield_per": BATCH}) as result:
        yield from result.partitions()


def newest_assent(source: Source) -> ColumnElement[int]:
    """The id of the newest revision agreed to.

    A statement with only one revision needs no look at the assents, which would halve the speed.
    """
    if len(source.revisions) == 1:
        return literal(next(iter(source.revisions)))
    return select(func.max(Assent.revision_id)).where(Assent.signature_id == Signature.id).scalar_subquery()
