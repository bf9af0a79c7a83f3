"""Languages of the interface: the prefix in the address decides, never a header or a cookie."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from babel import Locale, localedata
from flask import Flask, current_app, g, has_app_context, has_request_context, redirect, request
from flask_babel import force_locale, get_locale
from werkzeug import Response

from campaign.config import LANGUAGES, OFFERED
from campaign.core.catalogues import is_written_leftwards
from campaign.core.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENVIRON_KEY = "undersigned.language"
# Where it is set, the address had the prefix of a language that needs none, or that the site does not offer.
_MOVED = "undersigned.moved"
_OFFER = "language_offer"
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")
_SCRIPT = re.compile(r"-([A-Z][a-z]{3})\b")


@dataclass(frozen=True, slots=True)
class Offer:
    """The languages that the site offers, with their names in themselves, in its order; pages in the default
    one have no prefix.
    """

    languages: Mapping[str, str]
    default: str


UNCHOSEN = Offer(OFFERED, "en")


def let_choose(app: Flask, offer_of: Callable[[], Offer]) -> None:
    """Let a room above say what is offered. It is asked often, and must answer without a database too."""
    app.extensions[_OFFER] = offer_of


def offer() -> Offer:
    """What the running site offers."""
    given = current_app.extensions.get(_OFFER) if has_app_context() else None
    return cast(Callable[[], Offer], given)() if given else UNCHOSEN


def offered_languages() -> Mapping[str, str]:
    """The languages that the site offers: names in themselves by code, in its order."""
    return offer().languages


def default_language() -> str:
    """The code of the language whose pages have no prefix."""
    return offer().default


class LanguagePrefix:
    """WSGI middleware that takes `/be` off the path and gives it to url_for() as the script name.

    Links made on a page in Belarusian stay in Belarusian, and no route knows about languages.
    """

    def __init__(self, app: WSGIApplication, asked: Flask) -> None:
        self.app, self.asked = app, asked

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        first, bare = split_prefix(path)
        if first:
            with self.asked.app_context():
                given = offer()
            environ["PATH_INFO"] = bare
            if first in given.languages and first != given.default:
                environ[ENVIRON_KEY] = first
                environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            else:
                environ[_MOVED] = True
        return self.app(environ, start_response)


def split_prefix(path: str) -> tuple[str, str]:
    """`/be/s/free` as `be` and `/s/free`; without the prefix of a known language, empty and the path.

    The rest begins with one slash: with two it would be the address of another site.
    """
    first = path[1:].partition("/")[0]
    return (first, "/" + path[len(first) + 1 :].lstrip("/")) if first in LANGUAGES else ("", path)


def _send_on() -> Response | None:
    """A redirect from the prefix of a language that the site does not offer, or that needs none, to the page
    in the default language. What is posted there is taken, and a token gets into no further header.
    """
    if not request.environ.get(_MOVED) or request.method not in {"GET", "HEAD"}:
        return None
    if request.view_args and "token" in request.view_args:
        return None
    query = request.query_string.decode("ascii", "ignore")
    path = quote(request.script_root + request.path, safe="/:@!$&'()*+,;=-._~")
    answer = redirect(path + (f"?{query}" if query else ""), 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def init_app(app: Flask) -> None:
    """Send on whoever comes to a language that is not offered."""
    app.before_request(_send_on)
    app.jinja_env.globals["is_written_leftwards"] = is_written_leftwards


def select_language() -> str:
    """The locale of this request, for Flask-Babel."""
    return locale_of(_requested() if has_request_context() else default_language())


def locale_of(code: str) -> str:
    """The locale behind an interface language: English is written here as in Europe, with the day before the
    month.
    """
    return "en_GB" if code == "en" else code


def language() -> str:
    """The code of the interface language in force: `en`, `be`, `uk`."""
    if has_request_context():
        return _requested()
    locale = get_locale()
    return locale.language if locale else default_language()


def _requested() -> str:
    """The language of this request, the same from its beginning to its end."""
    if ENVIRON_KEY not in request.environ:
        request.environ[ENVIRON_KEY] = default_language()
    return str(request.environ[ENVIRON_KEY])


def in_language(code: str, address: str | None = None) -> str:
    """The address of this page (or `address`, a path of ours without the language) in another interface
    language.
    """
    prefix = "" if code == default_language() else f"/{code}"
    return prefix + (_own_address() if address is None else address)


def canonical(path: str, code: str | None = None) -> str:
    """The whole address of a page of ours in a language, by default that of the interface."""
    return settings().site_url + in_language(code or language(), path)


@contextmanager
def request_in(code: str) -> Iterator[None]:
    """A request to nowhere in which everything is said in this language: for what the worker or a command
    writes, and for a file in another language than the page.

    Nobody is signed in within it.
    """
    nowhere = current_app.test_request_context(
        "/", base_url=settings().site_url + in_language(code, ""), environ_overrides={ENVIRON_KEY: code}
    )
    # Within a request its language is remembered, and must be put aside.
    with nowhere, force_locale(locale_of(code)):
        yield


def link_as(address: str) -> None:
    """Let this page link to itself as `address`, from url_for(), where its own address can't be opened or
    must not be repeated.
    """
    g.linked_as = address.removeprefix(request.script_root)


def has_link() -> bool:
    """True when link_as() gave this page an address."""
    return "linked_as" in g


def _own_address() -> str:
    query = request.query_string.decode("ascii", "ignore")
    return str(g.get("linked_as") or request.path + (f"?{query}" if query else ""))


def language_name(code: str) -> str:
    """The name of a language in itself: `Русский`, `français`, `беларуская (лацініца)`."""
    if code in LANGUAGES:
        return LANGUAGES[code]
    locale = Locale.parse(code, sep="-")
    script = _SCRIPT.search(code)
    name = locale.get_language_name(locale) or code
    return f"{name} ({locale.scripts.get(script.group(1), script.group(1)).lower()})" if script else name


def language_tag(typed: str) -> str | None:
    """`BE-latn` as `be-Latn` (RFC 5646: language, perhaps a script, perhaps a region); None for a tag that we
    don't know.
    """
    found = _TAG.fullmatch(typed.strip())
    if found is None or not localedata.exists(found.group(1).lower()):
        return None

    language_part, script, region = (
        found.group(1).lower(),
        (found.group(2) or "").title(),
        (found.group(3) or "").upper(),
    )
    world = Locale("en")
    if (script and script not in world.scripts) or (region and region not in world.territories):
        return None
    return "-".join(part for part in (language_part, script, region) if part)
