"""Retention rules for the personal data of this room."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
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
        app, "spent_proofs", "digests of used proofs of work, which name nobody: half an hour", purge_proofs
    )
