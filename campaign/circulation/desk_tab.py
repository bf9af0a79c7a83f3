"""The tab of the circulation among the pages of a statement on the desk."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.circulation.queries import circulation_of
from campaign.statements.models import Statement, Status
from campaign.statements.tabs import DeskTab, NotYet, Tab


def _not_yet(statement: Statement) -> NotYet | None:
    """The reason why nobody is invited here any more: the text was published without a circulation."""
    if statement.status in (Status.DRAFT, Status.CIRCULATING) or circulation_of(statement.id) is not None:
        return None
    return NotYet(
        _(
            "Circulation collects the signatures of organisations before a text is published. This one is"
            " public: organisations sign on its page, and you can send them its address."
        ),
        _("Public page"),
        url_for("pages.statement", slug=statement.slug),
    )


DESK_TAB = DeskTab(
    Tab.CIRCULATION,
    lambda statement: url_for("circulation_desk.index", slug=statement.slug),
    ("circulation_desk.",),
    Permission.WRITE_STATEMENTS,
    _not_yet,
)
