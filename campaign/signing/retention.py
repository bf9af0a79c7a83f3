"""Retention rules for the personal data of this room."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.signing import confirmation_requests, one_time_codes
from campaign.signing.lost_link import purge_requests
from campaign.signing.proof_of_work import purge_proofs


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        "link_requests",
        "the address of who has lost a link: until the worker has answered, a day at most",
        purge_requests,
    )
    retention.keep(
        app,
        "confirmation_requests",
        "a code that was used at high safety: until the worker has confirmed, a week at most",
        confirmation_requests.purge_requests,
    )
    retention.keep(
        app,
        "link_keys",
        "keys of a day's links at high safety, which name nobody: two days",
        one_time_codes.purge_keys,
    )
    retention.keep(
        app, "spent_proofs", "digests of used proofs of work, which name nobody: half an hour", purge_proofs
    )
