"""The members of a network as a list to import: each signature gets its source, by the one way in."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from campaign.core import clock
from campaign.core.language import language
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.networks import members_on
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.signatures.queries import declined_to_sign, organisations_refused, organisations_signed
from campaign.statements.models import Statement


@dataclass(frozen=True, slots=True)
class MembersToRecord:
    """The members that are `offered`, as organisation and name; and the names of those left out: they have
    `signed`, their signature was `refused` by the team, or they have `declined` the invitation.
    """

    offered: list[tuple[Organisation, str]]
    signed: list[str]
    refused: list[str]
    declined: list[str]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The choices of a form: nobody is chosen before a person has done it."""
        return [(found.id, name) for found, name in self.offered]

    def table(self, chosen: Collection[int]) -> str:
        """The table of those that were chosen, as if somebody had pasted it."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["organisation", "country", "website"])
        for found, name in self.offered:
            if found.id in chosen:
                writer.writerow([name, found.country or "", found.website or ""])
        return text.getvalue()


def members_to_record(statement: Statement) -> MembersToRecord | None:
    """The present members of the statement's network; None where it is of none. Raises KeyDestroyed.

    Those that signed unseen are offered: leaving them out would tell it. The import leaves them out. Nothing
    is kept of a signature that was withdrawn, or whose time for undoing is over.
    """
    if statement.network_id is None:
        return None
    session, day = db.session(), statement.dated or clock.today()
    registry = organisations_by_id(members_on(session, statement.network_id, day))
    names = {each: display_name(found, language()) for each, found in registry.items()}
    signed = organisations_signed(session, statement.id, registry, shown=True)
    refused = organisations_refused(session, statement.id, registry) - signed
    said = set[int]().union(*(declined(session, statement.id) for declined in declined_to_sign.answers()))
    declined = (said & set(registry)) - signed - refused

    def named(ids: Collection[int]) -> list[str]:
        return sorted((names[each] for each in ids), key=str.casefold)

    left = sorted(set(registry) - signed - refused - declined, key=lambda one: names[one].casefold())
    offered = [(registry[each], names[each]) for each in left]
    return MembersToRecord(offered, named(signed), named(refused), named(declined))
