"""Changes of the site's settings by an owner, each with its entry in the log: names of fields alone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.desk.audit_actions import SiteAction
from campaign.site import operations
from campaign.site.logos import DrawnSiteLogo
from campaign.site.queries import SiteWords

_SUBJECT = "site:settings"


def change_section(session: Session, section: operations.Section) -> None:
    """Save one section. Raises NotOffered."""
    _note(session, operations.change_section(session, section))


def change_words(session: Session, words: Mapping[str, SiteWords]) -> None:
    """Save what the site says of itself in these languages."""
    _note(session, operations.change_words(session, words))


def change_logo(session: Session, drawn: DrawnSiteLogo | None, description: str) -> None:
    """Show this logo; without one only its description is changed."""
    _note(session, operations.change_logo(session, drawn, description))


def remove_logo(session: Session) -> None:
    """Show the name alone again."""
    _note(session, operations.remove_logo(session))


def end_setup(session: Session) -> None:
    """End the setting up, finished or skipped."""
    if operations.end_setup(session):
        record(session, SiteAction.SET_UP, _SUBJECT)


def _note(session: Session, changed: list[str]) -> None:
    if changed:
        record(session, SiteAction.CHANGED, _SUBJECT, fields=", ".join(changed))
