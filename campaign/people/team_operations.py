"""Writes of the team to case files, portraits and timelines that the log keeps.

Each locks the file, and records its entry last. Files are named by their ids there, since the log is kept for
good.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.core import edit_lock
from campaign.people import operations, portraits, timeline
from campaign.people.audit_actions import PersonAction
from campaign.people.errors import NoSuchEvent
from campaign.people.forms import person_fingerprint
from campaign.people.models import CaseEvent, Person
from campaign.people.operations import CaseFileContent
from campaign.people.portraits import DrawnPortrait
from campaign.people.sheet_import import CaseFilePlan, carry_out
from campaign.people.timeline import Event
from campaign.people.vocabulary import Wish


def open_file(session: Session, entry: CaseFileContent) -> Person:
    """A new case file, of which nothing is shown yet."""
    person = operations.enter_person(session, entry)
    record(session, PersonAction.OPENED, f"person:{person.id}")
    return person


def change_file(session: Session, person_id: uuid.UUID, entry: CaseFileContent, read: str) -> None:
    """A case file with a changed record; `read` is its person_fingerprint() of before.

    Raises EditedMeanwhile, TimelineFault.
    """
    person = _locked(session, person_id)
    edit_lock.refuse_edited(read, person_fingerprint(person))
    timeline.change_person(session, person, entry)
    record(session, PersonAction.CHANGED, f"person:{person_id}")


def write_down_wish(
    session: Session, person_id: uuid.UUID, wanted: Wish, said_by: str, recorded_by: str, day: dt.date
) -> None:
    """What the person or the family wants shown. Takes the arguments of operations.wish()."""
    operations.wish(session, _locked(session, person_id), wanted, said_by, recorded_by, day)
    record(session, PersonAction.WISH_WRITTEN_DOWN, f"person:{person_id}", wish=str(wanted))


def confirm_status(session: Session, person_id: uuid.UUID, day: dt.date) -> None:
    """The day on which the status was confirmed."""
    operations.confirm_status(session, _locked(session, person_id), day)
    record(session, PersonAction.STATUS_CONFIRMED, f"person:{person_id}", day=day)


def change_portrait(
    session: Session, person_id: uuid.UUID, drawn: DrawnPortrait | None, description: str, credit: str
) -> None:
    """Another portrait; without `drawn` another description of the present one."""
    person = _locked(session, person_id)
    if drawn is not None:
        portraits.change_portrait(session, person, drawn, description, credit)
    else:
        portraits.describe_portrait(session, person, description, credit)
    record(session, PersonAction.PORTRAIT_CHANGED, f"person:{person_id}")


def remove_portrait(session: Session, person_id: uuid.UUID) -> None:
    """Initials in place of the portrait. Repeating it is no error."""
    portraits.remove_portrait(session, _locked(session, person_id))
    record(session, PersonAction.PORTRAIT_REMOVED, f"person:{person_id}")


def withdraw(session: Session, person_id: uuid.UUID) -> None:
    """A file that only the team sees. Repeating it is no error."""
    operations.withdraw(session, _locked(session, person_id))
    record(session, PersonAction.WITHDRAWN, f"person:{person_id}")


def show_again(session: Session, person_id: uuid.UUID) -> None:
    """A file that is shown as far as the wish allows. Repeating it is no error."""
    operations.show_again(session, _locked(session, person_id))
    record(session, PersonAction.SHOWN_AGAIN, f"person:{person_id}")


def delete_file(session: Session, person_id: uuid.UUID) -> None:
    """The deletion of a file for which nobody has signed. Raises SignedFor."""
    operations.remove_person(session, _locked(session, person_id))
    record(session, PersonAction.DELETED, f"person:{person_id}")


def enter_events(session: Session, person_id: uuid.UUID, events: Sequence[Event]) -> None:
    """New events of a timeline. Raises TimelineFault."""
    timeline.enter_events(session, _locked(session, person_id), events)
    record(session, PersonAction.EVENT_ENTERED, f"person:{person_id}", kind=str(events[0].kind))


def change_event(
    session: Session, person_id: uuid.UUID, event_id: uuid.UUID, event: Event, read: str
) -> None:
    """A changed event; `read` is event_fingerprint() of what was read.

    Raises NoSuchEvent, EditedMeanwhile, TimelineFault.
    """
    person = _locked(session, person_id)
    changed = _event(person, event_id)
    edit_lock.refuse_edited(read, timeline.event_fingerprint(changed))
    timeline.change_event(session, person, changed, event)
    record(session, PersonAction.EVENT_CHANGED, f"person:{person_id}", kind=str(event.kind))


def remove_event(session: Session, person_id: uuid.UUID, event_id: uuid.UUID) -> None:
    """The deletion of an event. Raises NoSuchEvent, TimelineFault."""
    person = _locked(session, person_id)
    removed = _event(person, event_id)
    kind = str(removed.kind)
    timeline.remove_event(session, person, removed)
    record(session, PersonAction.EVENT_REMOVED, f"person:{person_id}", kind=kind)


def log_export(session: Session, file_format: str) -> None:
    """The log entry for a download of case files."""
    record(session, PersonAction.EXPORTED, "case files", format=file_format)


def import_files(session: Session, plan: CaseFilePlan) -> None:
    """Case files from a sheet. Raises PersonSlugTaken, TimelineFault."""
    carry_out(session, plan)
    record(session, PersonAction.IMPORTED, "case files", new=len(plan.new), changed=len(plan.changed))


def _locked(session: Session, person_id: uuid.UUID) -> Person:
    return session.get_one(Person, person_id, with_for_update=True, populate_existing=True)


def _event(person: Person, event_id: uuid.UUID) -> CaseEvent:
    event = next((event for event in person.events if event.id == event_id), None)
    if event is None:
        raise NoSuchEvent
    return event
