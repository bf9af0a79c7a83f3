"""The visibility of updates: the wish of the person an update is about guards it, too."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from campaign.people.models import Person
from campaign.people.visibility import Extent, may_be_seen
from campaign.updates.models import Update


def may_be_told() -> ColumnElement[bool]:
    """The condition for a public update: it is about nobody, or about a person whose dates, at least, may
    be shown.
    """
    seen = select(Person.id).where(may_be_seen(Extent.DATES))
    return or_(Update.person_id.is_(None), Update.person_id.in_(seen))
