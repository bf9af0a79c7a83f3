"""The affiliation of a person wherever the list is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaign.core.database import writing
from campaign.documents.letters import frozen_letter
from campaign.extensions import db
from campaign.handover.frozen_lists import freeze, lines_of, signatories_of
from campaign.handover.models import FrozenList
from campaign.moderation import operations as moderation
from campaign.signatures.models import Signature
from campaign.statements.models import Statement
from tests.support import Campaign, organisation_form
from tests.world.lists import PAPER, run

TYPED = "=<i>University</i> & Sons"
SHOWN = "=&lt;i&gt;University&lt;/i&gt; &amp; Sons"


@pytest.fixture
def link(campaign: Campaign) -> str:
    """A listed person with an affiliation. Their link."""
    campaign.statement("free")
    signed = campaign.signed(name="Hanna I.")
    campaign.affiliate(signed, TYPED)
    return signed


def test_row_05_an_affiliation_stands_wherever_the_list_is_read(
    app: Flask, client: FlaskClient, team: FlaskClient, link: str, tmp_path: Path
) -> None:
    for page in ("/s/free", "/s/free/signatories", "/s/free/report?q=Hanna"):
        assert f"<bdi>{SHOWN}</bdi>, <bdi>Poland</bdi>" in client.get(page).text, page
    assert SHOWN in team.get("/desk/statements/free/signatures").text
    [line] = client.get("/api/v1/statements/free/signatures").get_json()["signatures"]
    assert line["affiliation"] == TYPED and line["organisation"] is None
    for wanted, cell in (
        ("csv", f'"\'{TYPED}"'),
        ("json", json.dumps(TYPED)),
        ("text", f"Hanna I., {TYPED}"),
    ):
        path = tmp_path / wanted
        run(app, "export", "free", "--format", wanted, "--out", str(path))
        assert cell in path.read_text("utf-8-sig"), wanted
    with app.app_context(), writing() as session:
        frozen = freeze(session, session.scalars(select(Statement)).one()).id
    with app.app_context():
        assert json.loads(next(lines_of(frozen)))["affiliation"] == TYPED
        assert signatories_of(frozen)[0].affiliation == TYPED
    with app.test_request_context():
        [person] = frozen_letter(db.session.get_one(FrozenList, frozen)).people
        assert person.below == f"{TYPED}, Poland"


def test_row_05_what_was_exported_can_be_imported_again(
    app: Flask, campaign: Campaign, link: str, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    run(app, "export", "free", "--format", "csv", "--out", str(path))
    campaign.statement("again")
    assert run(app, "import", "again", str(path), *PAPER, "--yes").exit_code == 0
    with app.app_context():
        assert list(db.session.scalars(select(Signature.affiliation))) == [TYPED] * 2


def test_row_05_an_affiliation_leaves_all_lists_with_the_name(
    app: Flask, campaign: Campaign, client: FlaskClient, link: str
) -> None:
    with app.app_context(), writing() as session:
        frozen = freeze(session, session.scalars(select(Statement)).one()).id
        moderation.hide(session, session.scalars(select(Signature)).one())
    campaign.work()
    assert campaign.signature(link).affiliation is None
    with app.app_context():
        assert b"University" not in b"".join(lines_of(frozen))
    with app.app_context(), writing() as session:
        moderation.show_again(session, session.scalars(select(Signature)).one())
    campaign.work()
    assert campaign.signature(link).affiliation == TYPED
    client.post(link, data={"action": "withdraw"})
    campaign.work()
    with app.app_context():
        assert db.session.scalars(select(Signature)).one().affiliation is None
        assert b"University" not in b"".join(lines_of(frozen))


@pytest.mark.databases("sqlite", "postgresql")
def test_row_05_an_organisation_has_no_affiliation(app: Flask, campaign: Campaign) -> None:
    campaign.statement("free")
    signed = campaign.signed(**organisation_form())
    campaign.affiliate(signed, "University")
    row = campaign.signature(signed)
    assert row.affiliation is None
    with pytest.raises(IntegrityError), app.app_context(), writing() as session:
        session.get_one(Signature, row.id).affiliation = "University"
