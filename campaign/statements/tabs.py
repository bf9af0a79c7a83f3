"""The tabs of a statement on the desk: one bar above each of its pages, in every state of the statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import may
from campaign.core.registration import Registry
from campaign.statements.models import Statement, Status


class Tab(StrEnum):
    """A tab, in the order in which they stand."""

    TEXT = "text"
    PEOPLE = "people"
    CIRCULATION = "circulation"
    SIGNATURES = "signatures"
    EXPORT = "export"
    HANDOVER = "handover"
    SETTINGS = "settings"


_NAMES: dict[Tab, LazyString] = {
    Tab.TEXT: _l("Text"),
    Tab.PEOPLE: _l("People"),
    Tab.CIRCULATION: _l("Circulation"),
    Tab.SIGNATURES: _l("Signatures"),
    Tab.EXPORT: _l("Export"),
    Tab.HANDOVER: _l("Handover"),
    Tab.SETTINGS: _l("Settings"),
}


@dataclass(frozen=True, slots=True)
class NotYet:
    """The reason why a tab cannot be used yet, and the page on which that is changed."""

    why: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class DeskTab:
    """A tab as the room behind it registers it.

    `address` opens it; `pages` are the endpoints on which it is the current one, or the beginnings of
    endpoints. `not_yet` says why it cannot be used in the present state, None where it can.
    """

    tab: Tab
    address: Callable[[Statement], str]
    pages: tuple[str, ...]
    permission: Permission = Permission.READ
    not_yet: Callable[[Statement], NotYet | None] = lambda _statement: None

    @property
    def name(self) -> LazyString:
        """What stands on it."""
        return _NAMES[self.tab]

    @property
    def current(self) -> bool:
        """True on its own pages."""
        if request.endpoint == "statements_desk.not_yet":
            return (request.view_args or {}).get("tab") == self.tab
        return (request.endpoint or "").startswith(self.pages)


desk_tabs: Registry[DeskTab] = Registry("tabs of a statement on the desk")


def tabs() -> list[DeskTab]:
    """The tabs for the signed-in member, in their order."""
    order = list(Tab)
    shown = (tab for tab in desk_tabs.answers() if may(tab.permission))
    return sorted(shown, key=lambda tab: order.index(tab.tab))


def tab_named(name: str) -> DeskTab | None:
    """The tab of this name; None where there is none, or where the member may not open it."""
    return next((tab for tab in tabs() if tab.tab == name), None)


def at_work_on(statement: Statement) -> Statement:
    """The statement that a page of the desk is about, remembered for its tabs."""
    g.statement_on_desk = statement
    return statement


def publish_first(statement: Statement, why: str) -> NotYet | None:
    """The answer of tabs that wait for the publication: None once the text is public."""
    if statement.published_at is not None:
        return None
    if statement.status == Status.CIRCULATING:
        page = url_for("circulation_desk.publish", slug=statement.slug)
    else:
        page = url_for("statements_desk.publish", slug=statement.slug)
    return NotYet(why, _("Check and publish"), page)


def address_of(tab: DeskTab, statement: Statement) -> str:
    """Where a tab leads: its page, or while it cannot be used the page that says why."""
    if tab.not_yet(statement) is None:
        return tab.address(statement)
    return url_for("statements_desk.not_yet", slug=statement.slug, tab=tab.tab)
