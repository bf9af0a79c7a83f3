"""The local mailbox, shown only where LOCAL_MAILBOX is set: mails in it are for trying things out."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, Response, abort, make_response, render_template
from markupsafe import Markup, escape

from campaign.core.headers import never_stored
from campaign.core.settings import settings
from campaign.mailing import mailbox

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@bp.before_request
def only_where_asked_for() -> None:
    """Abort with 404 unless LOCAL_MAILBOX is set."""
    if not settings().local_mailbox:
        abort(404)


@bp.get("")
def index() -> Response:
    """All mails, newest first."""
    return never_stored(
        make_response(
            render_template(
                "mailing/mailbox.html", mails=mailbox.received(settings().instance_path), when=_when
            )
        )
    )


@bp.get("/<key>")
def show(key: str) -> Response:
    """One mail with its headers and plain text, links working."""
    mail = mailbox.find(settings().instance_path, key)
    if mail is None:
        abort(404)
    return never_stored(
        make_response(
            render_template("mailing/mailbox_mail.html", mail=mail, when=_when, text=_with_links(mail.text))
        )
    )


@bp.get("/<key>/html")
def html(key: str) -> Response:
    """The HTML of one mail, alone and without any script, as a mail program would show it."""
    mail = mailbox.find(settings().instance_path, key)
    if mail is None:
        abort(404)
    response = never_stored(make_response(mail.html))
    # Mails carry their style with them, since mail programs load none.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    )
    return response


def _when(at: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, dt.UTC)


def _with_links(text: str) -> Markup:
    parts = re.split(r"(https?://\S+)", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )
