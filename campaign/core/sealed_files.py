"""Files beside the database that hold names: sealed piece by piece, so that memory stays flat for one of any
length, and nothing of it is ever on a disk in clear.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from campaign.core.vault import SealBroken, Vault, vault

_PIECE = 1 << 20
_LENGTH = 4


class SealedWriter(io.RawIOBase):
    """A file to write to. Each piece is bound to the name of the whole and to its place; the last one says
    that it is the last, so that nobody can cut the file off.
    """

    def __init__(self, file: io.BufferedWriter, name: str) -> None:
        self._file, self._name, self._vault = file, name, vault()
        self._held, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]
        self._held += part
        while len(self._held) >= _PIECE:
            self._seal(bytes(self._held[:_PIECE]))
            del self._held[:_PIECE]
        return len(part)

    def finish(self) -> None:
        """Write what is left."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, piece: bytes, *, last: bool = False) -> None:
        sealed = self._vault.seal(piece, "sealed files", "piece", _place(self._name, self._number, last=last))
        self._file.write(len(sealed).to_bytes(_LENGTH) + sealed)
        self._number += 1


@contextmanager
def sealed_file(path: Path) -> Iterator[SealedWriter]:
    """A file that is in its place once all of it is written, and has another name until then."""
    unfinished = path.with_name(f".unfinished.{path.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            writer = SealedWriter(file, path.name)
            yield writer
            writer.finish()
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def opened(path: Path) -> Iterator[bytes]:
    """The content of a sealed file, a piece at a time: called in an app context, iterated outside it. The
    first piece is opened at once. Raises SealBroken, also later where the file was cut off, and
    FileNotFoundError.
    """
    file = path.open("rb")
    pieces = _pieces(file, path.name, vault())
    first = next(pieces)

    def all_of_it() -> Iterator[bytes]:
        yield first
        yield from pieces

    return all_of_it()


def _pieces(file: io.BufferedReader, name: str, ring: Vault) -> Iterator[bytes]:
    with file:
        number, following = 0, _next(file)
        while following:
            sealed, following = following, _next(file)
            place = _place(name, number, last=not following)
            yield ring.unseal(sealed, "sealed files", "piece", place)
            number += 1
        if not number:
            raise SealBroken(f"{name} is empty")


def _next(file: io.BufferedReader) -> bytes:
    length = int.from_bytes(file.read(_LENGTH))
    return file.read(length)


def _place(name: str, number: int, *, last: bool) -> str:
    return f"{name} {'last ' if last else ''}{number}"
