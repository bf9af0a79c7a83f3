"""Removing the sample content, with everything that came to it meanwhile.

What the team's own statements use by now stays, and so does the account of the sample member. Records that
the team has changed, and signatures of real people, go only where it was said that they shall.
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

from campaign.accounts.audit import AuditAction, record
from campaign.accounts.models import AuditEntry
from campaign.core import clock
from campaign.core.base import Base
from campaign.desk.audit_actions import SampleAction
from campaign.desk.made_up_sample import made_up_signatures
from campaign.desk.sample_content import FOLDER
from campaign.extensions import db
from campaign.organisations.audit_actions import OrganisationAction
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.operations import remove_unused, unused_from_signatures, used_elsewhere
from campaign.people.audit_actions import PersonAction
from campaign.people.models import CampaignPerson, Person
from campaign.signatures.models import UNDOABLE, Provenance, Signature, State, Tombstone
from campaign.statements.models import Addressee, Statement, StatementAddressee, StatementTopic, Topic
from campaign.updates.models import Update

# The sample is entered in one transaction: what has one of its addresses but another time is the site's own.
_AROUND = dt.timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SampleRemoval:
    """How many statements and signatures were removed, and the addresses of what stays because it is used, or
    because the team has changed it.
    """

    statements: int
    signatures: int
    organisations_kept: tuple[str, ...] = ()
    people_kept: tuple[str, ...] = ()


class RealSignatures(Exception):
    """The sample has signatures that did not come with it: real people, or a list that the team imported."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def sample_was_removed() -> bool:
    """True once somebody removed the sample content: it is not loaded again by itself."""
    removed = exists().where(AuditEntry.action == str(SampleAction.REMOVED))
    return bool(db.session.scalar(select(removed)))


def remove_sample(
    session: Session, *, with_real_signatures: bool = False, with_changed: bool = False
) -> SampleRemoval:
    """Remove both samples wholly, with the forms that others left there and the organisations that only
    these brought, and record it.

    Where there is none, nothing happens. Raises RealSignatures unless these are to go too. `with_changed`:
    people and organisations also go where the team has changed them.
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
    if (real := _real_signatures(session)) and not with_real_signatures:
        raise RealSignatures(real)
    signatures = session.scalar(select(func.count()).select_from(Signature).where(ours)) or 0
    addressees = list(
        session.scalars(
            select(StatementAddressee.addressee_id).where(StatementAddressee.statement_id.in_(ids))
        )
    )
    entered = [row.created_at for row in statements if not row.fictional]
    organisations = _organisations(session, entered)
    changed = set[int]() if with_changed else _changed_organisations(session, entered)
    signed = set(session.scalars(select(Signature.organisation_id).where(ours)))

    session.execute(delete(Tombstone).where(Tombstone.signature_id.in_(select(Signature.id).where(ours))))
    _remove(session, _table(Statement), Statement.id.in_(ids))
    people_kept = _remove_people(session, entered, with_changed=with_changed)
    _remove_unused_words(session, entered, addressees)
    _remove_memberships(session, organisations, changed)
    remove_unused(session, set(organisations) - changed)
    remove_unused(session, [found for found in unused_from_signatures(session) if found in signed])
    session.expire_all()

    left = select(Organisation.slug).where(Organisation.id.in_(organisations)).order_by(Organisation.slug)
    report = SampleRemoval(len(ids), signatures, tuple(session.scalars(left)), people_kept)
    record(session, SampleAction.REMOVED, "site:sample", rows=signatures)
    return report


def _organisations(session: Session, entered: list[dt.datetime]) -> list[int]:
    wanted = or_(Organisation.fictional, _of_facts(entered))
    return list(session.scalars(select(Organisation.id).where(wanted)))


def _of_facts(entered: list[dt.datetime]) -> ColumnElement[bool]:
    slugs = [entry["slug"] for entry in _facts()["organisations"]]
    return and_(Organisation.slug.in_(slugs), _at(Organisation.created_at, entered))


def _changed_organisations(session: Session, entered: list[dt.datetime]) -> set[int]:
    """The real organisations of the sample on whose records the team has worked: the log says so, or their
    names or logo do.
    """
    subjects = _subjects(session, OrganisationAction, entered)
    came_with = {
        entry["slug"]: {*entry["names"].values(), *entry.get("aliases", ())}
        for entry in _facts()["organisations"]
    }
    return {
        found.id
        for found in session.scalars(select(Organisation).where(_of_facts(entered)))
        if found.log_subject in subjects
        or found.logo is not None
        or {name.name for name in found.names} != came_with[found.slug]
    }


def _subjects(session: Session, actions: type[AuditAction], entered: list[dt.datetime]) -> set[str]:
    """The subjects of entries of the log since the sample is there. Of old entries only the day is known."""
    if not entered:
        return set()
    begin = min(entered).replace(hour=0, minute=0, second=0, microsecond=0)
    known = select(AuditEntry.subject).where(AuditEntry.action.in_(list(map(str, actions))))
    return set(session.scalars(known.where(AuditEntry.at >= begin)))


def _remove_memberships(session: Session, organisations: list[int], changed: set[int]) -> None:
    """Remove the memberships within the sample of those that go: they hold nothing else there."""
    stay = changed | used_elsewhere(session, organisations)
    go = [each for each in organisations if each not in stay]
    of, member = NetworkMembership.network_id, NetworkMembership.member_id
    within = and_(of.in_(organisations), member.in_(organisations))
    session.execute(delete(NetworkMembership).where(within, or_(of.in_(go), member.in_(go))))


def _real_signatures(session: Session) -> int:
    """How many signatures did not come with the sample. Of withdrawn and erased ones nobody is left."""
    erased = and_(Signature.state.in_(UNDOABLE), Signature.ended_on.is_(None))
    kept = and_(Statement.sample, Signature.state != State.WITHDRAWN, ~erased)
    sources = {row["source"] for entry in _facts()["statements"] for row in entry.get("signatories", ())}
    from_facts = and_(
        Signature.provenance == Provenance.IMPORTED,
        func.coalesce(Signature.source, "").in_(sources),
        Signature.changed_on.is_(None),
        Signature.confirmed_at < _soon_after_the_entry(session),
    )
    others = select(Signature.id).join(Statement).where(kept, or_(Statement.fictional, ~from_facts))
    return len(set(session.scalars(others)) - made_up_signatures(session))


def _soon_after_the_entry(session: Session) -> dt.datetime:
    facts = select(func.max(Statement.created_at)).where(Statement.sample, Statement.fictional.is_(False))
    return (session.scalar(facts) or clock.now()) + _AROUND


def _remove_people(session: Session, entered: list[dt.datetime], *, with_changed: bool) -> tuple[str, ...]:
    """Remove the case files of the sample. Returns the addresses of those that stay, since the
    team's own pages show them, or the team has worked on them.
    """
    slugs = [person["slug"] for person in json.loads((FOLDER / "people.json").read_text("utf-8"))["people"]]
    of_sample = and_(Person.slug.in_(slugs), _at(Person.created_at, entered))
    subjects = _subjects(session, PersonAction, entered)
    known = session.execute(select(Person.id, Person.created_at, Person.changed_at).where(of_sample)).tuples()
    changed = [
        each
        for each, begun, last in known
        if not with_changed and (last > begun + _AROUND or f"person:{each}" in subjects)
    ]
    used = or_(
        exists().where(CampaignPerson.person_id == Person.id),
        exists().where(Update.person_id == Person.id),
        Person.id.in_(changed),
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
