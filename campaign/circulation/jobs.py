"""The jobs of a circulation: reminders, news of changed demands, refused mails, publication, and kits."""

from __future__ import annotations

import datetime as dt
from functools import partial

from flask import Flask
from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from campaign.accounts.audit import record
from campaign.circulation import circulated_texts, mails, publication
from campaign.circulation.audit_actions import CirculationAction
from campaign.circulation.invitations import move_invitations, write_to, write_to_all
from campaign.circulation.models import Answer, CirculatedText, Circulation, Invitation
from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.mailing.operations import failed_mails
from campaign.organisations.signals import organisations_merged
from campaign.statements.models import Change, Statement, Status

BATCH = 200
_MOST_AT_ONCE = 100_000
_EVERY_SECONDS = 5.0
# Nobody is reminded at night; hours in the statement's time zone.
_MORNING, _EVENING = 8, 20


def tend() -> bool:
    """Run one round over all circulations. True if there may be more to do at once."""
    _note_refused_mails()

    more, troubles = False, []
    for statement_id in db.session.scalars(
        select(Circulation.statement_id)
        .where(Circulation.ended_at.is_(None))
        .order_by(Circulation.statement_id)
    ).all():
        try:
            more = _tend_one(statement_id) or more
        except Exception as trouble:  # noqa: BLE001  one text that can't go on must not hold up the others
            db.session.rollback()
            troubles.append(trouble)

    more = _send_kits() or more
    if troubles:
        # The worker tells the team that this job fails.
        raise troubles[0]

    return more


def _tend_one(statement_id: int) -> bool:
    more = _publish_if_due(statement_id)
    more = remind_if_due(statement_id) or more
    return _tell_of_other_demands(statement_id) or more


def silent(statement: Statement) -> Select[Invitation]:
    """Invitations from before today, not answered and not reminded today, by the calendar of the statement's
    place. Without those whose organisation has answered by somebody else, and those passed on.
    """
    here = in_zone(clock.now(), statement.time_zone)
    midnight = clock.now() - dt.timedelta(
        hours=here.hour, minutes=here.minute, seconds=here.second, microseconds=here.microsecond
    )
    other = aliased(Invitation)
    same = or_(
        and_(other.organisation_id.is_not(None), other.organisation_id == Invitation.organisation_id),
        and_(other.name_index.is_not(None), other.name_index == Invitation.name_index),
    )
    settled = other.answer.in_((Answer.SIGN, Answer.DECLINE)) & ~other.unknown
    answered = exists().where(other.statement_id == statement.id, same, settled, ~other.over)
    colleague = aliased(Invitation)

    return select(Invitation).where(
        Invitation.statement_id == statement.id,
        Invitation.answer == Answer.NONE,
        Invitation.contact_index.is_not(None),
        ~Invitation.over,
        ~Invitation.bounced,
        Invitation.created_at < midnight,
        or_(Invitation.reminded_on.is_(None), Invitation.reminded_on < here.date()),
        ~answered,
        ~exists().where(colleague.forwarded_from == Invitation.id, ~colleague.over, ~colleague.bounced),
    )


def remind(session: Session, circulation: Circulation, left: int | None = None, most: int = BATCH) -> int:
    """Remind those who have not answered, each at most once a day; `left` is the number of days before the
    deadline, for which nobody is reminded twice.
    """
    statement = session.get_one(Statement, circulation.statement_id)
    wanted, today = silent(statement), in_zone(clock.now(), statement.time_zone).date()
    if left is not None:
        wanted = wanted.where(or_(Invitation.reminded_for.is_(None), Invitation.reminded_for > left))
    invitations = session.scalars(wanted.order_by(Invitation.id).limit(most).with_for_update()).all()
    write_to_all(session, circulation, invitations, mails.reminder)
    for invitation in invitations:
        invitation.reminded_on = today
        if left is not None:
            invitation.reminded_for = left
    session.flush()
    return len(invitations)


def remind_now(session: Session, circulation: Circulation) -> int:
    """Remind all who have not answered, on the team's request. Returns the number of mails."""
    reminded = remind(session, circulation, most=_MOST_AT_ONCE)
    subject = f"statement:{session.get_one(Statement, circulation.statement_id).slug}"
    record(session, CirculationAction.REMINDED, subject, rows=reminded)
    return reminded


