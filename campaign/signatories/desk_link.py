"""The link from the desk's page of a statement to its public list."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from campaign.statements.sections import DeskLink
from campaign.statements.tabs import Tab

DESK_LINK = DeskLink(
    _l("Public list"),
    110,
    lambda statement: url_for("signatories.signatories", slug=statement.slug),
    look="",
    tab=Tab.SIGNATURES,
)
