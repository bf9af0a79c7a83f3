"""The owners' audited changes of the countries at risk."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.desk.audit_actions import RiskAction
from campaign.site import countries_at_risk as at_risk


def enter_country(session: Session, code: str) -> bool:
    """List a country. False if it is listed already."""
    entered = at_risk.enter_country(session, code)
    if entered:
        record(session, RiskAction.COUNTRY_ENTERED, _named(code))
    return entered


def take_off_country(session: Session, code: str) -> bool:
    """Take a country off the list. False if it is not listed."""
    taken = at_risk.take_off_country(session, code)
    if taken:
        record(session, RiskAction.COUNTRY_TAKEN_OFF, _named(code))
    return taken


def write_notices(session: Session, code: str, texts: Mapping[str, str], read: str) -> None:
    """Replace the team's notices for a country. Arguments and errors as in countries_at_risk."""
    at_risk.write_notices(session, code, texts, read)
    written = sorted(language for language, text in texts.items() if text)
    record(session, RiskAction.NOTICE_WRITTEN, _named(code), languages=", ".join(written))


def _named(code: str) -> str:
    return f"country:{code}"
