"""A mailbox for trying things out: a real SMTP server on this machine that keeps what it receives as
files.
"""

from __future__ import annotations

import email.policy
import secrets
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Received:
    """One mail in the box."""

    key: str
    at: float
    recipient: str
    subject: str
    text: str
    html: str
    headers: list[tuple[str, str]]


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        key = f"{time.time_ns()}-{secrets.token_hex(4)}"
        (self.folder / f".{key}").write_bytes(envelope.original_content or b"")
        (self.folder / f".{key}").rename(self.folder / f"{key}.eml")
        return "250 Kept"


def folder_in(instance: Path) -> Path:
    """The folder of the mails, made if need be."""
    folder = instance / "mailbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def controller(instance: Path, port: int) -> Controller:
    """The SMTP server; start() and stop() it."""
    return Controller(_Keeper(folder_in(instance)), hostname="127.0.0.1", port=port)


def received(instance: Path, most: int = 200) -> list[Received]:
    """The mails in the box, newest first."""
    files = sorted(folder_in(instance).glob("*.eml"), reverse=True)
    return [read(path) for path in files[:most]]


def find(instance: Path, key: str) -> Received | None:
    """One mail by the name of its file, which is part of an address and so not trusted as a path."""
    return next((read(path) for path in folder_in(instance).glob("*.eml") if path.stem == key), None)


def read(path: Path) -> Received:
    """The mail in one file."""
    message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(path.read_bytes())
    text, html = message.get_body(("plain",)), message.get_body(("html",))

    return Received(
        key=path.stem,
        at=int(path.stem.partition("-")[0]) / 1e9,
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        headers=[(name, str(value)) for name, value in message.items()],
    )
