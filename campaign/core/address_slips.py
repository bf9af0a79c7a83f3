"""Slips in mail addresses: what was probably meant. It only ever leads to a question, never to another
address.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from campaign.core.domain_names import is_known_ending

# The providers that most signers have their mailbox at; those that differ by one letter are both here, so
# that neither
# is taken for the other.
_COMMON = tuple(
    """
    gmail.com googlemail.com yahoo.com ymail.com rocketmail.com hotmail.com outlook.com live.com msn.com
    icloud.com me.com mac.com aol.com mail.com email.com gmx.com proton.me protonmail.com pm.me tuta.com
    tutanota.com fastmail.com zoho.com riseup.net mail.ru inbox.ru list.ru bk.ru internet.ru rambler.ru
    yandex.ru yandex.by yandex.com yandex.kz yandex.ua ya.ru tut.by mail.by ukr.net i.ua meta.ua wp.pl
    o2.pl op.pl onet.pl onet.eu interia.pl interia.eu poczta.fm gazeta.pl gmx.de gmx.net gmx.at gmx.ch
    web.de t-online.de freenet.de posteo.de mailbox.org seznam.cz email.cz centrum.cz abv.bg inbox.lv inbox.eu
    orange.fr free.fr laposte.net libero.it qq.com 163.com
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
_SET = frozenset(_COMMON)
# These have mailboxes at one ending only; the others have them in many countries.
_ONE_ENDING = {
    "gmail": "gmail.com",
    "googlemail": "googlemail.com",
    "icloud": "icloud.com",
    "protonmail": "protonmail.com",
}
_MANY = frozenset(
    {"yahoo", "hotmail", "outlook", "live", "gmx", "yandex", "mail", "msn", "inbox", "onet", "interia"}
)
_OF_NAME = {"yandex": "yandex.ru", "mail": "mail.ru", "yahoo": "yahoo.com", "hotmail": "hotmail.com"}
_ENDINGS = (
    (
        "com",
        [
            "con",
            "cmo",
            "ocm",
            "cim",
            "vom",
            "xom",
            "comm",
            "coom",
            "ccom",
            "cpm",
            "cm",
            "co",
            "om",
            "c0m",
            "dom",
            "kom",
            "com1",
            "сом",
            "ком",
        ],
    ),
    ("org", ["ogr", "og", "orgg", "rog", "prg", "irg", "ort", "orq", "оrg"]),
    ("net", ["nte", "ent", "nett", "bet", "met", "ner", "нет"]),
    ("ru", ["ri", "r", "ry", "rru", "ruu", "tu", "eu", "ur", "ру"]),
    ("by", ["b", "bu", "yb", "bby", "byy", "бай"]),
    ("pl", ["p", "ol", "lp", "ppl", "pll", "пл"]),
    ("de", ["d", "dee", "ed"]),
    ("ua", ["юа"]),
)
# Real endings: a slip only after the name of a provider that has no mailboxes there.
_REAL = frozenset({"co", "cm", "om", "eu", "ry", "met", "bet", "ком", "tu"})
_SHORTEST = 4
# RFC 2606: these are nobody's, so nobody's slip leads there.
_RESERVED = frozenset({"example", "test", "invalid", "localhost"})


def suggested_address(address: str) -> str | None:
    """The address that was probably meant in place of this one, in normal form; None where nothing
    speaks for a slip.

    `anna@gmial.com` gives `anna@gmail.com`.
    """
    local, _at, domain = address.rpartition("@")
    small = domain.lower()
    if small in _SET or not local or small.rpartition(".")[2] in _RESERVED:
        return None
    meant = _meant(small)
    return f"{local}@{meant}" if meant and meant != small else None


def is_other_provider(domain: str) -> bool:
    """True for a provider's domain with one more label behind it: `gmail.com.pl` belongs to somebody else."""
    name = domain.lower().rpartition(".")[0]
    return name in _SET and name.partition(".")[0] not in _MANY


def _meant(domain: str) -> str | None:
    name, _dot, ending = domain.rpartition(".")
    if name in _ONE_ENDING:
        return _ONE_ENDING[name]
    if "." in name:
        corrected = _corrected(name, ending)
        # gmail.com.com, mail.ru.ru
        return name if name in _SET and ending in name else corrected
    near = [common for common in _COMMON if OSA.distance(domain, common, score_cutoff=1) <= 1]
    if near and (len(name) >= _SHORTEST or not is_known_ending(ending)) and name not in _MANY:
        return near[0]
    if name in _MANY:
        corrected = _corrected(name, ending, anywhere=True)
        if corrected:
            return (
                _OF_NAME.get(name, corrected)
                if corrected not in _SET and not is_known_ending(ending)
                else corrected
            )
        return None if is_known_ending(ending) else _OF_NAME.get(name, near[0] if near else None)
    if corrected := _corrected(name, ending):
        return corrected
    return _nearest(domain) if not is_known_ending(ending) else None


def _corrected(name: str, ending: str, *, anywhere: bool = False) -> str | None:
    if ending in _REAL and not anywhere:
        return None
    if anywhere and f"{name}.com" not in _SET and ending in {"co", "cm", "om"}:
        return None
    for right, wrong in _ENDINGS:
        if ending in wrong:
            return f"{name}.{right}"
    if is_known_ending(ending):
        return None
    # A word that was glued to the address: posttest.orgtel.
    for right in ("com", "org", "net", "info", "by", "ru", "pl"):
        if ending.startswith(right):
            return f"{name}.{right}"
    return None


def _nearest(domain: str) -> str | None:
    found = [common for common in _COMMON if OSA.distance(domain, common, score_cutoff=2) <= 2]
    return found[0] if found and len(domain) > 2 * _SHORTEST + 2 else None
