"""Networks: an organisation is a member of another one for a span of time, with a source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core.dates import Precision
from campaign.extensions import db
from campaign.organisations.errors import MemberAlready, MembershipCircle, NotANetwork, UntilBeforeSince
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.partial_dates import PartialDate
from campaign.organisations.signals import network_changed


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a membership. `since` None: not known. `until` None: it goes on."""

    since: PartialDate | None = None
    until: PartialDate | None = None

    def meets(self, other: Span) -> bool:
        """True unless one can have ended before the other one began. Both may have happened in one year."""
        begun = [span.since.day for span in (self, other) if span.since]
        together = len(begun) == 2 and begun[0] == begun[1]
        return together or not (_can_follow(self, other) or _can_follow(other, self))

    def covers(self, day: dt.date) -> bool:
        """True when the dates say that it lasted on this day. In a year of which no more is known it claims
        nothing; an unknown beginning is before every day.
        """
        begun = self.since is None or self.since.latest <= day
        return begun and (self.until is None or day <= self.until.day)

    @property
    def refused(self) -> bool:
        """True where the end is before the beginning."""
        return self.since is not None and self.until is not None and self.until.latest < self.since.day


UNKNOWN_SPAN = Span()


def _can_follow(earlier: Span, later: Span) -> bool:
    return bool(earlier.until and later.since) and earlier.until.day <= later.since.latest  # type: ignore[union-attr]


def span_of(membership: NetworkMembership) -> Span:
    """The span that a row stores."""
    return Span(
        PartialDate.of(membership.since, membership.since_precision),
        PartialDate.of(membership.until, membership.until_precision),
    )


def enter_membership(
    session: Session, network_id: int, member_id: int, span: Span = UNKNOWN_SPAN, source: str = ""
) -> NetworkMembership:
    """Record that an organisation is a member of a network.

    Raises NotANetwork, MembershipCircle, MemberAlready, UntilBeforeSince.
    """
    _lock(session, network_id, member_id)
    if not session.get_one(Organisation, network_id, populate_existing=True).is_network:
        raise NotANetwork
    if network_id in {member_id, *within(session, member_id)}:
        raise MembershipCircle
    new = NetworkMembership(network_id=network_id, member_id=member_id, source=source)
    _put(session, new, span)
    return new


def change_membership(session: Session, membership: NetworkMembership, span: Span, source: str) -> None:
    """Another span or source. Raises MemberAlready, UntilBeforeSince."""
    _lock(session, membership.network_id, membership.member_id)
    session.refresh(membership)
    membership.source = source
    _put(session, membership, span)


def remove_membership(session: Session, membership: NetworkMembership) -> None:
    """Delete a membership that was recorded by mistake. One that has ended gets its end instead."""
    network_id = membership.network_id
    session.delete(membership)
    session.flush()
    network_changed.send(session, network_id=network_id)


def _put(session: Session, membership: NetworkMembership, span: Span) -> None:
    if span.refused:
        raise UntilBeforeSince
    with session.no_autoflush:
        others = spans_between(session, membership.network_id, membership.member_id)
        met = next((one for one in others if one is not membership and span.meets(span_of(one))), None)
        if met is not None:
            raise MemberAlready(span_of(met))
        store_span(membership, span)
        session.add(membership)
    try:
        session.flush()
    except IntegrityError as error:
        raise MemberAlready(span) from error
    network_changed.send(session, network_id=membership.network_id)


def store_span(membership: NetworkMembership, span: Span) -> None:
    """Put a span into its row."""
    since, until = span.since, span.until
    membership.since, membership.since_precision = (
        (since.day, since.precision) if since else (None, Precision.DAY)
    )
    membership.until, membership.until_precision = (
        (until.latest, until.precision) if until else (None, Precision.DAY)
    )


def spans_between(session: Session, network_id: int, member_id: int) -> list[NetworkMembership]:
    """The memberships of one organisation in one network, in their order."""
    found = select(NetworkMembership).where(
        NetworkMembership.network_id == network_id, NetworkMembership.member_id == member_id
    )
    return sorted(session.scalars(found), key=lambda one: (one.since or dt.date.min, one.id))


