"""Confirmation: from submission to signature in one transaction, each person and organisation once."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.ids import new_id
from campaign.core.search import search_key
from campaign.core.vault import keyed_hash, vault
from campaign.organisations.models import Organisation
from campaign.organisations.queries import organisation_speaking
from campaign.signatures.assents import record_assent
from campaign.signatures.errors import MailboxFull, OrganisationSigned
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.mailbox_identity import canonical, domain_of
from campaign.signatures.models import (
    LIVE,
    PERSON_IS_LIVE,
    Assent,
    Provenance,
    SignatoryKind,
    Signature,
    Submission,
    Visibility,
)
from campaign.signatures.names import names_of
from campaign.signatures.new_signatures import (
    NewSignature,
    insert_signature,
    place_columns,
    signature_columns,
)
from campaign.signatures.organisation_identity import claimed_index, organisation_index
from campaign.signatures.withdrawal_phrase import new_phrase, phrase_mark
from campaign.signing.errors import CodeUnknown, SubmissionOver, TextChanged
from campaign.signing.models import GOOD_DAYS
from campaign.statements.models import Safety
from campaign.statements.queries import statement_key, terms_of

_SEATS = (1, 2)
# Built once, so that they are compiled once.
_ASSENT = insert(cast(Table, Assent.__table__))
_SUBMISSIONS = cast(Table, Submission.__table__)
_OF_SUBMISSION = update(_SUBMISSIONS).where(_SUBMISSIONS.c.id == bindparam("submission"))
_CONFIRMED = _OF_SUBMISSION.values(signature_id=bindparam("signature"), sealed=None)
_POINTED = _OF_SUBMISSION.values(signature_id=bindparam("signature"))
_SIGNATURES = cast(Table, Signature.__table__)
_MARKED = (
    update(_SIGNATURES).where(_SIGNATURES.c.id == bindparam("signature")).values(words_mark=bindparam("mark"))
)
_FORGOTTEN = delete(_SUBMISSIONS).where(_SUBMISSIONS.c.id == bindparam("submission"))
_UNFOLDED = update(_SIGNATURES).where(_SIGNATURES.c.id == bindparam("signature")).values(folded=False)
_SEATED = (
    select(_SIGNATURES.c.id, _SIGNATURES.c.seat)
    .where(
        _SIGNATURES.c.statement_id == bindparam("statement"),
        _SIGNATURES.c.mailbox_index == bindparam("mailbox"),
        text(PERSON_IS_LIVE),
    )
    .order_by(_SIGNATURES.c.seat)
)
_PENDING = select(_SUBMISSIONS).where(_SUBMISSIONS.c.id == bindparam("submission")).with_for_update()


class ConfirmationOutcome(StrEnum):
    """The outcome of a confirmation.

    NEW: a signature was made. AGAIN: this link had confirmed before. EXISTING: the signer had signed before.
    TAKEN: at high safety, where nobody is told what came of it.
    """

    NEW = "new"
    AGAIN = "again"
    EXISTING = "existing"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The result of a confirmation.

    `signature_id` is the signature, except at high safety, where only a withdrawal phrase leads to it.
    """

    outcome: ConfirmationOutcome
    signature_id: uuid.UUID | None


def confirm(
    session: Session,
    submission_id: uuid.UUID,
    read: int | None = None,
    *,
    mark: bytes | None = None,
    pressed_at: dt.datetime | None = None,
) -> Confirmation:
    """Turn a submission into a signature. `read` is the number of the revision that was shown beside the
    button.

    At high safety `mark` is the digest of the withdrawal phrase that was shown; without it nobody can
    withdraw. `pressed_at` is the moment of the click, where it is carried out later.

    Raises SubmissionOver, NotOpen, KeyDestroyed; at standard safety also TextChanged, MailboxFull,
    OrganisationSigned.
    """
    moment = pressed_at or clock.now()
    submission = session.execute(_PENDING, {"submission": submission_id}).one_or_none()
    if submission is None:
        raise SubmissionOver
    if submission.signature_id is not None:
        return Confirmation(ConfirmationOutcome.AGAIN, submission.signature_id)
    if submission.sealed is None or submission.expires_at <= moment:
        raise SubmissionOver

    terms = terms_of(session, submission.statement_id)
    terms.refuse_unless_open(grace=True, at=moment)
    fields = SubmittedFields.of(
        vault().unseal_json(submission.sealed, "submissions", "sealed", submission.id)
    )
    signature_id = new_id()
    if terms.safety == Safety.HIGH:
        return _confirm_guarded(session, signature_id, submission, fields.as_guarded(), mark)

    key = statement_key(session, submission.statement_id)
    revision_id = submission.revision_id
    if revision_id not in terms.agreeing:
        if read != terms.revision_number:
            raise TextChanged
        revision_id = terms.revision_id

    existing = _seat(session, signature_id, submission, fields, key)
    if existing is not None:
        # The form stays sealed until the submission expires: the page offers to take it over.
        session.execute(_POINTED, {"submission": submission.id, "signature": existing})
        if record_assent(session, existing, revision_id):
            session.execute(_UNFOLDED, {"signature": existing})
        return Confirmation(ConfirmationOutcome.EXISTING, existing)

    session.execute(_ASSENT, {"signature_id": signature_id, "revision_id": revision_id, "day": clock.today()})
    session.execute(_CONFIRMED, {"submission": submission.id, "signature": signature_id})
    return Confirmation(ConfirmationOutcome.NEW, signature_id)


