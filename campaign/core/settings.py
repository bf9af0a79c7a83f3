"""The settings of the running app, and their names in Flask and its extensions."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from flask import current_app

from campaign.config import Settings
from campaign.core.counters import BoundedMemory
from campaign.core.database import engine_options


def settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.extensions["settings"])


def flask_config(settings: Settings) -> dict[str, Any]:
    """Our settings under the names that Flask and its extensions use."""
    return {
        "SECRET_KEY": settings.secret_keys[-1],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[:-1]),
        # A form of ours is small; a larger body is refused before it is read.
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url, settings.web_threads),
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        # Forms of the team are guarded in core.origin, like the public ones.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_USE_SSL": settings.mail_use_ssl,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
        "MAIL_SUPPRESS_SEND": False,
        "RATELIMIT_STORAGE_URI": settings.redis_url or f"{BoundedMemory.STORAGE_SCHEME[0]}://",
        "SESSION_COOKIE_NAME": "team" if settings.on_loopback else "__Host-team",
        "SESSION_COOKIE_SECURE": not settings.on_loopback,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=12),
    }
