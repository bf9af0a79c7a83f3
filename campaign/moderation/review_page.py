"""The pages on which organisations are reviewed: the queue, and the page of one name that only the team may
see.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from campaign.accounts.permissions import current_member
from campaign.accounts.queries import members
from campaign.accounts.two_people import may_be_second, request_stage
from campaign.core.language import language, link_as
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.moderation import closed_names
from campaign.moderation.bulk_decisions import latest_of
from campaign.moderation.clues import Clues, clues_of
from campaign.moderation.forms import NEW, OTHER, ApproveForm, QuestionForm, RejectForm
from campaign.moderation.queries import reports_said
from campaign.moderation.signature_table import SignatureRow, row_of
from campaign.moderation.watched_names import watched_in
from campaign.organisations.domains import can_be_own
from campaign.organisations.models import Organisation
from campaign.organisations.queries import all_organisations, display_name, organisations_named
from campaign.signatures.models import Signature, State, Visibility
from campaign.signatures.queries import waiting_for_review
from campaign.statements.queries import StatementLine, statement_lines
from campaign.statements.rights import own_statements

# The oldest ones first; the rest follows as these are decided.
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ReviewForms:
    """The forms of a refused decision, which keep what was typed."""

    approving: Any = None
    rejecting: Any = None
    asking: Any = None


# A row, its statement, the three forms, and the clues.
Entry = tuple[SignatureRow, StatementLine, Any, Any, Any, Clues | None]


def page(
    decided: uuid.UUID | None = None,
    *,
    statement_id: int | None = None,
    approving: Any = None,
    rejecting: Any = None,
    asking: Any = None,
) -> str:
    """The list; the row of a refused decision keeps its form."""
    waiting = waiting_for_review(db.session(), own_statements() if statement_id is None else [statement_id])
    rows = [row_of(signature) for signature in waiting]
    shown = rows[:AT_ONCE] + [row for row in rows[AT_ONCE:] if row.id == decided]
    lines = {
        line.id: line for line in statement_lines(language(), ids=list({row.statement_id for row in shown}))
    }
    none = ReviewForms()
    given = ReviewForms(approving, rejecting, asking)
    entries = [
        _entry(row, lines[row.statement_id], rows, given if row.id == decided else none) for row in shown
    ]
    if decided:
        link_as(url_for("moderation_desk.review"))

    return render_template(
        "moderation/desk_review.html",
        entries=entries,
        waiting=len(waiting),
        batches=latest_of(current_member().id),
        asked_for=closed_names.names_asked_for(own_statements(), current_member().id),
        **_shared(bool(entries)),
    )


def name_page(signature: Signature, forms: ReviewForms | None = None) -> str:
    """The page of one name that only the team may see: closed, asked for, or open for a decision."""
    member_id, session = current_member().id, db.session()
    opened = closed_names.is_open_for(session, signature, member_id)
    row = row_of(signature, opened=opened)
    line = statement_lines(language(), ids=[signature.statement_id], drafts=True)[0]
    latest = closed_names.latest_of(session, signature, member_id)
    entry = None
    if opened and row.state is State.REVIEW and not row.broken:
        others = [row_of(other) for other in waiting_for_review(session, own_statements())]
        entry = _entry(row, line, others, forms or ReviewForms())

    return render_template(
        "moderation/desk_name.html",
        row=row,
        statement=line,
        opened=opened,
        entry=entry,
        watched=watched_in(row.name) if row.name and row.state is State.QUARANTINED else [],
        reports=reports_said(signature) if opened else [],
        two=closed_names.takes_two(session, signature),
        latest=latest,
        stage=request_stage(latest) if latest is not None else None,
        asked=closed_names.looks_asked(session, signature.id, member_id),
        names={one.id: one.name for one in members()},
        may_grant=may_be_second(session, member_id),
        days=settings().second_person_after_days,
        minutes=int(closed_names.OPEN_FOR.total_seconds() // 60),
        **_shared(entry is not None),
    )


def _entry(row: SignatureRow, line: StatementLine, rows: Sequence[SignatureRow], forms: ReviewForms) -> Entry:
    approving = forms.approving or ApproveForm(formdata=None)
    approving.organisation.choices = [] if row.closed else choices_of(row)
    if not row.closed:
        first = approving.organisation.choices[0][0]
        approving.organisation.data = approving.organisation.data or first
    rejecting = forms.rejecting or RejectForm(formdata=None)
    asking = forms.asking or QuestionForm(formdata=None)
    return row, line, approving, rejecting, asking, None if row.closed else clues_of(row, rows)


def _shared(any_entry: bool) -> dict[str, Any]:
    """What the forms of a decision need beside their entry."""
    signed = statement_lines(language()) if any_entry else []
    registry = all_organisations() if any_entry else []
    return {
        "registry": [(found.slug, display_name(found, language())) for found in registry],
        "can_be_own": can_be_own,
        "statements": {line.id: line for line in signed},
        "named": lambda found: display_name(found, language()),
    }


def choices_of(row: SignatureRow) -> list[tuple[str, str]]:
    """The organisations as which a waiting one may be listed."""
    named = [
        (str(found.id), _described(found))
        for found in organisations_named(db.session(), row.organisation or "")
    ]
    new = _("A new organisation, added to the registry as written here")
    if row.visibility is Visibility.TEAM:
        new = _("An organisation known only to the team: nothing is added to the public registry")
    return [*named, (NEW, new), (OTHER, _("Another organisation in the registry"))]


def _described(organisation: Organisation) -> str:
    domains = ", ".join(own.domain for own in organisation.domains)
    facts = [fact for fact in (organisation.country, organisation.website, domains) if fact]
    return f"{display_name(organisation, language())} ({' · '.join(facts) or organisation.slug})"
