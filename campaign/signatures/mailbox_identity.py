"""Mailbox identity: one mailbox, however its address is written.

The rules are data, so that they can be read and extended.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """How a mail provider reads addresses: its domains (the first stands for all), ignored characters, tag
    sign.
    """

    domains: tuple[str, ...]
    ignores: str = ""
    tag: str = "+"
    same: tuple[tuple[str, str], ...] = ()


# Each provider's own help pages say so. A domain that is not listed has no rule but lower case: two mailboxes
# taken for one would silence a signer, one taken for two only lets somebody sign twice.
PROVIDERS = (
    Provider(("gmail.com", "googlemail.com"), ignores="."),
    Provider(("yandex.ru", "yandex.by", "yandex.com", "yandex.kz", "yandex.ua", "ya.ru"), same=((".", "-"),)),
    Provider(("outlook.com",)),
    Provider(("hotmail.com",)),
    Provider(("live.com",)),
    Provider(("icloud.com", "me.com", "mac.com")),
    Provider(("proton.me", "protonmail.com", "pm.me"), ignores=".-_"),
    Provider(("fastmail.com",)),
    Provider(("tuta.com",), tag=""),
)
_RULES = {domain: provider for provider in PROVIDERS for domain in provider.domains}


def canonical(address: str) -> str:
    """The form in which two spellings of one mailbox are equal: `A.B+list@GoogleMail.com` and
    `ab@gmail.com`.
    """
    local, _, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    domain = _in_dns(domain)
    rule = _RULES.get(domain)
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
    return _in_dns(address.rpartition("@")[2].lower())


def _in_dns(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
