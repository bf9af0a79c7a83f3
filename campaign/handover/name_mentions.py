"""Deliveries and replies, as the page of a statement shows them, that name a person."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.handover.models import Handover
from campaign.people.models import Person
from campaign.people.name_mentions import Mention, NameFinder
from campaign.statements.models import Statement
from campaign.statements.rights import may_work_on


def named_in_replies(session: Session, _person: Person, finder: NameFinder) -> Iterable[Mention]:
    """Replies of addressees, which are shown as they came, and those who handed over or received."""
    rows = select(Handover, Statement).join(Statement, Statement.id == Handover.statement_id)
    for handover, statement in session.execute(rows.order_by(Handover.id)).tuples():
        if finder.finds(handover.reply, handover.to_whom, handover.by_whom):
            endpoint = "handover_desk.index" if may_work_on(statement.id) else None
            yield Mention(_("Delivery or reply"), statement.slug, "en", endpoint, {"slug": statement.slug})
