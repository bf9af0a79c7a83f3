"""The mapping between the database and the team's form, in both directions, without overwriting what somebody
else saved meanwhile.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import edit_lock
from campaign.core.dates import Precision
from campaign.core.timezones import in_zone
from campaign.statements import operations
from campaign.statements.addressees import AddresseeContent, enter_addressee
from campaign.statements.audit_actions import StatementAction
from campaign.statements.conflicts import statement_fingerprint
from campaign.statements.forms import ADDRESSEES
from campaign.statements.models import Kind, Press, Revision, Safety, Signers, Statement, Translation
from campaign.statements.operations import StatementSettings, StatementText
from campaign.statements.translation_status import mark_of

_PLAIN = (
    "slug",
    "kind",
    "signers",
    "safety",
    "source",
    "time_zone",
    "press_name",
    "press_email",
    "press_phone",
)


def newest_texts(session: Session, statement_id: int) -> list[StatementText]:
    """The texts of the draft, or of the published revision when there is no draft."""
    newest = (
        select(Revision.id)
        .where(Revision.statement_id == statement_id)
        .order_by(Revision.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return [
        _text(row)
        for row in session.scalars(
            select(Translation).where(Translation.revision_id == newest).order_by(Translation.rank)
        )
    ]


_MARK = re.compile(r"[0-9a-f]{64}")


def statement_form_values(session: Session, statement: Statement) -> dict[str, Any]:
    """The values of the form for a statement, by field name."""
    values: dict[str, Any] = {name: getattr(statement, name) or "" for name in _PLAIN}
    values |= _moment(statement, "opens", statement.opens_at) | _moment(
        statement, "closes", statement.closes_at
    )
    values |= {
        "goal": str(statement.goal or ""),
        "contact_days": str(statement.contact_days),
        "dated": statement.dated,
        "dated_precision": statement.dated_precision,
        "owners": [owner.organisation_id for owner in statement.owners],
        "network": statement.network_id or 0,
        "topics": [link.topic_id for link in statement.topics],
    }
    for text in newest_texts(session, statement.id):
        values |= {f"title_{text.language}": text.title, f"body_{text.language}": text.body}

    return values | {
        f"addressee_{index}": link.addressee_id
        for index, link in enumerate(statement.addressees[:ADDRESSEES])
    }


def save(session: Session, statement_id: int, form: Any) -> bool:
    """Save what was typed.

    True when the text changed and so stands in a draft. Raises EditedMeanwhile, StatementSlugTaken.
    """
    statement = session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)
    edit_lock.refuse_edited(form.state.data, statement_fingerprint(statement_form_values(session, statement)))
    operations.change_settings(session, statement, settings_of(session, form, statement))
    drafted = _store(session, statement, form.texts())
    record(session, StatementAction.EDITED, f"statement:{statement.slug}", text_changed=drafted)
    return drafted


def save_translation(
    session: Session,
    statement_id: int,
    text: StatementText,
    state: str,
    *,
    right: bool = False,
    followed: str = "",
) -> bool:
    """Save one translation. `state` is text_state() of the one that was loaded; `right` says that the
    translation was checked and needs no change.

    `followed` is mark_of() the original that stood beside it: where that has changed meanwhile, the
    translation lags behind.

    True when the text changed and so stands in a draft. Raises EditedMeanwhile.
    """
    statement = session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)
    texts = newest_texts(session, statement_id)
    edit_lock.refuse_edited(state, text_state(texts, text.language))
    others = [other for other in texts if other.language != text.language]
    place = next((place for place, other in enumerate(texts) if other.language == text.language), len(texts))
    statement.version += 1
    drafted = _store(
        session, statement, [*others[:place], text, *others[place:]], [text.language] if right else []
    )
    if drafted and texts and _MARK.fullmatch(followed) and followed != mark_of(texts[0]):
        draft = session.scalars(
            select(Revision).where(Revision.statement_id == statement_id, Revision.published_at.is_(None))
        ).one()
        next(row for row in draft.translations if row.language == text.language).follows = followed

    record(session, StatementAction.EDITED, f"statement:{statement.slug}", text_changed=drafted)
    return drafted


def text_state(texts: list[StatementText], language: str) -> str:
    """A fingerprint of one translation as it is loaded, for save_translation()."""
    text = next((text for text in texts if text.language == language), None)
    return statement_fingerprint({"title": text.title, "body": text.body} if text else {})


def _store(
    session: Session, statement: Statement, texts: list[StatementText], right: Collection[str] = ()
) -> bool:
    """Keep the texts as a draft where they differ from what is published."""
    if texts == newest_texts(session, statement.id) and not right:
        return False
    published = session.scalar(_published(statement.id))
    if published is not None and texts == [_text(row) for row in published.translations]:
        operations.discard_draft(session, statement)
        return False
    operations.save_draft(session, statement, texts, right)
    return True


def settings_of(session: Session, form: Any, statement: Statement | None = None) -> StatementSettings:
    """Everything but the text.

    Owners keep their order and new ones follow; a new addressee is entered in the address book.
    """
    before = [owner.organisation_id for owner in statement.owners] if statement else []
    chosen = form.owners.data or []
    owners = [each for each in before if each in chosen] + [each for each in chosen if each not in before]

    return StatementSettings(
        slug=form.slug.data,
        kind=Kind(form.kind.data),
        signers=Signers(form.signers.data),
        safety=Safety(statement.safety if statement and statement.published_at else form.safety.data),
        goal=int(form.goal.data) if form.goal.data else None,
        contact_days=int(form.contact_days.data),
        opens_at=form.opening(),
        closes_at=form.closing(),
        time_zone=form.time_zone.data,
        dated=form.dated.data,
        dated_precision=Precision(form.dated_precision.data),
        source=form.source.data or None,
        owners=tuple(owners),
        addressees=tuple(_addressees(session, form, statement)),
        topics=tuple(form.topics.data or ()),
        network=form.network.data or None,
        press=Press(
            form.press_name.data or None, form.press_email.data or None, form.press_phone.data or None
        ),
    )


def _addressees(session: Session, form: Any, statement: Statement | None) -> list[int]:
    """The ids of the chosen addressees, then of those for which the form has no field, then of the
    new one.
    """
    beyond = [link.addressee_id for link in statement.addressees[ADDRESSEES:]] if statement else []
    named = form.new_addressee()
    new = [enter_addressee(session, AddresseeContent(named)).id] if named else []
    return list(dict.fromkeys([*form.addressees(), *beyond, *new]))


def _moment(statement: Statement, name: str, moment: dt.datetime | None) -> dict[str, Any]:
    shown = in_zone(moment, statement.time_zone) if moment else None
    return {
        f"{name}_on": shown.date() if shown else None,
        f"{name}_at": shown.time().replace(second=0, microsecond=0) if shown else None,
    }


def _published(statement_id: int) -> Any:
    published = select(Revision).where(
        Revision.statement_id == statement_id, Revision.published_at.is_not(None)
    )
    return published.order_by(Revision.number.desc()).limit(1)


def _text(row: Translation) -> StatementText:
    return StatementText(row.language, row.title, row.body)
