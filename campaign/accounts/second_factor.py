"""The second factor: codes of six digits that an app on another device makes (RFC 6238), and recovery codes
for the day on which it is gone.
"""

from __future__ import annotations

import hashlib
import secrets

import pyotp
from pyotp.utils import strings_equal
from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.models import RecoveryCode, TeamMember
from campaign.core import clock
from campaign.core.vault import SealBroken, vault

_STEP_SECONDS = 30
# A device's clock may be half a minute off, either way.
_DRIFT = (0, -1, 1)
_RECOVERY_CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A new secret: 160 random bits in Base32, as apps take them."""
    return pyotp.random_base32(32)


def address_for_app(secret: str, name: str, site: str) -> str:
    """The content of the QR code that an app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site)


def is_shown_by(secret: str, typed: str) -> bool:
    """True when an app with this secret shows the code now."""
    return _step_of(secret, typed, -1) is not None


def switch_on(session: Session, member_id: int, secret: str) -> list[str]:
    """Ask for a code at each sign-in from now on. Returns the recovery codes, which can't be shown again."""
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    member.sealed_second_factor = vault().seal(
        secret.encode(), "team_members", "sealed_second_factor", member_id
    )
    # The code that has just been typed is used up.
    member.second_factor_step = _now() + 1
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _letter in range(5)) for _part in range(3))
        for _code in range(_RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(digest=_digest(code), member_id=member_id) for code in codes)
    session.flush()
    record_for(session, member_id, AccountAction.SECOND_FACTOR_ON, f"member {member_id}")

    return codes


def switch_off(session: Session, member_id: int) -> None:
    """Ask for the password alone. Repeating it is no error."""
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    if member.sealed_second_factor is None:
        return
    member.sealed_second_factor = member.second_factor_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    session.flush()
    record_for(session, member_id, AccountAction.SECOND_FACTOR_OFF, f"member {member_id}")


def passes(session: Session, member_id: int, typed: str) -> bool:
    """True without a second factor, with the current code, or with a recovery code; each of these is
    used up.
    """
    member = session.get_one(TeamMember, member_id, with_for_update=True, populate_existing=True)
    if member.sealed_second_factor is None:
        return True

    try:
        secret = (
            vault()
            .unseal(member.sealed_second_factor, "team_members", "sealed_second_factor", member_id)
            .decode()
        )
    except SealBroken:
        # Its key is gone. A new invitation is the way back.
        return False

    step = _step_of(secret, typed, member.second_factor_step or -1)
    if step is not None:
        member.second_factor_step = step
        session.flush()
        return True

    used = delete(RecoveryCode).where(
        RecoveryCode.member_id == member_id, RecoveryCode.digest == _digest(typed.strip().lower())
    )
    if session.execute(used).rowcount != 1:  # type: ignore[attr-defined]
        return False

    record_for(session, member_id, AccountAction.RECOVERY_CODE_USED, f"member {member_id}")
    return True


def _step_of(secret: str, typed: str, used: int) -> int | None:
    """The half minute since 1970 whose code was typed, unless it is used up."""
    code, device = "".join(character for character in typed if not character.isspace()), pyotp.TOTP(secret)
    steps = (_now() + drift for drift in _DRIFT)
    # pyotp's own verify() does not say which half minute it was, and a code works once.
    return next(
        (step for step in steps if step > used and strings_equal(device.generate_otp(step), code)), None
    )


def _now() -> int:
    return int(clock.now().timestamp()) // _STEP_SECONDS


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
