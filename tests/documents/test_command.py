"""Documents from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.support import BELARUSIAN, ENGLISH, Campaign


@pytest.mark.parametrize(("layout", "begins"), [("pdf", b"%PDF"), ("word", b"PK"), ("un", b"PK")])
def test_a_document_is_written(
    campaign: Campaign, app: Flask, tmp_path: Path, layout: str, begins: bytes
) -> None:
    campaign.statement(texts=(ENGLISH, BELARUSIAN))
    campaign.signed()
    out = tmp_path / "letter"
    result = app.test_cli_runner().invoke(
        args=["campaign", "document", "free", "--layout", layout, "--text", "be", "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert "1 named signatories" in result.output
    assert out.read_bytes().startswith(begins)


def test_a_draft_has_no_document(campaign: Campaign, app: Flask, tmp_path: Path) -> None:
    campaign.statement("draft", publish=False)
    result = app.test_cli_runner().invoke(
        args=["campaign", "document", "draft", "--layout", "pdf", "--out", str(tmp_path / "x")]
    )
    assert result.exit_code == 1
    assert "There is no published statement" in result.output
