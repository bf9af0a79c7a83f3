"""Letters and other papers, set by Typst in a process that is given only their content, through a pipe: no
name of them gets onto a disk.
"""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import segno
from flask_babel import gettext as _
from PIL import Image

from campaign.core.places import Busy, Places
from campaign.documents.blocks import blocks_of
from campaign.documents.errors import TooManyAtOnce
from campaign.documents.letters import Letter, Signed, counts_line, in_our_fonts
from campaign.site.queries import this_site
from campaign.statements.models import Status
from campaign.statements.queries import StatementPage

_FOLDER = Path(__file__).parent
# Side by side on a card.
_MOST_LOGOS = 5
_LONGEST_SECONDS = 30.0
_PAPER_ROWS = 17
# A longer text is set in two columns of small letters.
_LONG_TEXT = 5_000
_COMMAND = (
    "import base64, json, os, resource, sys, typst; os.nice(5);"
    "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30));"
    "files = {name: base64.b64decode(body) for name, body in json.load(sys.stdin).items()};"
    "sys.stdout.buffer.write(typst.compile(files, ignore_system_fonts=True, format=sys.argv[1], ppi=72))"
)
# Ten thousand names keep a core busy for seconds: one at a time, or a crowd asking for papers would
# keep people from signing.
_places = Places(at_once=1, waiting=1, seconds=2.0)


def letter_pdf(letter: Letter) -> bytes:
    """A4, with page numbers, revision and digest at the foot of each page. Raises TooManyAtOnce."""
    shown = in_our_fonts(letter)
    page = shown.statement
    data = {
        "title": page.title,
        "language": _typst_language(page.language),
        "site": this_site().name,
        "dated": shown.dated,
        "addressees": [{"name": party.name, "lines": party.lines} for party in shown.addressees],
        "blocks": shown.blocks,
        "organisations": _entries(shown.organisations),
        "people": _entries(shown.people),
        "countries": [
            {
                "name": part.country,
                "organisations": _entries(part.organisations),
                "people": _entries(part.people),
            }
            for part in shown.countries
        ],
        "counts": counts_line(shown.counts),
        "labels": shown.labels(),
        "number": shown.number,
        "check": shown.check_url,
        "check_short": shown.check_url.partition("://")[2].rpartition("/")[0] + "/",
    }

    return typeset("letter.typ", data, shown.check_url)


def _typst_language(code: str) -> str:
    """The language of a text as Typst takes it, which knows no scripts or regions: “be” for be-Latn."""
    return code.partition("-")[0]


def _entries(lines: Sequence[Signed]) -> list[dict[str, str]]:
    return [{"name": line.name, "below": line.below} for line in lines]


def poster_pdf(page: StatementPage, kind: str, address: str) -> bytes:
    """A4 for a wall: title, and a code that leads to the page. Raises TooManyAtOnce."""
    invitation = _("Read it and sign") if page.status is Status.OPEN else _("Read it and see who signed")
    data = {
        "title": page.title,
        "language": _typst_language(page.language),
        "kind": kind,
        "invitation": invitation,
        "address": address.partition("://")[2],
        "published_by": ", ".join(owner.name for owner in page.owners),
    }
    return typeset("poster.typ", data, address)


def sheet_pdf(page: StatementPage, address: str) -> bytes:
    """A4 to collect names on paper: the text, and rows under what each agrees to. Raises TooManyAtOnce."""
    data = {
        "title": page.title,
        "language": _typst_language(page.language),
        "blocks": blocks_of(str(page.body)),
        "long": len(str(page.body)) > _LONG_TEXT,
        "address": address.partition("://")[2],
        "published_by": ", ".join(owner.name for owner in page.owners),
        "rows": _PAPER_ROWS,
        "labels": _on_paper(page),
    }
    return typeset("sheet.typ", data, address)


def _on_paper(page: StatementPage) -> dict[str, Any]:
    """The words around the rows.

    Signers must learn from this sheet alone what happens with the data they write on it.
    """
    shown = _(
        "My name and country will be put on the public list at the address above and handed over with it."
    )
    if not page.guarded:
        shown = _(
            "My name, city and country will be put on the public list at the address above and handed "
            "over with it."
        )

    kept = _(
        "My signature and this sheet will be shown to nobody. I can have my name removed at any time by "
        "writing to the organisers."
    )
    guarded = _("Only sign if your name on a public list cannot harm you.") if page.guarded else ""
    columns = [
        "",
        _("Name, in block letters"),
        _("City, country"),
        _("E-mail address, only if you want updates"),
        _("Signature"),
    ]

    return {
        "text": _("text %(number)s", number=page.revision),
        "sha256": f"SHA-256 {page.sha256}",
        "online": _("Read and sign online:"),
        "agree": _("I sign this text:") + f" {page.title}",
        "consent": " ".join(
            filter(None, (_("I have read the text that comes with this sheet."), shown, kept, guarded))
        ),
        "place": _("Place:"),
        "day": _("Day:"),
        "collector": _("Collected by:"),
        # Where it could harm its signers, neither is kept.
        "columns": ["", columns[1], _("Country"), columns[4]] if page.guarded else columns,
        "keep": _(
            "Keep this sheet in a safe place, and destroy it when the organisers say that it is no longer "
            "needed."
        ),
    }


def card_png(page: StatementPage, kind: str, counted: str, logos: Sequence[bytes]) -> bytes:
    """1200 × 630 pixels for sharing a statement. Raises TooManyAtOnce."""
    files = {f"logo-{number}.svg": drawn(png) for number, png in enumerate(logos[:_MOST_LOGOS])}
    data = {
        "title": page.title,
        "language": _typst_language(page.language),
        "kind": kind,
        "counts": counted,
        "site": this_site().name,
        "logos": list(files),
    }
    return typeset("card.typ", data, page.slug, files=files, result="set.png")


def drawn(picture: bytes) -> bytes:
    """A JPEG or PNG inside an SVG of its size: Typst takes files from memory as text alone."""
    with Image.open(io.BytesIO(picture)) as opened:
        size = f'width="{opened.width}" height="{opened.height}"'
        kind = opened.get_format_mimetype()
    inside = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size}>'
        f'<image {size} xlink:href="{inside}"/></svg>'
    ).encode()


def typeset(
    template: str,
    data: Mapping[str, Any],
    coded: str,
    *,
    files: Mapping[str, bytes] | None = None,
    result: str = "set.pdf",
) -> bytes:
    """A template of this folder, set with its data, further files (text, or drawn()) and a QR code for
    `coded`.

    PDF, or PNG where `result` has that ending. Raises TooManyAtOnce.
    """
    code = io.BytesIO()
    segno.make(coded, error="m").save(code, kind="svg", border=0)
    whole = {
        "main.typ": (_FOLDER / template).read_bytes(),
        "data.json": json.dumps(data, ensure_ascii=False).encode(),
        "code.svg": code.getvalue(),
        **(files or {}),
    }

    try:
        with _places.taken():
            return _set(whole, result)
    except (Busy, subprocess.TimeoutExpired) as late:
        raise TooManyAtOnce from late


def _set(files: Mapping[str, bytes], result: str) -> bytes:
    """Typeset in a separate process.

    The memory that Typst takes for a long letter is freed with it, and no request waits for the interpreter's
    lock.
    """
    command = [sys.executable, "-I", "-c", _COMMAND, result[-3:]]
    sent = json.dumps({name: base64.b64encode(body).decode() for name, body in files.items()}).encode()
    done = subprocess.run(command, input=sent, check=True, timeout=_LONGEST_SECONDS, capture_output=True)  # noqa: S603  our own words
    return done.stdout
