"""Passwords of the team: argon2id, in one normal form on every keyboard."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import Flask, current_app

from campaign.core.settings import settings
from campaign.site.queries import this_site

SHORTEST = 12
LONGEST = 200
_EXTENSION = "password_hasher"


def init_app(app: Flask, hasher: PasswordHasher | None = None) -> None:
    """Set the cost of a hash: RFC 9106's second recommended option (64 MiB, 3 rounds), or that of
    `hasher`.
    """
    app.extensions[_EXTENSION] = hasher or PasswordHasher()


def hashed(password: str) -> str:
    """The argon2 hash of a password, about 100 characters. Takes some 50 ms."""
    return _hasher().hash(_normal(password))


def matches(password: str, stored: str | None) -> bool:
    """True when the password is the stored one.

    Takes as long when none is stored, so that time does not reveal who has an account.
    """
    hasher = _hasher()
    try:
        hasher.verify(stored or _nobodys(hasher), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def known_to_all(email: str, name: str) -> list[str]:
    """What everybody knows of a member and of the site, and tries as a password."""
    return [email, name, this_site().name, settings().site_name, urlsplit(settings().site_url).hostname or ""]


def renewed(password: str, stored: str | None) -> str | None:
    """A new hash of the password that has just matched, where the stored one was made at another cost; else
    None.
    """
    return hashed(password) if stored and _hasher().check_needs_rehash(stored) else None


def _hasher() -> PasswordHasher:
    return cast(PasswordHasher, current_app.extensions[_EXTENSION])


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_urlsafe(24))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
