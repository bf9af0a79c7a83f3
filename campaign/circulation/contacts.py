"""Contacts: the one sealed in each invitation, and the contact on record of an organisation of the
registry.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from campaign.circulation.models import Circulation, Invitation, OrganisationContact
from campaign.core.hashed_names import name_for_hash
from campaign.core.vault import SealBroken, keyed_hash, vault
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.signatures.mailbox_identity import canonical
from campaign.signatures.models import Signature
from campaign.signatures.queries import is_erased_row
from campaign.statements.models import Statement, Status
from campaign.statements.queries import statement_key


@dataclass(frozen=True, slots=True)
class Contact:
    """The recipient of an invitation, who may sign. `show_name` and `logo` say what they agreed to have
    shown, `remark` is a word to the inviter.

    `known_as` is the organisation for which the team knows this mailbox; without one, `by_team` says that the
    team wrote to it, or that a recipient passed the link on to it: then it may speak for an organisation that
    the registry does not know. `passed_on` counts the colleagues to whom the recipient did so.
    """

    email: str = ""
    person: str = ""
    organisation: str = ""
    title: str = ""
    website: str = ""
    show_name: bool = False
    logo: bool = False
    known_as: str = ""
    by_team: bool = True
    remark: str = ""
    passed_on: int = 0


def seal_contact(invitation: Invitation, contact: Contact) -> None:
    """Seal the contact into the invitation, which must have its id."""
    invitation.sealed = vault().seal_json(asdict(contact), "invitations", "sealed", invitation.id)


def contact_of(invitation: Invitation) -> Contact:
    """The contact of an invitation, for the team, for its own page and for its mails."""
    try:
        return Contact(**vault().unseal_json(invitation.sealed, "invitations", "sealed", invitation.id))
    except SealBroken:
        return Contact()


def seal_source(invitation: Invitation, source: str) -> None:
    """Seal the source of an answer recorded by hand into the invitation, which must have its id."""
    invitation.sealed_source = vault().seal_text(source, "invitations", "sealed_source", invitation.id)


def source_of(invitation: Invitation) -> str:
    """The source of an answer recorded by hand, for the team; empty for one that came by the link."""
    if invitation.sealed_source is None:
        return ""
    try:
        return vault().unseal_text(invitation.sealed_source, "invitations", "sealed_source", invitation.id)
    except SealBroken:
        return ""


def contact_index(session: Session, statement_id: int, email: str, key: bytes | None = None) -> bytes | None:
    """The keyed hash that keeps a mailbox from being invited twice; passing the statement's `key` saves
    unsealing it each time.

    Raises KeyDestroyed.
    """
    return (
        keyed_hash(key or statement_key(session, statement_id), "invited", canonical(email))
        if email
        else None
    )


def name_index(session: Session, statement_id: int, name: str, key: bytes | None = None) -> bytes | None:
    """The keyed hash that keeps an organisation from signing twice, in any spelling that the search treats as
    the same. Raises KeyDestroyed.
    """
    return (
        keyed_hash(key or statement_key(session, statement_id), "named", name_for_hash(name))
        if name
        else None
    )


def seal_inviter(circulation: Circulation, inviter: Inviter) -> None:
    """Seal the inviter into the circulation."""
    circulation.sealed = vault().seal_json(
        {"name": inviter.name, "email": inviter.email}, "circulations", "sealed", circulation.statement_id
    )


def inviter_of(circulation: Circulation) -> Inviter:
    """The inviter of a circulation."""
    return Inviter(
        **vault().unseal_json(circulation.sealed, "circulations", "sealed", circulation.statement_id)
    )


def put_on_record(session: Session, organisation_id: int, contact: Contact, language: str) -> None:
    """Put the newest contact of an organisation on record, in place of an earlier one."""
    sealed = vault().seal_json(
        {"email": contact.email, "person": contact.person}, "organisation_contacts", "sealed", organisation_id
    )
    session.merge(OrganisationContact(organisation_id=organisation_id, sealed=sealed, language=language))


def on_record(session: Session, ids: list[int] | None = None) -> dict[int, tuple[dict[str, Any], str]]:
    """The contacts on record by organisation: ({email, person}, the language to write in)."""
    query = select(OrganisationContact)
    if ids is not None:
        query = query.where(OrganisationContact.organisation_id.in_(ids))

    found = {}
    for row in session.scalars(query):
        try:
            found[row.organisation_id] = (
                vault().unseal_json(row.sealed, "organisation_contacts", "sealed", row.organisation_id),
                row.language,
            )
        except SealBroken:
            continue

    return found


def purge_invitations() -> int:
    """Delete the invitations of archived statements, since nobody needs to know any more who was asked and
    what they answered; and those of signatures that are withdrawn or erased. Returns their number.
    """
    archived = Invitation.statement_id.in_(select(Statement.id).where(Statement.status == Status.ARCHIVED))
    erased = exists().where(Signature.id == Invitation.signature_id, is_erased_row())
    gone = delete(Invitation).where(archived | erased).returning(Invitation.id)
    return len(db.session.execute(gone, execution_options={"synchronize_session": False}).all())
