"""Tokens: a signed identifier for one purpose. Whether it is still valid is asked of its row."""

from __future__ import annotations

import base64
import hashlib
import uuid
from enum import StrEnum
from typing import cast

from flask import Flask, current_app
from itsdangerous import BadSignature, Signer


class Purpose(StrEnum):
    """What a token is for; the purpose is the salt, so that no token serves another one."""

    SIGNATURE = "signature"
    # A link of high safety, which carries its code and names no row (signing.one_time_codes).
    ONE_TIME = "one time"
    UNSUBSCRIBE = "unsubscribe"
    TEAM_INVITATION = "team invitation"
    CIRCULATION = "circulation"
    SHARED_CIRCULATION = "shared circulation"
    TEAM_CALENDAR = "team calendar"
    TEAM_SIGN_IN = "team sign-in"
    PASSWORD_RESET = "password reset"  # noqa: S105  a purpose


class TokenInvalid(Exception):
    """The token was cut, changed, forged, or made for another purpose."""


class TokenExpired(Exception):
    """The token was genuine, but what it opened has ended."""


def issue(purpose: Purpose, row_id: uuid.UUID) -> str:
    """A token for `row_id`, safe in addresses: 22 characters of identifier, a dot, 43 of HMAC-SHA256."""
    return _signer(purpose).sign(base64.urlsafe_b64encode(row_id.bytes).rstrip(b"=")).decode()


def read(purpose: Purpose, token: str) -> uuid.UUID:
    """The identifier in `token`.

    Raises TokenInvalid. Signatures by older keys are valid until the key is removed.
    """
    try:
        value = _signer(purpose).unsign(token.encode())
        return uuid.UUID(bytes=base64.urlsafe_b64decode(value + b"=="))
    except (BadSignature, ValueError, UnicodeError) as error:
        raise TokenInvalid from error


def init_app(app: Flask, keys: tuple[str, ...]) -> None:
    """Make one signer per purpose, since deriving its key is most of its cost."""
    app.extensions["tokens"] = {
        purpose: Signer(
            list(keys), salt=f"undersigned {purpose}", key_derivation="hmac", digest_method=hashlib.sha256
        )
        for purpose in Purpose
    }


def _signer(purpose: Purpose) -> Signer:
    return cast(dict[Purpose, Signer], current_app.extensions["tokens"])[purpose]
