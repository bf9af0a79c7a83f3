"""The second factor: codes of six digits that an app on another device makes (RFC 6238), or a passkey, and
recovery codes for the day on which the device is gone.
"""

from __future__ import annotations

import hashlib
import secrets

import pyotp
from pyotp.utils import strings_equal
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from campaign.accounts.audit import record_for
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.models import Passkey, RecoveryCode, TeamMember
from campaign.core import clock
from campaign.core.database import changed_rows
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


def is_set_up(session: Session, member: TeamMember) -> bool:
    """True for a member with an app or a passkey: the password alone opens nothing then."""
    return member.sealed_second_factor is not None or bool(
        session.scalar(select(exists().where(Passkey.member_id == member.id)))
    )


def switch_on(session: Session, member_id: int, secret: str) -> list[str]:
    """Ask for a code at each sign-in from now on. Returns new recovery codes, which can't be shown again."""
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    member.sealed_second_factor = vault().seal(
        secret.encode(), "team_members", "sealed_second_factor", member_id
    )
    # The code that has just been typed is used up.
    member.second_factor_step = _now() + 1
    codes = new_recovery_codes(session, member_id)
    record_for(session, member_id, AccountAction.SECOND_FACTOR_ON, f"member {member_id}")

    return codes


def new_recovery_codes(session: Session, member_id: int) -> list[str]:
    """Recovery codes in place of the former ones. They can't be shown again."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _letter in range(5)) for _part in range(3))
        for _code in range(_RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(digest=_digest(code), member_id=member_id) for code in codes)
    session.flush()
    return codes


def renew_recovery_codes(session: Session, member_id: int) -> list[str]:
    """New recovery codes for a member who has used the former ones up, or lost them."""
    codes = new_recovery_codes(session, member_id)
    record_for(session, member_id, AccountAction.RECOVERY_CODES_RENEWED, f"member {member_id}")
    return codes


def recovery_codes_left(session: Session, member_id: int) -> int:
    """The number of recovery codes that are not used."""
    return len(session.scalars(select(RecoveryCode.digest).where(RecoveryCode.member_id == member_id)).all())


def switch_off(session: Session, member_id: int) -> None:
    """Ask for no code of the app. Repeating it is no error."""
    member = session.get_one(TeamMember, member_id, with_for_update=True)
    if member.sealed_second_factor is None:
        return
    member.sealed_second_factor = member.second_factor_step = None
    session.flush()
    drop_needless_codes(session, member)
    record_for(session, member_id, AccountAction.SECOND_FACTOR_OFF, f"member {member_id}")


def forget_all(session: Session, member_id: int) -> None:
    """Ask for the password alone: app, passkeys and recovery codes are gone."""
    switch_off(session, member_id)
    removed = session.execute(delete(Passkey).where(Passkey.member_id == member_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    if changed_rows(removed):
        record_for(session, member_id, AccountAction.PASSKEY_REMOVED, f"member {member_id}")


def drop_needless_codes(session: Session, member: TeamMember) -> None:
    """Delete the recovery codes of a member who has no second factor left."""
    if not is_set_up(session, member):
        session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member.id))


def passes(session: Session, member_id: int, typed: str) -> bool:
    """True without a second factor, with the current code of the app, or with a recovery code; each of these
    is used up.
    """
    member = session.get_one(TeamMember, member_id, with_for_update=True, populate_existing=True)
    if not is_set_up(session, member):
        return True
    if member.sealed_second_factor is not None and _app_shows(session, member, typed):
        return True

    used = delete(RecoveryCode).where(
        RecoveryCode.member_id == member_id, RecoveryCode.digest == _digest(typed.strip().lower())
    )
    if changed_rows(session.execute(used)) != 1:
        return False

    record_for(session, member_id, AccountAction.RECOVERY_CODE_USED, f"member {member_id}")
    return True


def _app_shows(session: Session, member: TeamMember, typed: str) -> bool:
    """True for the code that the member's app shows now, which is used up."""
    try:
        secret = (
            vault()
            .unseal(member.sealed_second_factor or b"", "team_members", "sealed_second_factor", member.id)
            .decode()
        )
    except SealBroken:
        # Its key is gone. Recovery codes and a new invitation are the ways back.
        return False
    step = _step_of(secret, typed, member.second_factor_step or -1)
    if step is None:
        return False
    member.second_factor_step = step
    session.flush()
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
