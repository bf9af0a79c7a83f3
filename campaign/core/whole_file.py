"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole_file(out: Path, chunks: Iterable[bytes]) -> None:
    """Write a file that only its owner reads, and move it into place: nobody finds half of it.

    Until it is whole it has no name, where the file system can do that, so that a killed process leaves
    nothing.
    """
    handle, name = _unnamed(out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
            if name is None:
                name = str(out.with_name(f".{out.name}.{secrets.token_hex(4)}"))
                # What /proc names is linked to, not the link in /proc itself.
                os.link(f"/proc/self/fd/{file.fileno()}", name, follow_symlinks=True)
        Path(name).replace(out)
    except BaseException:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise


def _unnamed(folder: Path) -> tuple[int, str | None]:
    """A new file of this folder without a name; with one where the file system knows no other."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
    except (AttributeError, OSError):
        return tempfile.mkstemp(prefix=".unfinished.", dir=folder)
