"""The question whether a signer means an organisation of the registry whose name is almost what they typed.

It follows from the typed name and from what everyone can read: organisations without a public page are not
named, and their being there changes nothing.
"""

from __future__ import annotations

from campaign.core.formats import country_name
from campaign.core.language import language
from campaign.extensions import db
from campaign.organisations.duplicates import twins_of
from campaign.organisations.models import Organisation
from campaign.organisations.queries import display_name, organisations_by_id, organisations_named
from campaign.signatories.shown_networks import may_be_seen
from campaign.signatures.models import SignatoryKind
from campaign.signing.forms import KnownName, SignForm


def known_names(form: SignForm) -> dict[str, KnownName]:
    """By address, the organisations that the signer may mean; none where the name is one of theirs."""
    typed = form.organisation.data
    if form.kind.data != SignatoryKind.ORGANISATION or not typed:
        return {}
    if any(may_be_seen(found.id) for found in organisations_named(db.session(), typed)):
        return {}
    ids = twins_of(typed)
    found = organisations_by_id(ids)
    public = (found[each] for each in ids if each in found and may_be_seen(each))
    return {each.slug: _known(each) for each in public}


def _known(found: Organisation) -> KnownName:
    name = display_name(found, language())
    return KnownName(name, f"{name} ({country_name(found.country)})" if found.country else name)
