"""The timeline of a case, for the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.people import team_operations, timeline
from campaign.people.desk import bp
from campaign.people.errors import NoSuchEvent, TimelineFault
from campaign.people.event_forms import EventForm, event_form_values, event_name
from campaign.people.labels import fault_in_words
from campaign.people.models import CaseEvent, Person
from campaign.people.rights import person_in_path
from campaign.people.team_queries import name_of
from campaign.people.vocabulary import EventKind


@bp.route("/<slug>/events/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def enter_event(person: Person) -> ResponseReturnValue:
    """Enter an event. The status and the days follow from it."""
    kind = request.args.get("kind", "")
    form = _form(person, data={"kind": kind if kind in set(EventKind) else ""})
    if form.validate_on_submit():
        events = form.events()
        try:
            with writing() as session:
                team_operations.enter_events(session, person.id, events)
        except TimelineFault as refused:
            form.say(refused, events)
        else:
            return _back(person, _("Added. Status and days in detention are updated."))

    return _page(person, form, None), 422 if form.errors else 200


@bp.route("/<slug>/events/<uuid:event_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def edit_event(person: Person, event_id: UUID) -> ResponseReturnValue:
    """Change an event."""
    form = _form(person, event_id, data=event_form_values(_event(person, event_id)))
    if form.validate_on_submit():
        events = form.events()
        try:
            with writing() as session:
                team_operations.change_event(session, person.id, event_id, events[0], form.state.data or "")
        except NoSuchEvent:
            abort(404)
        except EditedMeanwhile:
            return _conflict(person, _event(person, event_id), form)
        except TimelineFault as refused:
            form.say(refused, events[:1])
        else:
            return _back(person, _("Saved. Status and days in detention are updated."))

    return _page(person, form, _event(person, event_id)), 422 if form.errors else 200


@bp.post("/<slug>/events/<uuid:event_id>/remove")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def remove_event(person: Person, event_id: UUID) -> ResponseReturnValue:
    """Delete an event; with an arrest goes the release that ended it."""
    try:
        with writing() as session:
            team_operations.remove_event(session, person.id, event_id)
    except NoSuchEvent:
        abort(404)
    except TimelineFault as refused:
        said = _("It was not deleted, because the remaining events would contradict each other.")
        return _back(person, said + " " + fault_in_words(refused.fault), "problem")
    return _back(person, _("Deleted. Status and days in detention are updated."))


def _back(person: Person, said: str, category: str = "done") -> ResponseReturnValue:
    flash(said, category)
    return redirect(url_for(".show", slug=person.slug, _anchor="timeline"), 303)


def _form(person: Person, without: UUID | None = None, **more: Any) -> Any:
    form = EventForm(**more)
    form.offer(
        [
            (str(event.id), event_name(event))
            for event in timeline.ordered(person.events)
            if event.id != without
        ]
    )
    return form


def _page(person: Person, form: Any, event: CaseEvent | None) -> str:
    return render_template(
        "people/desk_event.html",
        person=person,
        name=name_of(person),
        form=form,
        event=event,
        event_name=event_name,
    )


def _conflict(person: Person, event: CaseEvent, form: Any) -> ResponseReturnValue:
    """The conflict where somebody else has saved this event: nothing is overwritten before both were looked
    at.
    """
    saved = event_form_values(event)
    differing = [
        str(field.label.text)
        for field in form
        if field.name in saved and field.name != "state" and (field.data or "") != (saved[field.name] or "")
    ]
    said = _(
        "Somebody has changed this record since you opened it. These fields differ from what is saved now: "
        "%(fields)s.",
        fields=", ".join(dict.fromkeys(differing)),
    )
    form.state.data = saved["state"]
    form.state.errors = [
        said + " " + _("What you typed is shown below. Please compare the two, and save again.")
    ]

    return make_response(_page(person, form, event), 409)


def _event(person: Person, event_id: UUID) -> CaseEvent:
    return next((event for event in person.events if event.id == event_id), None) or abort(404)
