"""What is asked of a form now: the attack protection of its statement."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.signing.models import Protection, ProtectionLevel


def protection_of(session: Session, statement_id: int) -> Protection | None:
    """The protection that is on."""
    found = session.get(Protection, statement_id)
    return found if found and found.until > clock.now() else None


def level_of(session: Session, statement_id: int) -> ProtectionLevel:
    """How much is asked of a form now."""
    found = protection_of(session, statement_id)
    return ProtectionLevel(found.level) if found else ProtectionLevel.OFF
