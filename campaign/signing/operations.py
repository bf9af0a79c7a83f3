"""What signers and the team do with a signature once it stands."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock, retention, tokens
from campaign.core.http import settings
from campaign.core.language import in_language
from campaign.core.search import search_key
from campaign.core.vault import keyed_hash, vault
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.signing.addresses import canonical
from campaign.signing.assents import record_assent
from campaign.signing.confirmation import organisation_index
from campaign.signing.doubts import doubtful
from campaign.signing.errors import NotYours, OrganisationSigned, OtherMailbox, TextChanged
from campaign.signing.models import ENDED, ERASED_COLUMNS, AskedAnew, Assent, SignatoryKind, Signature, State, Submission, Visibility
from campaign.signing.naming import names_of, naming
from campaign.signing.submission import Fields
from campaign.signing.tombstones import bury
from campaign.signing.words import are_known, signature_of, spend
from campaign.statements.models import Revision, Statement
from campaign.statements.queries import statement_key, terms_of


def correct(session: Session, signature: Signature, names: dict[str, str], country: str | None = None) -> None:
    """Change how a signature is written: name, title, city, website, country. Raises NotYours, NameMissing."""
    _by_its_signer(signature)
    before = names_of(signature)
    _rename(signature, before | names, Visibility(signature.visibility))
    _look_if_renamed(session, signature, before)
    signature.country = country or signature.country
    session.flush()


def change_visibility(session: Session, signature: Signature, visibility: Visibility, name: str = "") -> None:
    """Show, hide or forget the name. Raises NotYours, and NameMissing when a name must be given for it."""
    _by_its_signer(signature)
    before = names_of(signature)
    names = dict(before)
    if name and not names.get("name"):
        names["name"] = name
    if visibility is not Visibility.PUBLIC:
        signature.message = signature.sealed_message = None
    _rename(signature, names, visibility)
    _review_if_unregistered(signature)
    _look_if_renamed(session, signature, before)
    session.flush()


def leave_message(session: Session, signature: Signature, message: str) -> None:
    """Hold a message for a person of the team to read; an empty one takes it back. Raises NotYours."""
    _by_its_signer(signature)
    if signature.visibility != Visibility.PUBLIC:
        raise NotYours
    signature.sealed_message = vault().seal(message.encode(), "signatures", "sealed_message", signature.id) if message else None
    signature.message = None
    signature.folded = False
    session.flush()


def ask_for_updates(session: Session, signature: Signature, email: str) -> None:
    """Keep the address, sealed, for news. Raises OtherMailbox when it is not the confirmed one, NotYours, KeyDestroyed."""
    _by_its_signer(signature)
    mailbox = keyed_hash(statement_key(session, signature.statement_id), "mailbox", canonical(email))
    if signature.mailbox_index is None or not hmac.compare_digest(mailbox, signature.mailbox_index):
        raise OtherMailbox
    signature.sealed_contact = vault().seal(email.encode(), "signatures", "sealed_contact", signature.id)
    signature.wants_updates = True
    session.flush()


def agree(session: Session, signature: Signature, number: int | None) -> None:
    """Agree to the demands as they stand, having read the text with this number. Twice is no error.

    Raises NotYours, NotOpen, and TextChanged when the demands have changed since that text.
    """
    _by_its_signer(signature)
    terms = terms_of(session, signature.statement_id)
    terms.refuse_unless_open()
    if number is None or not terms.oldest_valid <= number <= terms.revision_number or terms.revision_id is None:
        raise TextChanged
    read = select(Revision.id).where(Revision.statement_id == signature.statement_id, Revision.number == number)
    if record_assent(session, signature.id, session.scalars(read).one()):
        # The list says to which text each signature was given: the fold lets it be made anew.
        signature.folded = False
    session.flush()


def stop_updates(session: Session, signature: Signature) -> None:
    """No more news. The address goes, unless a review still needs it. Whoever wants none gets none, whatever became of the signature."""
    signature.changed_on = clock.today()
    signature.wants_updates = False
    if signature.state != State.REVIEW:
        signature.sealed_contact = None
    session.flush()


def unsubscribe_link(signature_id: uuid.UUID, language: str) -> str:
    """The address at which one POST ends the news to a signer, for each mail that brings some."""
    return settings().link_url + in_language(language, f"/u/{tokens.issue(tokens.Purpose.UNSUBSCRIBE, signature_id)}")


def withdraw(session: Session, signature: Signature) -> None:
    """Erase a signature and leave its tombstone. Doing it twice is no error."""
    if signature.state == State.WITHDRAWN:
        return
    bury(session, [signature.id])
    erase(session, signature)


def erase_everything(session: Session, submission: Submission) -> None:
    """Withdraw the signature of a submission, if it came to one, and delete all that leads to it: the link opens nothing from then on."""
    signature_id = submission.signature_id
    if signature_id is None:
        session.delete(submission)
    else:
        withdraw(session, session.get_one(Signature, signature_id, with_for_update=True))
        session.execute(delete(Submission).where(Submission.signature_id == signature_id))
    session.flush()


def withdraw_by_words(session: Session, words: str) -> bool:
    """Take back the signature of these words, which are known from then on and open nothing. False for words that nobody was shown."""
    if not are_known(session, words):
        return False
    signature = signature_of(session, words)
    if signature is not None:
        signature = session.get_one(Signature, signature.id, with_for_update=True, populate_existing=True)
        spend(session, words)
        withdraw(session, signature)
    return True


def erase(session: Session, signature: Signature) -> None:
    """What a withdrawal does, without its tombstone: for a restore, which finds that in the journal."""
    session.execute(delete(Assent).where(Assent.signature_id == signature.id))
    session.execute(delete(AskedAnew).where(AskedAnew.signature_id == signature.id))
    session.execute(update(Submission).where(Submission.signature_id == signature.id).values(sealed=None, code_index=None))
    for column in ERASED_COLUMNS:
        setattr(signature, column, None)
    signature.wants_updates = False
    # The hour told something about a person.
    signature.confirmed_at = dt.datetime.combine(signature.confirmed_at.date(), dt.time(), dt.UTC)
    move(signature, State.WITHDRAWN)
    session.flush()


def take_over(session: Session, signature: Signature, submission: Submission) -> None:
    """Let a later submission of the same signer replace what stands, in all that was typed. Raises NotYours.

    An organisation keeps its name: a merged or reviewed one is not renamed by its representative.
    """
    _by_its_signer(signature)
    if submission.sealed is None or submission.signature_id != signature.id:
        raise NotYours
    fields = Fields.of(vault().unseal_json(submission.sealed, "submissions", "sealed", submission.id))
    before = names_of(signature)
    names = before | {"name": fields.name, "city": fields.city}
    if signature.kind == SignatoryKind.ORGANISATION:
        names |= {"title": fields.title, "website": fields.website}
    _rename(signature, names, fields.visibility)
    _review_if_unregistered(signature)
    _look_if_renamed(session, signature, before)
    signature.country, signature.notice = fields.country, fields.notice
    signature.message = signature.sealed_message = None
    if fields.message:
        leave_message(session, signature, fields.message)
    signature.wants_updates = fields.updates
    if fields.updates:
        signature.sealed_contact = vault().seal(fields.email.encode(), "signatures", "sealed_contact", signature.id)
    elif signature.state != State.REVIEW:
        signature.sealed_contact = None
    record_assent(session, signature.id, submission.revision_id)
    forget_typed(session, submission)


def forget_typed(session: Session, submission: Submission) -> None:
    """Erase what a second submission brought, once it was taken over or not wanted."""
    if submission.signature_id is not None:
        submission.sealed = None
        session.flush()


def approve(session: Session, signature: Signature, organisation: Organisation | None) -> None:
    """Let an organisation that waits for review be listed as `organisation`. Raises OrganisationSigned, NotYours.

    None: one that only the team may see, and that is not in the registry, which is public. It is told from others by its name.
    """
    if signature.state not in (State.REVIEW, State.REJECTED) or signature.kind != SignatoryKind.ORGANISATION:
        raise NotYours
    if organisation is None and signature.visibility != Visibility.TEAM:
        raise NotYours
    key = statement_key(session, signature.statement_id)
    names = names_of(signature) | {"organisation_id": organisation.id if organisation else None}
    try:
        signature.organisation_index = (
            organisation_index(key, organisation.id)
            if organisation
            else keyed_hash(key, "unlisted organisation", search_key(names["organisation_name"]))
        )
        _rename(signature, names, Visibility(signature.visibility))
        signature.reason = None
        if not signature.wants_updates:
            signature.sealed_contact = None
        move(signature, State.CONFIRMED)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def reject(session: Session, signature: Signature, reason: str) -> None:
    """Refuse an organisation, with the reason. The address goes: it was kept for this decision only."""
    if signature.state != State.REVIEW:
        raise NotYours
    signature.reason = reason
    signature.sealed_contact = None
    move(signature, State.REJECTED)
    session.flush()


def review_again(session: Session, signature: Signature) -> None:
    """Undo a rejection. Raises OrganisationSigned when the same claim was made anew meanwhile."""
    if signature.state != State.REJECTED:
        raise NotYours
    try:
        signature.reason = None
        move(signature, State.REVIEW)
        session.flush()
    except IntegrityError as error:
        raise OrganisationSigned from error


def hide(session: Session, signature: Signature) -> None:
    """Take a listed signature off the list until someone has looked."""
    if signature.state not in (State.LISTED, State.CONFIRMED):
        raise NotYours
    move(signature, State.HIDDEN)
    session.flush()


def show_again(session: Session, signature: Signature) -> None:
    """Put a hidden signature back on the list."""
    if signature.state != State.HIDDEN:
        raise NotYours
    move(signature, State.CONFIRMED)
    session.flush()


def message_mark(message: str) -> str:
    """A short digest of a message, so that the one that was read is the one that is decided about."""
    return hashlib.sha256(message.encode()).hexdigest()[:16]


def decide_message(session: Session, signature: Signature, read: str, *, show: bool) -> None:
    """Publish a held message, or delete it. `read` is the message_mark() of what was read. Raises NotYours when it is another one now."""
    if signature.sealed_message is None or signature.visibility != Visibility.PUBLIC:
        raise NotYours
    held = vault().unseal(signature.sealed_message, "signatures", "sealed_message", signature.id).decode()
    if message_mark(held) != read:
        raise NotYours
    signature.message = held if show else None
    signature.sealed_message = None
    signature.folded = False
    session.flush()


def _review_if_unregistered(signature: Signature) -> None:
    """An organisation that was approved for the team's eyes is looked at again before the public reads its name."""
    shown = signature.kind == SignatoryKind.ORGANISATION and signature.visibility == Visibility.PUBLIC
    if shown and signature.organisation_id is None and signature.state in (State.CONFIRMED, State.LISTED):
        move(signature, State.REVIEW)


