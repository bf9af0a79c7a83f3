"""Files and folders that only the site's user reads, from their first byte on, and the removal of what a
killed process left in them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from campaign.config import SettingsError

_FOLDER, _FILE = 0o700, 0o600
_PREFIX = ".private-"
# Where earlier releases wrote backups and papers in clear; nothing is written there any more.
_FORMER = (".backup-*", "papers/tmp*")


def keep_private_folder(folder: Path) -> None:
    """Make the folder if need be, and let nobody but its owner look into it. Raises SettingsError."""
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    _tighten(folder, _FOLDER)


def keep_private_database(database: str | None) -> None:
    """Make an SQLite file if need be, and let nobody but its owner read it or its log. Raises SettingsError.

    An empty file is an empty database; SQLite makes the log beside it (-wal, -shm) with the same mode.
    `database` is the path in its address: none for one in memory.
    """
    if not database or database.startswith((":memory:", "file:")):
        return
    file = Path(database)
    if file.parent.is_dir():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, _FILE))
    for path in (file, *(file.with_name(file.name + ending) for ending in ("-wal", "-shm", "-journal"))):
        _tighten(path, _FILE)


@contextmanager
def private_folder(instance: Path | None = None) -> Iterator[Path]:
    """A folder in the instance folder, which has to be given outside of an app context, for what must not
    outlive this process; removed afterwards.

    It stays locked as long as the process lives, so that another one knows what a killed one has left.
    """
    while True:
        folder = Path(tempfile.mkdtemp(dir=instance or current_app.instance_path, prefix=_PREFIX))
        lock = os.open(folder, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.is_dir():
            break
        # Another process took it for a left one before it was locked.
        os.close(lock)

    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_left(instance: Path) -> None:
    """Remove the private folders of processes that are gone, and what earlier releases left."""
    for folder in instance.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)

    for pattern in _FORMER:
        for folder in instance.glob(pattern):
            shutil.rmtree(folder, ignore_errors=True)


def sweep() -> bool:
    """Remove what killed processes left. Returns False: nothing more is waiting."""
    remove_left(Path(current_app.instance_path))
    return False


def _tighten(path: Path, mode: int) -> None:
    try:
        if path.stat().st_mode & 0o777 & ~mode:
            path.chmod(mode)
    except FileNotFoundError:
        return
    except PermissionError:
        raise SettingsError(
            f"{path} can be read by others on this machine, and belongs to somebody else: let it belong to"
            f" the user that runs the site, with mode {mode:o}."
        ) from None
