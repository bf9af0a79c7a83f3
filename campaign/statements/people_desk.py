"""For whom a release campaign is, for the team."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, confined_to, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.extensions import db
from campaign.people.team_queries import TeamLine, team_lines
from campaign.statements.desk import bp, statement_or_404
from campaign.statements.models import Kind, Statement
from campaign.statements.people import add_person, members, move_up, take_off
from campaign.statements.queries import title_of

_MOST_FOUND = 30
_ACTIONS: dict[str, Callable[..., None]] = {"add": add_person, "take off": take_off, "up": move_up}


@bp.get("/<slug>/people")
@requires(Permission.WRITE_STATEMENTS)
def people(slug: str) -> ResponseReturnValue:
    """The people of a campaign in its order, and a search for others."""
    statement, words = _campaign_or_404(slug), searchable(request.args.get("q", ""))
    there = {key: place for place, key in enumerate(members(db.session(), statement.id))}
    everyone = team_lines(language(), None)
    # Who works for some organisations finds, beside the files that these keep, those that everyone may read.
    found = [line for line in team_lines(language(), None, words) if line.id not in there and _may_find(line)] if words else []
    return render_template(
        "statements/desk_people.html",
        statement=statement,
        title=title_of(statement.id, language()),
        lines=sorted((line for line in everyone if line.id in there), key=lambda line: there[line.id]),
        found=found[:_MOST_FOUND],
        q=words,
    )


@bp.post("/<slug>/people")
@requires(Permission.WRITE_STATEMENTS)
def change_people(slug: str) -> ResponseReturnValue:
    """Add a person, take one off, or let one stand further up."""
    statement, action = _campaign_or_404(slug), _ACTIONS.get(request.form.get("action", ""))
    line = next((line for line in team_lines(language(), None) if line.slug == request.form.get("person")), None)
    if action is None or line is None or not (_may_find(line) or line.id in members(db.session(), statement.id)):
        flash(_("Please choose a person from the list."), "problem")
        return redirect(url_for(".people", slug=slug), 303)
    with writing() as session:
        action(session, session.get_one(Statement, statement.id, with_for_update=True), line.id)
        # Its key: the log is kept for good, and the person may wish to be named nowhere.
        record(session, "people of campaign changed", f"statement:{slug}", person=line.id)
    flash(_("Saved."), "done")
    return redirect(url_for(".people", slug=slug), 303)


def _may_find(line: TeamLine) -> bool:
    confined: Any = confined_to()
    return confined is None or line.kept_by_id in confined or line.seen


def _campaign_or_404(slug: str) -> Statement:
    statement = statement_or_404(slug)
    return statement if statement.kind == Kind.RELEASE_CAMPAIGN else abort(404)
