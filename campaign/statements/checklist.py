"""What is to be seen to before a draft is published: each point, how it stands, and where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.core import clock
from campaign.core.formats import moment, number
from campaign.core.language import language, language_name, offered_languages
from campaign.core.timezones import place_name
from campaign.extensions import db
from campaign.organisations.queries import names_by_id
from campaign.people.team_queries import TeamLine, team_lines, without_portrait
from campaign.statements.models import Kind, Revision, Safety, Signers, Statement
from campaign.statements.people import members
from campaign.statements.queries import recipients
from campaign.statements.translation_status import lagging

# These are written to somebody: without an addressee they are not what they say they are.
_ADDRESSED = (Kind.OPEN_LETTER, Kind.COMMUNICATION)


class Standing(StrEnum):
    """How a point stands: seen to, to be looked at, or missing, which stops the publication."""

    DONE = "done"
    LOOK = "look"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the list: what it is about, how it stands, what stands there, and where it is changed."""

    name: str
    standing: Standing
    said: str
    address: str


def points(statement: Statement, draft: Revision) -> list[Point]:
    """The points before `draft` is published, in the order in which it is written."""
    return [
        *_texts(statement, draft),
        _addressees(statement),
        *_people(statement),
        _press(statement),
        _owners(statement),
        _signing(statement),
        _safety(statement),
        _closing(statement),
    ]


def missing(statement: Statement, draft: Revision) -> list[Point]:
    """The points without which the draft is not published."""
    return [point for point in points(statement, draft) if point.standing is Standing.MISSING]


def _texts(statement: Statement, draft: Revision) -> Iterator[Point]:
    late = lagging(draft)
    for text in draft.translations:
        original = text is draft.translations[0]
        yield Point(
            _("Title and text: %(language)s", language=language_name(text.language)),
            Standing.LOOK if text.language in late else Standing.DONE,
            _("%(title)s (older than the original)", title=text.title)
            if text.language in late
            else text.title,
            url_for("statements_desk.edit", slug=statement.slug, _anchor=f"title_{text.language}")
            if original
            else url_for("statements_desk.translate", slug=statement.slug, code=text.language),
        )
    written = {text.language for text in draft.translations}
    left = [code for code in offered_languages() if code not in written]
    if left:
        yield Point(
            _("Other languages"),
            Standing.LOOK if len(written) == 1 else Standing.DONE,
            _("No text yet: %(languages)s", languages=", ".join(map(language_name, left))),
            url_for("statements_desk.show", slug=statement.slug, _anchor="translations"),
        )


def _addressees(statement: Statement) -> Point:
    named = ", ".join(party.name for party in recipients(statement, language()))
    needed = statement.kind in _ADDRESSED
    return Point(
        _("Addressee"),
        Standing.DONE if named else Standing.MISSING if needed else Standing.LOOK,
        named
        or (
            _("Please choose to whom it is written.")
            if needed
            else _("Nobody: it is addressed to the public.")
        ),
        _field(statement, "addressees"),
    )


def _people(statement: Statement) -> Iterator[Point]:
    if statement.kind != Kind.RELEASE_CAMPAIGN:
        return
    there = set(members(db.session(), statement.id))
    lines = [line for line in team_lines(language(), None) if line.id in there]
    hidden = [line for line in lines if not line.seen]
    bare = without_portrait([line.id for line in lines if line.seen])
    said = [_all_of(lines) if lines else _("Nobody yet: please add the people whose release you ask for.")]
    if hidden:
        said.append(
            _("Not shown, because of their wish or because it is unknown: %(names)s.", names=_names(hidden))
        )
    if bare:
        said.append(
            _("Without a portrait: %(names)s.", names=_names([line for line in lines if line.id in bare]))
        )
    yield Point(
        _("People"),
        Standing.MISSING if not lines else Standing.LOOK if hidden else Standing.DONE,
        " ".join(said),
        url_for("statements_desk.people", slug=statement.slug),
    )


def _all_of(lines: list[TeamLine]) -> str:
    count, names = len(lines), _names(lines)
    said: str = ngettext(
        "%(number)s person: %(names)s.",
        "%(number)s people: %(names)s.",
        count,
        number=number(count),
        names=names,
    )
    return said


def _names(lines: list[TeamLine]) -> str:
    return ", ".join(line.name for line in lines)


def _press(statement: Statement) -> Point:
    said = ", ".join(
        part for part in (statement.press_name, statement.press_email, statement.press_phone) if part
    )
    return Point(
        _("Press contact"),
        Standing.DONE if said else Standing.LOOK,
        said or _("Nobody: journalists will not know whom to ask."),
        _field(statement, "press_name"),
    )


def _owners(statement: Statement) -> Point:
    named = ", ".join(names_by_id(owner.organisation_id for owner in statement.owners).values())
    return Point(
        _("Published by"),
        Standing.DONE if named else Standing.LOOK,
        named or _("No organisation: readers will not see who is behind it."),
        _field(statement, "owned-by"),
    )


def _signing(statement: Statement) -> Point:
    words = {
        Signers.BOTH: _("Organisations and people"),
        Signers.ORGANISATIONS: _("Organisations only"),
        Signers.PEOPLE: _("People only"),
    }
    return Point(
        _("Who may sign"), Standing.DONE, words[Signers(statement.signers)], _field(statement, "signers-both")
    )


def _safety(statement: Statement) -> Point:
    high = statement.safety == Safety.HIGH
    said = (
        _("High: nothing is kept by which a signer could be found. It cannot be changed after publication.")
        if high
        else _(
            "Standard. It cannot be changed after publication: choose high where a signature is dangerous."
        )
    )
    return Point(_("Safety of signers"), Standing.DONE, said, _field(statement, "safety-standard"))


def _closing(statement: Statement) -> Point:
    closes, zone = statement.closes_at, place_name(statement.time_zone, language())
    if closes is None:
        return Point(
            _("Closing date"),
            Standing.LOOK,
            _("None: it stays open until you close it."),
            _field(statement, "closes_on"),
        )
    over = closes <= clock.now()
    said = _("%(moment)s (time in: %(zone)s)", moment=moment(closes, statement.time_zone), zone=zone)
    return Point(
        _("Closing date"),
        Standing.MISSING if over else Standing.DONE,
        _("The closing day has passed. Please choose a later one first.") if over else said,
        _field(statement, "closes_on"),
    )


def _field(statement: Statement, anchor: str) -> str:
    return url_for("statements_desk.edit", slug=statement.slug, _anchor=anchor)