def _confirm_guarded(
    session: Session,
    signature_id: uuid.UUID,
    submission: Row[Any],
    fields: SubmittedFields,
    mark: bytes | None,
) -> Confirmation:
    """Confirm at high safety: each submission is one signature, whatever the mailbox did before, and nothing
    of the mailbox is kept.

    It is given to the text that its signer has read: the page of the link shows none, and must not show that
    the demands have changed. Nothing is told, so an organisation that is on the list already is simply not
    added.
    """
    if fields.kind is SignatoryKind.PERSON:
        new = _new(signature_id, fields, {"name": fields.name, "city": fields.city})
        added = insert_signature(session, signature_columns(session, new) | _place(submission, fields))
    else:
        added = _add_organisation(session, signature_id, submission, fields)

    if added:
        day = _day_of(submission)
        assent = {"signature_id": signature_id, "revision_id": submission.revision_id, "day": day}
        session.execute(_ASSENT, assent)
        shown = mark or phrase_mark(new_phrase())
        session.execute(_MARKED, {"signature": signature_id, "mark": shown})
    session.execute(_FORGOTTEN, {"submission": submission.id})
    return Confirmation(ConfirmationOutcome.TAKEN, None)


def _add_organisation(
    session: Session, signature_id: uuid.UUID, submission: Row[Any], fields: SubmittedFields
) -> bool:
    """Insert an organisation at high safety. False if it is listed, or about to be, under its own name.

    One that has to be looked at holds no place: whether it was held is nobody's business either.
    """
    organisation = organisation_speaking(session, fields.organisation, domain_of(fields.email))
    if fields.held_for or fields.visibility is not Visibility.PUBLIC:
        organisation = None
    new = _new(
        signature_id, fields, _organisation_names(fields, organisation), registered=organisation is not None
    )
    key = statement_key(session, submission.statement_id)
    index = (
        organisation_index(key, organisation.id)
        if organisation
        else claimed_index(key, signature_id.bytes, fields.organisation)
    )
    place = _place(submission, fields, organisation=index)
    return insert_signature(session, signature_columns(session, new) | place)


def submission_of_code(session: Session, code: str, at: dt.datetime | None = None) -> uuid.UUID:
    """The submission that waits for these digits, now or at another moment.

    Raises CodeUnknown, also in the unlikely case that two submissions do.
    """
    found = session.scalars(
        select(Submission.id).where(
            Submission.code_index.in_(vault().indexes("code", code)),
            Submission.expires_at > (at or clock.now()),
        )
    ).all()
    if len(found) != 1:
        raise CodeUnknown
    return found[0]


def _seat(
    session: Session, signature_id: uuid.UUID, submission: Row[Any], fields: SubmittedFields, key: bytes
) -> uuid.UUID | None:
    """Insert a signature.

    Returns the one that its signer already has, or None. Raises MailboxFull, OrganisationSigned.
    """
    mailbox = keyed_hash(key, "mailbox", canonical(fields.email))
    if fields.kind is SignatoryKind.PERSON:
        return _seat_person(session, signature_id, submission, fields, mailbox)
    return _seat_organisation(session, signature_id, submission, fields, key, mailbox)


def _seat_person(
    session: Session, signature_id: uuid.UUID, submission: Row[Any], fields: SubmittedFields, mailbox: bytes
) -> uuid.UUID | None:
    """Insert a person on a free seat of the mailbox.

    Returns the signature that they already have, or None. Raises MailboxFull.
    """
    new = _new(signature_id, fields, {"name": fields.name, "city": fields.city})
    columns = signature_columns(session, new) | _place(submission, fields, mailbox)

    # A concurrent confirmation may take the seat between look and insert: the index decides, and the loop
    # looks again.
    for _try in range(len(_SEATS) + 1):
        seated = session.execute(_SEATED, {"statement": submission.statement_id, "mailbox": mailbox}).all()
        for seat in seated:
            if _same_person(session.get_one(Signature, seat.id, populate_existing=True), fields):
                return cast(uuid.UUID, seat.id)
        free = [number for number in _SEATS if number not in {seat.seat for seat in seated}]
        if not free:
            break
        if insert_signature(session, columns | {"seat": free[0]}):
            return None

    raise MailboxFull


