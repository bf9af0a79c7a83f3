"""From the database into the team's form and back, without overwriting what somebody else saved meanwhile."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.config import LANGUAGES
from campaign.core.vault import digest
from campaign.statements import operations
from campaign.statements.errors import EditedMeanwhile
from campaign.statements.forms import ADDRESSEES
from campaign.statements.models import Addressee, Kind, Revision, Signers, Statement, Translation
from campaign.statements.operations import Settings, Text


def newest_texts(session: Session, statement_id: int) -> list[Text]:
    """The texts of the draft, or of the published revision when there is no draft."""
    newest = select(Revision.id).where(Revision.statement_id == statement_id).order_by(Revision.number.desc()).limit(1).scalar_subquery()
    return [_text(row) for row in session.scalars(select(Translation).where(Translation.revision_id == newest).order_by(Translation.rank))]


def values_of(session: Session, statement: Statement) -> dict[str, Any]:
    """What the form shows of a statement, by field."""
    values: dict[str, Any] = {name: getattr(statement, name) or "" for name in ("slug", "kind", "signers", "source")}
    closes = statement.closes_at
    values |= {
        "goal": str(statement.goal or ""),
        "dated": statement.dated,
        "closes_on": closes.date() if closes else None,
        "closes_at": closes.time().replace(second=0, microsecond=0) if closes else None,
        "owners": [owner.organisation_id for owner in statement.owners],
    }
    for text in newest_texts(session, statement.id):
        values |= {f"title_{text.language}": text.title, f"body_{text.language}": text.body}
    for row, link in enumerate(statement.addressees[:ADDRESSEES]):
        for name in link.addressee.names:
            values |= {f"name_{row}_{name.language}": name.name, f"role_{row}_{name.language}": name.role}
    return values


def state_of(values: dict[str, Any]) -> str:
    """SHA-256 of what the form shows: another value means that somebody has saved since."""
    return digest(json.dumps(values, default=str, sort_keys=True, ensure_ascii=False))


def save(session: Session, statement_id: int, form: Any) -> bool:
    """Save what was typed. True when the text changed and so stands in a draft. Raises EditedMeanwhile, SlugTaken."""
    statement = session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)
    if state_of(values_of(session, statement)) != form.state.data:
        raise EditedMeanwhile
    operations.change_settings(session, statement, settings_of(form, statement))
    texts = form.texts()
    if texts == newest_texts(session, statement.id):
        return False
    published = session.scalar(_published(statement_id))
    if published is not None and texts == [_text(row) for row in published.translations]:
        operations.discard_draft(session, statement)
        return False
    operations.save_draft(session, statement, texts)
    return True


def settings_of(form: Any, statement: Statement | None = None) -> Settings:
    """Everything but the text. Owners keep their order, new ones follow; names of addressees in languages without a field stay."""
    before = [owner.organisation_id for owner in statement.owners] if statement else []
    chosen = form.owners.data or []
    owners = [key for key in before if key in chosen] + [key for key in chosen if key not in before]
    return Settings(
        slug=form.slug.data,
        kind=Kind(form.kind.data),
        signers=Signers(form.signers.data),
        goal=int(form.goal.data) if form.goal.data else None,
        closes_at=form.closing(),
        dated=form.dated.data,
        source=form.source.data or None,
        owners=tuple(owners),
        addressees=tuple(_addressees(form, statement)),
    )


def _addressees(form: Any, statement: Statement | None) -> list[dict[str, tuple[str, str]]]:
    before = statement.addressees if statement else []
    rows = []
    for number, typed in enumerate(form.addressees()):
        known = _names(before[number].addressee) if number < len(before) else {}
        others = {code: pair for code, pair in known.items() if code not in LANGUAGES}
        rows.append(typed | others if typed else {})
    return [row for row in rows if row] + [_names(link.addressee) for link in before[ADDRESSEES:]]


def _names(addressee: Addressee) -> dict[str, tuple[str, str]]:
    return {name.language: (name.name, name.role) for name in addressee.names}


def _published(statement_id: int) -> Any:
    published = select(Revision).where(Revision.statement_id == statement_id, Revision.published_at.is_not(None))
    return published.order_by(Revision.number.desc()).limit(1)


def _text(row: Translation) -> Text:
    return Text(row.language, row.title, row.body)
