"""Names of columns as people write them: in other letters, with blanks, or in another language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

_BETWEEN = re.compile(r"[\W_]+")


def lenient(columns: Iterable[str], synonyms: Mapping[str, str]) -> Callable[[str], str]:
    """The reader of names of columns: it returns the one of `columns` that is meant, or the name as it came.

    `synonyms`: other names of a column, separated by commas. Case, blanks and signs do not matter.
    """
    known = {_plain(name): column for column, names in synonyms.items() for name in names.split(",")}
    known |= {_plain(column): column for column in columns}
    return lambda heading: known.get(_plain(heading), heading)


def _plain(heading: str) -> str:
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", heading).casefold()).strip()
