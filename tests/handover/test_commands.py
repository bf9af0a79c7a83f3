"""The commands: a list to a file, a file to a list, the sample content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.accounts.models import AuditEntry, TeamMember
from campaign.core import whole_file
from campaign.desk.sample_content import FOLDER
from campaign.extensions import db
from campaign.signatories.listing import drifts
from campaign.signatures.models import Signature
from campaign.statements.models import Statement
from tests.database import Rows, all_rows, empty, put_back
from tests.support import Campaign
from tests.world.lists import PAPER, run, sheet


def test_export_writes_the_file_and_is_recorded_without_a_member(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.signed(name="Anna Example", city="Vilnius")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8") == "Anna Example, Vilnius\n"
    assert list(tmp_path.iterdir()) == [out]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).one()
    assert (entry.member_id, json.loads(entry.details)["rows"]) == (None, 1)


def test_without_a_file_the_list_goes_to_standard_output_alone(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement()
    campaign.sign()
    out = tmp_path / "list.csv"
    run(app, "export", "free", "--format", "csv", "--out", str(out))
    result = run(app, "export", "free", "--format", "csv")
    assert result.exit_code == 0 and result.stdout_bytes == out.read_bytes()
    assert result.stderr == "1 signatories in all.\n"


def test_an_export_that_breaks_leaves_the_older_file(app: Flask, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign.statement("free")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    monkeypatch.setattr(whole_file.os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(out, "an older list")]


@pytest.mark.parametrize("wanted", ["xlsx"])
def test_formats_that_come_later_say_so(app: Flask, campaign: Campaign, tmp_path: Path, wanted: str) -> None:
    campaign.statement("free")
    result = run(app, "export", "free", "--format", wanted, "--out", str(tmp_path / "list"))
    assert result.exit_code == 1
    assert f"There is no {wanted} yet. There are: csv, json, text." in result.output


def test_drafts_and_unknown_statements_have_no_list(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("draft", publish=False)
    for slug, words in (("draft", "is a draft"), ("unknown", "There is no statement “unknown”")):
        for arguments in (("export", slug, "--format", "csv", "--out", str(tmp_path / "x")), ("import", slug, sheet(tmp_path), *PAPER)):
            result = run(app, *arguments)
            assert result.exit_code == 1
            assert words in result.output


def test_the_sample_loads_once(app: Flask) -> None:
    assert "Sign in at /desk/sign-in as team@undersigned.example with " in run(app, "sample").output
    empty(app)
    first, second = run(app, "sample", "--password", "correct horse battery"), run(app, "sample")
    assert "Loaded 6 statements with 14 signatories." in first.output, first.output
    assert "correct horse" not in first.output
    assert "is already here" in second.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 14
        statements = db.session.scalars(select(Statement).order_by(Statement.id)).all()
        assert [(row.status, row.sample) for row in statements] == [
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("handed over", True),
            ("open", True),
        ]
        assert db.session.scalars(select(TeamMember)).one().email == "team@undersigned.example"
        assert drifts() == []


# Loading it takes seconds: by the address of its database it is loaded once, and its rows are put back for the next test.
_loaded: dict[str, Rows] = {}


@pytest.fixture
def sample(app: Flask) -> Flask:
    """The site with the sample content."""
    address = app.extensions["settings"].database_url
    if address in _loaded:
        put_back(app, _loaded[address])
    else:
        run(app, "sample")
        _loaded[address] = all_rows(app)
    return app


def test_the_sample_letter_as_text(sample: Flask, tmp_path: Path) -> None:
    out = tmp_path / "letter.txt"
    run(sample, "export", "withdraw-the-lawsuit-against-the-belarusian-helsinki-committee", "--format", "text", "--out", str(out))
    assert out.read_text("utf-8").splitlines() == [
        "1. Marie Struthers, Director, Eastern Europe and Central Asia Regional Office, Amnesty International, United Kingdom",
        "2. Andrew Anderson, Executive Director, Front Line Defenders, Ireland",
        "3. Maria Dahle, Director, Human Rights House Foundation, Norway",
        "4. Hugh Williamson, Director, Europe and Central Asia Division, Human Rights Watch, United States",
        "5. Alice Mogwe, President, International Federation for Human Rights (FIDH), France",
    ]


def test_the_sample_pages_can_be_read(sample: Flask) -> None:
    client = sample.test_client()
    slugs = {file.name.partition(".")[0] for file in FOLDER.glob("*.md")}
    assert len(slugs) == 6
    for slug in slugs:
        for prefix in ("", "/be"):
            assert client.get(f"{prefix}/s/{slug}").status_code == 200
            assert client.get(f"{prefix}/s/{slug}/versions").status_code == 200
    assert "Lawtrend" in client.get("/s/human-rights-work-is-not-extremism").text


def test_the_sample_claims_no_day_that_is_not_recorded(sample: Flask) -> None:
    client = sample.test_client()
    assert '<p class="meta">January 2023' in client.get("/s/the-moscow-helsinki-group-must-not-be-silenced").text
    assert '<p class="meta">студзень 2023' in client.get("/be/s/the-moscow-helsinki-group-must-not-be-silenced").text
    assert '<p class="meta">2021' in client.get("/s/freedom-of-association-is-not-a-favour").text
    assert client.get("/api/v1/statements/the-moscow-helsinki-group-must-not-be-silenced").get_json()["dated"] == "2023-01"


def test_the_sample_letter_was_handed_over_and_never_answered(sample: Flask) -> None:
    text = sample.test_client().get("/s/withdraw-the-lawsuit-against-the-belarusian-helsinki-committee").text
    assert "Five international human rights organisations" in text
    assert "No reply for" in text
    assert "Demands change" in sample.test_client().get("/s/free-viasna/versions").text
