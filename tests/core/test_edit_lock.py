"""The optimistic lock of forms: another fingerprint means that somebody has saved meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from campaign.core.edit_lock import EditedMeanwhile, fingerprint, mark, marks_of, refuse_edited
from campaign.core.vault import Vault


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    """An app with nothing but a vault: marks are keyed."""
    app = Flask(__name__)
    app.extensions["vault"] = Vault(["a key of a test"])
    with app.app_context():
        yield


SAVED = {"goal": "100", "dated": dt.date(2026, 3, 3), "owners": [2, 1], "source": ""}


def test_the_same_values_have_the_same_fingerprint_in_any_order() -> None:
    assert fingerprint(SAVED) == fingerprint(dict(reversed(SAVED.items())))


@pytest.mark.parametrize(
    "change", [{"goal": "101"}, {"source": "A newspaper"}, {"owners": [1, 2]}, {"dated": None}]
)
def test_any_other_value_has_another_one(change: dict[str, object]) -> None:
    assert fingerprint(SAVED | change) != fingerprint(SAVED)


def test_empty_values_leave_no_mark() -> None:
    assert set(marks_of(fingerprint(SAVED))) == {"goal", "dated", "owners"}
    assert (fingerprint({"title": "", "body": None}), mark("")) == ("", "")


def test_what_somebody_made_up_is_refused_and_says_nothing_of_a_field() -> None:
    assert "goal" not in marks_of("made=up =  x")
    for opened_with in ("made=up =  x", "", None):
        with pytest.raises(EditedMeanwhile):
            refuse_edited(opened_with, fingerprint(SAVED))


def test_what_is_still_saved_is_let_through() -> None:
    refuse_edited(fingerprint(SAVED), fingerprint(SAVED))
    refuse_edited(None, "")
