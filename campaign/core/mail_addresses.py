"""Mail providers, and the coarse form of an address: both are data and rules that stand below the rooms,
since mails are capped by them and mailboxes told apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from campaign.core.domain_names import in_dns as in_dns  # noqa: PLC0414  for the rooms
from campaign.core.domain_names import mixes_scripts
from campaign.core.text import clean_line


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


class AddressTrouble(StrEnum):
    """Why a text is no mail address that can be written to."""

    FORM = "form"
    SEVERAL = "several"
    MIXED = "mixed"
    LETTERS = "letters"


class AddressRefused(ValueError):
    """The text is no mail address. `trouble` says why; nothing of the address is in the message."""

    def __init__(self, trouble: AddressTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


_SIGNS = str.maketrans({"。": ".", "．": ".", "｡": ".", "＠": "@", "﹫": "@"})
_AROUND = " \t\r\n<>()[]{}\"'`«»“”„‘’,;:!?"
_LABEL_BEFORE = re.compile(
    r"^(?:mailto|e-?mail|mail|e-?пошта|пошта|почта|эл\. ?пошта|адрас|адрес)\s*:\s*(?=\S)", re.I
)
_ANGLED = re.compile(r"[^<>@]*<\s*([^<>\s]+\s*@\s*[^<>\s]+)\s*>[\s.,;]*")
_SENTENCE = re.compile(r"\w\.\w{2,}\.?\s+\.?\s*\w")
_EXACTLY_ANGLED = re.compile(r"[^<>@]*<([^<>\s]+)>[\s.,;]*")
_TWO = re.compile(r"@[^@]*[\s,;/|<]+[^@\s]*[^@\s.]@")


def mended_address(typed: str) -> str:
    """What was typed, without what is around an address and can only be a slip: `mailto:`, brackets,
    quotes, blanks
    beside the @, trailing dots, a comma in place of the only dot. Raises AddressRefused.
    """
    text = clean_line(typed).translate(_SIGNS)
    if angled := _ANGLED.fullmatch(text):
        text = angled[1]
    text = _LABEL_BEFORE.sub("", text.lstrip(_AROUND))
    text = text.removesuffix("?subject=").strip(_AROUND).rstrip("." + _AROUND)
    if text.count("@") > 1 and _TWO.search(text):
        both = {part.strip("." + _AROUND).lower() for part in re.split(r"[\s,;/|<>]+", text) if "@" in part}
        if len(both) > 1:
            raise AddressRefused(AddressTrouble.SEVERAL)
        text = both.pop() if both else text
    local, at, domain = text.rpartition("@")
    if not at:
        raise AddressRefused(AddressTrouble.FORM)
    if _SENTENCE.search(domain):
        # "anna@gmail.com. Me too": another domain than the one that was meant.
        raise AddressRefused(AddressTrouble.FORM)
    local, domain = local.strip(), re.sub(r"\s*\.\s*", ".", re.sub(r"\.{2,}", ".", domain.strip()))
    if re.fullmatch(r"[^.,\s]+,[^.,\s]+", domain):
        domain = domain.replace(",", ".")
    return f"{local}@{domain}"


def normal_address(value: str) -> str:
    """A mail address in its normal form, checked by syntax alone (RFC 5321, IDNA 2008). Raises
    AddressRefused, a
    ValueError.

    Non-ASCII letters before the @ (RFC 6531) are refused: most servers can't send to them, and the mail would
    be lost in silence. No question goes to the DNS: it would tell outsiders who signs, and let a slow server
    hold up the request.
    """
    return plain_address(mended_address(value))


def sole_address(value: str) -> str:
    """The one mail address that a text consists of, in its normal form. Brackets with a name before them,
    quotes, `mailto:` and a label may stand around it; nothing is mended. Raises AddressRefused.
    """
    typed = clean_line(value)
    if typed.count("@") > 1:
        raise AddressRefused(AddressTrouble.SEVERAL)
    if angled := _EXACTLY_ANGLED.fullmatch(typed):
        return plain_address(angled[1])
    text = _LABEL_BEFORE.sub("", typed.strip(_AROUND)).strip(_AROUND)
    return plain_address(text.rstrip("." + _AROUND))


def plain_address(address: str) -> str:
    """A mail address as it stands in its normal form: nothing is mended. Raises AddressRefused."""
    local, _at, domain = address.rpartition("@")
    if mixes_scripts(unicodedata.normalize("NFKC", domain)):
        raise AddressRefused(AddressTrouble.MIXED)
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        strange = not local.isascii() and not any(char.isspace() for char in local)
        raise AddressRefused(AddressTrouble.LETTERS if strange else AddressTrouble.FORM) from None


def deliverable(address: str) -> str:
    """The address as SMTP takes it, with its domain in the form of the DNS."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{in_dns(domain)}"


def parts_of(address: str) -> tuple[str, str]:
    """The local part and the domain of an address, in lower case and the form of the DNS."""
    # Not casefold(): it makes two letters of ß, and so another domain.
    local, _, domain = unicodedata.normalize("NFKC", address).lower().rpartition("@")
    return local, in_dns(domain)


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
