"""Passwords of the team: argon2id through Flask-Security, in one normal form on every keyboard."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from flask_security.utils import hash_password, verify_password

SHORTEST = 12
LONGEST = 200


def hashed(password: str) -> str:
    """The argon2 hash of a password, about 100 characters. Takes some 50 ms."""
    return hash_password(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """True when the password is the stored one. Takes as long when there is none, so that time doesn't tell who has an account."""
    fits = verify_password(_normal(password), stored or _nobodys())
    return bool(fits) and stored is not None


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(24))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
