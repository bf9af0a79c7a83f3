"""The mail domains that can be an organisation's own."""

from __future__ import annotations

import re

from campaign.core.domain_names import in_dns
from campaign.organisations.errors import DomainRefused

# Providers where everyone can have a mailbox. Names without a dot stand for every ending: yandex.by,
# yandex.com.tr.
_PROVIDERS = frozenset(
    """
    gmail googlemail outlook hotmail live msn yahoo ymail icloud me.com mac.com aol proton protonmail pm.me
    tuta tuta.io tutanota tutamail keemail.me
    yandex ya.ru mail.ru inbox.ru list.ru bk.ru internet.ru xmail.ru rambler lenta.ru autorambler myrambler
    ro.ru tut.by mail.by ukr.net i.ua meta.ua
    bigmir.net wp.pl o2.pl onet op.pl onet.eu interia interia.eu poczta.fm gazeta.pl tlen.pl gmx web.de
    t-online.de freenet.de posteo mailbox.org
    fastmail fastmail.fm zoho mail.com email.com hushmail duck.com riseup.net disroot.org autistici.org
    inventati.org systemli.org abv.bg seznam.cz
    email.cz centrum.cz post.cz inbox.lv one.lt orange.fr free.fr laposte.net libero.it qq.com 163.com
    simplelogin.com mozmail.com
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
# Endings below which strangers register names: owning one would let all of them sign.
_SHARED_SECOND_LEVELS = frozenset(
    {"com", "co", "org", "net", "gov", "edu", "ac", "mil", "info", "biz", "ngo"}
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def own_domain(typed: str) -> str:
    """`@HRDN.example ` as `hrdn.example`, in the form of the DNS. Raises DomainRefused."""
    domain = typed.strip().removeprefix("@").rstrip(".").lower()
    domain = in_dns(domain)
    labels = domain.split(".")
    if (
        len(labels) < 2
        or len(domain) > 253
        or labels[-1].isdigit()
        or not all(_LABEL.fullmatch(label) for label in labels)
    ):
        raise DomainRefused(typed, shared=False)

    if is_shared(labels):
        raise DomainRefused(typed, shared=True)
    return domain


def can_be_own(domain: str) -> bool:
    """True when own_domain() would take it."""
    try:
        return bool(own_domain(domain))
    except DomainRefused:
        return False


def is_shared(labels: list[str]) -> bool:
    """True for providers of mailboxes, names below them, and endings such as `org.by`."""
    below = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    ending = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED_SECOND_LEVELS
    # yandex.by, yandex.com.tr: the provider's name right before a country's or a common ending.
    short = {
        labels[-2],
        labels[-3] if len(labels) > 2 and labels[-2] in _SHARED_SECOND_LEVELS else labels[-2],
    }
    return ending or bool(below & _PROVIDERS) or bool(short & _PROVIDERS)
