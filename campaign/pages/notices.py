"""Notices: privacy, made from the settings in force; safer signing; and where to report security holes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from flask import Response, abort, make_response, render_template, url_for

from campaign.config import is_loopback
from campaign.core import clock
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.core.settings import settings
from campaign.pages.views import bp
from campaign.privacy.queries import longest_backup_days
from campaign.signatures.models import EXPIRES_AFTER
from campaign.site.queries import this_site
from campaign.statements.contact_retention import Kept, kept_by_statement
from campaign.statements.queries import statements_version

# RFC 9116 requires an expiry date, and recommends less than a year.
_SECURITY_DAYS = 180


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation of this site, as far as it concerns signers.

    `relay` is the mail server's name, if it is not on this machine.
    """

    operator: tuple[str, ...]
    contact: str
    sender: str
    link_host: str
    relay: str | None
    onion: str
    pending_days: int
    # Days for which a backup is kept, the longest of those that were made; None where none was.
    backup_days: int | None


def operation() -> Operation:
    """The operation by the present settings."""
    running, said = settings(), this_site()
    relay = None if is_loopback(f"http://{running.mail_server}") else running.mail_server
    contact, sender = said.privacy_contact.removeprefix("mailto:"), parseaddr(running.mail_sender)[1]
    link_host = urlsplit(running.link_url).netloc
    days = (EXPIRES_AFTER.days, longest_backup_days())
    return Operation(said.operator, contact, sender, link_host, relay, running.onion_url, *days)


@bp.get("/privacy")
def privacy() -> Response:
    """The privacy notice: which data is stored, why, and until when."""

    def render() -> StoredPage:
        link_as(url_for("pages.privacy"))
        kept: list[Kept] = kept_by_statement(language())
        return StoredPage.of(
            render_template("pages/privacy.html", site=operation(), kept=kept).encode(),
            "text/html",
            quick=True,
        )

    return (
        page_cache()
        .get(("privacy", language()), lambda: (statements_version(), longest_backup_days()), render)
        .response()
    )


@bp.get("/safety")
def safety() -> str:
    """Advice on safer signing, at a glance."""
    return render_template("pages/safety.html", site=operation())


@bp.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Where to report a security hole (RFC 9116). 404 where the operator has not said it."""
    contact = this_site().security_contact
    if not contact:
        abort(404)

    # The expiry date moves on once a day: as long as the site runs, the file is valid.
    expires = dt.datetime.combine(clock.today() + dt.timedelta(days=_SECURITY_DAYS), dt.time(), dt.UTC)
    languages = "en, be, ru"
    address = settings().site_url + url_for("pages.security_txt")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {languages}",
        f"Canonical: {address}",
    ]
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"

    return response
