"""Archives that are sent while they are made: none lies whole in memory or on a disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator


def archive(files: Iterable[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    """A ZIP archive of these files, (name, content) each, in chunks."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, chunks in files:
            with whole.open(name, "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk)
                    yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is taken away while it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