def within(session: Session, organisation_id: int) -> set[int]:
    """All organisations that are, or were, members of this one, of its members, and so on."""
    below = (
        select(NetworkMembership.member_id)
        .where(NetworkMembership.network_id == organisation_id)
        .cte("below", recursive=True)
    )
    deeper = select(NetworkMembership.member_id).join(
        below, NetworkMembership.network_id == below.c.member_id
    )
    return set(session.scalars(select(below.union(deeper).c.member_id)))


def _lock(session: Session, *ids: int) -> None:
    """Let nobody else change memberships that could close a circle with this one: all networks are locked,
    which are few, in the order of their ids. Those who sign do not wait for it.
    """
    wanted = select(Organisation.id).where(or_(Organisation.is_network, Organisation.id.in_(ids)))
    session.execute(wanted.order_by(Organisation.id).with_for_update(key_share=True)).all()


@dataclass(frozen=True, slots=True)
class Belonging:
    """A membership with one of its two organisations: the member of a network, or the network."""

    membership_id: int
    organisation: Organisation
    span: Span
    source: str

    @property
    def is_over(self) -> bool:
        """True where it has ended."""
        return self.span.until is not None


def members_of(
    network_id: int,
    after: tuple[str, int] = ("", 0),
    most: int | None = None,
    where: ColumnElement[bool] | None = None,
) -> list[Belonging]:
    """The members of a network in the order of the registry, those that left among them.

    `after` is the place of the last one before them: its address, and the id of the membership. `where` is a
    condition on their records.
    """
    query = (
        select(NetworkMembership, Organisation)
        .join(Organisation, Organisation.id == NetworkMembership.member_id)
        .where(NetworkMembership.network_id == network_id)
        .order_by(Organisation.slug, NetworkMembership.id)
        .limit(most)
    )
    if after[0]:
        later = (Organisation.slug > after[0]) | (
            (Organisation.slug == after[0]) & (NetworkMembership.id > after[1])
        )
        query = query.where(later)
    if where is not None:
        query = query.where(where)
    return [_belonging(*row) for row in db.session.execute(query).tuples()]


def place_of_member(network_id: int, membership_id: int) -> tuple[str, int] | None:
    """The place of a membership among those of its network, for members_of(); None where it is gone."""
    slug = db.session.scalar(
        select(Organisation.slug)
        .join(NetworkMembership, NetworkMembership.member_id == Organisation.id)
        .where(NetworkMembership.id == membership_id, NetworkMembership.network_id == network_id)
    )
    return (slug, membership_id) if slug is not None else None


def networks_of(organisation_id: int, where: ColumnElement[bool] | None = None) -> list[Belonging]:
    """The networks of an organisation, in the order of the registry.

    `where` is a condition on their records.
    """
    query = (
        select(NetworkMembership, Organisation)
        .join(Organisation, Organisation.id == NetworkMembership.network_id)
        .where(NetworkMembership.member_id == organisation_id)
        .order_by(Organisation.slug, NetworkMembership.since, NetworkMembership.id)
    )
    if where is not None:
        query = query.where(where)
    return [_belonging(*row) for row in db.session.execute(query).tuples()]


def _belonging(membership: NetworkMembership, organisation: Organisation) -> Belonging:
    return Belonging(membership.id, organisation, span_of(membership), membership.source)


def count_members(network_id: int) -> int:
    """The number of organisations that are, or were, members of a network."""
    counted = select(func.count(NetworkMembership.member_id.distinct()))
    return db.session.scalar(counted.where(NetworkMembership.network_id == network_id)) or 0


def members_on(session: Session, network_id: int, day: dt.date) -> set[int]:
    """The ids of the organisations that were members on this day, as far as the dates say it."""
    found = session.scalars(select(NetworkMembership).where(NetworkMembership.network_id == network_id))
    return {one.member_id for one in found if span_of(one).covers(day)}


def spans_in(network_id: int, member_ids: Iterable[int]) -> dict[int, list[Span]]:
    """The spans of several members of one network, by organisation."""
    found: dict[int, list[Span]] = {}
    wanted = NetworkMembership.member_id.in_(list(member_ids))
    for one in db.session.scalars(
        select(NetworkMembership).where(NetworkMembership.network_id == network_id, wanted)
    ):
        found.setdefault(one.member_id, []).append(span_of(one))
    return found


def all_networks() -> list[Organisation]:
    """All organisations that are networks, in the order of the registry."""
    return list(
        db.session.scalars(select(Organisation).where(Organisation.is_network).order_by(Organisation.slug))
    )
