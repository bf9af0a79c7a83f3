"""Mailbox identity: one mailbox, however its address is written, by the rules of its provider."""

from __future__ import annotations

from campaign.core.mail_addresses import in_dns, parts_of, provider_of


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox are equal: `A.B+list@GoogleMail.com` and
    `ab@gmail.com`.
    """
    local, domain = parts_of(address)
    rule = provider_of(domain)
    if rule is None:
        return f"{local}@{domain}"
    if rule.tag:
        local = local.partition(rule.tag)[0] or local
    for character in rule.ignores:
        local = local.replace(character, "")
    for one, other in rule.same:
        local = local.replace(one, other)
    return f"{local}@{rule.domains[0]}"


def domain_of(address: str) -> str:
    """The domain of a mail address, in lower case and in the form of the DNS."""
    return in_dns(address.rpartition("@")[2].lower())
