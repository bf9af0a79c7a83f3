"""The tab of the exports among the pages of a statement on the desk."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from campaign.accounts.permissions import Permission
from campaign.statements.tabs import DeskTab, Tab, publish_first

DESK_TAB = DeskTab(
    Tab.EXPORT,
    lambda statement: url_for("exports_desk.complete_export", slug=statement.slug),
    ("exports_desk.",),
    Permission.EXPORT,
    lambda statement: publish_first(
        statement, _("A draft has no list yet. Once the text is published, its list can be exported here.")
    ),
)