def remind_if_due(statement_id: int) -> bool:
    """Remind on the chosen days before the deadline. True if there may be more."""
    with writing() as session:
        circulation, statement = (
            session.get_one(Circulation, statement_id),
            session.get_one(Statement, statement_id),
        )
        now, zone = clock.now(), statement.time_zone
        if not _MORNING <= in_zone(now, zone).hour < _EVENING:
            return False
        days = [int(day) for day in circulation.remind_days.split(",") if day]
        left = (in_zone(circulation.deadline, zone).date() - in_zone(now, zone).date()).days
        due = [day for day in days if left <= day]
        if now > circulation.deadline or not due or Status(statement.status) is not Status.CIRCULATING:
            return False
        return remind(session, circulation, min(due)) == BATCH


def _publish_if_due(statement_id: int) -> bool:
    if not _due(db.session.get_one(Statement, statement_id)):
        return False
    with writing() as session:
        statement = session.get_one(Statement, statement_id, with_for_update=True, populate_existing=True)
        if not _due(statement):
            return False
        publication.publish(session, statement, as_sent=True)
    return True


def _due(statement: Statement) -> bool:
    return (
        Status(statement.status) is Status.CIRCULATING
        and statement.opens_at is not None
        and statement.opens_at <= clock.now()
    )


def _tell_of_other_demands(statement_id: int) -> bool:
    """Ask those who signed an earlier text with other demands, once for each new text."""
    newest = circulated_texts.newest_text(db.session(), statement_id)
    if newest is None:
        return False

    with writing() as session:
        valid = circulated_texts.standing(session, statement_id)
        earlier = select(Invitation).where(
            Invitation.statement_id == statement_id,
            Invitation.answer == Answer.SIGN,
            Invitation.text_id.not_in(sorted(valid)),
            Invitation.contact_index.is_not(None),
            ~Invitation.over,
            or_(Invitation.asked_text_id.is_(None), Invitation.asked_text_id.not_in(sorted(valid))),
        )
        invitations = session.scalars(earlier.order_by(Invitation.id).limit(BATCH).with_for_update()).all()
        if not invitations:
            return False
        circulation, notes = session.get_one(Circulation, statement_id), _notes(session, statement_id)
        write_to_all(session, circulation, invitations, partial(mails.changed, note=notes))
        for invitation in invitations:
            invitation.asked_text_id = newest.id

    return len(invitations) == BATCH


def _notes(session: Session, statement_id: int) -> str:
    changed = select(CirculatedText.note).where(
        CirculatedText.statement_id == statement_id, CirculatedText.change == Change.MATERIAL
    )
    return session.scalar(changed.order_by(CirculatedText.number.desc()).limit(1)) or ""


def _note_refused_mails() -> None:
    """Note mails that were refused on their invitations, since the outbox forgets them after a week."""
    asked = select(Invitation.mail_id).where(Invitation.mail_id.is_not(None), ~Invitation.bounced)
    refused = failed_mails(db.session(), [mail for mail in db.session.scalars(asked) if mail is not None])
    if refused:
        with writing() as session:
            noted = update(Invitation).where(Invitation.mail_id.in_(refused), ~Invitation.bounced)
            session.execute(noted.values(bounced=True))


def _send_kits() -> bool:
    """Send a kit after publication to everyone who signed before it: where the text is, and material for
    sharing it.
    """
    waiting = select(Invitation).where(Invitation.signature_id.is_not(None), ~Invitation.kit_sent)
    if db.session.scalar(waiting.limit(1)) is None:
        return False
    with writing() as session:
        invitations = session.scalars(waiting.order_by(Invitation.id).limit(BATCH).with_for_update()).all()
        for invitation in invitations:
            own = publication.own_page(invitation, invitation.language) or ""
            circulation = session.get_one(Circulation, invitation.statement_id)
            write_to(session, circulation, invitation, partial(mails.kit, own=own))
            invitation.kit_sent = True
    return len(invitations) == BATCH


def init_app(app: Flask) -> None:
    """Register the jobs, and the signal handler for merges in the registry."""
    organisations_merged.connect(move_invitations)
    worker.register(app, "circulation", _EVERY_SECONDS, tend)
