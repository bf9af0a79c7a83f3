"""The sidebar of the desk: each room adds the pages that a member is to find there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import may_somewhere
from campaign.core.registration import Registry


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A page in the sidebar. The lowest `place` stands first; only members with `permission` see the entry.

    `due` counts what waits on that page.
    """

    endpoint: str
    text: LazyString
    place: int
    permission: Permission = Permission.READ
    due: Callable[[], int] | None = None

    def waiting(self) -> int:
        """The number beside the entry; 0 shows none."""
        return self.due() if self.due else 0


nav_entries: Registry[NavEntry] = Registry("entries of the sidebar")


def navigation() -> list[NavEntry]:
    """The entries for the signed-in member, from top to bottom."""
    shown = (entry for entry in nav_entries.answers() if may_somewhere(entry.permission))
    return sorted(shown, key=lambda entry: entry.place)
