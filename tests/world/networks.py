"""Networks and the times of their members."""

from __future__ import annotations

from campaign.organisations.networks import Span
from campaign.organisations.partial_dates import partial_date


def span(since: str = "", until: str = "") -> Span:
    """The time of a membership, as it is typed."""
    return Span(partial_date(since), partial_date(until))
