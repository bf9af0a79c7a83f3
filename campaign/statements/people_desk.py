"""The people of a release campaign, for the team."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import confined_to, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.request_body import takes_up_to
from campaign.core.text import searchable
from campaign.extensions import db
from campaign.people.case_entry import CaseEntryForm
from campaign.people.case_entry_page import (
    LARGEST_ENTRY,
    entry_page,
    refuse_without_keeper,
    saved_case,
    values_of_like,
)
from campaign.people.labels import status_words
from campaign.people.team_queries import TeamLine, name_of, team_lines, without_portrait
from campaign.people.visibility import shows_of as person_shown
from campaign.statements import team_operations
from campaign.statements.desk import bp
from campaign.statements.models import Kind, Statement
from campaign.statements.people import members
from campaign.statements.queries import newest_revision
from campaign.statements.rights import campaign_in_path
from campaign.statements.safety_suggestion import suggestion
from campaign.statements.tabs import DeskTab, NotYet, Tab

_MOST_FOUND = 30


def _not_yet(statement: Statement) -> NotYet | None:
    """The reason why this statement has no people: it is of another kind."""
    if statement.kind == Kind.RELEASE_CAMPAIGN:
        return None
    return NotYet(
        _(
            "People whose release is asked for belong to a release campaign, and this is a statement of"
            " another kind."
        ),
        _("Change the kind"),
        url_for("statements_desk.edit", slug=statement.slug, _anchor="kind"),
    )


DESK_TAB = DeskTab(
    Tab.PEOPLE,
    lambda statement: url_for("statements_desk.people", slug=statement.slug),
    ("statements_desk.people", "statements_desk.change_people", "statements_desk.enter_person"),
    Permission.WRITE_STATEMENTS,
    _not_yet,
)


@bp.get("/<slug>/people")
@requires(Permission.WRITE_STATEMENTS, of=campaign_in_path)
def people(statement: Statement) -> ResponseReturnValue:
    """The people of a campaign in its order, and a search for others."""
    words = searchable(request.args.get("q", ""))
    there = {person_id: place for place, person_id in enumerate(members(db.session(), statement.id))}
    everyone = team_lines(language(), None)

    # Members who work for some organisations find the case files of these, and those that everyone may read.
    found = (
        [line for line in team_lines(language(), None, words) if line.id not in there and _may_find(line)]
        if words
        else []
    )

    lines = sorted((line for line in everyone if line.id in there), key=lambda line: there[line.id])
    return render_template(
        "statements/desk_people.html",
        statement=statement,
        lines=lines,
        bare=without_portrait([line.id for line in lines]),
        statuses=status_words(),
        may_copy=_may_copy,
        found=found[:_MOST_FOUND],
        q=words,
        suggestion=suggestion(statement),
    )


@bp.route("/<slug>/people/new", methods=["GET", "POST"])
@takes_up_to(LARGEST_ENTRY)
@requires(Permission.WRITE_STATEMENTS, of=campaign_in_path)
def enter_person(statement: Statement) -> ResponseReturnValue:
    """Enter a person and add them to the campaign, in one form."""
    refuse_without_keeper()
    form, statement_id = CaseEntryForm(data=values_of_like()), statement.id
    person = saved_case(
        form, lambda session, new: team_operations.change_people(session, statement_id, new.id, "add")
    )
    if person is None:
        revision = newest_revision(statement_id)
        written = [text.language for text in revision.translations] if revision else []
        return entry_page(form, written, campaign=statement), 422 if form.errors else 200

    said = _("Saved, and added to the campaign: %(name)s.", name=name_of(person))
    if not person_shown(person).name:
        said += " " + _(
            "The public does not see them until the wish of the person or the family is recorded."
        )
    flash(said, "done")
    page = ".enter_person" if "another" in request.form else ".people"
    return redirect(url_for(page, slug=statement.slug), 303)


@bp.post("/<slug>/people")
@requires(Permission.WRITE_STATEMENTS, of=campaign_in_path)
def change_people(statement: Statement) -> ResponseReturnValue:
    """Add a person, remove one, or move one up."""
    step, line = request.form.get("action", ""), _chosen(statement)
    if step not in team_operations.PEOPLE_STEPS or line is None:
        flash(_("Please choose a person from the list."), "problem")
        return redirect(url_for(".people", slug=statement.slug), 303)
    with writing() as session:
        team_operations.change_people(session, statement.id, line.id, step)
    flash(_("Saved."), "done")
    return redirect(url_for(".people", slug=statement.slug), 303)


def _chosen(statement: Statement) -> TeamLine | None:
    """The person named in the form; None for one who is neither in the campaign nor visible to this
    member.
    """
    line = next(
        (line for line in team_lines(language(), None) if line.slug == request.form.get("person")), None
    )
    known = line is not None and (_may_find(line) or line.id in members(db.session(), statement.id))
    return line if known else None


def _may_copy(line: TeamLine) -> bool:
    """True for a file that this member may open whole."""
    confined: Any = confined_to()
    return confined is None or line.kept_by_id in confined


def _may_find(line: TeamLine) -> bool:
    confined: Any = confined_to()
    return confined is None or line.kept_by_id in confined or line.seen
