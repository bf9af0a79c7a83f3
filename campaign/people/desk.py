"""Case files, for the team: the list, one file, and the record of a person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, confined_to, current_member, requires
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.language import language
from campaign.core.request_body import takes_up_to
from campaign.core.text import searchable
from campaign.extensions import db
from campaign.people import team_operations
from campaign.people.case_entry import CaseEntryForm
from campaign.people.case_entry_page import (
    LARGEST_ENTRY,
    entry_page,
    refuse_without_keeper,
    saved_case,
    values_of_like,
)
from campaign.people.detention import derive
from campaign.people.errors import TimelineFault
from campaign.people.event_forms import event_name
from campaign.people.forms import (
    ConfirmForm,
    PersonForm,
    PortraitForm,
    WishForm,
    person_fingerprint,
    person_form_values,
)
from campaign.people.labels import (
    days_in_words,
    fault_in_words,
    kind_words,
    length_in_words,
    status_words,
    when_in_words,
    wish_words,
)
from campaign.people.models import Person
from campaign.people.name_mentions import mentions_of
from campaign.people.operations import wish_of
from campaign.people.rights import person_in_path
from campaign.people.sections import case_file_sections
from campaign.people.team_queries import FILTERS, name_of, team_lines
from campaign.people.timeline import happening, ordered
from campaign.people.visibility import shows_of

bp = Blueprint("people_desk", __name__, url_prefix="/desk/people")
NAV_ENTRY = NavEntry("people_desk.index", _l("People"), 50, Permission.WRITE_STATEMENTS)
_PAGE = 200


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def index() -> ResponseReturnValue:
    """The case files that a member works on, with search in all names and spellings."""
    words, narrowed = searchable(request.args.get("q", "")), request.args.get("show", "")
    narrowed = narrowed if narrowed in FILTERS else ""
    lines = team_lines(language(), confined_to(), words, narrowed)

    return render_template(
        "people/desk_index.html",
        lines=lines[:_PAGE],
        more=max(0, len(lines) - _PAGE),
        q=words,
        narrowed=narrowed,
        wishes=wish_words(),
        **in_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@takes_up_to(LARGEST_ENTRY)
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def create() -> ResponseReturnValue:
    """Open a case file, like that of another person (`like`) where there is one. Without a wish nothing of it
    is shown.
    """
    refuse_without_keeper()
    form = CaseEntryForm(data=values_of_like())
    person = saved_case(form)
    if person is None:
        return entry_page(form), 422 if form.errors else 200

    said = (
        _("Saved. Everything that may be shown is public at once.")
        if shows_of(person).name
        else _(
            "The case file has been opened. Only the team can see it until you record what the person "
            "or the family wants shown."
        )
    )
    flash(said, "done")
    return redirect(url_for(".show", slug=person.slug), 303)


@bp.get("/<slug>")
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def show(person: Person) -> ResponseReturnValue:
    """One case file: the wish, the status, the timeline, the portrait."""
    return file_page(person)


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def edit(person: Person) -> ResponseReturnValue:
    """Change the record of the person."""
    form = PersonForm(data=person_form_values(person) | {"state": person_fingerprint(person)})
    if form.validate_on_submit():
        entry, read = form.entry(), form.state.data or ""
        try:
            with writing() as session:
                team_operations.change_file(session, person.id, entry, read)
        except EditedMeanwhile:
            return _conflict(person, form)
        except TimelineFault as refused:
            form.born.errors = [fault_in_words(refused.fault)]
        else:
            flash(_("Saved."), "done")
            return redirect(url_for(".show", slug=person.slug), 303)

    page = render_template("people/desk_form.html", form=form, person=person, name=name_of(person))
    return page, 422 if form.errors else 200


def _conflict(person: Person, form: Any) -> ResponseReturnValue:
    """The conflict where somebody else has saved this file: nothing is overwritten before both were looked
    at.
    """
    saved = person_form_values(person)
    theirs = [
        str(field.label.text)
        for field in form
        if field.name not in ("csrf_token", "state") and (field.data or "") != (saved.get(field.name) or "")
    ]
    said = _(
        "Somebody has changed this record since you opened it. These fields differ from what is saved now: "
        "%(fields)s.",
        fields=", ".join(dict.fromkeys(theirs)),
    )
    form.state.data = person_fingerprint(person)
    form.state.errors = [
        said + " " + _("What you typed is shown below. Please compare the two, and save again.")
    ]

    return make_response(
        render_template("people/desk_form.html", form=form, person=person, name=name_of(person)), 409
    )


def file_page(
    person: Person, wish_form: Any = None, confirm_form: Any = None, portrait_form: Any = None
) -> str:
    """The page of one case file, with its small forms."""
    events = ordered(person.events)
    told = wish_of(person)
    wished = {
        "wish": person.wish,
        "said_on": clock.today(),
        "said_by": told["said_by"],
        "recorded_by": current_member().name,
    }
    portrait = person.portrait
    described = {"description": portrait.description, "credit": portrait.credit} if portrait else {}

    return render_template(
        "people/desk_file.html",
        person=person,
        shows=shows_of(person),
        named=[] if shows_of(person).full else mentions_of(db.session(), person),
        name=name_of(person),
        told=told,
        case=derive(map(happening, events), clock.today(), person.confirmed_on),
        events=events,
        event_name=event_name,
        happening=happening,
        wishes=wish_words(),
        wish_form=wish_form or WishForm(formdata=None, data=wished),
        confirm_form=confirm_form or ConfirmForm(formdata=None, data={"still_on": clock.today()}),
        portrait_form=portrait_form or PortraitForm(formdata=None, data=described),
        sections=case_file_sections.of(person),
        **in_words(),
    )


def in_words() -> dict[str, Any]:
    """The functions and words by which templates name statuses, dates and lengths."""
    return {
        "statuses": status_words(),
        "kinds": kind_words(),
        "days_in_words": days_in_words,
        "when_in_words": when_in_words,
        "length_in_words": length_in_words,
    }