def _same_person(signature: Signature, fields: SubmittedFields) -> bool:
    """True if this is the same person: two names are two people, and a signer without a name is taken for the
    other one of the mailbox.
    """
    before, now = names_of(signature).get("name"), fields.name
    return (
        not before
        or not now
        or fields.visibility is Visibility.COUNTED
        or search_key(before) == search_key(now)
    )


def _seat_organisation(
    session: Session,
    signature_id: uuid.UUID,
    submission: Row[Any],
    fields: SubmittedFields,
    key: bytes,
    mailbox: bytes,
) -> uuid.UUID | None:
    """Insert an organisation: approved at once if the mailbox is its own, else for review. Raises
    OrganisationSigned.

    A review holds a place for its own mailbox only, so that a stranger's claim can't keep the organisation
    from signing.
    """
    organisation = organisation_speaking(session, fields.organisation, domain_of(fields.email))
    new = _new(
        signature_id, fields, _organisation_names(fields, organisation), registered=organisation is not None
    )
    claimed = None if organisation else _claimed_before(session, submission, fields, mailbox)
    if claimed is not None:
        return claimed

    index = (
        organisation_index(key, organisation.id)
        if organisation
        else claimed_index(key, mailbox, fields.organisation)
    )
    if insert_signature(
        session, signature_columns(session, new) | _place(submission, fields, mailbox, index)
    ):
        return None

    same = (
        Signature.statement_id == submission.statement_id,
        Signature.organisation_index == index,
        text(LIVE),
    )
    existing = session.execute(select(Signature.id, Signature.mailbox_index).where(*same)).one()
    if existing.mailbox_index != mailbox:
        raise OrganisationSigned

    return existing.id  # type: ignore[no-any-return]


def _claimed_before(
    session: Session, submission: Row[Any], fields: SubmittedFields, mailbox: bytes
) -> uuid.UUID | None:
    """The live signature of an organisation of this name, signed with this mailbox.

    Once approved, its index differs from that of a claim.
    """
    same = (
        Signature.statement_id == submission.statement_id,
        Signature.mailbox_index == mailbox,
        Signature.kind == SignatoryKind.ORGANISATION,
    )
    wanted = search_key(fields.organisation)
    for signature in session.scalars(select(Signature).where(*same, text(LIVE))):
        if search_key(names_of(signature).get("organisation_name") or "") == wanted:
            return signature.id
    return None


def _organisation_names(fields: SubmittedFields, organisation: Organisation | None) -> dict[str, Any]:
    return {
        "name": fields.name,
        "organisation_name": fields.organisation,
        "title": fields.title,
        "website": fields.website,
        "city": fields.city,
        "organisation_id": organisation.id if organisation else None,
    }


def _new(
    signature_id: uuid.UUID, fields: SubmittedFields, names: dict[str, Any], *, registered: bool = True
) -> NewSignature:
    """The new signature. The address is kept for news, and until a review is decided."""
    return NewSignature(
        id=signature_id,
        kind=fields.kind,
        visibility=fields.visibility,
        provenance=Provenance.WEB,
        names=names,
        country=fields.country,
        registered=registered,
        email=fields.email if fields.updates or not (registered or fields.guarded) else "",
        wants_updates=fields.updates,
        message=fields.message,
        notice=fields.notice,
        held_for=fields.held_for or None,
    )


def _day_of(submission: Row[Any]) -> dt.date:
    """The day of the link, at high safety: that of the form, or of its mail where that had to wait. Names
    wait until the links of their day have ended.
    """
    if submission.received_at is None:
        # From before the links had a day.
        return clock.today()
    return (cast(dt.datetime, submission.expires_at) - dt.timedelta(days=GOOD_DAYS)).date()


def _place(
    submission: Row[Any],
    fields: SubmittedFields,
    mailbox: bytes | None = None,
    organisation: bytes | None = None,
) -> dict[str, Any]:
    """The place columns of the signature; at high safety with the day of the link only, so that it does not
    matter when, or by whom, the button was pressed.
    """
    moment = dt.datetime.combine(_day_of(submission), dt.time(), dt.UTC) if fields.guarded else clock.now()
    return place_columns(
        submission.statement_id,
        submission.language,
        moment,
        mailbox_index=mailbox,
        organisation_index=organisation,
    )
