"""The members of a network as a list to import: each signature gets its source, by the one way in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from campaign.core import clock
from campaign.core.language import language
from campaign.extensions import db
from campaign.organisations.networks import members_on
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.signatures.queries import organisations_signed
from campaign.statements.models import Statement


@dataclass(frozen=True, slots=True)
class MembersToRecord:
    """The `table` to paste, and the names of members that are left out because they stand on the list."""

    table: str
    signed: list[str]


def members_to_record(statement: Statement) -> MembersToRecord | None:
    """The present members of the statement's network; None where it is of none. Raises KeyDestroyed.

    Those that signed unseen are in the table: leaving them out would tell it. The import leaves them out.
    """
    if statement.network_id is None:
        return None
    day = statement.dated or clock.today()
    registry = organisations_by_id(members_on(db.session(), statement.network_id, day))
    signed = organisations_signed(db.session(), statement.id, registry, shown=True)
    names = {each: display_name(found, language()) for each, found in registry.items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["organisation", "country", "website"])
    for each in sorted(set(registry) - signed, key=lambda one: names[one].casefold()):
        writer.writerow([names[each], registry[each].country or "", registry[each].website or ""])
    return MembersToRecord(text.getvalue(), sorted(names[each] for each in signed))
