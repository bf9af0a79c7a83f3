"""The head of every page of a statement on the desk: its name, its status and its tabs."""

from __future__ import annotations

from flask import g

from campaign.core.language import language
from campaign.core.sections import Section
from campaign.statements.models import Statement, Status
from campaign.statements.queries import draft_revision, title_of
from campaign.statements.sections import links_of
from campaign.statements.tabs import address_of, tabs

_UNDER = "/desk/statements/<slug>"


def head(rule: str) -> Section | None:
    """The head of the statement that the page under this rule is about; None for other pages."""
    statement: Statement | None = g.get("statement_on_desk")
    if statement is None or not rule.startswith(_UNDER):
        return None

    shown = tabs()
    current = next((tab.tab for tab in shown if tab.current), None)
    links = links_of(statement)
    values = {
        "statement": statement,
        "title": title_of(statement.id, language()),
        "tabs": [(tab, address_of(tab, statement)) for tab in shown],
        "current": current,
        "links": [link for link in links if link.tab is None],
        "links_here": [link for link in links if link.tab == current and current],
        "publishable": statement.status == Status.DRAFT and draft_revision(statement.id) is not None,
    }
    return Section("statements/_desk_head.html", values)
