"""Lists of names as the team uploads and imports them."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.imports.column_mapping import guess
from campaign.imports.left_out import LeftOut
from campaign.imports.row_parser import ParsedSignatory
from campaign.imports.row_reader import RowReader
from campaign.imports.wanted_rows import wanted_rows
from campaign.imports.who_signs import who_signs
from campaign.sheets.questions import Asked
from campaign.sheets.readers import read_file
from campaign.signatures.models import Signature
from campaign.statements.models import Signers
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


def read_rows(
    body: str | bytes, answers: Mapping[str, str] | None = None
) -> tuple[list[ParsedSignatory], Asked, LeftOut]:
    """The signatories of a table, the questions that it raises, and what is left out, as the check reads it."""
    raw = body.encode() if isinstance(body, str) else body
    table = read_file(io.BytesIO(raw))
    rows = list(table.rows)
    layout, asked = guess(rows), Asked(answers, table.questions)
    width = next((len(cells) for row, cells in rows if row == layout.header), 0)
    reader = RowReader(layout, width, asked, who_signs(rows, layout, Signers.BOTH), head=rows)
    found = list(reader.read(wanted_rows(rows, layout, asked, reader.left_out)))
    return [one.entry for one in found if one.entry], asked, reader.left_out
