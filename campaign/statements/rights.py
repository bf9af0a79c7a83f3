"""Which statements a member of the team may work on: all, or those of the organisations that they work for."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from campaign.accounts.permissions import Scope, confined_to
from campaign.extensions import db
from campaign.statements.addressees import received
from campaign.statements.models import Statement, StatementAddressee, StatementOwner
from campaign.statements.queries import statement_by_slug


def own_statements() -> list[int] | None:
    """The keys of the statements that who is signed in may work on; None for all of them."""
    confined = confined_to()
    if confined is None:
        return None
    return sorted(set(db.session.scalars(select(StatementOwner.statement_id).where(StatementOwner.organisation_id.in_(confined)))))


def may_work_on(statement_id: int | None) -> bool:
    """True for a statement that who is signed in may work on."""
    own = own_statements()
    return own is None or statement_id in own


def may_change_addressee(addressee_id: int) -> bool:
    """True for an entry of the book that only one's own statements address, or were handed to; one that nobody uses yet is its author's."""
    own = own_statements()
    using = {*db.session.scalars(select(StatementAddressee.statement_id).where(StatementAddressee.addressee_id == addressee_id))}
    using |= set(received(db.session(), addressee_id))
    return own is None or (bool(using) and using <= set(own))


def _statement_at(slug: str) -> Statement:
    """A statement, drafts included. Aborts with 404 where there is none, and where it belongs to others."""
    statement = statement_by_slug(slug)
    if statement is None or not may_work_on(statement.id):
        abort(404)
    return statement


statement_in_path = Scope("slug", "statement", _statement_at)
