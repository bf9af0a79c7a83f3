"""Error pages, in the reader's language, with what to do next."""

from __future__ import annotations

import logging

from flask import Flask, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, NoResultFound, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, NotFound

from campaign.core.hosts import ForeignHost, on_neutral_host, on_own_host
from campaign.core.language import has_link, link_as
from campaign.core.logs import described
from campaign.core.origin import SAFE_METHODS, TEAM_PREFIX, is_team_request
from campaign.core.query_parameters import WrongParameter
from campaign.core.tokens import TokenExpired, TokenInvalid
from campaign.extensions import db

log = logging.getLogger(__name__)
# Names neither the site nor a page of it.
NEUTRAL = "core/problem_neutral.html"


def init_app(app: Flask) -> None:
    """Register a page for every error; API addresses answer in JSON."""
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(WrongParameter, _wrong_parameter)
    app.register_error_handler(TokenInvalid, _token_invalid)
    # A second click, or somebody else, has removed what a form is about.
    for removed in (NoResultFound, ObjectDeletedError):
        app.register_error_handler(removed, _removed)
    app.register_error_handler(TokenExpired, _token_expired)
    # Without Redis nothing would be counted: better no form than one without limits.
    for outage in (OperationalError, InterfaceError, PoolTimeout, RedisError):
        app.register_error_handler(outage, _outage)
    app.register_error_handler(Exception, _broken)


def page(status: int, title: str, text: str, name: str = "core/problem.html") -> Response:
    """An error page that says what happened and what to do next; under a name that is not the site's it names
    no other page.
    """
    if not on_own_host():
        link_as(url_for("signing.check_your_mail"))
        return make_response(render_template(NEUTRAL, title=title, text=text), status)
    if request.path.startswith("/api/"):
        return make_response({"error": title}, status)
    _choose_links()
    return make_response(render_template(name, title=title, text=text), status)


def _choose_links() -> None:
    """Let an error page link to other languages of its own address only where that can be opened and holds no
    token.
    """
    of_token = "token" in (request.view_args or {})
    opens = request.method in SAFE_METHODS and request.url_rule is not None
    if has_link() or (opens and not of_token):
        return
    outside = url_for("signing.check_your_mail") if of_token else "/"
    link_as(f"{TEAM_PREFIX}/" if is_team_request() else outside)


def _removed(_error: Exception) -> Response:
    db.session.rollback()
    return _refused(NotFound())


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        return make_response(error.get_response())

    texts = {
        400: (_("We could not read this request"), _("Please go back, reload the page and try again.")),
        403: (
            _("This form was sent from another site"),
            _(
                "For your safety we accept forms only from our own pages. Please open the page here and "
                "send the form again."
            ),
        ),
        404: (
            _("There is no page at this address"),
            _(
                "It may have moved, or part of the address is missing. The list of all statements may help "
                "you find it."
            ),
        ),
        405: (_("This page can't be used that way"), _("Please go back and use the buttons on the page.")),
        408: (
            _("What you sent did not arrive in time"),
            _("Your connection may be slow at the moment. Please go back and send it again."),
        ),
        413: (_("This is too large"), _("Please shorten what you send and try again.")),
        429: (_("Too many tries"), _("Please wait a minute and try again.")),
        503: (
            _("Too many people are using this page at the moment"),
            _("Nothing was recorded. Please try again in a minute."),
        ),
    }
    title, text = texts.get(status, (_("Something went wrong"), _("Please go back and try again.")))
    name = "core/problem.html"
    if isinstance(error, ForeignHost):
        title, text, name = (
            _("This site has a different address"),
            _("Please open it at the address that was published."),
            NEUTRAL,
        )
    elif status == 404 and on_neutral_host():
        text = _cut_off()

    response = page(status, title, text, name)
    for name in ("Retry-After", "Allow"):
        if name in error.get_response().headers:
            response.headers[name] = error.get_response().headers[name]

    return response


def _wrong_parameter(error: WrongParameter) -> Response:
    """400 with a sentence, and a link to the page without parameters; for programs, the sentence alone."""
    if request.path.startswith("/api/"):
        return make_response({"error": error.sentence}, 400)
    if not on_own_host():
        return page(400, _("We could not read this request"), error.sentence)
    whole = request.script_root + request.path
    link_as(request.path)
    html = render_template(
        "core/problem.html",
        title=_("We could not read this request"),
        text=error.sentence,
        whole=whole,
    )
    return make_response(html, 400)


def _token_invalid(_error: TokenInvalid) -> Response:
    return page(
        404,
        _("This link is not complete"),
        _cut_off(),
        NEUTRAL,
    )


def _cut_off() -> str:
    return str(
        _(
            "Part of it may have been cut off. Please open it again from the e-mail, or copy"
            " the whole line into the address bar. You can also enter the code from the e-mail."
        )
    )


def _token_expired(_error: TokenExpired) -> Response:
    return page(
        410,
        _("This link no longer works"),
        _(
            "It was valid for a limited time or for one use, and does not show what was done with it."
            " You are welcome to fill in the form again: we will send a new e-mail."
        ),
        NEUTRAL,
    )


def _outage(error: SQLAlchemyError | RedisError) -> Response:
    log.error("database or Redis unavailable: %s", type(error).__name__)
    _end_transaction()
    response = page(
        503,
        _("We can't save anything just now"),
        _(
            "Nothing was recorded. Please try again in a minute: what you typed is still in your browser "
            "when you go back."
        ),
        NEUTRAL,
    )
    response.headers["Retry-After"] = "30"

    return response


def _broken(error: Exception) -> Response:
    log.error("unhandled in %s: %s", request.endpoint, described(error))
    _end_transaction()
    return page(
        500,
        _("Something went wrong on our side"),
        _("The error was recorded, and the people who run this site will see it. Please try again later."),
        NEUTRAL,
    )


def _end_transaction() -> None:
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
