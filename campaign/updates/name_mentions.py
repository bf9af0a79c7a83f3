"""Updates written by hand that name a person, and taking them off when the person is not to be public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.people.models import Person
from campaign.people.name_mentions import Mention, NameFinder
from campaign.statements.rights import may_work_on
from campaign.updates import team_operations
from campaign.updates.models import Update
from campaign.updates.visibility import may_be_told

_KEY = "update:"


def named_in_updates(session: Session, person: Person, finder: NameFinder) -> Iterable[Mention]:
    """Published updates that name the person and are not known to be about them: those follow the wish
    anyway.
    """
    others = or_(Update.person_id.is_(None), Update.person_id != person.id)
    shown = select(Update).where(Update.published_at.is_not(None), others, may_be_told())
    for update in session.scalars(shown.order_by(Update.id)):
        first = update.texts[0]
        titled = finder.finds(*(text.title for text in update.texts))
        written = [
            part
            for text in update.texts
            for part in (text.body, text.court, text.case, text.place, text.outcome)
        ]
        if titled or finder.finds(*written, *update.sources.splitlines()):
            own = may_work_on(update.statement_id)
            yield Mention(
                _("Update"),
                first.title,
                first.language,
                "updates_desk.edit" if own else None,
                {"update_id": update.id},
                f"{_KEY}{update.id}" if own else None,
                titled and update.person_id is None,
            )


def take_off_updates(session: Session, person: Person, keys: Sequence[str]) -> None:
    """Take these updates off the public pages; the wish of the person guards them from now on. Flushes."""
    ids = [
        int(key.removeprefix(_KEY)) for key in keys if key.startswith(_KEY) and key[len(_KEY) :].isdecimal()
    ]
    chosen = select(Update).where(Update.id.in_(ids), Update.published_at.is_not(None)).order_by(Update.id)
    for update in session.scalars(chosen).all():
        if not may_work_on(update.statement_id):
            continue
        team_operations.withdraw(session, update.id)
        if update.person_id is None:
            update.person_id = person.id
    session.flush()
