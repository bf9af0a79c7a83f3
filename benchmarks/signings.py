"""Complete signings: the form posted, the mail read from an SMTP server, its link confirmed, the name
listed.
"""

from __future__ import annotations

import http.client
import json
import queue
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.forms import filled_form
from benchmarks.stage import Stage, free_port, get, procfile, running
from benchmarks.table import COMPLETE, Measured, Results

_AT_ONCE = 4
_PATIENCE_SECONDS = 120
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


class MailServer:
    """An SMTP handler that accepts every mail and keeps the link in it."""

    def __init__(self) -> None:
        self.links: queue.Queue[str] = queue.Queue()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Take a mail."""
        found = re.search(rb"https?://[^/\s]+(/c/[\w.-]+)", envelope.original_content or b"")
        if not found:
            return "554 There is no link in it"
        self.links.put(found.group(1).decode())
        return "250 Kept"


@contextmanager
def _receiving() -> Iterator[tuple[MailServer, int]]:
    server, port = MailServer(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


def measure(stage: Stage, slug: str, site: int, number: int) -> Results:
    """`number` signings, from the first form to the last listed name, with a worker that sends real mail."""
    with _receiving() as (server, mail_port):
        settings = stage.at(site, MAIL_SERVER="127.0.0.1", MAIL_PORT=str(mail_port))
        with running(procfile("worker"), settings, stage.folder / "worker.log"):
            # The first goes alone: the worker has to start.
            _sign_all(server, slug, site, "warm", 1)
            begun = time.perf_counter()
            _sign_all(server, slug, site, "signer", number)
            took = time.perf_counter() - begun
    return {COMPLETE: Measured(number / took, f"{number} in {took:.1f} s")}


def _sign_all(server: MailServer, slug: str, site: int, name: str, number: int) -> None:
    chance = random.Random(name)
    forms = queue.SimpleQueue[str]()
    for place in range(number):
        forms.put(urlencode(filled_form(chance, f"{name}-{place}")))

    before = _listed(slug, site)
    share = [number // _AT_ONCE + (place < number % _AT_ONCE) for place in range(_AT_ONCE)]
    with ThreadPoolExecutor(2 * _AT_ONCE) as pool:
        done = [pool.submit(_post, site, part, lambda: (f"/s/{slug}/sign", forms.get())) for part in share]
        done += [
            pool.submit(
                _post, site, part, lambda: (server.links.get(timeout=_PATIENCE_SECONDS), "action=confirm")
            )
            for part in share
        ]
        for future in done:
            future.result()

    _wait_until_listed(slug, site, before + number)


def _post(site: int, number: int, following: Callable[[], tuple[str, str]]) -> None:
    """Post `number` forms on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", site, timeout=_PATIENCE_SECONDS)
    for _form in range(number):
        path, body = following()
        connection.request("POST", path, body, _FORM)
        response = connection.getresponse()
        response.read()
        if response.status != 303:
            raise SystemExit(f"A form was answered with {response.status}.")
    connection.close()


def _listed(slug: str, site: int) -> int:
    return int(json.loads(get(site, f"/s/{slug}/live.json")[2])["counts"]["total"])


def _wait_until_listed(slug: str, site: int, number: int) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while _listed(slug, site) < number:
        if time.monotonic() > end:
            raise SystemExit("The list did not grow as it should.")
        threading.Event().wait(0.05)
