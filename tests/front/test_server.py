"""What the front answers itself, and when the app fails."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask, Response

from campaign.core.page_cache import PageCache, StoredPage, page_cache
from campaign.core.request_body import takes_up_to
from tests.world.exchanges import Headers, RequestScope, answers


class _Failing:
    config = {"MAX_CONTENT_LENGTH": 1_000}
    extensions = {"settings": SimpleNamespace(web_threads=1, site_url="http://localhost", trusted_proxies=0)}

    def __call__(self, _environ: object, _start: object) -> list[bytes]:
        raise ValueError("Anna Example, token 4711")


def test_an_error_outside_of_every_view_is_answered_and_logged_without_a_word_of_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.front.refusals.Refusals.make", lambda _refusals, _app: None)
    with caplog.at_level(logging.DEBUG):
        [answer] = answers(
            monkeypatch, cast(Flask, _Failing()), (RequestScope("/c/token-4711", "name=Anna"), b"")
        )
    assert (answer[0], answer[2]) == (500, b"")
    assert "ValueError" in caplog.text
    for word in ("Anna", "4711", "198.51.100.7", "/c/"):
        assert word not in caplog.text


def _small() -> Flask:
    """An app without a database."""
    app = Flask("small")
    app.config["MAX_CONTENT_LENGTH"] = 1_000
    app.extensions["settings"] = SimpleNamespace(
        web_threads=1, site_url="http://localhost", trusted_proxies=0, secret_keys=("key",)
    )
    app.extensions["page_cache"] = PageCache()
    return app


@pytest.mark.parametrize(("room", "uploads", "statuses"), [(9_999, 0, [200, 503]), (0, 9_999, [503, 200])])
def test_uploads_that_are_held_keep_nobody_from_sending_a_form(
    monkeypatch: pytest.MonkeyPatch, room: int, uploads: int, statuses: list[int]
) -> None:
    """Anybody may begin an upload, of 26 MB and nine minutes, before it is known who they are."""
    monkeypatch.setattr("campaign.front.refusals.Refusals.make", lambda _refusals, _app: None)
    app = _small()

    @app.post("/form")
    def form() -> str:
        return "taken"

    @app.post("/upload")
    @takes_up_to(5_000)
    def upload() -> str:
        return "taken"

    asked = [
        (
            RequestScope(
                path, method="POST", headers=Headers([("host", "localhost"), ("content-length", "4")])
            ),
            b"a=1&",
        )
        for path in ("/form", "/upload")
    ]
    found = answers(monkeypatch, app, *asked, room=room, uploads=uploads)
    assert [status for status, _headers, _body in found] == statuses


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("if-none-match", '"old"', '"{etag}"'), ("accept-encoding", "gzip", "br, gzip;q=0")],
)
def test_a_second_line_of_a_header_does_not_choose_what_others_get(
    monkeypatch: pytest.MonkeyPatch, name: str, first: str, second: str
) -> None:
    monkeypatch.setattr("campaign.front.refusals.Refusals.make", lambda _refusals, _app: None)
    app = _small()
    page = StoredPage.of(b"the newest page " * 100, "text/html")

    @app.get("/page")
    def shown() -> Response:
        return page_cache().get("page", lambda: 1, lambda: page).response()

    alone = [("host", "localhost"), (name, first)]
    both = [*alone, (name, second.format(etag=page.etag))]
    poisoned, honest = answers(
        monkeypatch, app, *((RequestScope("/page", headers=Headers(lines)), b"") for lines in (both, alone))
    )
    assert (poisoned[0], dict(poisoned[1]).get("Content-Encoding")) != (
        honest[0],
        dict(honest[1]).get("Content-Encoding"),
    )
    assert honest[0] == 200
