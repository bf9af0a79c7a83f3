"""Public messages of signatories that name a person."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.people.models import Person
from campaign.people.name_mentions import Mention, NameFinder
from campaign.signatures.models import Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import Statement
from campaign.statements.rights import may_work_on


def named_in_messages(session: Session, _person: Person, finder: NameFinder) -> Iterable[Mention]:
    """Statements with a message, shown beside a signatory's name, that names the person; each once."""
    rows = (
        select(Signature.message, Statement)
        .join(Statement, Statement.id == Signature.statement_id)
        .where(Signature.message.is_not(None), IS_LISTED)
        .order_by(Statement.id)
    )
    found: set[int] = set()
    for message, statement in session.execute(rows.execution_options(yield_per=500)).tuples():
        if statement.id not in found and finder.finds(message):
            found.add(statement.id)
            endpoint = "signatures_desk.table" if may_work_on(statement.id) else None
            yield Mention(
                _("Message of a signatory"), statement.slug, "en", endpoint, {"slug": statement.slug}
            )
