"""Letters as PDF, set by Typst from a folder that holds nothing but this letter."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import segno

from campaign.core.http import settings
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import Letter, counts_line, in_our_fonts

_FOLDER = Path(__file__).parent
_WAIT_SECONDS = 10.0
_LONGEST_SECONDS = 60.0
_RESULT = "set.pdf"
_COMMAND = "import os, sys, typst; os.nice(5); typst.compile(sys.argv[1], output=sys.argv[2], root='.', ignore_system_fonts=True)"
# Ten thousand names keep a core busy for seconds: one at a time, or a crowd that asks for papers stops those who sign.
_one_at_a_time = threading.Semaphore(1)


def letter_pdf(letter: Letter) -> bytes:
    """A4, with page numbers, revision and digest at the foot of each page. Raises TooManyAtOnce."""
    shown = in_our_fonts(letter)
    page = shown.statement
    data = {
        "title": page.title,
        "language": page.language,
        "site": settings().site_name,
        "dated": shown.dated,
        "addressees": [{"name": party.name, "lines": party.lines} for party in shown.addressees],
        "blocks": shown.blocks,
        "organisations": [{"name": line.name, "below": line.below} for line in shown.organisations],
        "people": [{"name": line.name, "below": line.below} for line in shown.people],
        "counts": counts_line(shown.counts),
        "labels": shown.labels(),
        "number": shown.number,
        "check": shown.check_url,
        "check_short": shown.check_url.partition("://")[2].rpartition("/")[0] + "/",
    }
    return typeset("letter.typ", data, shown.check_url)


def typeset(template: str, data: Mapping[str, Any], coded: str) -> bytes:
    """A template of this folder with its data and a QR code for `coded`, as PDF. Raises TooManyAtOnce."""
    if not _one_at_a_time.acquire(timeout=_WAIT_SECONDS):
        raise TooManyAtOnce
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            shutil.copy(_FOLDER / template, root / template)
            (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
            segno.make(coded, error="m").save(str(root / "code.svg"), border=0)
            return _set(root, template)
    except subprocess.TimeoutExpired as late:
        raise TooManyAtOnce from late
    finally:
        _one_at_a_time.release()


def _set(root: Path, template: str) -> bytes:
    """In a process of its own: what Typst remembers of a long letter goes with it, and no request waits for the interpreter's lock."""
    command = [sys.executable, "-I", "-c", _COMMAND, template, _RESULT]
    subprocess.run(command, cwd=root, check=True, timeout=_LONGEST_SECONDS, capture_output=True)  # noqa: S603  our own words
    return (root / _RESULT).read_bytes()
