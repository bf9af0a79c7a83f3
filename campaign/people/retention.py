"""How long a case file stays: people decide to keep it, and to delete it."""

from __future__ import annotations

from flask import Flask

from campaign.core import retention
from campaign.people import models

_FILE = "until the team removes the case file; shown only as the person or the family wishes"


def init_app(app: Flask) -> None:
    """Register the rules."""
    retention.keep(
        app,
        models.Person.__tablename__,
        f"who a campaign is for, and what they wish shown (sealed: who said so): {_FILE}",
    )
    retention.keep(
        app, models.PersonName.__tablename__, f"names and spellings of who a campaign is for: {_FILE}"
    )
    retention.keep(
        app, models.PersonText.__tablename__, f"work, life and health of who a campaign is for: {_FILE}"
    )
    retention.keep(
        app,
        models.PersonAddress.__tablename__,
        f"where letters to a prisoner go: {_FILE}, or until another address is entered",
    )
    retention.keep(
        app,
        models.PersonPortrait.__tablename__,
        f"portrait without the other contents of the file: {_FILE}, or until the portrait is removed",
    )
    retention.keep(
        app,
        models.PersonSource.__tablename__,
        f"from where the team knows of a case (sealed where nobody may learn it): {_FILE}",
    )
    retention.keep(app, models.CaseEvent.__tablename__, f"what happened to who a campaign is for: {_FILE}")
    retention.keep(app, models.CaseEventText.__tablename__, f"what is told of such an event: {_FILE}")
