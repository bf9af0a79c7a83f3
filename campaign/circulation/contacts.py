"""Whom we write to: sealed in the invitation, and at an organisation of the registry the contact on
record.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.circulation.models import Circulation, Invitation, OrganisationContact
from campaign.core.search import search_key
from campaign.core.vault import SealBroken, keyed_hash, vault
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.signatures.mailbox_identity import canonical
from campaign.statements.models import Statement, Status
from campaign.statements.queries import statement_key


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an invitation addresses, and who signs. `show_name` and `logo` are what they agreed to have shown,
    `remark` a word to who invites.

    `known_as` is the organisation for which the team knows this mailbox; without one, `by_team` says that the
    team wrote to it, or somebody to whom it wrote: then it may speak for an organisation that the registry
    does not know.
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


def seal_contact(invitation: Invitation, contact: Contact) -> None:
    """Keep the contact in the row, which must have its key."""
    invitation.sealed = vault().seal_json(asdict(contact), "invitations", "sealed", invitation.id)


def contact_of(invitation: Invitation) -> Contact:
    """Who is behind an invitation: for the team, its own page and its mails."""
    try:
        return Contact(**vault().unseal_json(invitation.sealed, "invitations", "sealed", invitation.id))
    except SealBroken:
        return Contact()


def contact_index(session: Session, statement_id: int, email: str, key: bytes | None = None) -> bytes | None:
    """What keeps a mailbox from being invited twice; `key` spares to open the statement's own for each.

    Raises KeyDestroyed.
    """
    return (
        keyed_hash(key or statement_key(session, statement_id), "invited", canonical(email))
        if email
        else None
    )


def name_index(session: Session, statement_id: int, name: str, key: bytes | None = None) -> bytes | None:
    """What keeps one organisation from signing twice, in whatever spelling that the search takes for the
    same. Raises KeyDestroyed.
    """
    return (
        keyed_hash(key or statement_key(session, statement_id), "named", search_key(name)) if name else None
    )


def seal_inviter(circulation: Circulation, inviter: Inviter) -> None:
    """Keep who invites."""
    circulation.sealed = vault().seal_json(
        {"name": inviter.name, "email": inviter.email}, "circulations", "sealed", circulation.statement_id
    )


def inviter_of(circulation: Circulation) -> Inviter:
    """Who invites."""
    return Inviter(
        **vault().unseal_json(circulation.sealed, "circulations", "sealed", circulation.statement_id)
    )


def put_on_record(session: Session, organisation_id: int, contact: Contact, language: str) -> None:
    """The newest contact of an organisation is the one on record."""
    sealed = vault().seal_json(
        {"email": contact.email, "person": contact.person}, "organisation_contacts", "sealed", organisation_id
    )
    session.merge(OrganisationContact(organisation_id=organisation_id, sealed=sealed, language=language))


def on_record(session: Session, ids: list[int] | None = None) -> dict[int, tuple[dict[str, Any], str]]:
    """Of each organisation with a contact on record (email, person) and the language to write in."""
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
    """Once a statement is archived nobody has to know any more who was asked and what they answered.

    Returns how many.
    """
    archived = select(Statement.id).where(Statement.status == Status.ARCHIVED)
    gone = delete(Invitation).where(Invitation.statement_id.in_(archived)).returning(Invitation.id)
    return len(db.session.execute(gone, execution_options={"synchronize_session": False}).all())
