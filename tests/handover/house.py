"""What the tests of exports and imports share."""

from __future__ import annotations

from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.signatures.models import Assent, Signature

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
        rows = db.session.scalars(select(Signature).where(Signature.state == "listed").order_by(Signature.position))
        return [(row.name, row.organisation_name, row.city) for row in rows]


def written(app: Flask) -> int:
    """How many signatures and organisations there are."""
    with app.app_context():
        return sum(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Signature, Organisation, Assent))
