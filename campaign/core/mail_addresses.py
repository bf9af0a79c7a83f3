"""Mail providers, and the coarse form of an address: both are data and rules that stand below the rooms,
since mails are capped by them and mailboxes told apart.
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


def provider_of(domain: str) -> Provider | None:
    """The provider of a domain in the form of the DNS; None where no rule is known."""
    return _RULES.get(domain)


def in_dns(domain: str) -> str:
    """A domain in the form of the DNS."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def parts_of(address: str) -> tuple[str, str]:
    """The local part and the domain of an address, in lower case and the form of the DNS."""
    local, _, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    return local, in_dns(domain)


def coarse(address: str) -> str:
    """The form by which mails to one mailbox are capped: without tags and dots, whatever the provider's
    rules.

    Coarser than counting uses: two mailboxes taken for one only share a cap, one taken for many would be
    flooded.
    """
    local, domain = parts_of(address)
    rule = provider_of(domain)
    local = (local.partition("+")[0] or local).replace(".", "")
    for character in rule.ignores if rule else "":
        local = local.replace(character, "")
    for _one, other in rule.same if rule else ():
        local = local.replace(other, "")
    return f"{local}@{rule.domains[0] if rule else domain}"
