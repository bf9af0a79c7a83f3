"""The organisation of the registry that a name in a list means: sure by its name and country, else asked."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.imports.row_parser import ParsedSignatory
from campaign.organisations.queries import organisations_by_id
from campaign.sheets.questions import Asked

IN_REGISTRY = "registry"
NEW, UNCLEAR = "new", "unclear"
_MOST_OFFERED = 5


def in_registry(
    entry: ParsedSignatory, ids: Sequence[int], asked: Asked, *, by_name: bool = True
) -> int | str:
    """The id of the organisation that signs; NEW for one that the registry lacks, also as long as nobody has
    said so; UNCLEAR for one of several of this name, where there are too many such names to ask.

    `ids`: those that are called so, or, without `by_name`, in a similar way.
    """
    if not ids:
        return NEW
    known = organisations_by_id(ids)
    found = [known[each] for each in ids if each in known]
    if by_name:
        here = [one for one in found if one.country and one.country == entry.country]
        is_sure = len(found) == 1 and not (found[0].country and entry.country)
        if len(here) == 1 or is_sure:
            return (here or found)[0].id
    offered = [
        [one.id, next(name.name for name in one.names if name.canonical), one.country or ""]
        for one in found[:_MOST_OFFERED]
    ]
    said = asked.answer(IN_REGISTRY, entry.organisation, entry.organisation, offered=offered)
    if not asked.is_raised(IN_REGISTRY, entry.organisation):
        return UNCLEAR if by_name else NEW
    return NEW if said is None or said == NEW else int(said)
