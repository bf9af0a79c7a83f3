"""Ways to act: write to a prisoner, write to the addressees, spread the word, come.

This server handles none of it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.formats import day
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.documents.addressee_letter import asked_by
from campaign.documents.person_papers import postal_addresses
from campaign.documents.person_views import shown_person
from campaign.documents.views import bp
from campaign.extensions import db
from campaign.people import queries
from campaign.people.dossier import EventOfPerson, EventShown, PersonPage, hearings
from campaign.people.labels import kind_words, letter_words, script_words, when_in_words
from campaign.people.queries import PersonLine, people_of
from campaign.people.vocabulary import SITTINGS
from campaign.statements.models import UNSEEN, Kind, Safety, Statement, StatementAddressee, Status
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage, statement_lines, statement_page, statements_version
from campaign.updates.queries import UpdateShown, updates_of_statement

# In a campaign for a thousand people the others are found by name.
_MOST_NAMED = 24
_MOST_HEARINGS = 6


@dataclass(frozen=True, slots=True)
class Doing:
    """The ways to act for a person or in a campaign. `guarded` where it could harm people in Belarus who do
    so.

    `writing` are the prisoners to write to, `more` the number of others; `cards` the languages of the
    person's card.
    """

    guarded: bool
    # (address under /p/, name, its language).
    writing: tuple[tuple[str, str, str], ...] = ()
    more: int = 0
    moving: bool = False
    # Statements with addressees to write to: (address under /s/, title, its language).
    asking: tuple[tuple[str, str, str], ...] = ()
    poster: bool = False
    cards: tuple[str, ...] = ()
    coming: tuple[Coming, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.writing or self.asking or self.poster or self.cards or self.coming)


@dataclass(frozen=True, slots=True)
class Coming:
    """An event to come to: its time in words, name, place, and the address of its page."""

    when: str
    title: str
    language: str
    place: str
    link: str
    sorting: str


@bp.get("/p/<slug>/letter")
def letter(slug: str) -> ResponseReturnValue:
    """How to write to a prisoner."""

    def render() -> StoredPage:
        link_as(url_for("documents.letter", slug=slug))
        page = shown_person(slug)
        if not page.may_be_written_to:
            abort(404)

        words = {"letter_words": letter_words(), "script_words": script_words()}
        html = render_template(
            "documents/letter.html",
            person=page,
            postal=postal_addresses(page),
            guarded=_is_guarded(queries.statements_for(page.id)),
            **words,
        )

        return StoredPage.of(html.encode(), "text/html", quick=True)

    def version() -> object:
        return queries.person_version(slug) or abort(404), statements_version()

    return page_cache().get(("letter to person", slug, language()), version, render).response()


@bp.get("/s/<slug>/write")
def write(slug: str) -> ResponseReturnValue:
    """A letter to each of the addressees, to be sent from the visitor's own mail program or copied."""

    def render() -> StoredPage:
        link_as(url_for("documents.write", slug=slug))
        page = statement_page(published_or_404(slug)[0], language())
        if not may_write_to_addressees(page):
            abort(404)
        html = render_template("documents/write.html", statement=page, asked=asked_by(page))
        return StoredPage.of(html.encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("letters of statement", slug, language()), lambda: published_or_404(slug), render)
        .response()
    )


def may_write_to_addressees(page: StatementPage) -> bool:
    """True while a statement is more than a record, and has addressees to write to."""
    return bool(page.addressees) and page.status is not Status.ARCHIVED


@bp.app_template_global()
def doing_of_person(page: PersonPage) -> Doing:
    """The ways to act for a person; none after a death, or where no more than name or dates may be shown."""
    campaigns = queries.statements_for(page.id)
    guarded = _is_guarded(campaigns)
    if not page.may_be_pictured:
        return Doing(guarded)

    writing = ((page.slug, page.name, page.language),) if page.may_be_written_to else ()
    codes = {page.language, *(code for code, _name in page.names)}
    cards = tuple(code for code in LANGUAGES if code in codes) or (language(),)
    coming = tuple(
        _of_event(event, page.slug, "")
        for event in page.events
        if event.kind in SITTINGS and event.to_come and event.when.day
    )
    moving = bool(page.letters and page.letters.moving)
    walls = page.may_be_put_on_walls
    asking = _asking(campaigns) if walls else ()

    return Doing(
        guarded, writing, moving=moving, asking=asking, poster=walls, cards=cards, coming=_sorted(coming)
    )


