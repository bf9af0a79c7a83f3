"""Languages of the interface: the prefix in the address decides, never a header or a cookie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from babel import Locale, localedata
from flask import current_app, g, has_request_context, request
from flask_babel import force_locale, get_locale

from campaign.config import LANGUAGES
from campaign.core.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_LANGUAGE = "en"
ENVIRON_KEY = "undersigned.language"
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}))?")
_SCRIPT = re.compile(r"-([A-Z][a-z]{3})\b")


class LanguagePrefix:
    """WSGI middleware that takes `/be` off the path and gives it to url_for() as the script name.

    Links made on a page in Belarusian stay in Belarusian, and no route knows about languages.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        first = path[1:].partition("/")[0]
        if first in LANGUAGES and first != DEFAULT_LANGUAGE:
            environ[ENVIRON_KEY] = first
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{first}"
            environ["PATH_INFO"] = path[len(first) + 1 :] or "/"
        return self.app(environ, start_response)


def select_language() -> str:
    """The locale of this request, for Flask-Babel."""
    return locale_of(
        request.environ.get(ENVIRON_KEY, DEFAULT_LANGUAGE) if has_request_context() else DEFAULT_LANGUAGE
    )


def locale_of(code: str) -> str:
    """The locale behind an interface language: English is written here as in Europe, with the day before the
    month.
    """
    return "en_GB" if code == "en" else code


def language() -> str:
    """The code of the interface language in force: `en`, `be`, `uk`."""
    if has_request_context():
        return str(request.environ.get(ENVIRON_KEY, DEFAULT_LANGUAGE))
    locale = get_locale()
    return locale.language if locale else DEFAULT_LANGUAGE


def in_language(code: str, address: str | None = None) -> str:
    """The address of this page (or `address`, a path of ours without the language) in another interface
    language.
    """
    prefix = "" if code == DEFAULT_LANGUAGE else f"/{code}"
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
