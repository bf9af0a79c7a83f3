"""Case files as an address names them: all, or those that the organisations of a member keep."""

from __future__ import annotations

from flask import abort

from campaign.accounts.permissions import Scope, confined_to, refuse_what_concerns_others
from campaign.people.models import Person
from campaign.people.team_queries import person_with
from campaign.people.visibility import shows_of


def _load_person(slug: str) -> Person:
    """A case file. Aborts with 404, and with 403 where it is kept by others.

    Members who work for some organisations learn of no other address: they get 403 also where there is no
    file.
    """
    person, confined = person_with(slug), confined_to()
    if confined is not None and (person is None or person.kept_by_id not in confined):
        refuse_what_concerns_others()
    return person or abort(404)


def may_find(person: Person) -> bool:
    """True for a file of which the member may learn: one that their organisations keep, or that everyone may
    read.
    """
    confined = confined_to()
    return confined is None or person.kept_by_id in confined or shows_of(person).name


person_in_path = Scope("slug", "person", _load_person)
