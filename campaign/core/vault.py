"""Encryption: sealed values and keyed hashes under keys that live in the environment only."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Sequence
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

KEY_ID = 4
_NONCE = 12
# Names, addresses and texts are filled up with spaces: their length would tell them from others on a list.
_JSON_STEP, _TEXT_STEP = 512, 128


# What a seal is bound to: the primary key of the row.
RowId = uuid.UUID | int | str


class SealBroken(Exception):
    """A sealed value can't be opened: its key is gone, it was changed, or it was moved from another row."""


class Vault:
    """A ring of AES-256-GCM keys derived by HKDF (RFC 5869) from `keys`, newest last.

    The newest one seals, all of them open.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._ring = {_derive(key, "key id", KEY_ID): AESGCM(_derive(key, "seal", 32)) for key in keys}
        self._covers = [AESSIV(_derive(key, "cover", 64)) for key in reversed(keys)]
        self._hash_keys = [_derive(key, "index", 32) for key in reversed(keys)]
        self._newest = _derive(keys[-1], "key id", KEY_ID)

    def seal(self, plain: bytes, table: str, column: str, row_id: RowId) -> bytes:
        """The sealed value: key id (4 bytes), nonce (12), ciphertext and tag.

        Bound to its place, so that it can't be moved.
        """
        nonce = os.urandom(_NONCE)
        return (
            self._newest
            + nonce
            + self._ring[self._newest].encrypt(nonce, plain, _place(table, column, row_id))
        )

    def unseal(self, sealed: bytes, table: str, column: str, row_id: RowId) -> bytes:
        """The plain bytes of a sealed value. Raises SealBroken."""
        cipher = self._ring.get(bytes(sealed[:KEY_ID]))
        if cipher is None:
            raise SealBroken(f"no key for a value of {table}.{column}")
        nonce, body = sealed[KEY_ID : KEY_ID + _NONCE], sealed[KEY_ID + _NONCE :]
        try:
            return cipher.decrypt(nonce, body, _place(table, column, row_id))
        except (InvalidTag, ValueError) as error:  # ValueError: cut within the nonce
            raise SealBroken(f"a value of {table}.{column} was changed or moved") from error

    def seal_json(self, fields: dict[str, Any], table: str, column: str, row_id: RowId) -> bytes:
        """A dictionary of JSON values, sealed as one value whose length says little of theirs."""
        plain = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        return self.seal(_filled(plain, _JSON_STEP), table, column, row_id)

    def unseal_json(self, sealed: bytes, table: str, column: str, row_id: RowId) -> dict[str, Any]:
        """The dictionary that seal_json() sealed. Raises SealBroken."""
        return cast(dict[str, Any], json.loads(self.unseal(sealed, table, column, row_id)))

    def seal_text(self, text: str, table: str, column: str, row_id: RowId) -> bytes:
        """A text, sealed as a value whose length says little of its own. Spaces at its end are lost."""
        return self.seal(_filled(text.encode(), _TEXT_STEP), table, column, row_id)

    def unseal_text(self, sealed: bytes, table: str, column: str, row_id: RowId) -> str:
        """The text that seal_text() sealed. Raises SealBroken."""
        return self.unseal(sealed, table, column, row_id).decode().rstrip(" ")

    @property
    def newest(self) -> bytes:
        """The 4 bytes with which everything begins that is sealed now.

        They tell keys apart, and reveal nothing of a key.
        """
        return self._newest

    def reseal(self, sealed: bytes, table: str, column: str, row_id: RowId) -> bytes:
        """The same value sealed under the newest key. Raises SealBroken."""
        return self.seal(self.unseal(sealed, table, column, row_id), table, column, row_id)

    def cover(self, plain: bytes, purpose: str) -> bytes:
        """A covered value (AES-256-SIV, RFC 5297), 16 bytes longer than `plain` and the same each time: for
        an address that must not change, not for storing.
        """
        return self._covers[0].encrypt(plain, [purpose.encode()])

    def uncover(self, covered: bytes, purpose: str) -> bytes:
        """The plain bytes of a covered value. Raises SealBroken."""
        for cipher in self._covers:
            try:
                return cipher.decrypt(covered, [purpose.encode()])
            except (InvalidTag, ValueError):
                continue
        raise SealBroken(f"a value for {purpose} was changed or made elsewhere")

    def index(self, purpose: str, value: str) -> bytes:
        """The HMAC-SHA256 of `value` under the newest key, 32 bytes: finds a value again without
        storing it.
        """
        return keyed_hash(self._hash_keys[0], purpose, value)

    def indexes(self, purpose: str, value: str) -> list[bytes]:
        """The index() under every key of the ring, newest first, to find what was written before a
        rotation.
        """
        return [keyed_hash(key, purpose, value) for key in self._hash_keys]


def _filled(plain: bytes, step: int) -> bytes:
    """`plain`, with spaces up to the next multiple of `step`."""
    return plain + b" " * (-len(plain) % step)


def keyed_hash(key: bytes, purpose: str, value: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) of a value for one purpose. 32 bytes."""
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256")


def vault() -> Vault:
    """The vault of the running app."""
    return cast(Vault, current_app.extensions["vault"])


def _derive(key: str, purpose: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=f"undersigned vault 1: {purpose}".encode()).derive(
        key.encode()
    )


def _place(table: str, column: str, row_id: RowId) -> bytes:
    return f"{table}.{column}:{row_id}".encode()


def digest(*parts: str) -> str:
    """SHA-256 over the parts, each preceded by its length in bytes, in hexadecimal (64 characters)."""
    state = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        state.update(len(encoded).to_bytes(8, "big") + encoded)
    return state.hexdigest()
