"""Actions of signers and the team on an existing signature."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.core.search import search_key
from campaign.core.vault import keyed_hash, vault
from campaign.signatures.assents import record_assent
from campaign.signatures.errors import NotAllowed
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import ENDED, SignatoryKind, Signature, State, Submission, Visibility
from campaign.signatures.name_checks import doubtful
from campaign.signatures.names import names_of, write_message, write_names
from campaign.signatures.signals import contact_gone
from campaign.signatures.states import By, is_unregistered, may_move, move
from campaign.signing.errors import OtherMailbox, TextChanged
from campaign.statements.models import Revision
from campaign.statements.queries import statement_key, terms_of


def correct(
    session: Session, signature: Signature, names: dict[str, str], country: str | None = None
) -> None:
    """Change how a signature is written: name, title, affiliation, city, website, country.

    An affiliation that came with a list can be removed, and corrected with a look by the team; a new one is
    not taken. Raises NotAllowed, NameMissing.
    """
    _by_its_signer(signature)
    before = names_of(signature)
    if not before.get("affiliation"):
        names = {**names, "affiliation": ""}
    write_names(signature, before | names, Visibility(signature.visibility))
    _look_if_renamed(session, signature, before)
    signature.country = country or signature.country
    session.flush()


def change_visibility(session: Session, signature: Signature, visibility: Visibility, name: str = "") -> None:
    """Show, hide or forget the name. Raises NotAllowed, and NameMissing when a name must be given for it."""
    _by_its_signer(signature)
    before = names_of(signature)
    names = dict(before)
    if name and not names.get("name"):
        names["name"] = name
    if visibility is not Visibility.PUBLIC:
        signature.sealed_message = None
    write_names(signature, names, visibility)
    _review_if_unregistered(session, signature)
    _look_if_renamed(session, signature, before)
    session.flush()


def leave_message(session: Session, signature: Signature, message: str) -> None:
    """Hold a message for a team member to read; an empty one withdraws it. Raises NotAllowed."""
    _by_its_signer(signature)
    if signature.visibility != Visibility.PUBLIC:
        raise NotAllowed
    signature.sealed_message = (
        vault().seal_text(message, "signatures", "sealed_message", signature.id) if message else None
    )
    write_message(signature, None)
    session.flush()


def ask_for_updates(session: Session, signature: Signature, email: str) -> None:
    """Keep the address, sealed, for news.

    Raises OtherMailbox when it is not the confirmed one, NotAllowed, KeyDestroyed.
    """
    _by_its_signer(signature)
    mailbox = keyed_hash(statement_key(session, signature.statement_id), "mailbox", canonical(email))
    if signature.mailbox_index is None or not hmac.compare_digest(mailbox, signature.mailbox_index):
        raise OtherMailbox
    _let_go_of_contact(session, signature)
    signature.sealed_contact = vault().seal_text(email, "signatures", "sealed_contact", signature.id)
    signature.wants_updates = True
    session.flush()


def agree(session: Session, signature: Signature, number: int | None) -> None:
    """Agree to the demands as they stand, having read the text with this number. Twice is no error.

    Raises NotAllowed, NotOpen, and TextChanged when the demands have changed since that text.
    """
    _by_its_signer(signature)
    terms = terms_of(session, signature.statement_id)
    terms.refuse_unless_open()
    if terms.revision_id is None or not terms.still_holds(number):
        raise TextChanged
    read = select(Revision.id).where(
        Revision.statement_id == signature.statement_id, Revision.number == number
    )
    if record_assent(session, signature.id, session.scalars(read).one()):
        # The list shows which text each signature was given to, so the fold has to raise its version.
        signature.folded = False
    session.flush()


def stop_updates(session: Session, signature: Signature) -> None:
    """End the news to a signer and erase the address, unless a review still needs it.

    Works in every state of the signature.
    """
    signature.changed_on = clock.today()
    _let_go_of_contact(session, signature)
    signature.wants_updates = False
    if signature.state != State.REVIEW:
        signature.sealed_contact = None
    session.flush()


def take_over(session: Session, signature: Signature, submission: Submission) -> None:
    """Replace the content of a signature with that of a later submission by the same signer. Raises
    NotAllowed.

    An organisation keeps its name: a merged or reviewed one is not renamed by its representative.
    """
    _by_its_signer(signature)
    if submission.sealed is None or submission.signature_id != signature.id:
        raise NotAllowed

    fields = SubmittedFields.of(
        vault().unseal_json(submission.sealed, "submissions", "sealed", submission.id)
    )
    before = names_of(signature)
    names = before | {"name": fields.name, "city": fields.city, "message": None}
    if signature.kind == SignatoryKind.ORGANISATION:
        names |= {"title": fields.title, "website": fields.website}
    write_names(signature, names, fields.visibility)
    _review_if_unregistered(session, signature)
    _look_if_renamed(session, signature, before)
    signature.country, signature.notice = fields.country, fields.notice
    signature.sealed_message = None
    if fields.message:
        leave_message(session, signature, fields.message)

    _let_go_of_contact(session, signature)
    signature.wants_updates = fields.updates
    if fields.updates:
        signature.sealed_contact = vault().seal_text(
            fields.email, "signatures", "sealed_contact", signature.id
        )
    elif signature.state != State.REVIEW:
        signature.sealed_contact = None
    record_assent(session, signature.id, submission.revision_id)
    forget_typed(session, submission)


def forget_typed(session: Session, submission: Submission) -> None:
    """Erase what a second submission brought, once it was taken over or not wanted."""
    if submission.signature_id is not None:
        submission.sealed = None
        session.flush()


def _review_if_unregistered(session: Session, signature: Signature) -> None:
    """Send an organisation approved for the team only back to review before its name becomes public."""
    if is_unregistered(session, signature) and may_move(State(signature.state), State.REVIEW, By.SIGNER):
        move(signature, State.REVIEW, By.SIGNER)


def _look_if_renamed(session: Session, signature: Signature, before: dict[str, object]) -> None:
    """Check a person who changes their name after confirming like one who signs with the new name.

    Another affiliation always waits for a look: it claims a post or an institution, and no check knows whose.
    """
    names = names_of(signature)
    name, affiliation = names.get("name"), str(names.get("affiliation") or "")
    may_be_held = may_move(State(signature.state), State.QUARANTINED, By.SIGNER)
    if signature.kind != SignatoryKind.PERSON or not may_be_held:
        return
    other_name = name != before.get("name") and doubtful(session, name)
    if other_name or (affiliation and search_key(affiliation) != search_key(str(before.get("affiliation")))):
        move(signature, State.QUARANTINED, By.SIGNER)


def _by_its_signer(signature: Signature) -> None:
    """Refuse an ended signature, and note that its signer has changed it. Raises NotAllowed."""
    if signature.state in ENDED:
        raise NotAllowed
    signature.changed_on = clock.today()


def _let_go_of_contact(session: Session, signature: Signature) -> None:
    """Tell the rooms above that an address which was kept for news is no longer to be used."""
    if signature.wants_updates:
        contact_gone.send(session, statement_id=signature.statement_id)
