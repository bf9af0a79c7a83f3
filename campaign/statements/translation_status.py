"""Which translations lag behind the original: each stores the mark of the original that it was last in line
with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from campaign.core.vault import digest
from campaign.statements.models import Revision, Translation


class Written(Protocol):
    """One translation, wherever it stands."""

    @property
    def language(self) -> str:
        """Its code."""

    @property
    def title(self) -> str:
        """One line."""

    @property
    def body(self) -> str:
        """Markdown."""


def mark_of(text: Written) -> str:
    """SHA-256 of one text."""
    return digest(text.title, text.body)


def followed(
    texts: Sequence[Written], before: Sequence[Translation], right: Collection[str]
) -> dict[str, str | None]:
    """The mark of the original that each of `texts` (the first is the original) is in line with, by language.

    Changing a translation, or confirming it unchanged (languages in `right`), brings it into line; the others
    keep their mark.
    """
    now, earlier = mark_of(texts[0]) if texts else None, {text.language: text for text in before}
    original = mark_of(before[0]) if before else None
    marks: dict[str, str | None] = {}
    for text in texts[1:]:
        last = earlier.get(text.language)
        untouched = last is not None and text.language not in right and mark_of(last) == mark_of(text)
        marks[text.language] = (last.follows or original) if last is not None and untouched else now
    return marks


def lagging(revision: Revision | None) -> list[str]:
    """The languages of a revision whose text was not touched since the original was last changed."""
    if revision is None or not revision.translations:
        return []
    now = mark_of(revision.translations[0])
    return [text.language for text in revision.translations[1:] if text.follows not in (None, now)]


def last_followed(revision: Revision, language: str, revisions: Sequence[Revision]) -> Translation | None:
    """The original with which a lagging translation was in line, where it is still known: as it was
    published.
    """
    wanted = next((text.follows for text in revision.translations if text.language == language), None)
    originals = [one.translations[0] for one in revisions if one.translations]
    return next(
        (original for original in reversed(originals) if wanted and mark_of(original) == wanted), None
    )
