"""The page on which a new person is entered, for the list of case files and for a campaign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from campaign.accounts.permissions import refuse_what_concerns_others
from campaign.core.database import writing
from campaign.core.pictures import LARGEST_FILE
from campaign.people.case_entry import enter_case, folds, languages_first, values_like
from campaign.people.errors import TimelineFault
from campaign.people.forms import keeper_choices
from campaign.people.models import Person
from campaign.people.rights import person_in_path
from campaign.people.team_queries import name_of

# High enough that a picture slightly too large is still read, and refused beside its field.
LARGEST_ENTRY = 4 * LARGEST_FILE


def values_of_like() -> dict[str, Any]:
    """The values of the form of an entry like that of the person in `like`; what is sent stands for itself.
    Aborts like person_in_path.
    """
    like = request.args.get("like", "") if request.method == "GET" else ""
    return values_like(person_in_path.load(like)) if like else {}


def refuse_without_keeper() -> None:
    """End the request, before anything is typed, for a member who works for no organisation that could keep
    the file: one with a role on single statements alone.
    """
    if not keeper_choices():
        refuse_what_concerns_others()


def saved_case(
    form: Any, then: Callable[[Session, Person], None] = lambda _session, _person: None
) -> Person | None:
    """The case file that was just saved, with what follows in the same transaction; None where there is
    nothing to save, or with the reasons beside the fields.
    """
    if not form.validate_on_submit():
        return None
    try:
        with writing() as session:
            person = enter_case(session, form)
            then(session, person)
            return person
    except TimelineFault as refused:
        form.say(refused)
        return None


def entry_page(form: Any, languages: Sequence[str] = (), **of_campaign: Any) -> str:
    """The page of the form for a new person; the languages of a campaign's text come first."""
    first, others = languages_first(languages)
    return render_template(
        "people/desk_entry.html",
        form=form,
        first=first,
        others=others,
        folds=folds(form, others),
        picked=bool(form.picture.data and form.errors),
        name_of=name_of,
        **of_campaign,
    )
