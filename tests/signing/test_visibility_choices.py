"""What each choice of visibility means, as the form says it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask

from campaign.signatures.models import Visibility
from campaign.signing.visibility_choices import visibility_hints
from campaign.statements.queries import StatementPage


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["The authorities of Belarus", "Ina Example"], "given to the authorities of Belarus, Ina Example."),
        (["Theodora Example"], "given to Theodora Example."),
        ([], "handed over with the list."),
    ],
)
def test_addressees_are_named_as_a_sentence_names_them(app: Flask, names: list[str], said: str) -> None:
    statement = cast(
        StatementPage, SimpleNamespace(addressees=[SimpleNamespace(name=name) for name in names])
    )
    with app.test_request_context("/"):
        assert visibility_hints(statement)[Visibility.PUBLIC].endswith(said)
