"""Organisations of the registry that may be meant by a name that is almost theirs, for a form to ask about.

Whoever signs is asked by what everyone can read: organisations without a public page are not named, and their
being there changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from campaign.core.formats import country_name
from campaign.core.language import language
from campaign.extensions import db
from campaign.organisations.duplicates import twins_of
from campaign.organisations.models import Organisation
from campaign.organisations.name_question import KnownName
from campaign.organisations.queries import display_name, organisations_by_id, organisations_named
from campaign.signatories.shown_networks import may_be_seen


def known_names(typed: str, own: int | None = None) -> dict[str, KnownName]:
    """By address, the organisations that a signer may mean; none where the name is one of theirs.

    `own`: the organisation that the signer was invited for, which is named though it has no public page.
    """
    return _named(typed, lambda found: found == own or may_be_seen(found))


def names_known_to_team(typed: str) -> dict[str, KnownName]:
    """By address, the organisations of the whole registry that may be meant, as known_names() has them."""
    return _named(typed, lambda _found: True)


def _named(typed: str, may_be_named: Callable[[int], bool]) -> dict[str, KnownName]:
    if not typed or any(may_be_named(found.id) for found in organisations_named(db.session(), typed)):
        return {}
    ids = twins_of(typed)
    found = organisations_by_id(ids)
    named = (found[each] for each in ids if each in found and may_be_named(each))
    return {each.slug: _known(each) for each in named}


def _known(found: Organisation) -> KnownName:
    name = display_name(found, language())
    return KnownName(name, f"{name} ({country_name(found.country)})" if found.country else name)
