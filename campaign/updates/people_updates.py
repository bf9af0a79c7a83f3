"""Updates about the people of a campaign: drafted at a release, shown only as the person or family wishes."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.config import LANGUAGES
from campaign.core.dates import Precision
from campaign.core.formats import number
from campaign.core.language import language, locale_of
from campaign.people.dates import Bound
from campaign.people.labels import when_in_words
from campaign.people.models import CaseEvent, Person
from campaign.people.queries import PersonLine, people_of, statements_for
from campaign.people.visibility import shows_of, wished_of
from campaign.people.vocabulary import EventKind
from campaign.statements.models import UNSEEN, Kind, Statement, Status
from campaign.statements.queries import statement_page
from campaign.updates.models import Update, UpdateKind
from campaign.updates.news_mail import stop_mailing
from campaign.updates.operations import UpdateContent, UpdateWords, enter_update, renew_pages, withdraw_update

# Nobody reads a list of more names than this.
_MOST_NAMED = 12


def draft_of_release(session: Session, *, person: Person, event: CaseEvent) -> None:
    """Draft the news of a release for each public campaign for the person. Flushes.

    Nobody but the team reads it, and nothing is sent.
    """
    if not shows_of(person).event(EventKind.RELEASE):
        return

    wanted = select(Statement).where(
        Statement.id.in_(statements_for(person.id)),
        Statement.kind == Kind.RELEASE_CAMPAIGN,
        Statement.status.not_in((*UNSEEN, Status.ARCHIVED)),
    )
    for statement in session.scalars(wanted.order_by(Statement.id)).all():
        when = event.when
        on = when.day if when.bound is Bound.ON else None
        texts = [said for code in _languages(statement) if (said := _said(statement.id, person, event, code))]
        if texts:
            entry = UpdateContent(
                UpdateKind.NEWS, texts, statement.id, None, on, when.precision if on else Precision.DAY
            )
            update = enter_update(session, entry)
            update.person_id, update.event_id = person.id, event.id
            session.flush()


def follow_the_wish(session: Session, *, person: Person) -> None:
    """Renew the pages that show updates about the person. Flushes.

    If not everything may be shown any more, the updates are withdrawn; the team may publish them again.
    """
    for update in session.scalars(
        select(Update).where(Update.person_id == person.id, Update.published_at.is_not(None))
    ).all():
        if not wished_of(person).full:
            withdraw_update(session, update)
            continue
        renew_pages(session, update)
        if person.withdrawn_at is not None:
            stop_mailing(session, update.id)
    session.flush()


def _languages(statement: Statement) -> list[str]:
    """The languages of the statement's text that the interface has too, in its order; else its first one."""
    there = statement_page(statement.id, language()).languages
    return [code for code in LANGUAGES if code in there] or [next(iter(LANGUAGES))]


def _said(statement_id: int, person: Person, event: CaseEvent, code: str) -> UpdateWords | None:
    """The news in one language. None where the name is not shown."""
    people = people_of(statement_id, code)
    line = next((line for line in people if line.id == person.id), None)
    if line is None:
        return None

    with force_locale(locale_of(code)):
        paragraphs = [
            _release(line, event),
            _remaining(other for other in people if other.case and other.case.in_custody),
        ]
        # After a colon: names can't be declined, and nobody is called he or she.
        return UpdateWords(
            code, _("At liberty: %(name)s", name=line.name), "\n\n".join(filter(None, paragraphs))
        )


def _release(line: PersonLine, event: CaseEvent) -> str:
    told = [_("Release: %(date)s.", date=when_in_words(event.when))]
    if line.days:
        count, said = line.days.count, number(line.days.count)
        told.append(
            ngettext("%(number)s day in detention.", "%(number)s days in detention.", count, number=said)
            if line.days.exact
            else ngettext(
                "At least %(number)s day in detention.",
                "At least %(number)s days in detention.",
                count,
                number=said,
            )
        )

    return " ".join(told)


def _remaining(held: Iterable[PersonLine]) -> str:
    others = list(held)
    if not others:
        return ""
    if len(others) > _MOST_NAMED:
        said: str = ngettext(
            "The campaign goes on for %(number)s person in detention.",
            "The campaign goes on for %(number)s people in detention.",
            len(others),
            number=number(len(others)),
        )
        return said

    return str(
        _("The campaign goes on. In detention: %(names)s.", names=", ".join(line.name for line in others))
    )
