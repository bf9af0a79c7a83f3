"""Web addresses: whether a name is or holds one, and the normal form of a website. The rules:
docs/names.md.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from enum import StrEnum
from functools import cache
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna

from campaign.core.domain_names import is_known_ending, mixes_scripts

# A scheme, also with a blank or a bracket in the place of a letter, as people write to get past filters.
_SCHEME = re.compile(
    r"(?:\bh(?:tt|xx)ps?\s?:|\bftp:/|\bmailto:|\btel:\+?\d|\bjavascript:|\bdata:\w+/|://)", re.I
)
_WWW = re.compile(r"\bwww\d?\.\s?\w", re.I)
_WITH_PATH = re.compile(r"\b(?:[^\W_][\w-]*\.)+([^\W\d_]{2,}|xn--[a-z0-9-]+)(?::\d+)?/[\w@#?%+~-]", re.I)
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,}|xn--[a-z0-9-]+)", re.I)
# Endings that are no word of anybody's name, after a word of small letters: "see spam.com".
_PLAIN_SITE = re.compile(
    r"(?<![\w.-])[a-z0-9][a-z0-9-]+\.(?:com|org|net|info|biz|xyz|online|site|top|shop)(?![\w.-]*\w)"
)
_AROUND = " \t.,;:!?\"'«»“”„‘’()[]<>{}-–—"


def has_web_address(value: str, *, domains: bool = False) -> bool:
    """True when the text contains a web address: a scheme, `www.`, or a domain with a path.

    Without `domains`, as in the name of a person, also a site in small letters such as spam.com. A list
    of endings
    decides nothing about a capital: Prof.De Smet has a name and no site.
    """
    if "." not in value and ":" not in value:
        return False
    plain = unicodedata.normalize("NFKC", value)
    if _SCHEME.search(plain) or _WWW.search(plain):
        return True
    if any(_is_ending(found[1]) for found in _WITH_PATH.finditer(plain)):
        return True
    return not domains and bool(_PLAIN_SITE.search(plain))


def stands_alone(value: str) -> bool:
    """True when the text is nothing but a domain, or several."""
    words = [word.strip(_AROUND) for word in unicodedata.normalize("NFKC", value).split()]
    words = [word for word in words if word]
    return bool(words) and all(
        (found := _DOMAIN.fullmatch(word)) is not None and _is_ending(found[1]) and not _are_initials(word)
        for word in words
    )


def _is_ending(label: str) -> bool:
    # Prof.De, St.Paul: a capital begins a name. A site is written small, or shouted.
    return (label.islower() or label.isupper()) and is_known_ending(label)


def _are_initials(word: str) -> bool:
    # J.De, m.de: one letter before the last word is an initial; so it is inside a name, will.i.am.
    labels = word.casefold().split(".")
    inside = len(labels) > 2 and len(labels[-2]) == 1 and len(labels[-1]) == 2
    return all(len(label) == 1 for label in labels[:-1]) or (
        inside and len(labels[0]) > 1 and ".".join(labels[-2:]) not in _ONE_LETTER_SITES
    )


# Sites below which people have their own.
_ONE_LETTER_SITES = frozenset(
    {"i.ua", "t.me", "x.ai", "g.co", "t.co", "a.co", "n.pr", "s.id", "v.gd", "e.pl"}
)


class WebsiteTrouble(StrEnum):
    """Why a text is no website."""

    MAIL = "mail"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    PRIVATE = "private"
    MIXED = "mixed"
    INCOMPLETE = "incomplete"


class WebsiteRefused(ValueError):
    """The text is no website. `trouble` says why."""

    def __init__(self, trouble: WebsiteTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


# How people say that there is none, without marks and case.
_NONE = frozenset(
    """
    no non none nil null nope na n/a n.a nothing empty x xx xxx 0 unknown tba tbd без нет нету нема няма
    немає ні не отсутствует адсутнічае відсутній brak nie nema keine keiner kein nein ohne aucun aucune
    pas ninguno ninguna nessuno nenhum yok
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
_NO_SITE = re.compile(
    r"(?:(?:(?:we|there|they|it|i)\s+)?(?:have|has|is|do not have|don['’]t "
    r"have)?\s*(?:no|not|none|without|without a)"
    r"|у нас нет|нет|няма|у нас няма|немає|у нас немає|без|не имеем|не маем|не маємо|пока "
    r"нет|пакуль няма|поки немає"
    r"|nie mamy|brak|bez|keine?|keine eigene|haben keine|wir haben keine|ohne|pas "
    r"de|aucun|sin|no tenemos|nessun)"
    r"\s+(?:own |eigene )?"
    r"(?:web\s?-?site|web\s?-?page|site|page|homepage|url|link|website "
    r"yet|available|applicable|сайта|сайту|сайт|"
    r"сайціка|веб-сайта|вэб-сайта|вебсайту|вебсайта|страницы|старонкі|сторінки|strony|strony "
    r"www|www|witryny|website|"
    r"webseite|internetseite|seite|site web|sitio web|sito)(?: yet| at all)?",
    re.I,
)
_HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PRIVATE_ENDINGS = frozenset(
    {"localhost", "local", "localdomain", "internal", "lan", "home", "invalid", "test", "arpa"}
)
_SCHEME_SLIPS = re.compile(r"^(?:(?:https?|htpps?|htps|htttps?|hhtps?|ttps?|hppts?)(?::\s*/*|;//|//))+", re.I)
# Two addresses with a comma or a semicolon between them; an archive has one in the path of another.
_SECOND = re.compile(r"[,;]+(?:https?:/|www\.)|[^/=]https?://|^/https?://", re.I)
_SAFE = "/:@!$&'()*+,;=-._~%"


