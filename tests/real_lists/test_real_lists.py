"""Lists as people have them go in after one page of questions at most, and come out equal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.extensions import db
from campaign.signatures.models import SignatoryKind, Signature
from tests.real_lists.lists import RealList, Signed, real_lists
from tests.support import Campaign
from tests.world.lists import PAPER, run

pytestmark = pytest.mark.databases("sqlite")


def _listed() -> list[Signed]:
    rows = db.session.scalars(select(Signature).order_by(Signature.position)).all()
    return [
        Signed(
            row.name or "",
            (row.organisation_name or "") if row.kind == SignatoryKind.ORGANISATION else "",
            row.country or "",
            row.city or "",
            row.title or "",
            row.affiliation or "",
        )
        for row in rows
    ]


@pytest.mark.parametrize("real_list", real_lists(), ids=lambda real_list: real_list.name)
def test_a_real_list_goes_in_after_one_page_of_questions_and_comes_out_equal(
    real_list: RealList, app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    """The command names every question that is open, and lists nobody before it has all answers."""
    campaign.statement("free")
    path = tmp_path / real_list.name
    path.write_bytes(real_list.body)
    result = run(app, "import", "free", str(path), *PAPER, "--yes")
    if real_list.answers:
        assert result.exit_code == 1
        assert set(re.findall(r"--answer '?([^\s'=]+)=", result.output)) == real_list.answers.keys()
        given = [part for name, said in real_list.answers.items() for part in ("--answer", f"{name}={said}")]
        result = run(app, "import", "free", str(path), *PAPER, *given, "--yes")

    assert result.exit_code == 0, result.output
    with app.app_context():
        assert _listed() == list(real_list.signed)
