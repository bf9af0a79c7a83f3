"""What somebody wants to take away: which list, and how the file is to look."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from campaign.exports.vocabulary import Contents, FormatName, Grouping, Headings, SignatoryOrder


@dataclass(frozen=True, slots=True)
class Wishes:
    """The choices for one export. `columns` empty: those that the list has by default; `order` None: the one
    that the format has by default; `text` None: the text in the language of the file, where there is one.
    """

    contents: Contents = Contents.PUBLIC
    format: FormatName = FormatName.CSV
    columns: tuple[str, ...] = ()
    order: SignatoryOrder | None = None
    grouping: Grouping = Grouping.NONE
    headings: Headings = Headings.NAMES
    # More than one: a file for each, in a ZIP.
    languages: tuple[str, ...] = ("en",)
    text: str | None = None
    # The town from which a letter is sent.
    place: str = ""

    def as_json(self) -> str:
        """The wishes as they are kept with a job."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, kept: str) -> Wishes:
        """The wishes that as_json() wrote."""
        said = json.loads(kept)
        return cls(
            Contents(said["contents"]),
            FormatName(said["format"]),
            tuple(said["columns"]),
            SignatoryOrder(said["order"]) if said["order"] else None,
            Grouping(said["grouping"]),
            Headings(said["headings"]),
            tuple(said["languages"]),
            said["text"],
            said.get("place", ""),
        )