def website(typed: str) -> str:
    """A website in its normal form, `https://spring96.org` for `Https://Spring96.org `; empty where it
    says that there
    is none (`-`, `no website`, `няма`).

    Scheme and host are in small letters, the host in its own script. Raises WebsiteRefused.
    """
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    # Blanks at the slashes part nothing; any other blank ends the address, and what follows is none of it.
    text = re.sub(r" ?: ?/ ?/ ?", "://", text, count=1)
    text = text.strip(" <>\"'«»“”„`").rstrip(" ,;")
    if says_none(text):
        return ""
    text = text.rstrip(".") if "." in text.rstrip(".") else text
    if re.match(r"mailto:|[^/?#]*@[^/]*\.[^/]*$", text, re.I) and "://" not in text:
        raise WebsiteRefused(WebsiteTrouble.MAIL)
    parts = _split(text)
    host = _host(parts)
    try:
        port = parts.port
    except ValueError:
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE) from None
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        host += f":{port}"
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    return urlunsplit(
        (parts.scheme, host, _quoted(path), _quoted(parts.query, "?"), _quoted(parts.fragment, "?"))
    )


def says_none(text: str) -> bool:
    """True for a text that says that there is nothing to give: `-`, `n/a`, `brak`."""
    bare = text.casefold().strip(" .,;:!?()[]*_\\-–—~=\"'")
    return (not bare.strip("/") and "//" not in bare) or bare in _NONE or _NO_SITE.fullmatch(bare) is not None


def _split(text: str) -> SplitResult:
    if text.startswith("//"):
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE)
    if slip := _SCHEME_SLIPS.match(text):
        scheme = "http" if re.match(r"http:", slip[0], re.I) and "https" not in slip[0].lower() else "https"
        text = f"{scheme}://{text[slip.end() :]}"
    elif re.match(r"[a-z][a-z0-9+.-]*:(?!\d{1,5}(?:/|$))", text, re.I):
        raise WebsiteRefused(WebsiteTrouble.SCHEME)
    else:
        text = f"https://{text}"
    if " " in text or "\\" in text or any(char in text for char in '<>"{}|^`'):
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE) from None
    if parts.netloc.endswith(":") or _SECOND.search(parts.path):
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE)
    if "@" in parts.netloc:
        raise WebsiteRefused(WebsiteTrouble.CREDENTIALS)
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if host.startswith("[") or ":" in host or _is_address(host):
        raise WebsiteRefused(WebsiteTrouble.PRIVATE)
    labels = host.split(".")
    if labels[-1] in _PRIVATE_ENDINGS:
        raise WebsiteRefused(WebsiteTrouble.PRIVATE)
    if mixes_scripts(host):
        raise WebsiteRefused(WebsiteTrouble.MIXED)
    if any(label.endswith("www") and is_known_ending(label[:-3]) for label in labels[1:]):
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE)
    try:
        ascii_host = (
            idna.encode(host, uts46=True, transitional=False).decode() if not host.isascii() else host
        )
        shown = idna.decode(ascii_host) if "xn--" in ascii_host else ascii_host
    except idna.IDNAError:
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE) from None
    labels = ascii_host.split(".")
    if (
        len(labels) < 2
        or len(ascii_host) > 253
        or len(labels[-1]) < 2
        or not (labels[-1].isalpha() or labels[-1].startswith("xn--"))
        or not all(_HOST_LABEL.fullmatch(label) for label in labels)
    ):
        raise WebsiteRefused(WebsiteTrouble.INCOMPLETE)
    return shown


@cache
def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return re.fullmatch(r"[\d.]+|0x[0-9a-f.x]+", host) is not None
    return True


def _quoted(part: str, more: str = "") -> str:
    # Letters of other scripts stay readable, as browsers show them.
    return "".join(char if char.isalnum() or char in _SAFE + more else quote(char) for char in part)
