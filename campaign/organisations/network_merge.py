"""Memberships of networks when two records of one organisation are merged."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.networks import UNKNOWN_SPAN, Span, span_of, spans_between, store_span, within
from campaign.organisations.signals import network_changed


@dataclass(frozen=True, slots=True)
class Joined:
    """Two memberships that become one: its `span` and `source`, and what of the two is not kept.

    Dates and their source stay together: those of one record say nothing about those of the other.
    """

    span: Span
    source: str
    lost_span: Span = UNKNOWN_SPAN
    lost_source: str = ""


@dataclass(frozen=True, slots=True)
class MembershipMove:
    """What a merge does to one membership of the record that goes.

    `network_id` and `member_id` are those that it will have. It follows, unless `into` is the membership of
    the record that stays with which it becomes one, as `joined` says, or it is `dropped`: an organisation is
    no member of itself, at once or by way of others.
    """

    membership: NetworkMembership
    network_id: int
    member_id: int
    into: NetworkMembership | None = None
    joined: Joined | None = None
    dropped: bool = False


def membership_moves(session: Session, goes: int, stays: int) -> list[MembershipMove]:
    """What a merge would do to the memberships of `goes`, as a network and as a member."""
    of_it = or_(NetworkMembership.network_id == goes, NetworkMembership.member_id == goes)
    found = session.scalars(select(NetworkMembership).where(of_it).order_by(NetworkMembership.id))
    below_it, moves, joined = within(session, stays), list[MembershipMove](), dict[int, Joined]()
    for membership in found:
        network_id = stays if membership.network_id == goes else membership.network_id
        member_id = stays if membership.member_id == goes else membership.member_id
        is_circle = network_id in below_it if member_id == stays else stays in within(session, member_id)
        if network_id == member_id or is_circle:
            moves.append(MembershipMove(membership, network_id, member_id, dropped=True))
            continue
        there = spans_between(session, network_id, member_id)
        span = span_of(membership)
        # One that has taken dates over meets the next one at these.
        now = {one.id: joined.get(one.id) or Joined(span_of(one), one.source) for one in there}
        met = next((one for one in there if now[one.id].span.meets(span)), None)
        if met is not None:
            joined[met.id] = _joined(now[met.id], span, membership.source)
        becomes = joined[met.id] if met is not None else None
        moves.append(MembershipMove(membership, network_id, member_id, met, becomes))

    return moves


def move_memberships(session: Session, goes: int, stays: int) -> None:
    """Point the memberships of `goes` to `stays`; where both have one at the same time, that of `stays` takes
    the dates of the other if it has none.
    """
    changed = set()
    for move in membership_moves(session, goes, stays):
        changed |= {move.network_id, move.membership.network_id}
        if move.into is None and not move.dropped:
            move.membership.network_id, move.membership.member_id = move.network_id, move.member_id
        else:
            if move.into is not None and move.joined is not None:
                store_span(move.into, move.joined.span)
                move.into.source = move.joined.source
            session.delete(move.membership)
        session.flush()

    for network_id in sorted(changed - {goes}):
        network_changed.send(session, network_id=network_id)


def _joined(kept: Joined, span: Span, source: str) -> Joined:
    """One membership of two at the same time. Where that of the record kept has no dates at all, it gets the
    whole span of the other with its source; else its own stay as they are.
    """
    takes = kept.span == UNKNOWN_SPAN != span
    of_one_time = takes or kept.span == span
    first, second = (source, kept.source) if takes else (kept.source, source)
    stands = first or (second if of_one_time else "")
    return Joined(
        span if takes else kept.span,
        stands,
        UNKNOWN_SPAN if of_one_time else span,
        second if second != stands else "",
    )


def other_organisation(session: Session, goes: int, move: MembershipMove) -> Organisation:
    """The organisation that has this membership with the record that goes."""
    between = (move.membership.network_id, move.membership.member_id)
    return session.get_one(Organisation, next(one for one in between if one != goes))
