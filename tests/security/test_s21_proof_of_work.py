"""S21: a proof of work expires, is bound to its statement, and is good once, also when it comes twice at
the same moment.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from altcha import v2
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.signing import proof_of_work
from campaign.signing.models import SpentProof
from tests.support import Campaign

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def solved(statement: int) -> v2.Payload:
    """A right proof for a statement."""
    challenge = v2.Challenge.from_dict(proof_of_work.challenge(statement))
    solution = v2.solve_challenge(challenge)
    assert solution is not None
    return v2.Payload(challenge, solution)


def test_a_right_proof_is_good_once(context: Flask) -> None:
    proof = proof_of_work.check(1, solved(1).to_base64())
    assert proof is not None
    for expected in (True, False, False):
        with writing() as session:
            assert proof_of_work.spend_proof(session, proof) is expected


def test_the_same_proof_spelled_otherwise_is_the_same_proof(context: Flask) -> None:
    payload = solved(1)
    first = proof_of_work.check(1, payload.to_base64())
    spelled = json.dumps(payload.to_dict() | {"more": 1}, indent=3)
    again = proof_of_work.check(1, base64.b64encode(spelled.encode()).decode())
    assert first is not None and again is not None and first.mark == again.mark


def test_a_proof_is_bound_to_its_statement(context: Flask) -> None:
    assert proof_of_work.check(2, solved(1).to_base64()) is None


def test_a_proof_is_over_after_half_an_hour(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = solved(1).to_base64()
    assert proof_of_work.check(1, sent) is not None
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31))
    assert proof_of_work.check(1, sent) is None


CHANGES: list[Callable[[dict[str, Any]], Any]] = [
    lambda sent: sent["challenge"]["parameters"].update(expiresAt=9_999_999_999),
    lambda sent: sent["challenge"]["parameters"].update(data={"statement": 2}),
    lambda sent: sent["challenge"]["parameters"].update(keyPrefix=""),
    lambda sent: sent["challenge"]["parameters"].update(cost=1),
    lambda sent: sent["challenge"].update(signature="00" * 32),
    lambda sent: sent["challenge"].pop("signature"),
    lambda sent: sent["solution"].update(counter=sent["solution"]["counter"] + 1, derivedKey="00" * 32),
    lambda sent: sent["solution"].update(counter=2**40),
    lambda sent: sent["solution"].update(counter=-1),
    lambda sent: sent["solution"].update(counter="1"),
    lambda sent: sent["solution"].update(derivedKey="ff" * 32),
]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_can_be_changed_in_it(context: Flask, change: Callable[[dict[str, Any]], Any]) -> None:
    sent = solved(1).to_dict()
    change(sent)
    for statement in (1, 2):
        assert proof_of_work.check(statement, base64.b64encode(json.dumps(sent).encode()).decode()) is None


def test_a_challenge_can_not_be_answered_with_the_solution_of_another(context: Flask) -> None:
    one, other = solved(1), solved(1)
    while one.solution.counter == other.solution.counter:
        other = solved(1)
    assert proof_of_work.check(1, v2.Payload(one.challenge, other.solution).to_base64()) is None


def test_of_many_that_come_at_once_one_counts(app: Flask) -> None:
    with app.app_context():
        proof = proof_of_work.check(1, solved(1).to_base64())
    assert proof is not None
    spent: list[bool] = []
    start = threading.Barrier(12)

    def use() -> None:
        start.wait()
        with app.app_context(), writing() as session:
            spent.append(proof_of_work.spend_proof(session, proof))

    threads = [threading.Thread(target=use) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(spent), spent.count(True)) == (12, 1)


def test_marks_go_when_their_proofs_are_over(
    context: Flask, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = proof_of_work.check(1, solved(1).to_base64())
    assert proof is not None
    with writing() as session:
        proof_of_work.spend_proof(session, proof)
        assert proof_of_work.purge_proofs() == 0
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31))
    with writing():
        assert proof_of_work.purge_proofs() == 1
    assert db.session.query(SpentProof).count() == 0


WORDS = "challenge parameters solution counter derivedKey signature nonce salt cost algorithm data expiresAt keyPrefix x".split()  # noqa: SIM905
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=8),
    max_leaves=20,
)


@given(
    sent=st.text(max_size=300)
    | NESTED.map(lambda value: base64.b64encode(json.dumps(value).encode()).decode())
)
def test_anything_that_is_sent_is_refused_without_an_error(context: Flask, sent: str) -> None:
    assert proof_of_work.check(1, sent) is None
