"""The rooms of the house: their blueprints, jobs and commands, and what Flask's extensions are told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from campaign.accounts import cli as _accounts_cli  # noqa: F401
from campaign.accounts import desk as accounts_desk
from campaign.accounts import passwords
from campaign.accounts import proving as _proving  # noqa: F401  adds its pages
from campaign.accounts import retention as _accounts_retention  # noqa: F401
from campaign.accounts import security as accounts_security
from campaign.accounts import team as accounts_team
from campaign.circulation import desk as circulation_desk
from campaign.circulation import inviting_desk as _inviting_desk  # noqa: F401  adds its page
from campaign.circulation import jobs as circulation
from campaign.circulation import views as circulation_views
from campaign.config import Settings
from campaign.core import cli as core_cli
from campaign.core.database import engine_options
from campaign.desk import cli as _desk_cli  # noqa: F401
from campaign.desk import merging as _merging  # noqa: F401  adds its page
from campaign.desk import rights
from campaign.desk import views as desk_views
from campaign.documents import cli as _documents_cli  # noqa: F401
from campaign.documents import desk as documents_desk
from campaign.documents import doing as _doing  # noqa: F401  adds its pages
from campaign.documents import kits, person_desk
from campaign.documents import person_views as _person_views  # noqa: F401  adds its pages
from campaign.documents import views as documents_views
from campaign.feeds import team as _team_calendar  # noqa: F401  adds its page
from campaign.feeds import views as feeds_views
from campaign.handover import cli as _handover_cli  # noqa: F401
from campaign.handover import complete_desk as _complete_desk  # noqa: F401  adds its pages
from campaign.handover import desk as handover_desk
from campaign.handover import handovers_desk, import_job, imports_desk
from campaign.mailing import cli as _mailing_cli  # noqa: F401  registers its command
from campaign.mailing import outbox
from campaign.mailing import views as mailing_views
from campaign.moderation import desk as moderation_desk
from campaign.moderation import flagged_desk as _flagged_desk  # noqa: F401  adds its pages
from campaign.moderation import protection_desk as _protection_desk  # noqa: F401  adds its page
from campaign.moderation import views as moderation_views
from campaign.moderation import watching
from campaign.organisations import desk as organisations_desk
from campaign.organisations import logo_desk as _logo_desk  # noqa: F401  adds its pages
from campaign.organisations import membership_desk as memberships_desk
from campaign.organisations import sheet_desk as _sheet_desk  # noqa: F401
from campaign.pages import campaign_views as _campaign_views  # noqa: F401  adds its pages
from campaign.pages import globals as page_globals
from campaign.pages import making as _making  # noqa: F401
from campaign.pages import notices as _notices  # noqa: F401  adds its pages
from campaign.pages import openapi as _openapi  # noqa: F401  adds its page
from campaign.pages import organisations as _organisations  # noqa: F401
from campaign.pages import people as _people  # noqa: F401
from campaign.pages import people_api as _people_api  # noqa: F401
from campaign.pages import sitemap as _sitemap  # noqa: F401
from campaign.pages import topics as _topics  # noqa: F401
from campaign.pages import versions as _versions  # noqa: F401  adds its pages
from campaign.pages import views as pages_views
from campaign.people import desk as people_desk
from campaign.people import file_desk as _file_desk  # noqa: F401  adds its pages
from campaign.people import files_desk as _files_desk  # noqa: F401  adds its pages
from campaign.people import operations as people
from campaign.people import retention as _people_retention  # noqa: F401
from campaign.people import timeline_desk as _timeline_desk  # noqa: F401  adds its pages
from campaign.privacy import cli as _privacy_cli  # noqa: F401
from campaign.privacy import countdown, destruction, resealing
from campaign.signatories import cli as _signatories_cli  # noqa: F401
from campaign.signatories import desk as signatories_desk
from campaign.signatories import operations as fold
from campaign.signatories import table as signatories_table
from campaign.signatories import views as signatories_views
from campaign.signing import asking, keeping, links, protection
from campaign.signing import links_views as _links_views  # noqa: F401  adds its pages
from campaign.signing import merging as signatures_merging
from campaign.signing import unsubscribing as _unsubscribing  # noqa: F401  adds its pages
from campaign.signing import views as signing_views
from campaign.signing import words_views as _words_views  # noqa: F401  adds its pages
from campaign.statements import addressee_desk as addressees_desk
from campaign.statements import editor as statements_desk
from campaign.statements import figures as statement_figures
from campaign.statements import guarding, life, topics_desk
from campaign.statements import operations as statements
from campaign.statements import people_desk as _people_of_campaign  # noqa: F401  adds its pages
from campaign.statements import translating as _translating  # noqa: F401  adds its page
from campaign.updates import desk as updates_desk
from campaign.updates import of_people as updates_of_people
from campaign.updates import telling


def flask_config(settings: Settings) -> dict[str, Any]:
    """Our settings in the words of Flask and its extensions."""
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
        # Forms of the team are guarded in core.http, beside the guard of public ones.
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
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "SESSION_COOKIE_NAME": "team" if settings.on_loopback else "__Host-team",
        "SESSION_COOKIE_SECURE": not settings.on_loopback,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=12),
    }


def init_app(app: Flask) -> None:
    """Bind every room, from the bottom up."""
    app.cli.add_command(core_cli.campaign)
    outbox.init_app(app)
    people.init_app(app)
    statements.init_app(app)
    life.init_app(app)
    guarding.init_app(app)
    signatures_merging.init_app(app)
    keeping.init_app(app)
    import_job.init_app(app)
    fold.init_app(app)
    asking.init_app(app)
    telling.init_app(app)
    updates_of_people.init_app(app)
    protection.init_app(app)
    links.init_app(app)
    circulation.init_app(app)
    watching.init_app(app)
    resealing.init_app(app)
    destruction.init_app(app)
    countdown.init_app(app)
    statement_figures.register(app, signatories_table.figures)
    accounts_security.init_app(app)
    passwords.init_app(app)
    desks = (
        accounts_desk,
        accounts_team,
        memberships_desk,
        organisations_desk,
        people_desk,
        addressees_desk,
        topics_desk,
        statements_desk,
        signatories_desk,
        moderation_desk,
        handover_desk,
        handovers_desk,
        circulation_desk,
        imports_desk,
        updates_desk,
        documents_desk,
        person_desk,
        desk_views,
    )
    for room in (
        mailing_views,
        *desks,
        circulation_views,
        kits,
        signing_views,
        signatories_views,
        moderation_views,
        documents_views,
        pages_views,
        feeds_views,
    ):
        app.register_blueprint(room.bp)
    rights.init_app(app)
    page_globals.init_app(app)
