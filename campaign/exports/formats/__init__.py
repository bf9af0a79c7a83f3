"""The formats of an export. Each room adds those that it can write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from campaign.core.registration import Registry
from campaign.exports.rows import Source
from campaign.exports.vocabulary import Contents, FormatName, SignatoryOrder

# So many rows are written while somebody waits; the worker makes longer lists.
LARGE = 20_000
# From a list to the bytes of a file. Called in an app context, iterated outside it.
Writer = Callable[[Source], Iterator[bytes]]
# The ending of the file for a source: a very long list may need an archive of several.
Ending = Callable[[Source], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ListFormat:
    """A format: its name on the screen, the ending and media type of the file, and its writer."""

    name: FormatName
    text: str | LazyString
    extension: str
    mimetype: str
    write: Writer
    # Whether columns can be chosen.
    tabular: bool
    # Where nothing else is wished for.
    order: SignatoryOrder
    contents: frozenset[Contents] = frozenset(Contents)
    # The worker makes longer ones.
    at_once: int = LARGE
    # Where the ending depends on the length of the list: (extension, media type).
    ending: Ending | None = None

    def ending_for(self, source: Source) -> tuple[str, str]:
        """(extension, media type) of the file for this list."""
        return self.ending(source) if self.ending else (self.extension, self.mimetype)


formats: Registry[ListFormat] = Registry("formats of an export")


def format_named(name: FormatName) -> ListFormat:
    """The format of this name."""
    return next(one for one in formats.answers() if one.name is name)


def formats_in_order() -> list[ListFormat]:
    """All formats, as they are offered."""
    places = list(FormatName)
    return sorted(formats.answers(), key=lambda one: places.index(one.name))
