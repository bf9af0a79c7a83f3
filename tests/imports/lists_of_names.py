"""Lists of names as the team uploads and imports them."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.signatures.models import Signature
from tests.support import Campaign, csrf_of

START = "/desk/statements/free/import"
SOURCE = {"source": "signed on paper", "collected_on": "2026-05-12", "evidence": "held by the Test League"}


def post(team: FlaskClient, address: str, **data: Any) -> TestResponse:
    """A form of the team."""
    return team.post(address, data=data | {"csrf_token": csrf_of(team.get(START))})


def upload(team: FlaskClient, content: str | bytes, name: str = "list.csv", **more: Any) -> str:
    """Choose a file, and go on to what was understood. Returns the address of that page."""
    raw = content.encode() if isinstance(content, str) else content
    response = post(team, START, **SOURCE | {"sheet": (io.BytesIO(raw), name)} | more)
    assert response.status_code == 303, response.text
    return str(response.location)


def paste(team: FlaskClient, *lines: str) -> str:
    """Paste names. Returns the address of the page with what was understood."""
    response = post(team, START, **SOURCE, lines="\n".join(lines))
    assert response.status_code == 303, response.text
    return str(response.location)


def carry_out(team: FlaskClient, campaign: Campaign, address: str, **order: str) -> TestResponse:
    """The two clicks, and the worker."""
    page = team.get(f"{address}/confirm", query_string=order)
    assert page.status_code == 200, page.text
    response = post(team, f"{address}/carry-out", **order)
    campaign.work()
    return response


def words(response: TestResponse) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def signatures(app: Flask) -> list[Signature]:
    """All of them, in the order of the list."""
    with app.app_context():
        return list(db.session.scalars(select(Signature).order_by(Signature.position, Signature.name)))
