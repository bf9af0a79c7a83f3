"""Mailbox identity: one mailbox, however its address is written, by the rules of its provider."""

from __future__ import annotations

from campaign.core.mail_addresses import canonical as canonical  # noqa: PLC0414  for the rooms
from campaign.core.mail_addresses import in_dns


def domain_of(address: str) -> str:
    """The domain of a mail address, in lower case and in the form of the DNS."""
    return in_dns(address.rpartition("@")[2].lower())
