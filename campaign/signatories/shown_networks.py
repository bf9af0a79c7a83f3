"""Networks and their members as everyone may see them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select

from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.networks import Belonging, members_of, networks_of
from campaign.signatures.models import Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import StatementOwner


def shown_members(
    network_id: int, after: tuple[str, int] = ("", 0), most: int | None = None
) -> list[Belonging]:
    """The members of a network whose own pages everyone may see, as members_of() has them."""
    return members_of(network_id, after, most, _may_be_seen())


def shown_networks(organisation_id: int) -> list[Belonging]:
    """The networks of an organisation whose own pages everyone may see."""
    return networks_of(organisation_id, _may_be_seen())


def may_be_seen(organisation_id: int) -> bool:
    """True for an organisation whose own page everyone may see."""
    seen = select(Organisation.id).where(Organisation.id == organisation_id, _may_be_seen())
    return db.session.scalar(seen) is not None


def _may_be_seen() -> ColumnElement[bool]:
    """The condition on a record that is shown: one that only signatures brought as long as one of them is
    listed, or a statement is in its name.
    """
    signed = exists().where(Signature.organisation_id == Organisation.id, IS_LISTED)
    owns = exists().where(StatementOwner.organisation_id == Organisation.id)
    return or_(~Organisation.from_signature, signed, owns)
