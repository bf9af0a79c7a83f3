"""Signs and forms of pasted mail addresses: where one may stand, and what may be glued to its front."""

from __future__ import annotations

import re

# Stands where an invisible mark was, with something on both sides of it.
MARK = "\ue000"
BETWEEN = '<>,;|:"“”„«»‹›()[]{}'
RUN = re.compile(rf"[^\s{re.escape(BETWEEN)}]+")
AT = re.compile("[@＠﹫]")
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
PLAIN = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9_.+-]*[A-Za-z0-9_])?@(?:{_LABEL}\.)+{_LABEL}")
_NUMBERING = re.compile(r"[(\[]?(?:\d{1,4}(?:\.\d{1,3})*|[ivx]{1,5}|[a-zA-Zа-яА-Яіў](?=[)\]]))[.)\]:]*", re.I)
GLUED_NUMBER = re.compile(
    r"(?:\d{1,4}[._+-]+|(?:ii|iii|iv|vi|vii|viii|ix|xi|xii)[._-]+)(?=[A-Za-z0-9])", re.I
)
GLUED_PHONE = re.compile(r"\+?\d[\d._-]{5,}\d[._-]*(?=[A-Za-z])")
# "Sen.anna", "Bp.jan": a title or the short form of one, in any language.
GLUED_TITLE = re.compile(r"[A-Z][a-z]{1,5}\.(?=[a-z])")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
BULLETS = "•‣◦▪▫●○■□►▶▸➢➤→⇒✓✔✉📧📩☑☐★☆◆◇❖※"
# Latin letters that Cyrillic and Greek ones pass for.
ALIKE = str.maketrans(
    "асеорхуіјѕԁһԛԝкмтвнАСЕОРХУІЈЅВКМНТоαορνικτ", "aceopxyijsdhqwkmtbhACEOPXYIJSBKMHToaopvikt"
)


def is_numbering(text: str) -> bool:
    """True for a number in a list, such as `1.`, `(2)`, `III.` or `a)`."""
    return bool(_NUMBERING.fullmatch(text))
