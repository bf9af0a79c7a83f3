"""A device with passkeys, in software: it answers as a browser with a security key would."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import csrf_of

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40
Options = dict[str, Any]


def text_of(data: bytes) -> str:
    """Bytes as WebAuthn writes them in JSON."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """The way back."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class Authenticator:
    """A device with one passkey. `verifies`: it asks for a PIN; `counts`: it counts its signatures."""

    origin: str = "http://localhost"
    rp_id: str = "localhost"
    verifies: bool = True
    counts: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: Options) -> str:
        """The answer to navigator.credentials.create()."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(_HAS_KEY) + attested + cbor2.dumps(cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def signed(self, options: Options) -> str:
        """The answer to navigator.credentials.get()."""
        self.count += self.counts
        data, client = self._data(0), self._client("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, more: int) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, what: str, options: Options) -> bytes:
        return json.dumps({"type": what, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        named = text_of(self.credential_id)
        said = {name: text_of(value) for name, value in response.items()}
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": said})


def challenge(browser: FlaskClient, path: str, **where: str) -> Options:
    """The options that the page's script would get."""
    token = csrf_of(browser.get("/desk/sign-in" if "sign-in" in path else "/desk/second-factor", **where))
    answer = browser.post(path, data={"csrf_token": token}, **where)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def add_passkey(browser: FlaskClient, device: Authenticator, name: str = "My key") -> TestResponse:
    """Add a passkey, as the script of the page does."""
    options = challenge(browser, "/desk/second-factor/passkeys/challenge")
    token = csrf_of(browser.get("/desk/second-factor"))
    data = {"csrf_token": token, "credential": device.made(options), "name": name}
    return browser.post("/desk/second-factor/passkeys", data=data)


def sign_in_by(browser: FlaskClient, device: Authenticator, **typed: str) -> TestResponse:
    """Sign in with a passkey, and what is typed beside it."""
    options = challenge(browser, "/desk/sign-in/passkey/challenge")
    token = csrf_of(browser.get("/desk/sign-in"))
    data = {"csrf_token": token, "credential": device.signed(options)} | typed
    return browser.post("/desk/sign-in", data=data)
