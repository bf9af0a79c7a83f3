"""Submissions: each form makes one submission and one mail, whatever the address did before."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.ids import new_id
from campaign.core.language import in_language
from campaign.core.mail_addresses import coarse
from campaign.core.vault import keyed_hash, vault
from campaign.mailing.operations import Tally, enqueue
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import EXPIRES_AFTER, Submission
from campaign.signing import mails, one_time_codes

# At standard safety. At high safety only the day's cap of the address holds (mailing.caps): a cap of the
# statement would tell for a week that it had mailed this mailbox.
MOST_MAILS_PER_STATEMENT = 3
_CODE_DIGITS = 12
_INSERT = insert(cast(Table, Submission.__table__))


@dataclass(frozen=True, slots=True)
class SubmissionTarget:
    """The target of a submission: the statement, the revision that was read, the statement's key, and the
    base of links.
    """

    statement_id: int
    revision_id: int
    key: bytes
    link_base: str


def submit(session: Session, place: SubmissionTarget, fields: SubmittedFields, language: str) -> uuid.UUID:
    """Insert a submission and the mail that asks to confirm it.

    Nothing of the address is read, so the response can reveal nothing about it.
    """
    submission_id = new_id()
    if fields.guarded:
        once = one_time_codes.new_code(session)
        code, token, expires_at = once.digits, one_time_codes.link_token(once), once.ends_at
    else:
        code = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"
        token = tokens.issue(tokens.Purpose.SIGNATURE, submission_id)
        expires_at = clock.now() + EXPIRES_AFTER
    values = {
        "id": submission_id,
        "statement_id": place.statement_id,
        "revision_id": place.revision_id,
        "language": language,
        "sealed": vault().seal_json(fields.as_sealed(), "submissions", "sealed", submission_id),
        "code_index": vault().index("code", code),
        "expires_at": expires_at,
        "received_at": clock.now().replace(second=0, microsecond=0) if fields.guarded else None,
    }
    session.execute(_INSERT, values)
    link = place.link_base + in_language(language, f"/c/{token}")
    mail = mails.confirmation_once if fields.guarded else mails.confirmation
    enqueue(
        session,
        mail(link=link, code=grouped(code)),
        language=language,
        recipient=fields.email,
        expires_at=expires_at,
        tallies=[] if fields.guarded else [mail_tally(place.key, fields.email)],
    )

    return submission_id


def mail_tally(key: bytes, email: str) -> Tally:
    """The tally that caps mails to one mailbox about one statement; `key` is the statement's key."""
    return Tally(keyed_hash(key, "mails", coarse(email)).hex(), MOST_MAILS_PER_STATEMENT, EXPIRES_AFTER.days)


def grouped(code: str) -> str:
    """A code in groups of four: `123456789012` as `1234 5678 9012`."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def digits(typed: str) -> str:
    """The digits of a code typed in any grouping, of any script; empty unless there are 12 of them, or, at
    high safety, 16.
    """
    found = "".join(str(int(character)) for character in typed if character.isdecimal())
    return found if len(found) in (_CODE_DIGITS, one_time_codes.DIGITS) else ""
