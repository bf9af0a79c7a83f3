"""Papers of long lists: ordered by whoever asks for one, made by the worker, handed out from a file.

A paper is made once for each version of its list. While a newer one is made the last one is handed out,
unless somebody has left the list since, or, after a minute, somebody is shown in another way. An order is a
file, since reading must not change a row; what it makes is sealed, since it holds names. See decision 0033.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from campaign.core.settings import settings
from campaign.core.vault import SealBroken, vault
from campaign.core.whole_file import write_whole_file
from campaign.documents.errors import TooManyAtOnce
from campaign.signatories.queries import list_state
from campaign.statements.queries import version_of

# Up to so many signatories a paper is made at once, for the one who asks.
LONG = 2_000
# A list that changes by the second has a new paper twice a minute.
_RENEW_SECONDS = 30
# Once somebody who is listed is shown in another way, a paper of before is neither handed out nor kept for
# longer: they may have hidden the name, and the count of those who left does not tell.
_EARLIER_SECONDS = 60
# Nobody asked for it in so long.
_FORGOTTEN_SECONDS = 86_400
_LOST_SECONDS = 600
_MOST_KEPT = 300
# Layouts that are handed out to the team and to organisations that are invited.
_OF_THE_TEAM = {"letter", "frozen"}
_WANTED, _BEGUN, _MADE = ".wanted", ".begun", ".paper"
# Its time says when somebody on the list was shown in another way.
_CHANGED = ".changed"


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """A paper: its layout (documents.job), the languages of page and text, the part, and of a frozen list its
    number.
    """

    layout: str
    statement_id: int
    language: str
    text: str | None = None
    part: int = 1
    frozen: str | None = None

    @property
    def name(self) -> str:
        """The name of its files."""
        shown = f"{self.language}-{self.text or 'own'}-{self.frozen or 'now'}-{self.part}"
        return f"{self.statement_id}-{self.layout}-{shown}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was made."""

    body: bytes
    etag: str


def is_long(signatories: int) -> bool:
    """True for a list whose papers the worker makes."""
    return signatories > LONG


def take(order: PaperOrder) -> Paper:
    """The paper, as of now or of a while ago. Orders a newer one. Raises TooManyAtOnce where there is
    none.
    """
    file = _folder() / f"{order.name}{_MADE}"
    now = state_of(order.statement_id)
    try:
        said, body = _read(file)
    except (FileNotFoundError, ValueError):
        said, body = {}, b""
    if said.get("state") != now and time.time() - said.get("made", 0) > _RENEW_SECONDS:
        _want(order)
    if not _may_be_shown(said, now):
        raise TooManyAtOnce
    try:
        opened = vault().unseal(body, *_place(order))
    except SealBroken:
        # Of an earlier release, or its key is gone.
        file.unlink(missing_ok=True)
        _want(order)
        raise TooManyAtOnce from None
    with contextlib.suppress(FileNotFoundError):
        os.utime(file)
    return Paper(opened, said["etag"])


def next_order() -> tuple[PaperOrder, Path] | None:
    """The next order, taken by renaming its file, which is to be removed when it is done.

    The team's come first: strangers can order some thousand files of one list. Then those of which nothing
    can be handed out yet, and the oldest of each kind.
    """
    made = {file.stem for file in _files(_MADE)}
    for wanted in sorted(_files(_WANTED), key=lambda file: (_rank(file.stem, made), -_age(file))):
        begun = wanted.with_suffix(_BEGUN)
        try:
            wanted.rename(begun)
            os.utime(begun)
            return PaperOrder(**json.loads(begun.read_text())), begun
        except FileNotFoundError:
            continue
    return None


def _rank(name: str, made: set[str]) -> int:
    layout = name.split("-")[1]
    return 0 if layout in _OF_THE_TEAM else 2 if name in made else 1


def keep(order: PaperOrder, state: dict[str, int | str], begun: float, body: bytes) -> None:
    """Keep a paper that shows the list in this state, sealed. `begun`: the moment before its names were
    read.
    """
    # Random: names could be tried against a digest of the paper.
    said = {"state": state, "etag": secrets.token_hex(10), "made": begun}
    head = json.dumps(said | {"statement_id": order.statement_id}).encode()
    write_whole_file(_folder() / f"{order.name}{_MADE}", (head, b"\n", vault().seal(body, *_place(order))))


def sweep() -> None:
    """Remove papers that may not be handed out any more, papers that nobody asks for, orders that were lost,
    and what a killed process left unfinished.
    """
    states: dict[int, dict[str, int | str]] = {}
    made = sorted(_files(_MADE), key=_age)
    for number, file in enumerate(made):
        try:
            said = json.loads(file.open("rb").readline())
        except (FileNotFoundError, ValueError):
            continue
        statement_id = said["statement_id"]
        if statement_id not in states:
            states[statement_id] = state_of(statement_id)
        over = not _may_be_shown(said, states[statement_id])
        if over or number >= _MOST_KEPT or _age(file) > _FORGOTTEN_SECONDS:
            file.unlink(missing_ok=True)
    for file in _folder().iterdir():
        if file.suffix not in (_WANTED, _MADE, _CHANGED) and _age(file) > _LOST_SECONDS:
            file.unlink(missing_ok=True)


def note_change(_session: object, statement_id: int) -> None:
    """Note that somebody who is listed is shown in another way from now on."""
    noted, now = _folder() / f"{statement_id}{_CHANGED}", time.time()
    noted.touch(0o600)
    # The kernel's own time of a file is some milliseconds old.
    os.utime(noted, (now, now))


def state_of(statement_id: int) -> dict[str, int | str]:
    """What a paper shows: the text, the version of its list, and how many have left it so far."""
    return {"text": version_of(statement_id)} | list_state(statement_id)


def _may_be_shown(said: dict[str, Any], now: dict[str, int | str]) -> bool:
    state = said.get("state", {})
    if not state or state["left"] != now["left"] or state["text"] != now["text"]:
        return False
    if time.time() - said["made"] <= _EARLIER_SECONDS:
        return True
    try:
        changed = (_folder() / f"{said['statement_id']}{_CHANGED}").stat().st_mtime
    except FileNotFoundError:
        return True
    return bool(said["made"] > changed)


def _place(order: PaperOrder) -> tuple[str, str, str]:
    """What the seal of a paper is bound to."""
    return "long papers", "paper", order.name


def _want(order: PaperOrder) -> None:
    folder = _folder()
    if (folder / f"{order.name}{_BEGUN}").exists():
        return
    with contextlib.suppress(FileExistsError):
        path = folder / f"{order.name}{_WANTED}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(order), file)


def _read(file: Path) -> tuple[dict[str, Any], bytes]:
    head, _line, body = file.read_bytes().partition(b"\n")
    return json.loads(head), body


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _files(ending: str) -> Iterator[Path]:
    return (file for file in _folder().iterdir() if file.suffix == ending)


def _folder() -> Path:
    folder = Path(settings().instance_path) / "long-papers"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
