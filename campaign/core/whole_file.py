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
                _link(file.fileno(), name, out.parent)
        Path(name).replace(out)
    except BaseException:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise


def _link(handle: int, name: str, folder: Path) -> None:
    """Give a file without a name one (open(2), O_TMPFILE)."""
    # With a folder given, Python asks for what /proc points to, and not for the pointer itself.
    of_folder = os.open(folder, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=of_folder, follow_symlinks=True)
    finally:
        os.close(of_folder)


def _unnamed(folder: Path) -> tuple[int, str | None]:
    """A new file of this folder without a name; with one where the file system knows no other."""
    try:
        if Path("/proc/self/fd").is_dir():
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
    except (AttributeError, OSError):
        pass
    return tempfile.mkstemp(prefix=".unfinished.", dir=folder)
