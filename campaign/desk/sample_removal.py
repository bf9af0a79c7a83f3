"""Removing the sample content, with everything that came to it meanwhile.

What the team's own statements use by now stays, and so does the account of the sample member.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.models import AuditEntry
from campaign.core.base import Base
from campaign.desk.audit_actions import SampleAction
from campaign.desk.sample_content import FOLDER
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.operations import remove_unused
from campaign.people.models import CampaignPerson, Person
from campaign.signatures.models import Signature, Tombstone
from campaign.statements.models import Addressee, Statement, StatementAddressee, StatementTopic, Topic
from campaign.updates.models import Update

# The sample is entered in one transaction: what has one of its addresses but another time is the site's own.
_AROUND = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SampleRemoval:
    """How many statements and signatures were removed, and the addresses of what stays because it is used."""

    statements: int
    signatures: int
    organisations_kept: tuple[str, ...] = ()
    people_kept: tuple[str, ...] = ()


def sample_was_removed() -> bool:
    """True once somebody removed the sample content: it is not loaded again by itself."""
    removed = exists().where(AuditEntry.action == str(SampleAction.REMOVED))
    return bool(db.session.scalar(select(removed)))


def remove_sample(session: Session) -> SampleRemoval:
    """Remove both samples wholly, with the forms and signatures that others left there, and record it.

    Where there is none, nothing happens.
    """
    statements = session.execute(
        select(Statement.id, Statement.created_at, Statement.fictional)
        .where(Statement.sample)
        .with_for_update()
    ).all()
    if not statements:
        return SampleRemoval(0, 0)

    ids = [row.id for row in statements]
    ours = Signature.statement_id.in_(ids)
    signatures = session.scalar(select(func.count()).select_from(Signature).where(ours)) or 0
    addressees = list(
        session.scalars(
            select(StatementAddressee.addressee_id).where(StatementAddressee.statement_id.in_(ids))
        )
    )
    entered = [row.created_at for row in statements if not row.fictional]
    organisations = _organisations(session, entered)

    session.execute(delete(Tombstone).where(Tombstone.signature_id.in_(select(Signature.id).where(ours))))
    _remove(session, _table(Statement), Statement.id.in_(ids))
    people_kept = _remove_people(session, entered)
    _remove_unused_words(session, entered, addressees)
    remove_unused(session, organisations)
    session.expire_all()

    left = select(Organisation.slug).where(Organisation.id.in_(organisations)).order_by(Organisation.slug)
    report = SampleRemoval(len(ids), signatures, tuple(session.scalars(left)), people_kept)
    record(session, SampleAction.REMOVED, "site:sample", rows=signatures)
    return report


def _organisations(session: Session, entered: list[dt.datetime]) -> list[int]:
    slugs = [entry["slug"] for entry in _facts()["organisations"]]
    of_facts = and_(Organisation.slug.in_(slugs), _at(Organisation.created_at, entered))
    return list(session.scalars(select(Organisation.id).where(or_(Organisation.fictional, of_facts))))


def _remove_people(session: Session, entered: list[dt.datetime]) -> tuple[str, ...]:
    """Remove the case files of the sample. Returns the addresses of those that stay, since the
    team's own pages show them.
    """
    slugs = [person["slug"] for person in json.loads((FOLDER / "people.json").read_text("utf-8"))["people"]]
    of_sample = and_(Person.slug.in_(slugs), _at(Person.created_at, entered))
    used = or_(
        exists().where(CampaignPerson.person_id == Person.id),
        exists().where(Update.person_id == Person.id),
    )
    kept = tuple(session.scalars(select(Person.slug).where(of_sample, used).order_by(Person.slug)))
    _remove(session, _table(Person), and_(of_sample, ~used))
    return kept


def _remove_unused_words(session: Session, entered: list[dt.datetime], addressees: list[int]) -> None:
    """Remove the topics and addressees of the sample that nothing else uses, and the news on these topics."""
    slugs = [entry["slug"] for entry in _facts()["topics"]]
    of_sample = and_(Topic.slug.in_(slugs), _at(Topic.created_at, entered))
    news = and_(Update.topic_id.in_(select(Topic.id).where(of_sample)), Update.statement_id.is_(None))
    _remove(session, _table(Update), and_(news, _at(Update.created_at, entered)))
    used = or_(
        exists().where(StatementTopic.topic_id == Topic.id), exists().where(Update.topic_id == Topic.id)
    )
    _remove(session, _table(Topic), and_(of_sample, ~used))
    for addressee_id in addressees:
        if not any(session.scalar(query) for query in _uses(_table(Addressee), addressee_id)):
            _remove(session, _table(Addressee), Addressee.id == addressee_id)


def _uses(table: Table, key: int) -> Iterator[Select[Any]]:
    """Queries for rows that would hold up the removal of one row."""
    for child in _children(table):
        if child.ondelete is None:
            (column,) = child.columns
            yield select(exists().where(column == key))


def _remove(session: Session, table: Table, rows: ColumnElement[bool]) -> None:
    """Delete rows, and before them, table by table, all that can't be without them."""
    for child in _children(table):
        if child.table is not table:
            keys = select(*(element.column for element in child.elements)).where(rows)
            columns = list(child.columns)
            key = columns[0] if len(columns) == 1 else tuple_(*columns)
            _remove(session, child.table, key.in_(keys))
    session.execute(delete(table).where(rows))


def _children(table: Table) -> Iterable[ForeignKeyConstraint]:
    """The references to a table, except those that are emptied when it loses a row."""
    return [
        constraint
        for other in Base.metadata.sorted_tables
        for constraint in other.foreign_key_constraints
        if constraint.referred_table is table and constraint.ondelete in (None, "CASCADE")
    ]


def _at(column: Any, entered: list[dt.datetime]) -> ColumnElement[bool]:
    """The condition that a row was entered together with the sample."""
    if not entered:
        return cast(ColumnElement[bool], column.is_(None) & column.is_not(None))
    return cast(ColumnElement[bool], column.between(min(entered) - _AROUND, max(entered) + _AROUND))


def _facts() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "sample.toml").read_text("utf-8"))


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)
