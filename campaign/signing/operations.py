"""Receiving the form beside a text: who may sign, whether the text read is current, and storing the form."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.core.integers import whole_number
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import HeldFor, MailWait, SignatoryKind
from campaign.signing import proof_of_work
from campaign.signing.attack_protection import hold_if_needed
from campaign.signing.errors import KindRefused, TextChanged
from campaign.signing.models import ProtectionLevel
from campaign.signing.proof_of_work import Proof
from campaign.signing.submissions import submit
from campaign.signing.terms_cache import Signing
from campaign.statements.models import Safety, Signers
from campaign.statements.queries import SigningTerms

_KINDS = {
    Signers.BOTH: tuple(SignatoryKind),
    Signers.PEOPLE: (SignatoryKind.PERSON,),
    Signers.ORGANISATIONS: (SignatoryKind.ORGANISATION,),
}


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """A form ready to be stored: `proof` has yet to be spent, `trapped` says that a program filled the form
    in.
    """

    fields: SubmittedFields
    proof: Proof | None
    trapped: bool


@dataclass(frozen=True, slots=True)
class ReceivedForm:
    """What follows for a form: whether its signature will be looked at, and whether its mail waits."""

    looked_at: bool
    waits: MailWait | None


def kinds_asked(signers: Signers) -> tuple[SignatoryKind, ...]:
    """The kinds of signatories that a statement accepts."""
    return _KINDS[signers]


def refuse_kind(signers: Signers, kind: SignatoryKind) -> None:
    """Refuse a kind of signatory that the statement does not accept. Raises KindRefused."""
    if kind not in kinds_asked(signers):
        raise KindRefused(signers)


def refuse_outdated(terms: SigningTerms, read: str) -> None:
    """Refuse a form beside a text whose demands have changed since. Raises TextChanged.

    `read` is the number of the revision beside which the form stood. A form without one is taken as having
    read the current text.
    """
    if read and not terms.still_holds(whole_number(read)):
        raise TextChanged


def check(signing: Signing, fields: SubmittedFields, solution: str, *, trapped: bool) -> CheckedForm:
    """Reduce the fields to those that are stored and verify the proof of work: the slow work, done before the
    write transaction.
    """
    kept = fields.as_guarded() if signing.terms.safety == Safety.HIGH else fields
    asked = signing.level is not ProtectionLevel.OFF
    return CheckedForm(kept, proof_of_work.check(signing.terms.id, solution) if asked else None, trapped)


def receive(session: Session, signing: Signing, checked: CheckedForm, language: str) -> ReceivedForm:
    """Store the form and, unless it has to wait, the mail that asks to confirm it."""
    fields = hold_if_needed(session, checked.fields, signing.level, checked.proof, trapped=checked.trapped)
    waits = None if signing.level is ProtectionLevel.OFF else MailWait.QUEUED
    if fields.held_for in (HeldFor.NO_PROOF, HeldFor.TRAP):
        # Otherwise a program could send our mails to strangers, and they would fall on this site.
        waits = MailWait.HELD
    submit(session, signing.place, fields, language, waits)
    return ReceivedForm(bool(fields.held_for), waits)
