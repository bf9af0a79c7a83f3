"""Which statements, addressees and topics a member may work on: all, or those of their organisations."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from campaign.accounts.permissions import Scope, confined_to, granted_statements, refuse_what_concerns_others
from campaign.extensions import db
from campaign.statements.addressees import received
from campaign.statements.models import (
    UNSEEN,
    Addressee,
    Kind,
    Statement,
    StatementAddressee,
    StatementOwner,
    Topic,
)
from campaign.statements.queries import statement_by_slug
from campaign.statements.tabs import at_work_on
from campaign.statements.topics import topic_by_slug


def own_statements() -> list[int] | None:
    """The ids of the statements that the signed-in member may work on; None for all of them."""
    confined = confined_to()
    if confined is None:
        return None
    owned = select(StatementOwner.statement_id).where(StatementOwner.organisation_id.in_(confined))
    return sorted({*db.session.scalars(owned), *granted_statements()})


def may_work_on(statement_id: int | None) -> bool:
    """True for a statement that the signed-in member may work on."""
    own = own_statements()
    return own is None or statement_id in own


def may_change_addressee(addressee_id: int) -> bool:
    """True for an addressee who appears, as addressee or recipient of a list, only in the member's own
    statements.
    """
    own = own_statements()
    addressing = select(StatementAddressee.statement_id).where(
        StatementAddressee.addressee_id == addressee_id
    )
    using = {*db.session.scalars(addressing), *received(db.session(), addressee_id)}
    return own is None or (bool(using) and using <= set(own))


def _load_statement(slug: str) -> Statement:
    """A statement, drafts included. Aborts: 404, also for those of others."""
    statement = statement_by_slug(slug)
    if statement is None or not may_work_on(statement.id):
        abort(404)
    return at_work_on(statement)


def _load_published(slug: str) -> Statement:
    """A statement whose text is published. Aborts: 404, also for drafts and those that circulate."""
    statement = _load_statement(slug)
    return statement if statement.status not in UNSEEN else abort(404)


def _load_campaign(slug: str) -> Statement:
    """A release campaign. Aborts: 404, also for other kinds of statements."""
    statement = _load_statement(slug)
    return statement if statement.kind == Kind.RELEASE_CAMPAIGN else abort(404)


def _load_addressee(addressee_id: int) -> Addressee:
    """An addressee. Aborts: 404, 403 where they concern others."""
    return _load_addressee_if_there(addressee_id) or abort(404)


def _load_addressee_if_there(addressee_id: int) -> Addressee | None:
    """An addressee; None for one that is already removed. Aborts: 403 where they concern others."""
    if not may_change_addressee(addressee_id):
        refuse_what_concerns_others()
    return db.session.get(Addressee, addressee_id)


def _load_topic(slug: str) -> Topic:
    """A topic, for those who work for the whole site. Aborts: 403, 404."""
    if confined_to() is not None:
        refuse_what_concerns_others()
    return topic_by_slug(slug) or abort(404)


statement_in_path = Scope("slug", "statement", _load_statement)
published_in_path = Scope("slug", "statement", _load_published)
campaign_in_path = Scope("slug", "statement", _load_campaign)
addressee_in_path = Scope("addressee_id", "addressee", _load_addressee)
# For actions that may be repeated.
addressee_if_there = Scope("addressee_id", "addressee", _load_addressee_if_there)
topic_in_path = Scope("topic", "topic", _load_topic)
