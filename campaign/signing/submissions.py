"""Submissions: each form makes one submission and one mail, whatever the address did before."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import cast

from flask_babel import force_locale
from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from campaign.core import clock, tokens
from campaign.core.formats import day
from campaign.core.ids import new_id
from campaign.core.language import in_language, locale_of
from campaign.core.mail_addresses import coarse
from campaign.core.vault import keyed_hash, vault
from campaign.mailing.operations import Tally, enqueue
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import EXPIRES_AFTER, MailWait, Submission
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


@dataclass(frozen=True, slots=True)
class ConfirmationCode:
    """What confirms a submission: digits to type in, or the token of a link, until it expires."""

    digits: str
    token: str
    expires_at: dt.datetime


def submit(
    session: Session,
    place: SubmissionTarget,
    fields: SubmittedFields,
    language: str,
    waits: MailWait | None = None,
) -> uuid.UUID:
    """Insert a submission and the mail that asks to confirm it; with `waits`, the mail follows later
    (signing.mail_turns).

    Nothing of the address is read, so the response can reveal nothing about it.
    """
    submission_id = new_id()
    code = new_code(session, submission_id, guarded=fields.guarded)
    values = {
        "id": submission_id,
        "statement_id": place.statement_id,
        "revision_id": place.revision_id,
        "language": language,
        "sealed": vault().seal_json(fields.as_sealed(), "submissions", "sealed", submission_id),
        "code_index": None if waits else code_index(code.digits),
        "expires_at": code.expires_at,
        # The middle of the minute: the outbox has full minutes, and no value of the two should be equal.
        "received_at": clock.now().replace(second=30, microsecond=0) if fields.guarded else None,
        "mail_waits": waits,
    }
    session.execute(_INSERT, values)
    if waits is None:
        promise_mail(session, place, fields, language, code)

    return submission_id


def promise_mail(
    session: Session, place: SubmissionTarget, fields: SubmittedFields, language: str, code: ConfirmationCode
) -> None:
    """Put the mail that asks to confirm a submission into the outbox."""
    link = place.link_base + in_language(language, f"/c/{code.token}")
    digits = grouped(code.digits)
    enqueue(
        session,
        mails.confirmation_once(link=link, code=digits, until=_last_day(code, language))
        if fields.guarded
        else mails.confirmation(link=link, code=digits),
        language=language,
        recipient=fields.email,
        expires_at=code.expires_at,
        tallies=[] if fields.guarded else [mail_tally(place.key, fields.email)],
        counted=not fields.guarded,
    )


def _last_day(code: ConfirmationCode, language: str) -> str:
    """The last day on which a code works, in words."""
    with force_locale(locale_of(language)):
        return day((code.expires_at - dt.timedelta(seconds=1)).date())


def new_code(session: Session, submission_id: uuid.UUID, *, guarded: bool) -> ConfirmationCode:
    """A code for the mail of a submission. At high safety (`guarded`) neither it nor its link names the
    row.
    """
    if guarded:
        once = one_time_codes.new_code(session)
        return ConfirmationCode(once.digits, one_time_codes.link_token(once), once.ends_at)
    chance = f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"
    return ConfirmationCode(
        chance, tokens.issue(tokens.Purpose.SIGNATURE, submission_id), clock.now() + EXPIRES_AFTER
    )


def code_index(code: str) -> bytes:
    """The keyed hash by which a typed code is found."""
    return vault().index("code", code)


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
