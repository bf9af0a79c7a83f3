"""Entries of calendars: hearings, and the days on which statements close."""

from __future__ import annotations

import datetime as dt

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.core.language import language
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.feeds.entries import absolute, urn_of
from campaign.feeds.writers import Appointment
from campaign.people.dossier import EventOfPerson, PersonPage, hearings
from campaign.people.labels import kind_words
from campaign.people.vocabulary import SITTINGS
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import published_revision, title_of
from campaign.updates.queries import UpdateShown


def appointments_of(updates: list[UpdateShown], statements: list[int] | None) -> list[Appointment]:
    """The hearings of `updates` and of people, and the closing days of statements.

    The people are those for whom the statements are (all where none are given).
    """
    found = [*_hearings(updates), *_hearings_of_people(statements), *_deadlines(statements)]
    return sorted(found, key=lambda appointment: appointment.starts.isoformat())


def _hearings(updates: list[UpdateShown]) -> list[Appointment]:
    found = []
    for update in updates:
        if hearing := update.hearing:
            starts = hearing.starts_at if hearing.at_known else hearing.day
            changes = int((update.changed_at - update.created_at).total_seconds())
            said = "\n".join(line for line in (hearing.case, hearing.outcome) if line)
            place = ", ".join(part for part in (hearing.court, hearing.place) if part)
            address = absolute(url_for("pages.update", update_id=update.id))
            found.append(
                Appointment(
                    urn_of("hearing", update.id),
                    address,
                    update.title,
                    said,
                    place,
                    starts,
                    update.changed_at,
                    changes,
                )
            )

    return found


def _hearings_of_people(statements: list[int] | None) -> list[Appointment]:
    """The hearings in case files, as far as they are public."""
    wanted = [None] if statements is None else statements
    of_all = [one for statement_id in wanted for one in hearings(language(), statement_id)]
    return [_hearing_of(one) for one in {one.event.id: one for one in of_all}.values() if one.event.when.day]


def sittings_of(page: PersonPage) -> list[Appointment]:
    """The hearings in one case, on days that are known."""
    on_a_day = [event for event in page.events if event.kind in SITTINGS and event.when.exact]
    return [_hearing_of(EventOfPerson(page.slug, page.name, page.language, event)) for event in on_a_day]


def _hearing_of(one: EventOfPerson) -> Appointment:
    event = one.event
    changes = int((event.changed_at - event.created_at).total_seconds())
    said = "\n".join(line for line in (event.article, event.note.striptags()) if line)
    address = absolute(url_for("pages.person", slug=one.slug, _anchor=f"event-{event.id}"))
    title = f"{one.name}: {kind_words()[event.kind]}"
    starts = event.starts_at or event.when.day or event.changed_at
    return Appointment(
        urn_of("event", event.id), address, title, said, event.place, starts, event.changed_at, changes
    )


def _deadlines(statements: list[int] | None) -> list[Appointment]:
    query = select(Statement).where(Statement.closes_at.is_not(None), Statement.status.not_in(UNSEEN))
    if statements is not None:
        query = query.where(Statement.id.in_(statements))
    return [
        _deadline(statement, statement.closes_at)
        for statement in db.session.scalars(query)
        if statement.closes_at
    ]


def _deadline(statement: Statement, closes_at: dt.datetime) -> Appointment:
    revision = published_revision(statement.id)
    changed = revision.published_at if revision and revision.published_at else statement.created_at
    # A statement closed by hand did not reach its closing day.
    closes_at = min(closes_at, statement.closed_at or closes_at)
    title = _("Closes for signatures: %(title)s", title=title_of(statement.id, language()))
    address = absolute(url_for("pages.statement", slug=statement.slug))

    return Appointment(
        urn_of("closing", statement.id),
        address,
        title,
        "",
        "",
        in_zone(closes_at, statement.time_zone),
        changed,
        statement.version,
    )
