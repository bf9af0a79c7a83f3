"""Proofs of work by the ALTCHA protocol, version 2 (PBKDF2/SHA-256), made and checked here, without any other
site.

A challenge is signed, names its statement, and expires after half an hour. A proof is used once: its mark is
kept until it expires.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from dataclasses import dataclass
from typing import Any, cast

from altcha import v2
from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.database import changed_rows, insert_unless_taken
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.signing.models import SpentProof

EXPIRES_AFTER = dt.timedelta(minutes=30)
# One try costs this many rounds, 1 to 2 ms; the first byte of the key must be zero, so that 256 tries are
# needed on average. Checking costs one try: it has to stay below 3 ms also on a slow machine (`make bench`
# shows it).
_ROUNDS = 3_500
_PREFIX = "00"
_LONGEST = 4_000
_SPENT = cast(Table, SpentProof.__table__)


@dataclass(frozen=True, slots=True)
class Proof:
    """A valid proof that has yet to be spent."""

    mark: bytes
    expires_at: dt.datetime


def challenge(statement_id: int) -> dict[str, Any]:
    """The challenge for one form of this statement, as JSON for a browser to solve."""
    secret = _secrets()[0]
    expires_at = clock.now() + EXPIRES_AFTER
    made = v2.create_challenge(
        "PBKDF2/SHA-256",
        _ROUNDS,
        key_prefix=_PREFIX,
        expires_at=expires_at,
        data={"statement": statement_id},
        hmac_secret=secret,
    )
    return made.to_dict()


def check(statement_id: int, sent: str) -> Proof | None:
    """The proof in the field of a form (Base64 of JSON); None if it is missing, wrong, expired, or of another
    statement. No database access.
    """
    if not sent or len(sent) > _LONGEST:
        return None

    try:
        payload = v2.Payload.from_base64(sent)
        parameters = payload.challenge.parameters
        if not any(v2.verify_solution(payload, secret).verified for secret in _secrets()):
            return None
        expires_at = dt.datetime.fromtimestamp(int(parameters.expires_at or 0), dt.UTC)
        of_this = (parameters.data or {}).get("statement") == statement_id
        # A digest of the signed part only: other spellings of the same proof have the same mark.
        mark = hashlib.sha256(f"{parameters.nonce} {parameters.salt}".encode()).digest()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, struct.error):
        return None

    return Proof(mark, expires_at) if of_this and expires_at > clock.now() else None


def spend_proof(session: Session, proof: Proof) -> bool:
    """Use up a proof. False if it was used before, even by a form that arrives at the same moment."""
    return insert_unless_taken(
        session, _SPENT, {"mark": proof.mark, "expires_at": proof.expires_at}, ("mark",)
    )


def purge_proofs() -> int:
    """Delete the marks of expired proofs. Returns their number."""
    over = delete(SpentProof).where(SpentProof.expires_at <= clock.now())
    return changed_rows(db.session.execute(over))


def _secrets() -> list[bytes]:
    return vault().indexes("proof of work", "challenge")
