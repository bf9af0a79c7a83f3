"""The sections and links that all rooms add to the page of a statement on the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import may
from campaign.core.registration import Registry
from campaign.core.sections import Sections
from campaign.statements.models import Statement
from campaign.statements.tabs import Tab

# What must be known before anything is done, below the figures.
desk_notices: Sections[Statement] = Sections("notices of a statement on the desk")
# Of a published statement, below the notices, under the tab of the text.
desk_sections: Sections[Statement] = Sections("sections of a statement on the desk")


@dataclass(frozen=True, slots=True)
class DeskLink:
    """A link from a published statement to a page about it: below the bar of the tabs while `tab` is open,
    above it on every page of the statement where it names none.

    The lowest `place` stands first; only members with `permission` see it, and only where it
    `applies`. `look` is the class in the style sheet: `quiet` and `go` are buttons.
    """

    text: LazyString
    place: int
    address: Callable[[Statement], str]
    permission: Permission = Permission.READ
    look: str = "quiet"
    applies: Callable[[Statement], bool] = lambda _statement: True
    tab: Tab | None = None


desk_links: Registry[DeskLink] = Registry("links of a statement on the desk")


def links_of(statement: Statement) -> list[DeskLink]:
    """The links for the signed-in member, in their order; none before the publication."""
    if statement.published_at is None:
        return []
    shown = (link for link in desk_links.answers() if may(link.permission) and link.applies(statement))
    return sorted(shown, key=lambda link: link.place)