def _look_if_renamed(session: Session, signature: Signature, before: dict[str, object]) -> None:
    """A person who takes another name after confirming is looked at as one who signs with it."""
    name = names_of(signature).get("name")
    stands = signature.kind == SignatoryKind.PERSON and signature.state in (State.CONFIRMED, State.LISTED)
    if stands and name != before.get("name") and doubtful(session, name):
        move(signature, State.QUARANTINED)


def _by_its_signer(signature: Signature) -> None:
    """What has ended is not changed any more; what its signer changes is theirs from then on."""
    if signature.state in ENDED:
        raise NotYours
    signature.changed_on = clock.today()


def _rename(signature: Signature, names: dict[str, object], visibility: Visibility) -> None:
    signature.visibility = visibility
    for column, value in naming(signature.id, SignatoryKind(signature.kind), visibility, names).items():
        setattr(signature, column, value)
    signature.folded = False


def move(signature: Signature, state: State) -> None:
    """Give a signature another state; the fold sees it."""
    signature.state = state
    signature.folded = False


def purge_submissions() -> int:
    """Delete submissions that nobody confirmed; of confirmed ones only the way to the signature stays."""
    over = Submission.expires_at <= clock.now()
    emptied = (
        update(Submission)
        .where(over, Submission.signature_id.is_not(None))
        .where((Submission.sealed.is_not(None)) | (Submission.code_index.is_not(None)))
    )
    db.session.execute(emptied.values(sealed=None, code_index=None))
    return db.session.execute(delete(Submission).where(over, Submission.signature_id.is_(None))).rowcount  # type: ignore[attr-defined, no-any-return]


retention.keep("submissions", "what was typed: 7 days, or until confirmed", purge_submissions)


def purge_contacts() -> int:
    """Erase the addresses of who asked for news, so many days after the list was handed over or closed as signers were told."""
    ended = db.session.execute(select(Statement.id, Statement.contacts_from, Statement.contact_days).where(Statement.contacts_from.is_not(None)))
    over = [key for key, since, days in ended.tuples() if since and since + dt.timedelta(days=days) <= clock.today()]
    held = update(Signature).where(Signature.statement_id.in_(over), Signature.sealed_contact.is_not(None))
    erased = db.session.execute(held.values(sealed_contact=None, wants_updates=False), execution_options={"synchronize_session": False})
    return erased.rowcount  # type: ignore[attr-defined, no-any-return]


retention.keep(
    "signatures",
    "as the signer chose, until withdrawn; the address only for updates or until a review is decided, and at most as many days after the"
    " handover (or the closing) as the statement says",
    purge_contacts,
)
