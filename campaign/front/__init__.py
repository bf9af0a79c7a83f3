"""The front: what stands between the sockets and the app, on the event loop of granian (RSGI).

No client holds a thread here. The loop reads a request's body whole, within a size, a time and a rate, and
only then hands the request to Flask, which runs as WSGI in a pool of threads. An answer is sent whole, or
piece by piece as fast as its reader takes it. `/healthz` and pages that are still fresh are answered from
memory, without a thread. See decision 0032.
"""

from campaign.front.server import Front

__all__ = ["Front"]
