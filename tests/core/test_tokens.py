"""A token opens one row for one purpose, and nothing else."""

from __future__ import annotations

import base64
import contextlib
import uuid
from collections.abc import Iterator
from itertools import permutations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from campaign.core import tokens
from campaign.core.tokens import Purpose, TokenInvalid, issue, read

ROW = uuid.UUID("44acb5ec-9f4c-4f1c-b17c-f7c3bea8c501")
OLD, NEW = "an old secret " * 3, "a new secret " * 3


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    app = _app_with(OLD, NEW)
    with app.app_context():
        yield


def _app_with(*keys: str) -> Flask:
    app = Flask("tokens")
    tokens.init_app(app, keys)
    return app


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_gives_its_row_back(purpose: Purpose) -> None:
    assert read(purpose, issue(purpose, ROW)) == ROW


@pytest.mark.parametrize(("made", "read_as"), list(permutations(Purpose, 2)))
def test_each_purpose_refuses_the_tokens_of_the_others(made: Purpose, read_as: Purpose) -> None:
    with pytest.raises(TokenInvalid):
        read(read_as, issue(made, ROW))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_an_old_key_still_verifies_until_it_is_removed(purpose: Purpose) -> None:
    with _app_with(OLD).app_context():
        before = issue(purpose, ROW)
    assert read(purpose, before) == ROW
    with _app_with(NEW).app_context(), pytest.raises(TokenInvalid):
        read(purpose, before)


def test_the_newest_key_signs() -> None:
    token = issue(Purpose.SIGNATURE, ROW)
    with _app_with(NEW).app_context():
        assert read(Purpose.SIGNATURE, token) == ROW


def test_a_token_that_was_cut_anywhere_is_refused() -> None:
    token = issue(Purpose.SIGNATURE, ROW)
    for length in range(len(token)):
        with pytest.raises(TokenInvalid):
            read(Purpose.SIGNATURE, token[:length])


def test_a_token_with_any_character_changed_is_refused() -> None:
    token = issue(Purpose.SIGNATURE, ROW)
    # The last character of base64 carries bits that are not part of the signature.
    for index in range(len(token) - 1):
        changed = token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :]
        with pytest.raises(TokenInvalid):
            read(Purpose.SIGNATURE, changed)


def test_the_signature_of_one_row_does_not_open_another() -> None:
    other = base64.urlsafe_b64encode(uuid.UUID(int=1).bytes).rstrip(b"=").decode()
    with pytest.raises(TokenInvalid):
        read(Purpose.SIGNATURE, f"{other}.{issue(Purpose.SIGNATURE, ROW).partition('.')[2]}")


def test_a_token_is_short_and_safe_in_an_address() -> None:
    token = issue(Purpose.SIGNATURE, ROW)
    assert len(token) == 22 + 1 + 43
    assert not set(token) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@given(st.text(max_size=120) | st.text(alphabet="RAyRsjPDQ3WrTF5YfxDPaw.=_-%\0", max_size=80))
def test_no_text_raises_anything_but_token_invalid(text: str) -> None:
    for purpose in Purpose:
        with pytest.raises(TokenInvalid):
            read(purpose, text)


@given(st.binary(max_size=40))
def test_even_a_genuine_signature_over_something_else_is_refused_cleanly(value: bytes) -> None:
    signed = tokens._signer(Purpose.SIGNATURE).sign(value)
    with contextlib.suppress(TokenInvalid):
        assert isinstance(read(Purpose.SIGNATURE, signed.decode("latin-1")), uuid.UUID)
