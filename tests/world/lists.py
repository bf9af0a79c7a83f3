"""Lists as files: commands that write and read them, and what stands in them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.signatures.models import Assent, Signature
from tests.support import csrf

HEADER = "kind,name,country,city,organisation,title,website"
PAPER = ("--source", "paper list of 3 May")


def run(app: Flask, *arguments: str) -> Result:
    """Run `flask campaign …`."""
    return app.test_cli_runner().invoke(args=["campaign", *arguments])


def sheet(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> str:
    """A CSV file."""
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding)
    return str(path)


def names(app: Flask) -> list[tuple[str | None, str | None, str | None]]:
    """(name, organisation, city) of all listed signatures, in their order."""
    with app.app_context():
        rows = db.session.scalars(
            select(Signature).where(Signature.state == "listed").order_by(Signature.position)
        )
        return [(row.name, row.organisation_name, row.city) for row in rows]


def written(app: Flask) -> int:
    """How many signatures and organisations there are."""
    with app.app_context():
        return sum(
            db.session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Signature, Organisation, Assent)
        )


EXPORT = "/desk/statements/free/export"


def fetch(team: FlaskClient, wanted: str = "csv", address: str = EXPORT) -> TestResponse:
    """Press one of the export buttons, read all, and hang up."""
    with team.post(address, data={"csrf_token": csrf(team), "format": wanted}) as response:
        response.get_data()
        return response


def read_csv(response: TestResponse) -> list[dict[str, str]]:
    """The rows of a CSV file, as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"), newline="")))
