"""S34: an error anywhere, in a hook, an error page, a header, a thread or a command, is written down without path,
text or values.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from flask import Flask, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from campaign import create_app
from campaign.config import Settings
from campaign.core import logs, worker
from campaign.core.database import writing
from campaign.core.worker import Job
from campaign.extensions import db
from campaign.mailing.models import OutboxMail
from tests.support import Campaign, PublicClient, form

ROOT = Path(__file__).resolve().parent.parent.parent
CANARY = "canary-e81"
ONION = "http://canaryonionaddress.onion"
SIGNS = ["%0d%0a", "%0a", "%0d", "%00", "%ff", "%e2%80%a8", "%c3%a9", "ж", "%25%0a", "%22", "%3cb%3e", "%09"]
ADDRESSES = [
    "/x{}",
    "/c/" + CANARY + "{}",
    "/u/" + CANARY + "{}",
    "/i/" + CANARY + "{}",
    "/i/" + CANARY + "/suggest{}",
    "/s/" + CANARY + "{}",
    "/s/free/signatories?q=" + CANARY + "{}",
    "/s/free?text=" + CANARY + "{}",
    "/be/s/free?x=" + CANARY + "{}",
    "/v/" + CANARY + "{}",
    "/p/" + CANARY + "{}",
    "/t/" + CANARY + "{}",
    "/o/" + CANARY + "{}",
    "/api/v1/statements/" + CANARY + "{}",
    "/api/v1/statements/free/signatures?after=" + CANARY + "{}",
    "/embed/s/" + CANARY + "{}",
    "/oembed?url=" + CANARY + "{}",
    "/desk/invitation/" + CANARY + "{}",
    "/desk/" + CANARY + "{}",
    "/static/" + CANARY + "{}",
    "/" + CANARY + "{}/",
]


class Failing(LookupError):
    """An error whose text has what must not be told."""


def fail(*_arguments: Any, **_named: Any) -> NoReturn:
    """Fail with a text, and with a cause that has another."""
    secret = CANARY
    raise Failing(secret) from ValueError(f"{secret}@post.example.org")


@pytest.fixture
def onion_app(environment: dict[str, str], database_url: str, app: Flask) -> Iterator[Flask]:
    """The site with every optional address set."""
    hosts = {"ONION_URL": ONION, "LINK_URL": "http://post.neutral.example"}
    site = create_app(Settings.from_environment(environment | hosts | {"DATABASE_URL": database_url}))
    site.test_client_class = PublicClient
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """All that was logged, with every value of the records, and all that was printed."""
    caplog.set_level(logging.DEBUG)

    def read() -> str:
        captured = capfd.readouterr()
        # The mail server of the tests logs what it receives.
        records = "".join(
            str(vars(one)) + one.getMessage() for one in caplog.records if one.name != "mail.log"
        )
        return records + captured.out + captured.err

    return read


def test_no_address_however_written_breaks_the_site_or_reaches_the_log(
    onion_app: Flask, campaign: Campaign, logged: Callable[[], str]
) -> None:
    campaign.statement()
    token = campaign.submit(name="Canary Signer").rpartition("/")[2]
    client = onion_app.test_client()
    for sign in SIGNS:
        for address in (*ADDRESSES, f"/c/{token}{{}}"):
            for method in ("GET", "POST"):
                response = client.open(
                    address.format(sign), method=method, headers={"Referer": f"http://x/{CANARY}"}
                )
                assert response.status_code < 500, (method, address, sign)
                assert not any("\n" in value or "\r" in value for value in response.headers.values())
    told = logged()
    assert CANARY not in told and token not in told and "Traceback" not in told


def test_the_onion_address_is_quoted_and_only_on_pages(onion_app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    client = onion_app.test_client()
    page = client.get("/be/s/free?text=be&x=%D0%B6%0a")
    assert page.headers["Onion-Location"] == f"{ONION}/be/s/free?text=be&x=%D0%B6%0a"
    others = ["/x%0d%0a", "/nowhere", "/s", "/api/v1/statements", "/s/free/live.json", "/robots.txt"]
    for address in others:
        assert "Onion-Location" not in client.get(address).headers, address
    assert "Onion-Location" not in client.post("/s/free/sign", data=form()).headers
    assert "Onion-Location" not in client.get("/s/free", headers={"Host": "post.neutral.example"}).headers


def _before(site: Flask) -> None:
    site.before_request(fail)


def _after(site: Flask) -> None:
    site.after_request(fail)


def _teardown(site: Flask) -> None:
    site.teardown_request(fail)


def _teardown_of_context(site: Flask) -> None:
    site.teardown_appcontext(fail)


def _error_page(site: Flask) -> None:
    site.jinja_env.globals["static_url"] = fail


def _session(site: Flask) -> None:
    site.session_interface.open_session = fail  # type: ignore[method-assign]


def _header(site: Flask) -> None:
    def name(response: Response) -> Response:
        response.headers["X-Name"] = f"{CANARY}\nSet-Cookie: x"
        return response

    site.after_request(name)


def _middleware(site: Flask) -> None:
    site.wsgi_app = logs.LastResort(fail)  # type: ignore[method-assign]


def _streamed(site: Flask) -> None:
    def parts() -> Iterator[bytes]:
        yield b"a"
        fail()

    site.before_request(lambda: Response(parts()))


@pytest.mark.parametrize(
    "broken",
    [
        _before,
        _after,
        _teardown,
        _teardown_of_context,
        _error_page,
        _session,
        _header,
        _middleware,
        _streamed,
    ],
)
def test_an_error_outside_of_a_view_tells_where_and_nothing_else(
    environment: dict[str, str],
    database_url: str,
    app: Flask,
    campaign: Campaign,
    logged: Callable[[], str],
    broken: Callable[[Flask], None],
) -> None:
    campaign.statement()
    link = campaign.submit(name="Canary Signer")
    site = create_app(Settings.from_environment(environment | {"DATABASE_URL": database_url}))
    site.test_client_class = PublicClient
    broken(site)
    client, cut = site.test_client(), False
    for address in (link, f"/{CANARY}"):
        try:
            response = client.get(address)
            assert CANARY not in response.text + str(response.headers)
        except logs.AnswerCutOff:
            cut = True
    assert cut is (broken is _streamed)
    told = logged()
    assert "Failing: fail tests.security.test_s34_errors" in told or broken is _header
    assert CANARY not in told and link.rpartition("/")[2] not in told and "Traceback" not in told
    site.teardown_appcontext_funcs.clear()
    with site.app_context():
        db.engine.dispose()


def test_a_library_that_logs_an_error_tells_where_it_was(logged: Callable[[], str]) -> None:
    library = logging.getLogger("some.library")
    try:
        fail()
    except Failing as error:
        library.exception("while handling /c/%s", CANARY)
        library.error("failed: %s", error)
        library.error("failed: %(error)s", {"error": error})
        library.error(error)
    told = logged()
    assert CANARY not in told and "Traceback" not in told
    assert "Failing: fail tests.security.test_s34_errors" in told


def test_jobs_threads_and_mail_servers_tell_nothing(
    app: Flask, campaign: Campaign, logged: Callable[[], str]
) -> None:
    campaign.statement()
    campaign.sink.reply = lambda to: f"550 {to} {CANARY} unknown" if "canary" in to else None
    campaign.app.test_client().post("/s/free/sign", data=form(email=f"{CANARY}@post.example.org"))
    stop = threading.Event()

    def job() -> bool:
        stop.set()
        fail()

    worker._loop(app, Job("failing", 0.1, job), stop)
    worker.run_once(app)
    with app.app_context():
        troubles = [
            *db.session.scalars(db.select(OutboxMail.trouble)),
            *db.session.scalars(text("SELECT error FROM job_reports")),
        ]
        assert CANARY not in str(troubles) and "Failing" in str(troubles)
    assert CANARY not in logged()


def test_an_error_of_the_database_does_not_repeat_the_row(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(SQLAlchemyError) as caught, writing() as session:
            session.execute(
                text("INSERT INTO former_slugs VALUES (:a, :b, :c)"), {"a": CANARY, "b": CANARY, "c": 1}
            )
        assert CANARY not in str(caught.value)
        assert CANARY not in logs.described(caught.value)
        assert CANARY not in logs.described(psycopg.errors.UniqueViolation(CANARY))


ENDING = """
import threading
from wsgi import create_app
app = create_app()
def fail():
    raise LookupError("%(canary)s") from ValueError("%(canary)s")
one = threading.Thread(target=fail)
one.start()
one.join()
class Broken:
    def __del__(self):
        fail()
Broken()
@app.cli.command("break")
def broken():
    fail()
app.cli.main(["break"], prog_name="flask", obj=__import__("flask").cli.ScriptInfo(create_app=lambda: app))
"""


def test_what_ends_a_thread_or_a_command_tells_where_and_nothing_else(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDING % {"canary": CANARY}],
        env=environment | {"INSTANCE_PATH": str(tmp_path), "PATH": "/usr/bin", "FLASK_SKIP_DOTENV": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert CANARY not in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("LookupError: fail __main__") >= 3, done.stderr
