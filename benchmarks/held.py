"""The time in which `/healthz` answers while clients hold as many sockets as they can (threats.md, S31)."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import ExitStack

from benchmarks.table import HEALTH, Measured, Results

_OF_EACH = 64
_ASKED = 60
_EVERY_SECONDS = 0.1


def measure(site: int, slug: str) -> Results:
    """The slowest answer, while 64 clients send a body that does not end, 64 headers that do not end, and 64
    read nothing of what they ask for.
    """
    host = b"Host: 127.0.0.1:%d\r\n" % site
    form = b"POST /s/%s/sign HTTP/1.1\r\n%sContent-Length: 900\r\n" % (slug.encode(), host)
    held = (
        form + b"Content-Type: application/x-www-form-urlencoded\r\n\r\nna=",
        b"GET /s/%s HTTP/1.1\r\n%sX-Slow: y" % (slug.encode(), host),
        (b"GET /s/%s HTTP/1.1\r\n%s\r\n" % (slug.encode(), host)) * 20,
    )
    took = []
    with ExitStack() as sockets:
        for sent in held:
            for _client in range(_OF_EACH):
                one = sockets.enter_context(socket.create_connection(("127.0.0.1", site), timeout=10))
                one.sendall(sent)
        for _try in range(_ASKED):
            begun = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", site, timeout=60)
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == 200
            connection.close()
            took.append(1_000 * (time.perf_counter() - begun))
            time.sleep(_EVERY_SECONDS)

    return {HEALTH: Measured(max(took), f"of {_ASKED}; half of them in {sorted(took)[_ASKED // 2]:.1f} ms")}
