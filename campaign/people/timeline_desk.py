"""The timeline of a case, for the team."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.people import timeline
from campaign.people.desk import bp, name_of, person_or_404
from campaign.people.errors import EditedMeanwhile, TimelineFault
from campaign.people.event_forms import EventForm, event_form_values, event_name
from campaign.people.labels import fault_in_words
from campaign.people.models import CaseEvent, Person
from campaign.people.vocabulary import EventKind


@bp.route("/<slug>/events/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def enter_event(slug: str) -> ResponseReturnValue:
    """Enter what happened. The status and the days follow from it."""
    person = person_or_404(slug)
    kind = request.args.get("kind", "")
    form = _form(person, data={"kind": kind if kind in set(EventKind) else ""})
    if form.validate_on_submit():
        events = form.events()
        try:
            with writing() as session:
                timeline.enter_events(session, _locked(session, person), events)
                record(session, "event entered", f"person:{person.id}", kind=str(events[0].kind))
        except TimelineFault as refused:
            form.say(refused, events)
        else:
            flash(_("Added. Status and days in detention are updated."), "done")
            return redirect(url_for(".show", slug=slug, _anchor="timeline"), 303)
    return _page(person_or_404(slug), form, None), 422 if form.errors else 200


@bp.route("/<slug>/events/<uuid:event_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def edit_event(slug: str, event_id: UUID) -> ResponseReturnValue:
    """Change what is said of an event."""
    person = person_or_404(slug)
    form = _form(person, event_id, data=event_form_values(_event(person, event_id)))
    if form.validate_on_submit():
        events = form.events()
        try:
            with writing() as session:
                locked = _locked(session, person)
                event = _event(locked, event_id)
                if _read_at(form) != event.changed_at:
                    raise EditedMeanwhile
                timeline.change_event(session, locked, event, events[0])
                record(session, "event changed", f"person:{person.id}", kind=str(events[0].kind))
        except EditedMeanwhile:
            person = person_or_404(slug)
            return _conflict(person, _event(person, event_id), form)
        except TimelineFault as refused:
            form.say(refused, events[:1])
        else:
            flash(_("Saved. Status and days in detention are updated."), "done")
            return redirect(url_for(".show", slug=slug, _anchor="timeline"), 303)
    person = person_or_404(slug)
    return _page(person, form, _event(person, event_id)), 422 if form.errors else 200


@bp.post("/<slug>/events/<uuid:event_id>/remove")
@requires(Permission.WRITE_STATEMENTS)
def remove_event(slug: str, event_id: UUID) -> ResponseReturnValue:
    """Delete an event; with an arrest goes the release that ended it."""
    person = person_or_404(slug)
    _event(person, event_id)
    try:
        with writing() as session:
            locked = _locked(session, person)
            event = _event(locked, event_id)
            kind = str(event.kind)
            timeline.remove_event(session, locked, event)
            record(session, "event removed", f"person:{person.id}", kind=kind)
    except TimelineFault as refused:
        flash(_("It was not deleted, because the remaining events would contradict each other.") + " " + fault_in_words(refused.fault), "problem")
    else:
        flash(_("Deleted. Status and days in detention are updated."), "done")
    return redirect(url_for(".show", slug=slug, _anchor="timeline"), 303)


def _form(person: Person, without: UUID | None = None, **more: Any) -> Any:
    form = EventForm(**more)
    form.offer([(str(event.id), event_name(event)) for event in timeline.ordered(person.events) if event.id != without])
    return form


def _page(person: Person, form: Any, event: CaseEvent | None) -> str:
    return render_template("people/desk_event.html", person=person, name=name_of(person), form=form, event=event, event_name=event_name)


def _conflict(person: Person, event: CaseEvent, form: Any) -> ResponseReturnValue:
    """Somebody else has saved this event: nothing is overwritten before both were looked at."""
    saved = event_form_values(event)
    differing = [
        str(field.label.text) for field in form if field.name in saved and field.name != "state" and (field.data or "") != (saved[field.name] or "")
    ]
    said = _(
        "Somebody has changed this record since you opened it. These fields differ from what is saved now: %(fields)s.",
        fields=", ".join(dict.fromkeys(differing)),
    )
    form.state.data = saved["state"]
    form.state.errors = [said + " " + _("What you typed is shown below. Please compare the two, and save again.")]
    return make_response(_page(person, form, event), 409)


def _event(person: Person, event_id: UUID) -> CaseEvent:
    return next((event for event in person.events if event.id == event_id), None) or abort(404)


def _locked(session: Any, person: Person) -> Person:
    locked: Person = session.get_one(Person, person.id, with_for_update=True, populate_existing=True)
    return locked


def _read_at(form: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(form.state.data or "")
    except ValueError:
        return None
