"""The columns of a table: which a list can have, and how their cells are made of its rows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from campaign.core.language import language_name
from campaign.core.vault import SealBroken, vault
from campaign.exports import labels
from campaign.exports.rows import Batch, Source, batches
from campaign.exports.vocabulary import Contents, Grouping, Headings

Cells = Callable[[Batch], Sequence[object]]

# The columns that a list has where none are chosen. Those of the public list are a contract with scripts.
DEFAULT: dict[Contents, tuple[str, ...]] = {
    Contents.PUBLIC: (
        "position", "kind", "name", "organisation", "title", "country", "country_name", "city", "website",
        "message", "visibility", "signed_on", "revision", "demands", "provenance", "source", "affiliation",
    ),
    Contents.ADDRESSEE: (
        "number", "organisation", "name", "title", "affiliation", "city", "country_name",
    ),
    Contents.CONTACTS: ("email", "name", "organisation", "country_name", "language"),
}  # fmt: skip
# Columns in which nobody typed anything: all of their values are of our own making.
_OURS = frozenset(
    {"number", "position", "kind", "visibility", "signed_on", "revision", "demands", "provenance"}
)
# What more can be chosen.
_FURTHER: dict[Contents, tuple[str, ...]] = {
    Contents.PUBLIC: ("number", "status"),
    Contents.ADDRESSEE: ("kind", "country", "website", "status"),
    Contents.CONTACTS: ("number", "kind", "title", "affiliation", "country", "city", "signed_on"),
}


def columns_of(contents: Contents) -> tuple[str, ...]:
    """All columns that a list can have, those of its default first."""
    return (*DEFAULT[contents], *_FURTHER[contents])


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as a table: made in an app context, read outside of it. `keys` name the columns."""

    source: Source
    keys: tuple[str, ...]
    headings: tuple[str, ...]
    cells: tuple[Cells, ...]
    # The sentences about those who have no row.
    not_named: tuple[str, ...]

    def batches(
        self, most: int | None = None, typed: Callable[[str], str] | None = None
    ) -> Iterator[list[tuple[object, ...]]]:
        """The rows, a batch at a time: strings, whole numbers or None, in the order of `keys`.

        `typed` is applied to every text that somebody typed, a column at a time: that decides how long a
        million rows take.
        """
        of_people = [typed is not None and key not in _OURS for key in self.keys]
        for batch in batches(self.source, most):
            columns = (cells(batch) for cells in self.cells)
            if typed is not None:
                columns = (
                    [cell and typed(cell) for cell in column] if apply else column  # type: ignore[arg-type]
                    for column, apply in zip(columns, of_people, strict=True)
                )
            yield list(zip(*columns, strict=True))

    def not_named_row(self, sentence: str) -> list[str]:
        """A row that says how many are not named, in the column of names."""
        place = next((self.keys.index(key) for key in ("organisation", "name") if key in self.keys), 0)
        return [sentence if number == place else "" for number in range(len(self.keys))]


def table_of(source: Source) -> ListTable:
    """The table for a source, in the language of the interface."""
    wishes = source.wishes
    known = columns_of(wishes.contents)
    keys = tuple(key for key in wishes.columns if key in known) or DEFAULT[wishes.contents]
    if wishes.grouping is not Grouping.NONE:
        keys = ("group", *keys)
    in_words = wishes.headings is Headings.WORDS
    words = labels.column_words()
    sentences = labels.not_named_words(*source.withheld) if wishes.contents is Contents.ADDRESSEE else ()
    return ListTable(
        source,
        keys,
        tuple(words[key] for key in keys) if in_words else keys,
        tuple(_cells(source, key, in_words=in_words) for key in keys),
        tuple(filter(None, sentences)),
    )


def group_of(source: Source) -> Cells:
    """The names of the groups that rows belong to; all empty where the list is not grouped."""
    words, grouping = labels.group_words(), source.wishes.grouping
    if grouping is Grouping.COUNTRY:
        names = source.country_names
        return lambda batch: [names.get(code, code) if code else words[""] for code in batch["country"]]
    if grouping in (Grouping.KIND, Grouping.STATUS):
        column = "kind" if grouping is Grouping.KIND else "status"
        return lambda batch: [words[value] for value in batch[column]]
    return lambda batch: [""] * len(batch["position"])


def _cells(source: Source, key: str, *, in_words: bool) -> Cells:
    if key == "group":
        return group_of(source)
    if key in _MADE:
        made = _MADE[key](source)
    else:
        column = {"signed_on": "day"}.get(key, key)

        def made(batch: Batch) -> Sequence[object]:
            return batch[column]

    said = labels.value_words().get(key) if in_words else None
    if said is None:
        return made
    return lambda batch: [said.get(str(value), value) for value in made(batch)]


def _country_name(source: Source) -> Cells:
    names = source.country_names
    return lambda batch: [names.get(code, code) for code in batch["country"]]


def _revision(source: Source) -> Cells:
    numbers = source.revisions
    return lambda batch: [numbers.get(revision) for revision in batch["revision"]]


def _demands(source: Source) -> Cells:
    agreeing = source.agreeing
    return lambda batch: ["current" if one in agreeing else "earlier" for one in batch["revision"]]


def _number(_source: Source) -> Cells:
    counter = itertools.count(1)
    return lambda batch: list(itertools.islice(counter, len(batch["position"])))


def _email(_source: Source) -> Cells:
    ring = vault()

    def opened(sealed: bytes, row_id: object) -> str:
        try:
            return ring.unseal_text(sealed, "signatures", "sealed_contact", row_id)  # type: ignore[arg-type]
        except SealBroken:
            # Its key is gone.
            return ""

    return lambda batch: list(map(opened, batch["sealed_contact"], batch["id"]))


def _language(_source: Source) -> Cells:
    return lambda batch: [language_name(code) for code in batch["language"]]


_MADE: dict[str, Callable[[Source], Cells]] = {
    "country_name": _country_name,
    "revision": _revision,
    "demands": _demands,
    "number": _number,
    "email": _email,
    "language": _language,
}
