"""The command that writes a list to a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.core import whole_file
from campaign.extensions import db
from tests.support import BELARUSIAN, ENGLISH, Campaign
from tests.world.lists import PAPER, run, sheet


def test_export_writes_the_file_and_is_recorded_without_a_member(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    campaign.sign(name="Anna Example", city="Vilnius")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8") == "Anna Example, Vilnius\n"
    assert list(tmp_path.iterdir()) == [out]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).one()
    assert (entry.member_id, json.loads(entry.details)["rows"]) == (None, 1)


def test_without_a_file_the_list_goes_to_standard_output_alone(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement()
    campaign.sign()
    out = tmp_path / "list.csv"
    run(app, "export", "free", "--format", "csv", "--out", str(out))
    result = run(app, "export", "free", "--format", "csv")
    assert result.exit_code == 0 and result.stdout_bytes == out.read_bytes()
    assert result.stderr == "1 signatories in all.\n"


def test_an_export_that_breaks_leaves_the_older_file(
    app: Flask, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement("free")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    monkeypatch.setattr(
        whole_file.os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(out, "an older list")]


def test_every_format_that_the_help_offers_is_written_and_no_other_is_offered(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    (offered,) = re.findall(r"--format \[([a-z|]+)\]", run(app, "export", "--help").output)
    assert offered.split("|") == ["csv", "xlsx", "pdf", "docx", "json", "text", "un"]
    campaign.statement("signed", texts=(ENGLISH, BELARUSIAN))
    campaign.signed(slug="signed")
    letter = ("--language", "be", "--text", "be", "--place", "Vilnius")
    begins = {
        "csv": b"\xef\xbb\xbf",
        "xlsx": b"PK",
        "pdf": b"%PDF",
        "docx": b"PK",
        "json": b"{",
        "text": b"Anna",
        "un": b"PK",
    }
    for wanted in offered.split("|"):
        assert run(app, "export", "free", "--format", wanted, "--out", str(tmp_path / wanted)).exit_code == 0
        out = tmp_path / f"signed.{wanted}"
        done = run(app, "export", "signed", "--format", wanted, *letter, "--out", str(out))
        assert done.exit_code == 0 and "1 signatories in" in done.output, done.output
        assert out.read_bytes().startswith(begins[wanted]), wanted
    assert run(app, "export", "free", "--format", "odt", "--out", str(tmp_path / "x")).exit_code == 2


def test_options_of_the_page_are_options_of_the_command(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    campaign.signed()
    secret, out = pyrage.x25519.Identity.generate(), tmp_path / "list.csv"
    choices = (
        "--list",
        "addressee",
        "--columns",
        "name,country_name",
        "--headings",
        "words",
        "--language",
        "de",
    )
    key = ("--recipient", str(secret.to_public()))
    assert run(app, "export", "free", "--format", "csv", *choices, *key, "--out", str(out)).exit_code == 0
    assert (
        pyrage.decrypt(out.read_bytes(), [secret]).decode("utf-8-sig").splitlines()[1]
        == '"Anna Example","Polen"'
    )
    for wrong, words in (
        (("--columns", "sealed"), "no column “sealed”"),
        (("--recipient", "me"), "not an age public key"),
        (("--text", "fr"), "not published in the language"),
    ):
        refused = run(app, "export", "free", "--format", "csv", *wrong, "--out", str(out))
        assert refused.exit_code == 1 and words in refused.output, wrong
    assert run(app, "export", "free", "--format", "pdf", "--list", "contacts").exit_code == 1


def test_drafts_and_unknown_statements_have_no_list(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("draft", publish=False)
    for slug, words in (("draft", "is a draft"), ("unknown", "There is no statement “unknown”")):
        for arguments in (
            ("export", slug, "--format", "csv", "--out", str(tmp_path / "x")),
            ("import", slug, sheet(tmp_path), *PAPER),
        ):
            result = run(app, *arguments)
            assert result.exit_code == 1
            assert words in result.output
