"""Memberships of networks when two records of one organisation are merged."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.networks import Span, span_of, spans_between, store_span, within
from campaign.organisations.signals import network_changed


@dataclass(frozen=True, slots=True)
class MembershipMove:
    """What a merge does to one membership of the record that goes.

    `network_id` and `member_id` are those that it will have. It follows, unless `into` is the membership of
    the record that stays with which it becomes one, or it is `dropped`: an organisation is no member of
    itself, at once or by way of others.
    """

    membership: NetworkMembership
    network_id: int
    member_id: int
    into: NetworkMembership | None = None
    dropped: bool = False


def membership_moves(session: Session, goes: int, stays: int) -> list[MembershipMove]:
    """What a merge would do to the memberships of `goes`, as a network and as a member."""
    of_it = or_(NetworkMembership.network_id == goes, NetworkMembership.member_id == goes)
    found = session.scalars(select(NetworkMembership).where(of_it).order_by(NetworkMembership.id))
    below_it, moves = within(session, stays), list[MembershipMove]()
    for membership in found:
        network_id = stays if membership.network_id == goes else membership.network_id
        member_id = stays if membership.member_id == goes else membership.member_id
        is_circle = network_id in below_it if member_id == stays else stays in within(session, member_id)
        if network_id == member_id or is_circle:
            moves.append(MembershipMove(membership, network_id, member_id, dropped=True))
            continue
        there = spans_between(session, network_id, member_id)
        met = next((one for one in there if span_of(one).meets(span_of(membership))), None)
        moves.append(MembershipMove(membership, network_id, member_id, met))

    return moves


def move_memberships(session: Session, goes: int, stays: int) -> None:
    """Point the memberships of `goes` to `stays`; where both have one at the same time, that of `stays` takes
    what it lacks from the other.
    """
    changed = set()
    for move in membership_moves(session, goes, stays):
        changed |= {move.network_id, move.membership.network_id}
        if move.into is None and not move.dropped:
            move.membership.network_id, move.membership.member_id = move.network_id, move.member_id
        else:
            if move.into is not None:
                _complete(move.into, move.membership)
            session.delete(move.membership)
        session.flush()

    for network_id in sorted(changed - {goes}):
        network_changed.send(session, network_id=network_id)


def _complete(kept: NetworkMembership, other: NetworkMembership) -> None:
    """Take over what is not known of a membership. An end is not taken: whoever goes on is a member."""
    had, known = span_of(kept), span_of(other)
    since = had.since or known.since
    whole = Span(since, had.until)
    store_span(kept, had if whole.refused else whole)
    kept.source = kept.source or other.source


def other_organisation(session: Session, goes: int, move: MembershipMove) -> Organisation:
    """The organisation that has this membership with the record that goes."""
    between = (move.membership.network_id, move.membership.member_id)
    return session.get_one(Organisation, next(one for one in between if one != goes))
