"""The mailbox to which other servers send bounces, read by IMAP over verified TLS."""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from campaign.core import worker
from campaign.core.settings import settings
from campaign.mailing.bounces import LONGEST, Verdict, read_bounce

log = logging.getLogger(__name__)
EVERY_SECONDS = 300.0
BATCH = 50
_TIMEOUT_SECONDS = 20.0


class MailboxAway(Exception):
    """The mailbox of bounces can't be read. Its text is the class of an error: a server's words may repeat
    an address.
    """


def collect_bounces() -> bool:
    """Read the unread mails of the mailbox. True when there may be more.

    A report on a mail of ours is deleted, since it names a recipient; all others are marked as read and stay
    for people.
    """
    with _mailbox() as mailbox:
        unread = _words(mailbox.uid("SEARCH", "UNSEEN"))[:BATCH]
        verdicts: Counter[Verdict] = Counter()
        for number in unread:
            verdict = read_bounce(_content(mailbox, number))
            # Afterwards: a worker that dies in between reads it again, which changes nothing.
            flags = r"(\Seen \Deleted)" if verdict is Verdict.BOUNCED else r"(\Seen)"
            mailbox.uid("STORE", number, "+FLAGS.SILENT", flags)
            verdicts[verdict] += 1
        if verdicts[Verdict.BOUNCED]:
            mailbox.expunge()
    if verdicts:
        log.info("bounces: %s", ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))
    return len(unread) == BATCH


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4_SSL]:
    """The folder, open for writing. Raises MailboxAway."""
    known = settings()
    try:
        with imaplib.IMAP4_SSL(
            known.bounces_imap_host,
            known.bounces_imap_port,
            ssl_context=ssl.create_default_context(),
            timeout=_TIMEOUT_SECONDS,
        ) as mailbox:
            mailbox.login(known.bounces_imap_username, known.bounces_imap_password)
            folder = known.bounces_imap_folder.replace("\\", "\\\\").replace('"', '\\"')
            state, _answer = mailbox.select(f'"{folder}"')
            if state != "OK":
                raise MailboxAway("no such folder")
            yield mailbox
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxAway(type(error).__name__) from None


def _words(answer: tuple[str, list[object]]) -> list[str]:
    lines = answer[1]
    return lines[0].decode("ascii", "replace").split() if lines and isinstance(lines[0], bytes) else []


def _content(mailbox: imaplib.IMAP4_SSL, number: str) -> bytes:
    """One mail, without marking it as read; of a long one, the beginning."""
    _state, answer = mailbox.uid("FETCH", number, f"(BODY.PEEK[]<0.{LONGEST}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")


def init_app(app: Flask) -> None:
    """Give the worker the mailbox, where one is set."""
    if app.extensions["settings"].bounces_imap_host:
        worker.register(app, "bounces", EVERY_SECONDS, collect_bounces)
