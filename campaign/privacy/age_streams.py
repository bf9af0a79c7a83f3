"""Encryption to age recipients, and decryption, as a stream: through a pipe to a thread that encrypts, so
that what is in clear is never in a file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import pyrage

_BUFFER = 1 << 20


@contextmanager
def encrypting(encrypted: IO[bytes], to: Sequence[pyrage.x25519.Recipient]) -> Iterator[IO[bytes]]:
    """A stream of which all that is written goes to `encrypted`. Raises what writing there raises."""
    read_end, write_end = os.pipe()

    def encrypt() -> None:
        with os.fdopen(read_end, "rb", _BUFFER) as plain:
            pyrage.encrypt_io(plain, encrypted, list(to))

    with _beside(encrypt), os.fdopen(write_end, "wb", _BUFFER) as plain:
        yield plain


@contextmanager
def decrypting(encrypted: IO[bytes], secret: Sequence[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    """A stream of the plain bytes of `encrypted`, read to its end on leaving: only then it is known to be
    whole.

    Raises pyrage.DecryptError.
    """
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        with os.fdopen(write_end, "wb", _BUFFER) as plain:
            pyrage.decrypt_io(encrypted, plain, list(secret))

    with _beside(decrypt), os.fdopen(read_end, "rb", _BUFFER) as plain:
        yield plain
        while plain.read(_BUFFER):
            pass


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Let `work` run beside the block, and wait for it. Its failure is raised, also where it made the block
    fail.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001  raised below, in the thread that waits
            failures.append(failure)

    thread = threading.Thread(target=run, name="age")
    thread.start()
    try:
        yield
    except Exception as error:
        thread.join()
        # The block that fails for reasons of its own closes the pipe, and that is all the other one notices.
        if failures and not isinstance(failures[0], BrokenPipeError):
            raise failures[0] from error
        raise
    finally:
        thread.join()
    if failures:
        raise failures[0]
