"""The names of visitors, for limits."""

from __future__ import annotations

import pytest
from flask import Flask

from campaign.core.visitors import is_shared, visitor


@pytest.mark.parametrize(
    ("address", "with_port"),
    [
        ("203.0.113.7", "203.0.113.7:4711"),
        ("2a00:1450::1", "[2a00:1450::1]:4711"),
        ("2a00:1450::1", "[2a00:1450::1]"),
    ],
)
def test_a_port_that_a_proxy_adds_makes_nobody_of_a_visitor(app: Flask, address: str, with_port: str) -> None:
    names = []
    for sent in (address, with_port):
        with app.test_request_context(environ_base={"REMOTE_ADDR": sent}):
            assert not is_shared()
            names.append(visitor())
    assert names[0] == names[1]