@bp.app_template_global()
def doing_of_statement(page: StatementPage) -> Doing:
    """The ways to act in a campaign."""
    writing = _written_to(page) if page.kind is Kind.RELEASE_CAMPAIGN else []
    named = tuple((line.slug, line.name, line.language) for line in writing[:_MOST_NAMED])
    return Doing(
        page.guarded,
        named,
        more=len(writing) - len(named),
        asking=((page.slug, page.title, page.language),) if may_write_to_addressees(page) else (),
        poster=page.status is not Status.ARCHIVED,
        cards=() if page.guarded else (language(),),
        coming=_coming(page),
    )


def _asking(campaigns: list[int]) -> tuple[tuple[str, str, str], ...]:
    addressed = set(
        db.session.scalars(
            select(StatementAddressee.statement_id).where(StatementAddressee.statement_id.in_(campaigns))
        )
    )
    lines = statement_lines(language(), ids=list(addressed)) if addressed else []
    return tuple(
        (line.slug, line.title, line.language) for line in lines if line.status is not Status.ARCHIVED
    )


def _written_to(page: StatementPage) -> list[PersonLine]:
    reachable = queries.with_address(page.id)
    lines = people_of(page.id, language()) if reachable else []
    return [
        line
        for line in lines
        if line.shows.full and line.case and line.case.in_custody and line.slug in reachable
    ]


def _coming(page: StatementPage) -> tuple[Coming, ...]:
    # West of us it is still the day before.
    of_people = (
        hearings(language(), page.id, clock.today() - dt.timedelta(days=1))
        if page.kind is Kind.RELEASE_CAMPAIGN
        else []
    )
    found = [_of_person(one) for one in of_people if one.event.to_come and one.event.when.day]
    updates = updates_of_statement(page.id, language())
    return _sorted(
        [*found, *(_of_update(update) for update in updates if update.hearing and update.hearing.to_come)]
    )


def _sorted(found: Any) -> tuple[Coming, ...]:
    return tuple(sorted(found, key=lambda one: one.sorting)[:_MOST_HEARINGS])


def _of_person(one: EventOfPerson) -> Coming:
    return _of_event(one.event, one.slug, one.name)


def _of_event(event: EventShown, slug: str, name: str) -> Coming:
    said = kind_words()[event.kind]
    clock_time = f", {event.starts_at:%H:%M} ({event.zone_place})" if event.starts_at else ""
    link = url_for("pages.person", slug=slug, _anchor=f"event-{event.id}")
    starts = event.starts_at or event.when.day
    title = f"{name}: {said}" if name else said

    return Coming(
        when_in_words(event.when) + clock_time,
        title,
        language(),
        event.place,
        link,
        starts.isoformat() if starts else "",
    )


def _of_update(update: UpdateShown) -> Coming:
    hearing = update.hearing
    if hearing is None:
        raise ValueError(update.id)

    place = ", ".join(part for part in (hearing.court, hearing.place) if part)
    clock_time = f", {hearing.starts_at:%H:%M} ({hearing.zone_place})" if hearing.at_known else ""
    link = url_for("pages.update", update_id=update.id)

    return Coming(
        day(hearing.day) + clock_time,
        update.title,
        update.language,
        place,
        link,
        hearing.starts_at.isoformat(),
    )


def _is_guarded(statements: list[int]) -> bool:
    """True where one of these campaigns is public and of high safety."""
    wanted = select(Statement.id).where(
        Statement.id.in_(statements), Statement.safety == Safety.HIGH, Statement.status.not_in(UNSEEN)
    )
    return db.session.scalar(wanted.limit(1)) is not None
