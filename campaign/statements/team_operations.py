"""The team's audited writes to statements, topics and addressees.

Each locks what it changes, and records its audit entry last.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.statements import addressees, lifecycle, operations, people, topics
from campaign.statements.addressees import AddresseeContent
from campaign.statements.audit_actions import AddresseeAction, StatementAction, TopicAction
from campaign.statements.models import Addressee, Change, Revision, Safety, Statement, Status, Topic
from campaign.statements.operations import StatementSettings, StatementText
from campaign.statements.topics import TopicWords

# The changes that can be made to the people of a campaign.
PEOPLE_STEPS: Mapping[str, Callable[[Session, Statement, uuid.UUID], None]] = {
    "add": people.add_person,
    "take off": people.take_off,
    "up": people.move_up,
}


def create(session: Session, settings: StatementSettings, texts: Iterable[StatementText]) -> Statement:
    """Create a statement as a draft. Raises StatementSlugTaken."""
    statement = operations.create_statement(session, settings, texts)
    record(session, StatementAction.CREATED, _named(statement))
    return statement


def publish(session: Session, statement_id: int, change: Change | None, note: str, read: str) -> Revision:
    """Publish the draft. Arguments and errors as those of operations.publish()."""
    statement = _locked(session, statement_id)
    revision = operations.publish(session, statement, change, note, read)
    facts = {"revision": revision.number, "change": str(revision.change), "sha256": revision.sha256}
    record(session, StatementAction.PUBLISHED, _named(statement), **facts)
    return revision


def close(session: Session, statement_id: int) -> bool:
    """Close a statement to signatures. False if it takes none anyway."""
    statement = _locked(session, statement_id)
    if statement.status != Status.OPEN:
        return False
    lifecycle.close(session, statement)
    record(session, StatementAction.CLOSED, _named(statement))
    return True


def archive(session: Session, statement_id: int) -> bool:
    """Archive a statement that has ended. False if it can't be archived, or already is."""
    statement = _locked(session, statement_id)
    if not lifecycle.may_become(Status(statement.status), Status.ARCHIVED):
        return False
    lifecycle.archive(session, statement)
    record(session, StatementAction.ARCHIVED, _named(statement))
    return True


def reopen(session: Session, statement_id: int) -> bool:
    """Reopen a statement to signatures. False if it is open already.

    Raises NotFromHere once its key is destroyed.
    """
    statement = _locked(session, statement_id)
    if not lifecycle.may_become(Status(statement.status), Status.OPEN):
        return False
    lifecycle.reopen(session, statement)
    record(session, StatementAction.REOPENED, _named(statement))
    return True


def raise_safety(session: Session, statement_id: int) -> bool:
    """Choose high safety, while nobody but the team has seen the text. False if it is too late, or done."""
    statement = _locked(session, statement_id)
    if statement.published_at is not None or statement.safety == Safety.HIGH:
        return False
    statement.safety = Safety.HIGH
    statement.version += 1
    record(session, StatementAction.SAFETY_RAISED, _named(statement))
    return True


def change_people(session: Session, statement_id: int, person_id: uuid.UUID, step: str) -> None:
    """Change the people of a campaign by one of PEOPLE_STEPS. Raises NoReleaseCampaign."""
    statement = _locked(session, statement_id)
    PEOPLE_STEPS[step](session, statement, person_id)
    # By id, since the log is kept for good and the person may wish to be named nowhere.
    record(session, StatementAction.PEOPLE_CHANGED, _named(statement), person=person_id)


def enter_topic(session: Session, slug: str, names: Mapping[str, TopicWords]) -> Topic:
    """Enter a topic. Raises TopicSlugTaken."""
    topic = topics.enter_topic(session, slug, names)
    record(session, TopicAction.ENTERED, f"topic:{topic.slug}")
    return topic


def change_topic(session: Session, topic_id: int, names: Mapping[str, TopicWords], read: str) -> None:
    """Change the wording of a topic; `read` as in topics.change_topic(). Raises EditedMeanwhile."""
    topic = session.get_one(Topic, topic_id, with_for_update=True, populate_existing=True)
    topics.change_topic(session, topic, names, read)
    record(session, TopicAction.CHANGED, f"topic:{topic.slug}")


def enter_addressee(session: Session, entry: AddresseeContent) -> Addressee:
    """Enter an addressee."""
    addressee = addressees.enter_addressee(session, entry)
    record(session, AddresseeAction.ENTERED, f"addressee:{addressee.id}")
    return addressee


def change_addressee(
    session: Session, addressee_id: int, entry_after: Callable[[AddresseeContent], AddresseeContent]
) -> None:
    """Change an addressee to what `entry_after` returns for the present entry. Raises AddresseeInUse."""
    addressee = session.get_one(Addressee, addressee_id, with_for_update=True, populate_existing=True)
    addressees.change_addressee(session, addressee, entry_after(addressees.entry_of(addressee)))
    record(session, AddresseeAction.CHANGED, f"addressee:{addressee_id}")


def remove_addressee(session: Session, addressee_id: int) -> None:
    """Remove an addressee. Doing it twice is no error. Raises AddresseeInUse."""
    addressee = session.get(Addressee, addressee_id)
    if addressee is not None:
        addressees.remove_addressee(session, addressee)
        record(session, AddresseeAction.REMOVED, f"addressee:{addressee_id}")


def _locked(session: Session, statement_id: int) -> Statement:
    return session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)


def _named(statement: Statement) -> str:
    return f"statement:{statement.slug}"
