"""The link from the desk's page of a statement to its public page."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from campaign.statements.sections import DeskLink

DESK_LINK = DeskLink(
    _l("Public page"), 100, lambda statement: url_for("pages.statement", slug=statement.slug), look=""
)
