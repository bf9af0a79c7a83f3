"""The terms on which one signs, read at most twice a second: a flood of forms must not ask the same thing each time."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import cast

from flask import current_app

from campaign.core.page_cache import FRESH_SECONDS
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.signing.attack_protection import level_of
from campaign.signing.models import ProtectionLevel
from campaign.signing.submissions import SubmissionTarget
from campaign.statements.errors import KeyDestroyed
from campaign.statements.queries import SigningTerms, current_slug_of, signing_terms, statement_key

__all__ = ["SigningTerms", "current", "forget"]


@dataclass(frozen=True, slots=True)
class Signing:
    """A statement's terms, where its submissions go, and how much its attack protection asks."""

    terms: SigningTerms
    place: SubmissionTarget
    level: ProtectionLevel


class _Held:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.by_slug: dict[str, tuple[float, Signing]] = {}


def current(slug: str, revision: int = 0) -> Signing | None:
    """The terms of a published statement, at most half a second old, also under a former address: a form that is open may be sent yet.

    Who has read a newer text (the number of its `revision`) than the held terms know of lets them be read anew.
    None for unknown addresses and drafts.
    """
    held = _held()
    found = held.by_slug.get(slug)
    if found and found[0] > time.monotonic() and found[1].terms.revision_number >= revision:
        return found[1]
    signing = _read(slug)
    with held.lock:
        if signing is None:
            held.by_slug.pop(slug, None)
        else:
            held.by_slug[slug] = (time.monotonic() + FRESH_SECONDS, signing)
    return signing


def forget() -> None:
    """Read all terms anew, for tests."""
    _held().by_slug.clear()


def _read(slug: str) -> Signing | None:
    terms = signing_terms(slug) or signing_terms(current_slug_of(slug) or "")
    if terms is None or terms.revision_id is None:
        return None
    try:
        key = statement_key(db.session(), terms.id)
    except KeyDestroyed:
        key = b""
    return Signing(terms, SubmissionTarget(terms.id, terms.revision_id, key, settings().link_url), level_of(db.session(), terms.id))


def _held() -> _Held:
    return cast(_Held, current_app.extensions.setdefault("signing_terms", _Held()))
