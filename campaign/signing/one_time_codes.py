"""One-time codes: at high safety a mail carries sixteen digits, typed or inside its link, and no row is asked
what to answer to them.

Whatever is shown for a code follows from the code, the day and the keys. So a link shows the same and takes
the same time whether it was used, has ended, or never was anybody's.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.database import changed_rows, insert_unless_taken
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.signatures.withdrawal_phrase import phrase_from
from campaign.signing.models import GOOD_DAYS, LinkKey

DIGITS = 16
_CHANCE = 12
_CHECK = DIGITS - _CHANCE


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code and the day (UTC) of the form that it confirms."""

    day: dt.date
    digits: str

    @property
    def ends_at(self) -> dt.datetime:
        """The moment from which it confirms nothing: the same for all of a day, so that it tells no hour."""
        return dt.datetime.combine(self.day + dt.timedelta(days=GOOD_DAYS), dt.time(), dt.UTC)

    @property
    def is_good(self) -> bool:
        """True as long as it may confirm something."""
        return clock.now() < self.ends_at


def new_code(session: Session) -> OneTimeCode:
    """A code for a form sent now."""
    day = clock.today()
    chance = f"{secrets.randbelow(10**_CHANCE):0{_CHANCE}}"
    return OneTimeCode(day, chance + _check(_key_of(session, day), chance))


def link_token(code: OneTimeCode) -> str:
    """The token of the link that carries a code."""
    packed = code.day.toordinal().to_bytes(4) + int(code.digits).to_bytes(8) + bytes(4)
    return tokens.issue(tokens.Purpose.ONE_TIME, uuid.UUID(bytes=packed))


def code_in_token(token: str) -> OneTimeCode | None:
    """The code that a link carries; None for a token of another kind."""
    try:
        packed = tokens.read(tokens.Purpose.ONE_TIME, token).bytes
    except tokens.TokenInvalid:
        return None
    day, digits = int.from_bytes(packed[:4]), int.from_bytes(packed[4:12])
    if any(packed[12:]) or digits >= 10**DIGITS or not 0 < day <= dt.date.max.toordinal() - GOOD_DAYS:
        return None
    return OneTimeCode(dt.date.fromordinal(day), f"{digits:0{DIGITS}}")


def code_of(session: Session, digits: str) -> OneTimeCode | None:
    """The code of typed digits, if they were given out on one of the days that are still good.

    Its last digits are a check under the key of the day: a slip of the hand is told, and nothing else.
    """
    if len(digits) != DIGITS:
        return None
    for back in range(GOOD_DAYS):
        day = clock.today() - dt.timedelta(days=back)
        key = _kept_key(session, day)
        if key is not None and digits[_CHANCE:] == _check(key, digits[:_CHANCE]):
            return OneTimeCode(day, digits)
    return None


def phrase_of(session: Session, code: OneTimeCode) -> str:
    """The withdrawal phrase that is shown for a code, the same each time.

    While the code is good it belongs to the signature that the code confirms; afterwards it is another one,
    which belongs to none.
    """
    key = _kept_key(session, code.day)
    if key is None or not code.is_good:
        return phrase_from(vault().index("phrase of an ended code", code.digits))
    return phrase_from(keyed_hash(key, "phrase", code.digits))


def purge_keys() -> int:
    """Delete the keys of links that have ended."""
    ended = LinkKey.day <= clock.today() - dt.timedelta(days=GOOD_DAYS)
    return changed_rows(db.session.execute(delete(LinkKey).where(ended)))


def _check(key: bytes, chance: str) -> str:
    return f"{int.from_bytes(keyed_hash(key, 'check', chance)) % 10**_CHECK:0{_CHECK}}"


def _key_of(session: Session, day: dt.date) -> bytes:
    """The key of the day, made when it is first needed. Its row number for the seal is the day's ordinal."""
    kept = _kept_key(session, day)
    if kept is not None:
        return kept
    sealed = vault().seal(os.urandom(32), "link_keys", "sealed", day.toordinal())
    insert_unless_taken(session, LinkKey.__table__, {"day": day, "sealed": sealed}, ("day",))  # type: ignore[arg-type]
    made = _kept_key(session, day)
    if made is None:
        raise LookupError(f"no key of {day}")
    return made


def _kept_key(session: Session, day: dt.date) -> bytes | None:
    kept = session.get(LinkKey, day)
    return vault().unseal(kept.sealed, "link_keys", "sealed", day.toordinal()) if kept else None
