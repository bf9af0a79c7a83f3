"""The kinds of updates in words."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.updates.models import UpdateKind


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of updates in words."""
    return [
        (UpdateKind.NEWS, _("News")),
        (UpdateKind.OUTCOME, _("Outcome")),
        (UpdateKind.HEARING, _("Court hearing")),
    ]
