"""Which statements a member of the team may work on: all, or those of the organisations that they work for."""

from __future__ import annotations

from sqlalchemy import select

from campaign.accounts.memberships import confined_to
from campaign.extensions import db
from campaign.statements.models import StatementAddressee, StatementOwner


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
    """True unless a statement that others alone own addresses this entry of the book, too."""
    own = own_statements()
    using = db.session.scalars(select(StatementAddressee.statement_id).where(StatementAddressee.addressee_id == addressee_id))
    return own is None or set(using) <= set(own)
