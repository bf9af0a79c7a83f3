"""Whether timing reveals who has signed (threats.md, S3), and the cost of checking a proof of work."""

from __future__ import annotations

import http.client
import random
import statistics
import time
from urllib.parse import urlencode

from altcha import v2
from flask import Flask

from benchmarks.forms import filled_form
from benchmarks.table import PROOF, TIMING, Measured, Results
from campaign.signing import proof_of_work

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_PROOFS = 20


def measure(app: Flask, slug: str, site: int, number: int) -> Results:
    """The time of forms from addresses that have signed before (benchmarks.signings) and from new ones.

    `number` of each, in random order.
    """
    chance = random.Random("timing")
    wanted = [
        (known, f"{'signer' if known else 'stranger'}-{place}")
        for place in range(number)
        for known in (True, False)
    ]
    chance.shuffle(wanted)
    connection = http.client.HTTPConnection("127.0.0.1", site, timeout=60)
    took: dict[bool, list[float]] = {True: [], False: []}
    for known, name in wanted:
        body = urlencode(filled_form(chance, name))
        begun = time.perf_counter()
        connection.request("POST", f"/s/{slug}/sign", body, _FORM)
        connection.getresponse().read()
        took[known].append(1_000 * (time.perf_counter() - begun))

    connection.close()
    gap = abs(statistics.median(took[True]) - statistics.median(took[False]))
    middle = statistics.median(took[True] + took[False])
    timing = Measured(
        gap,
        f"medians of 2 × {number} around {middle:.2f} ms; Mann-Whitney p = "
        f"{mann_whitney(took[True], took[False]):.2f}",
    )

    return {TIMING: timing, PROOF: _checking(app)}


def mann_whitney(one: list[float], other: list[float]) -> float:
    """The two-sided p of the rank-sum test, by its normal approximation (Mann and Whitney, 1947).

    Ties are ignored: among times there are next to none.
    """
    ranked = sorted((value, of_one) for values, of_one in ((one, True), (other, False)) for value in values)
    ranks = sum(rank for rank, (_value, of_one) in enumerate(ranked, 1) if of_one)
    first, second = len(one), len(other)
    greater = ranks - first * (first + 1) / 2
    spread = (first * second * (first + second + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(greater - first * second / 2) / spread))


def _checking(app: Flask) -> Measured:
    with app.app_context():
        took = []
        for _each in range(_PROOFS):
            challenge = v2.Challenge.from_dict(proof_of_work.challenge(1))
            solution = v2.solve_challenge(challenge)
            if solution is None:
                raise SystemExit("A proof of work was not found.")
            sent = v2.Payload(challenge, solution).to_base64()
            begun = time.perf_counter()
            if proof_of_work.check(1, sent) is None:
                raise SystemExit("A right proof of work was refused.")
            took.append(1_000 * (time.perf_counter() - begun))

    return Measured(statistics.median(took), f"median of {_PROOFS}")
