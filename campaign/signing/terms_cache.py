"""A cache of the signing terms, read at most twice a second so that a flood of forms does not repeat the same
query.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaign.core.page_cache import FRESH_SECONDS
from campaign.core.remembered import Remembered
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.signing.models import ProtectionLevel
from campaign.signing.queries import level_of
from campaign.signing.submissions import SubmissionTarget
from campaign.statements.errors import KeyDestroyed
from campaign.statements.queries import SigningTerms, current_slug_of, signing_terms, statement_key


@dataclass(frozen=True, slots=True)
class Signing:
    """A statement's terms, the target of its submissions, and its level of attack protection."""

    terms: SigningTerms
    place: SubmissionTarget
    level: ProtectionLevel


_BY_SLUG: Remembered[str, Signing] = Remembered("signing terms", seconds=FRESH_SECONDS)


def current(slug: str, revision: int = 0) -> Signing | None:
    """The terms of a published statement, at most half a second old; None for unknown addresses and drafts.

    They are found under a former address too, since an open form may still be sent. They are read anew if the
    form was for a newer text (`revision` is its number) than the cached terms know.
    """
    held = _BY_SLUG.get(slug)
    if held is not None and held.terms.revision_number >= revision:
        return held
    signing = _read(slug)
    if signing is None:
        _BY_SLUG.forget(slug)
        return None
    return _BY_SLUG.put(slug, signing)


def _read(slug: str) -> Signing | None:
    terms = signing_terms(slug) or signing_terms(current_slug_of(slug) or "")
    if terms is None or terms.revision_id is None:
        return None
    try:
        key = statement_key(db.session(), terms.id)
    except KeyDestroyed:
        key = b""
    return Signing(
        terms,
        SubmissionTarget(terms.id, terms.revision_id, key, settings().link_url),
        level_of(db.session(), terms.id),
    )
