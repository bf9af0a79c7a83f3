"""Changes suggested by organisations: one paragraph each, so that each is accepted or rejected separately,
with one click.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.circulation import circulated_texts
from campaign.circulation.answers import invitation_for_writing
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.errors import DecidedAlready, TextMoved, TooManyChanges
from campaign.circulation.models import CirculatedText, Invitation, Suggestion, SuggestionVerdict
from campaign.core import clock
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.statements import operations
from campaign.statements.differences import Piece, differences
from campaign.statements.models import Statement
from campaign.statements.operations import StatementText

MOST = 40
_PARTS = re.compile(r"\n[ \t]*\n+")


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion beside the passage that it would change; `stands` is false if that has changed
    meanwhile.
    """

    suggestion: Suggestion
    invitation: Invitation
    pieces: list[Piece]
    stands: bool
    remark: str


def suggest(
    session: Session, invitation_id: uuid.UUID, language: str, read: int | None, typed: str, remark: str
) -> int:
    """Store each changed paragraph as a suggestion.

    Returns the number of suggestions. Raises InvitationOver, TextMoved, TooManyChanges.
    """
    invitation, _circulation, statement = invitation_for_writing(session, invitation_id)
    sent = session.scalar(
        select(CirculatedText).where(
            CirculatedText.statement_id == statement.id, CirculatedText.number == read
        )
    )
    if sent is None:
        raise TextMoved

    stood = circulated_texts.text_for(sent, language)
    changes = list(_changes(stood.body, typed))
    if len(changes) > MOST:
        raise TooManyChanges

    for before, after in changes:
        suggestion = Suggestion(
            invitation_id=invitation.id,
            text_id=sent.id,
            language=stood.language,
            before=before,
            after=after,
            made_at=clock.now(),
        )
        session.add(suggestion)
        # The remark is bound to its id.
        session.flush()
        if remark:
            suggestion.sealed_remark = vault().seal_text(
                remark, "suggestions", "sealed_remark", suggestion.id
            )

    session.flush()
    return len(changes)


def remark_of(suggestion: Suggestion) -> str:
    """The reason that the organisation gave, for the team; empty without one, or once its key is gone."""
    if suggestion.sealed_remark is None:
        return ""
    try:
        return vault().unseal_text(suggestion.sealed_remark, "suggestions", "sealed_remark", suggestion.id)
    except SealBroken:
        return ""


def accept(session: Session, statement: Statement, suggestion: Suggestion) -> None:
    """Apply a suggestion to the draft, which the team then sends round.

    Raises TextMoved if its passage is no longer there, or there more than once; DecidedAlready.
    """
    _refuse_decided(suggestion)
    draft = circulated_texts.draft_of(session, statement.id)
    if draft is None:
        raise TextMoved

    written = [StatementText(text.language, text.title, text.body) for text in draft.translations]
    changed = [
        StatementText(text.language, text.title, replaced(text.body, suggestion))
        if text.language == suggestion.language
        else text
        for text in written
    ]
    if changed == written:
        raise TextMoved

    operations.save_draft(session, statement, changed)
    _decide(session, statement, suggestion, SuggestionVerdict.ACCEPTED)


def reject(session: Session, statement: Statement, suggestion: Suggestion) -> None:
    """Reject a suggestion. Raises DecidedAlready."""
    _refuse_decided(suggestion)
    _decide(session, statement, suggestion, SuggestionVerdict.REJECTED)


def all_suggestions(statement_id: int) -> list[Suggested]:
    """All suggestions, the undecided first, beside the present draft."""
    rows = select(Suggestion, Invitation).join(Invitation).where(Invitation.statement_id == statement_id)
    draft = circulated_texts.draft_of(db.session(), statement_id)
    bodies = {text.language: text.body for text in draft.translations} if draft else {}
    found = []
    for suggestion, invitation in db.session.execute(
        rows.order_by(Suggestion.verdict != SuggestionVerdict.OPEN, Suggestion.id)
    ).all():
        stands = _place(bodies.get(suggestion.language, ""), suggestion) is not None
        found.append(
            Suggested(
                suggestion,
                invitation,
                differences(suggestion.before, suggestion.after),
                stands,
                remark_of(suggestion),
            )
        )
    return found


def replaced(body: str, suggestion: Suggestion) -> str:
    """The body with the suggestion applied. Raises TextMoved."""
    place = _place(body, suggestion)
    if place is None:
        raise TextMoved
    parts = _PARTS.split(body.strip())
    parts[place] = suggestion.after
    return "\n\n".join(part for part in parts if part)


def _place(body: str, suggestion: Suggestion) -> int | None:
    """The position of the paragraph, if it occurs exactly once."""
    places = [number for number, part in enumerate(_PARTS.split(body.strip())) if part == suggestion.before]
    return places[0] if len(places) == 1 else None


def _changes(stood: str, typed: str) -> Iterator[tuple[str, str]]:
    """Pairs of (paragraph, its replacement), also for new paragraphs behind one that stays."""
    before, after = _PARTS.split(stood.strip()), _PARTS.split(typed.replace("\r\n", "\n").strip())
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        old, new = before[start:end], after[new_start:new_end]
        if tag == "replace" and len(old) == len(new):
            yield from zip(old, new, strict=True)
        elif tag == "insert":
            anchor = before[start - 1] if start else before[0]
            added = "\n\n".join(new)
            yield anchor, f"{anchor}\n\n{added}" if start else f"{added}\n\n{anchor}"
        elif tag != "equal":
            yield old[0], "\n\n".join(new)
            yield from ((gone, "") for gone in old[1:])


def _refuse_decided(suggestion: Suggestion) -> None:
    if suggestion.verdict != SuggestionVerdict.OPEN:
        raise DecidedAlready


def _decide(
    session: Session, statement: Statement, suggestion: Suggestion, verdict: SuggestionVerdict
) -> None:
    suggestion.verdict, suggestion.decided_at = verdict, clock.now()
    session.flush()
    record(session, CirculationAction.SUGGESTION_DECIDED, f"statement:{statement.slug}", verdict=str(verdict))
