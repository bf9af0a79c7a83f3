"""Encryption of an exported file with age: to public keys, or with a passphrase."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, cast

import pyrage
from flask_babel import gettext as _

# Ten words of a list, or as many letters by chance: a file lies around for years, and can be tried in peace.
SHORTEST = 16
LONGEST = 200
_MOST = 10


@dataclass(frozen=True, slots=True)
class Encryption:
    """How a file is encrypted: to these age public keys, or with a passphrase; neither: not at all."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def __bool__(self) -> bool:
        return bool(self.recipients or self.passphrase)

    def name_of(self, name: str) -> str:
        """The name of the file, with the ending that says what opens it."""
        return f"{name}.age" if self else name

    def encrypted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The file, encrypted as a whole, for one that is not long."""
        if not self:
            return chunks
        plain = b"".join(chunks)
        if self.recipients:
            return iter([cast(bytes, pyrage.encrypt(plain, keys_of(self.recipients)))])
        return iter([cast(bytes, pyrage.passphrase.encrypt(plain, self.passphrase))])

    def write(self, chunks: Iterator[bytes], file: IO[bytes]) -> None:
        """Write the file, encrypted. With public keys memory stays flat; age has no such way for a
        passphrase.
        """
        if self.recipients:
            pyrage.encrypt_io(_Reader(chunks), file, keys_of(self.recipients))
        else:
            for chunk in self.encrypted(chunks):
                file.write(chunk)


def keys_of(written: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """The public keys. Raises pyrage.RecipientError."""
    return [pyrage.x25519.Recipient.from_str(one) for one in written]


def encryption_in(recipients: str, passphrase: str) -> tuple[Encryption, list[str]]:
    """How a file is to be encrypted, from two fields, and sentences about what is wrong in them."""
    written = tuple(dict.fromkeys(recipients.split()))
    problems = []
    if written and passphrase:
        problems.append(_("Please give public keys or a passphrase, not both."))
    try:
        keys_of(written)
    except pyrage.RecipientError:
        problems.append(_("This is not an age public key. It begins with age1, and age-keygen shows it."))
    if len(written) > _MOST:
        problems.append(_("A file can be encrypted to ten keys at most."))
    if passphrase and len(passphrase) < SHORTEST:
        problems.append(_("Please choose a passphrase of 16 characters or more, such as six random words."))
    if len(passphrase) > LONGEST:
        problems.append(_("Please choose a passphrase of 200 characters or less."))
    return Encryption(written, passphrase), problems


class _Reader(io.RawIOBase):
    """Chunks as a file to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._held = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        while not self._held:
            try:
                self._held = next(self._chunks)
            except StopIteration:
                return 0
        taken, self._held = self._held[: len(into)], self._held[len(into) :]
        into[: len(taken)] = taken
        return len(taken)
