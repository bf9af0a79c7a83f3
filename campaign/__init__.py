"""Undersigned: joint statements, petitions and release campaigns, signed with care."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from campaign import rooms
from campaign.config import Settings
from campaign.core import (
    cli,
    database,
    error_pages,
    formats,
    frame,
    headers,
    hosts,
    integers,
    language,
    limits,
    logs,
    mail_links,
    origin,
    page_cache,
    query_parameters,
    refusals,
    request_body,
    retention,
    sections,
    static_files,
    tokens,
)
from campaign.core.application import Application
from campaign.core.language import LanguagePrefix, select_language
from campaign.core.logs import LastResort
from campaign.core.mailed_links import MailedLinks
from campaign.core.private_files import keep_private_folder, remove_left
from campaign.core.settings import flask_config
from campaign.core.vault import Vault
from campaign.extensions import babel, csrf, db, mail, migrate

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app, from `settings` or from the environment.

    Raises SettingsError with a sentence that says what to set.
    """
    settings = settings or Settings.from_environment()
    keep_private_folder(settings.instance_path)
    remove_left(settings.instance_path)
    app = Application(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.instance_path),
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions |= {"settings": settings, "vault": Vault(settings.vault_keys)}
    tokens.init_app(app, settings.secret_keys)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    mail.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=select_language)

    for part in (
        logs,
        cli,
        integers,
        refusals,
        hosts,
        language,
        limits,
        database,
        request_body,
        origin,
        page_cache,
        static_files,
        headers,
        formats,
        mail_links,
        frame,
        sections,
        error_pages,
        retention,
        query_parameters,
    ):
        part.init_app(app)

    rooms.register(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    app.wsgi_app = LastResort(LanguagePrefix(MailedLinks(app.wsgi_app), app))  # type: ignore[method-assign]
    return app
