"""What stands in a calendar: hearings, and the days on which statements close."""

from __future__ import annotations

import datetime as dt

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.core.language import language
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.feeds.entries import absolute, key_of
from campaign.feeds.writers import Appointment
from campaign.statements.models import UNSEEN, Statement
from campaign.statements.queries import published_revision, title_of
from campaign.updates.queries import UpdateShown


def appointments_of(updates: list[UpdateShown], statements: list[int] | None) -> list[Appointment]:
    """The hearings among `updates`, and when the statements (all where none are given) close."""
    return sorted([*_hearings(updates), *_deadlines(statements)], key=lambda appointment: appointment.starts.isoformat())


def _hearings(updates: list[UpdateShown]) -> list[Appointment]:
    found = []
    for update in updates:
        if hearing := update.hearing:
            starts = hearing.starts_at if hearing.at_known else hearing.day
            changes = int((update.changed_at - update.created_at).total_seconds())
            said = "\n".join(line for line in (hearing.case, hearing.outcome) if line)
            place = ", ".join(part for part in (hearing.court, hearing.place) if part)
            address = absolute(url_for("pages.update", update_id=update.id))
            found.append(Appointment(key_of("hearing", update.id), address, update.title, said, place, starts, update.changed_at, changes))
    return found


def _deadlines(statements: list[int] | None) -> list[Appointment]:
    query = select(Statement).where(Statement.closes_at.is_not(None), Statement.status.not_in(UNSEEN))
    if statements is not None:
        query = query.where(Statement.id.in_(statements))
    return [_deadline(statement, statement.closes_at) for statement in db.session.scalars(query) if statement.closes_at]


def _deadline(statement: Statement, closes_at: dt.datetime) -> Appointment:
    revision = published_revision(statement.id)
    changed = revision.published_at if revision and revision.published_at else statement.created_at
    # Who closed it by hand did not wait for its day.
    closes_at = min(closes_at, statement.closed_at or closes_at)
    title = _("Closes for signatures: %(title)s", title=title_of(statement.id, language()))
    address = absolute(url_for("pages.statement", slug=statement.slug))
    return Appointment(key_of("closing", statement.id), address, title, "", "", in_zone(closes_at, statement.time_zone), changed, statement.version)
