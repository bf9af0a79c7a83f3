"""Which statements a member of the team may work on: all, or those of the organisations that they work for."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from campaign.accounts.permissions import Scope, confined_to
from campaign.extensions import db
from campaign.statements.addressees import received
from campaign.statements.models import UNSEEN, Statement, StatementAddressee, StatementOwner
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


def _load_statement(slug: str) -> Statement:
    """A statement, drafts included. Aborts: 404, also for those of others."""
    statement = statement_by_slug(slug)
    if statement is None or not may_work_on(statement.id):
        abort(404)
    return statement


def _load_published(slug: str) -> Statement:
    """A statement whose text is published. Aborts: 404, also for drafts and those that circulate."""
    statement = _load_statement(slug)
    return statement if statement.status not in UNSEEN else abort(404)


statement_in_path = Scope("slug", "statement", _load_statement)
published_in_path = Scope("slug", "statement", _load_published)
