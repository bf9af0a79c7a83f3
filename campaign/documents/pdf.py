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
from campaign.documents.letters import Letter, Signed, counts_line
from campaign.documents.paper_fonts import OWN, SetLine, families, folders, set_line
from campaign.documents.titles import title_on_paper
from campaign.site.queries import this_site
from campaign.statements.models import Status
from campaign.statements.queries import StatementPage

_FOLDER = Path(__file__).parent
# Side by side on a card.
_MOST_LOGOS = 5
_LONGEST_SECONDS = 30.0
_PAPER_ROWS = 17
# Behind words that are written in other letters than their own.
_MARK = "*"
# A longer text is set in two columns of small letters.
_LONG_TEXT = 5_000
_COMMAND = (
    "import base64, json, os, resource, sys, typst; os.nice(5);"
    "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30));"
    "files = {name: base64.b64decode(body) for name, body in json.load(sys.stdin).items()};"
    "sys.stdout.buffer.write(typst.compile(files, ignore_system_fonts=True, font_paths=sys.argv[2:],"
    " format=sys.argv[1], ppi=72))"
)
# What templates share.
_SHARED = ("names.typ", "fit.typ")
# Addresses in the data: they are kept as they are, to the letter.
_ADDRESSES = {"address", "check"}
# Ten thousand names keep a core busy for seconds: one at a time, or a crowd asking for papers would
# keep people from signing.
_places = Places(at_once=1, waiting=1, seconds=2.0)


def letter_pdf(letter: Letter) -> bytes:
    """A4, with page numbers, revision and digest at the foot of each page. Raises TooManyAtOnce."""
    page = letter.statement
    data = {
        "title": page.title,
        "language": page.language,
        "site": this_site().name,
        "dated": letter.place_and_date,
        "salutation": letter.salutation,
        "addressees": [
            {"name": set_line(party.name, mark=_MARK), "lines": [set_line(line) for line in party.lines]}
            for party in letter.addressees
        ],
        "blocks": letter.blocks,
        "organisations": _entries(letter.organisations),
        "people": _entries(letter.people),
        "groups": [
            {
                "name": part.name,
                "organisations": _entries(part.organisations),
                "people": _entries(part.people),
            }
            for part in letter.groups
        ],
        "counts": counts_line(letter.counts),
        "labels": letter.labels(),
        "owners": _owners(page),
        "number": letter.number,
        "check": letter.check_url,
        "check_short": letter.check_url.partition("://")[2].rpartition("/")[0] + "/",
    }

    return typeset("letter.typ", data, letter.check_url, mark=_MARK)


def _entries(lines: Sequence[Signed]) -> list[dict[str, Any]]:
    return [
        {
            "name": set_line(line.name, line.country, _MARK),
            "known": [set_line(known, line.country, _MARK) for known in line.known],
        }
        for line in lines
    ]


def _owners(page: StatementPage) -> list[SetLine]:
    return [set_line(owner.name) for owner in page.owners]


def poster_pdf(page: StatementPage, kind: str, address: str) -> bytes:
    """A4 for a wall: title, and a code that leads to the page. Raises TooManyAtOnce."""
    invitation = _("Read it and sign") if page.status is Status.OPEN else _("Read it and see who signed")
    data = {
        "title": title_on_paper(page),
        "language": page.language,
        "kind": kind,
        "invitation": invitation,
        "address": address.partition("://")[2],
        "owners": _owners(page),
    }
    return typeset("poster.typ", data, address)


def sheet_pdf(page: StatementPage, address: str) -> bytes:
    """A4 to collect names on paper: the text, and rows under what each agrees to. Raises TooManyAtOnce."""
    data = {
        "title": page.title,
        "language": page.language,
        "blocks": blocks_of(str(page.body)),
        "long": len(str(page.body)) > _LONG_TEXT,
        "address": address.partition("://")[2],
        "owners": _owners(page),
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


def card_png(page: StatementPage, kind: str, counted: Sequence[str], logos: Sequence[bytes]) -> bytes:
    """1200 × 630 pixels for sharing a statement, with what is counted, a line each. Raises TooManyAtOnce."""
    files = {f"logo-{number}.svg": drawn(png) for number, png in enumerate(logos[:_MOST_LOGOS])}
    data = {
        "title": title_on_paper(page),
        "language": page.language,
        "kind": kind,
        "counts": list(counted),
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
    mark: str = "",
) -> bytes:
    """A template of this folder, set with its data, further files (text, or drawn()) and a QR code for
    `coded`.

    PDF, or PNG where `result` has that ending. Words that no font has are respelled, with `mark` behind
    them. Raises TooManyAtOnce.
    """
    code = io.BytesIO()
    segno.make(coded, error="m").save(code, kind="svg", border=0)
    settable = _Settable(data.get("language"), mark)
    told = settable.told(data) | settable.about()
    whole = {
        "main.typ": (_FOLDER / template).read_bytes(),
        **{name: (_FOLDER / name).read_bytes() for name in _SHARED},
        "data.json": json.dumps(told, ensure_ascii=False).encode(),
        "code.svg": code.getvalue(),
        **(files or {}),
    }

    try:
        with _places.taken():
            return _set(whole, result, settable.fonts())
    except (Busy, subprocess.TimeoutExpired) as late:
        raise TooManyAtOnce from late


class _Settable:
    """The data of a paper, in words for which there are fonts, and those fonts.

    A SetLine has fonts of its own; all other words are set in the fonts of the paper as a whole.
    """

    def __init__(self, language: str | None, mark: str) -> None:
        self._language, self._mark = language, mark
        self._words: list[str] = []
        self._of_lines: dict[str, None] = {}
        self._respelled = False

    def told(self, value: Any) -> Any:
        """The value as it goes into data.json."""
        if isinstance(value, SetLine):
            self._respelled |= value.respelled
            self._of_lines |= dict.fromkeys(value.fonts)
            return value.data
        if isinstance(value, str):
            line = set_line(value, mark=self._mark)
            self._respelled |= line.respelled
            if line.fonts:
                self._words.append(line.text)
            return line.text
        if isinstance(value, Mapping):
            return {
                key: part if key in _ADDRESSES and isinstance(part, str) else self.told(part)
                for key, part in value.items()
            }
        return [self.told(part) for part in value] if isinstance(value, list | tuple) else value

    def about(self) -> dict[str, Any]:
        """What templates need to know about all of it. Typst knows languages by their first part alone."""
        found: dict[str, Any] = {"fonts": [*self._of_words(), OWN], "respelled": self._respelled}
        return found | ({"language": self._language.partition("-")[0]} if self._language else {})

    def fonts(self) -> list[str]:
        """All fonts that are needed."""
        return [*self._of_words(), *self._of_lines]

    def _of_words(self) -> list[str]:
        return families(self._words, self._language)


def _set(files: Mapping[str, bytes], result: str, fonts: Sequence[str] = ()) -> bytes:
    """Typeset in a separate process, which is given the folders of the fonts that it needs.

    The memory that Typst takes for a long letter is freed with it, and no request waits for the interpreter's
    lock.
    """
    command = [sys.executable, "-I", "-c", _COMMAND, result[-3:], *folders(fonts)]
    sent = json.dumps({name: base64.b64encode(body).decode() for name, body in files.items()}).encode()
    done = subprocess.run(command, input=sent, check=True, timeout=_LONGEST_SECONDS, capture_output=True)  # noqa: S603  our own words
    return done.stdout
