"""The head of every page of a statement on the desk: its name, its status and its tabs."""

from __future__ import annotations

from flask import Flask, g, render_template, request
from markupsafe import Markup

from campaign.core.language import language
from campaign.statements.models import Statement, Status
from campaign.statements.queries import draft_revision, title_of
from campaign.statements.sections import links_of
from campaign.statements.tabs import address_of, tabs

_UNDER = "/desk/statements/<slug>"


def head() -> Markup:
    """The head of the statement that this page is about; nothing on other pages."""
    statement: Statement | None = g.get("statement_on_desk")
    if statement is None or request.url_rule is None or not request.url_rule.rule.startswith(_UNDER):
        return Markup("")

    shown = tabs()
    current = next((tab.tab for tab in shown if tab.current), None)
    page = render_template(
        "statements/_desk_head.html",
        statement=statement,
        title=title_of(statement.id, language()),
        tabs=[(tab, address_of(tab, statement)) for tab in shown],
        current=current,
        links=[link for link in links_of(statement) if link.tab is None],
        links_here=[link for link in links_of(statement) if link.tab == current and current],
        publishable=statement.status == Status.DRAFT and draft_revision(statement.id) is not None,
    )
    return Markup(page)  # noqa: S704  our own template


def init_app(app: Flask) -> None:
    """Give the frame of the desk the head of a statement."""
    app.jinja_env.globals["statement_head"] = head
