"""Bounces: reports of mail servers on mails that could not be delivered (RFC 3464), read and noted.

Anybody can send such a report to our address. One counts only if Message-ID and recipient are those of one
mail that we sent: both are known to the recipient and the servers on the way, to nobody else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from email.utils import unquote
from enum import StrEnum

from campaign.core.database import writing
from campaign.mailing.messages import sender_domain
from campaign.mailing.suppression import note_bounce

# A report quotes a mail of ours, which is short; what is behind this is never read.
LONGEST = 500_000
_MESSAGE_ID = re.compile(r"<\s*([0-9a-f]{32})@([^\s<>@]+)\s*>", re.I)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_HEADER_PARTS = ("text/rfc822-headers", "message/global-headers")
_WHOLE_PARTS = ("message/rfc822", "message/global")
_MBOX_START = re.compile(rb"(?:\A|(?<=\n\n))From [^\n]*\n")


class Verdict(StrEnum):
    """What was made of one mail: BOUNCED is noted, all others change nothing.

    NO_REPORT: an answer of a person, an out-of-office notice or spam. DELAYED: the server goes on trying, or
    has delivered. STRANGE: about a mail that is not known to us, or noted before.
    """

    BOUNCED = "bounced"
    DELAYED = "delayed"
    STRANGE = "strange"
    NO_REPORT = "no report"


def read_bounces(mails: Iterable[bytes]) -> Counter[Verdict]:
    """Note each of these mails that reports a bounce, in a transaction of its own. Returns what they were."""
    return Counter(read_bounce(mail) for mail in mails)


def read_bounce(mail: bytes) -> Verdict:
    """Note one mail, if it is a report on a mail of ours that will never be delivered."""
    try:
        # The lenient policy: servers write fields that the strict one can't read.
        report = message_from_bytes(mail[:LONGEST], policy=policy.compat32)
        recipients = list(_recipients(report))
        message_id = _original_id(report)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # What the library can't read was not written by a mail server.
        return Verdict.NO_REPORT

    if not recipients:
        return Verdict.NO_REPORT
    failed = [(address, code) for address, code in recipients if code]
    if not failed:
        return Verdict.DELAYED
    if not message_id:
        return Verdict.STRANGE
    with writing() as session:
        noted = [note_bounce(session, message_id, address, code) for address, code in failed]
    return Verdict.BOUNCED if any(noted) else Verdict.STRANGE


def split_mbox(content: bytes) -> list[bytes]:
    """The mails in a file: an mbox (RFC 4155), or one mail as it is."""
    content = content.replace(b"\r\n", b"\n")
    if not content.startswith(b"From "):
        return [content] if content.strip() else []
    return [part.replace(b"\n>From ", b"\nFrom ") for part in _MBOX_START.split(content) if part.strip()]


def _recipients(report: Message) -> Iterator[tuple[str, str]]:
    """Each recipient of a report with the status of a failure for good; empty for anything else."""
    if report.get_content_type() != "multipart/report":
        return
    for part in _parts(report, _STATUS_PARTS):
        for fields in _groups(part):
            address = _address(fields.get("Final-Recipient", ""))
            if address:
                yield address, _permanent(fields)


def _parts(report: Message, types: tuple[str, ...]) -> list[Message]:
    """The parts of these types on the first level: a report within a quoted mail is not about ours."""
    parts = report.get_payload()
    return (
        [part for part in parts if isinstance(part, Message) and part.get_content_type() in types]
        if isinstance(parts, list)
        else []
    )


def _groups(part: Message) -> list[Message]:
    """The groups of fields of a status, the one about the whole mail first."""
    blocks = part.get_payload()
    if not isinstance(blocks, list):
        return _read_groups(str(blocks))
    if len(blocks) == 1 and isinstance(blocks[0], Message) and isinstance(blocks[0].get_payload(), str):
        # The library takes the type of RFC 6533 for a quoted mail: the other groups are its text.
        return [blocks[0], *_read_groups(str(blocks[0].get_payload()))]
    return [block for block in blocks if isinstance(block, Message)]


def _read_groups(text: str) -> list[Message]:
    return [HeaderParser().parsestr(block) for block in re.split(r"\n\s*\n", text) if block.strip()]


def _address(field: object) -> str:
    """The address in `rfc822; <anna@example.org>`; empty unless there is one."""
    _kind, semicolon, text = str(field).partition(";")
    address = unquote("".join(text.split())) if semicolon else ""
    return address if address.count("@") == 1 and len(address) <= 254 else ""


def _permanent(fields: Message) -> str:
    """The status of a failure for good; empty where the server goes on trying or has delivered."""
    if str(fields.get("Action", "")).strip().lower() != "failed":
        return ""
    found = _STATUS.search(str(fields.get("Status", "")))
    # After days of trying a server gives up, with the status of the last attempt.
    if found is None or found[1] != "5":
        return ""
    # The answer of the last server is often more exact than 5.0.0.
    told = _STATUS.search(str(fields.get("Diagnostic-Code", "")))
    best = told if found[0] == "5.0.0" and told and told[1] == "5" else found
    return f"5.{int(best[2])}.{int(best[3])}"


def _original_id(report: Message) -> str:
    """The first half of the Message-ID of the mail that is reported, if it looks like one of ours."""
    for part in _parts(report, _WHOLE_PARTS):
        for original in part.get_payload():
            if isinstance(original, Message):
                return _ours(original.get("Message-ID", ""))
    for part in _parts(report, _HEADER_PARTS):
        # The library reads one of the two types as a quoted mail.
        quoted = part.get_payload()
        if isinstance(quoted, list):
            return _ours(quoted[0].get("Message-ID", "")) if isinstance(quoted[0], Message) else ""
        text = part.get_payload(decode=True)
        return (
            _ours(BytesHeaderParser().parsebytes(text).get("Message-ID", ""))
            if isinstance(text, bytes)
            else ""
        )
    return ""


def _ours(field: object) -> str:
    found = _MESSAGE_ID.fullmatch(str(field).strip())
    return found[1].lower() if found and found[2].lower() == sender_domain().lower() else ""
