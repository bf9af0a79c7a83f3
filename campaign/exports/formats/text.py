"""A list as plain text, to be pasted under a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaign.exports import labels
from campaign.exports.columns import Cells, group_of, table_of
from campaign.exports.rows import Batch, Source, batches, not_named
from campaign.exports.vocabulary import Contents, Grouping, SignatoryOrder
from campaign.signatures.models import SignatoryKind, Visibility

# What stands behind one another in a line.
_OF_ORGANISATION = ("name", "title", "organisation", "country_name")
_OF_PERSON = ("name", "affiliation", "city")


def text_chunks(source: Source) -> Iterator[bytes]:
    """Organisations, numbered, then people; each with the number of those not named. Where the list is
    grouped each group has a heading.

    If there was more than one text, the end says which one the list belongs to, and signatories of an earlier
    one are marked. A contact list is an address in each line.
    """
    if source.wishes.contents is Contents.CONTACTS:
        return _addresses(source)
    return _Lines.of(source).chunks()


def text_lines(source: Source, most: int) -> list[str]:
    """The first lines of the file, without what stands at its end."""
    return _Lines.of(source).first(most)


def _addresses(source: Source) -> Iterator[bytes]:
    table = table_of(source)
    place = table.keys.index("email") if "email" in table.keys else 0
    return ("".join(f"{row[place]}\n" for row in rows if row[place]).encode() for rows in table.batches())


@dataclass(slots=True)
class _Lines:
    """The lines of a list as they are written: what was written last decides what comes before the next."""

    source: Source
    group: Cells
    marks: Mapping[int, str]
    # The lines for organisations and for people that are not named.
    not_named: dict[str, str]
    belongs_to: str
    of_organisation: Sequence[str] = ()
    of_person: Sequence[str] = ()
    kind: str = ""
    group_now: str | None = None
    number: int = 0
    begun: bool = False

    @classmethod
    def of(cls, source: Source) -> _Lines:
        """The lines for a source, in the language of the interface."""
        organisations, people = _not_named(source)
        chosen = set(source.wishes.columns)
        return cls(
            source,
            group_of(source),
            _marks(source),
            {SignatoryKind.ORGANISATION: organisations, SignatoryKind.PERSON: people},
            _belongs_to(source),
            [part for part in _OF_ORGANISATION if not chosen or part in chosen or part == "organisation"],
            [part for part in _OF_PERSON if not chosen or part in chosen or part == "name"],
        )

    def chunks(self) -> Iterator[bytes]:
        """The file."""
        for batch in batches(self.source):
            yield "".join(self._of_batch(batch)).encode()
        yield "".join(self._end()).encode()
        yield self.belongs_to.encode()

    def first(self, most: int) -> list[str]:
        """The first lines, for a look."""
        return [line for batch in batches(self.source, most) for line in self._of_batch(batch)]

    def _of_batch(self, batch: Batch) -> Iterator[str]:
        rows = zip(
            batch["visibility"], batch["kind"], self.group(batch), *_parts(self.source, batch), strict=True
        )
        for visibility, kind, group, earlier, *values in rows:
            if visibility != Visibility.PUBLIC:
                continue
            yield from self._before(kind, group)
            said = dict(zip(_PARTS, values, strict=True))
            mark = self.marks.get(earlier, "")
            if kind == SignatoryKind.ORGANISATION:
                self.number += 1
                wanted = [part for part in self.of_organisation if part != "title" or said["name"]]
                yield f"{self.number}. {', '.join(said[part] for part in wanted if said[part])}{mark}\n"
            else:
                yield f"{', '.join(said[part] for part in self.of_person if said[part])}{mark}\n"

    def _before(self, kind: str, group: object) -> Iterator[str]:
        """What stands between the line before and one of this kind and group."""
        if self.source.wishes.grouping is not Grouping.NONE and group != self.group_now:
            yield f"{chr(10) if self.begun else ''}{group}\n\n"
            self.group_now, self.kind, self.begun = str(group), kind, True
        elif kind != self.kind:
            if self._kinds_apart and kind == SignatoryKind.PERSON:
                yield from self._not_named_of(SignatoryKind.ORGANISATION)
            if self.begun:
                yield "\n"
            self.kind, self.begun = kind, True

    @property
    def _kinds_apart(self) -> bool:
        """Whether all organisations stand before all people."""
        return (
            self.source.wishes.grouping is Grouping.NONE and self.source.order is not SignatoryOrder.COUNTRY
        )

    def _end(self) -> Iterator[str]:
        for kind in (SignatoryKind.ORGANISATION, SignatoryKind.PERSON):
            yield from self._not_named_of(kind)

    def _not_named_of(self, kind: SignatoryKind) -> Iterator[str]:
        """The line about those of this kind who are not named, once all others are written."""
        line, self.not_named[kind] = self.not_named[kind], ""
        if line:
            if self.begun and (self.kind != kind or not self._kinds_apart):
                yield "\n"
            self.kind, self.begun = kind, True
            yield f"{line}\n"


_PARTS = ("name", "title", "organisation", "country_name", "affiliation", "city")


def _parts(source: Source, batch: Batch) -> Iterator[Sequence[object]]:
    """The texts agreed to, and what a line can be made of, in the order of _PARTS."""
    yield batch["revision"]
    for part in _PARTS:
        if part == "country_name":
            yield [source.country_names.get(code, code) or "" for code in batch["country"]]
        else:
            yield [value or "" for value in batch[part]]


def _marks(source: Source) -> dict[int, str]:
    """The mark behind a name, by the id of the newest revision agreed to, in the reader's language."""
    earlier = {id_: number for id_, number in source.revisions.items() if id_ not in source.agreeing}
    return {id_: " (" + _("signed text %(number)s", number=number) + ")" for id_, number in earlier.items()}


def _belongs_to(source: Source) -> str:
    if source.revision == 1:
        return ""
    return f"\n{_('List for text %(number)s', number=source.revision)} (SHA-256 {source.sha256})\n"


def _not_named(source: Source) -> tuple[str, str]:
    """The last line for organisations and for people; empty when all are named."""
    return labels.not_named_words(*not_named(source))
