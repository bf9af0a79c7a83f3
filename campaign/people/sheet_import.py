"""Taking over case files: every row is checked by the rules of the forms, then all of it is written, or nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core.ids import new_id
from campaign.core.search import search_key
from campaign.extensions import db
from campaign.organisations.forms import OTHER
from campaign.organisations.models import Organisation
from campaign.people import operations, timeline
from campaign.people.columns import LISTS, NAME, WISHES, CaseFileRow, CaseRows, Cells, all_cases, cells_of, event_cells, read_file
from campaign.people.detention import Happening, faults
from campaign.people.event_forms import WORDS, EventForm
from campaign.people.forms import PARTS, PersonForm
from campaign.people.labels import fault_in_words
from campaign.people.models import KEY_LENGTH, Person, PersonName
from campaign.people.operations import CaseFileContent
from campaign.people.timeline import Event
from campaign.people.vocabulary import Letters, Script, Wish

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something can't be taken over, and where it stands in the file."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, who said so and who heard it, and when."""

    wish: Wish
    said_by: str
    recorded_by: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class CaseFileLine:
    """A case that fits. `slug` is that of the file which it changes, or wanted for a new one; `events` None leaves the timeline."""

    place: str
    slug: str
    exists: bool
    name: str
    entry: CaseFileContent
    wish: Wished | None
    events: list[Event] | None
    confirmed_on: dt.date | None


@dataclass(slots=True)
class Plan:
    """What an import would do."""

    new: list[CaseFileLine] = field(default_factory=list)
    changed: list[CaseFileLine] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    # By place of a new case, the addresses of files with such a name.
    similar: dict[str, list[str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def plan_import(body: bytes) -> Plan:
    """Check every row of a file. Raises FileUnreadable."""
    cases, ignored = read_file(body)
    plan, known = Plan(ignored=ignored), _Known()
    for rows in cases:
        problems: list[Problem] = []
        line = _line(rows, known, problems)
        plan.problems += problems
        if line is not None and not problems:
            _sort_in(plan, line, rows, known)
    return plan


def carry_out(session: Session, plan: Plan) -> None:
    """Write all of it. Raises SlugTaken or TimelineFault where somebody was quicker; the caller's transaction then keeps nothing."""
    for line in (*plan.changed, *plan.new):
        if line.exists:
            person = session.scalars(select(Person).where(Person.slug == line.slug).with_for_update()).one()
            operations.change_person(session, person, line.entry)
        else:
            person = operations.enter_person(session, line.entry, line.slug or None)
        if line.wish is not None:
            operations.wish(session, person, line.wish.wish, line.wish.said_by, line.wish.recorded_by, line.wish.day)
        if line.events is not None:
            timeline.replace_timeline(session, person, line.events)
        if line.confirmed_on is not None:
            operations.confirm_status(session, person, line.confirmed_on)


class _Known:
    """What is there before the import."""

    def __init__(self) -> None:
        self.people = {person.slug: person for person in all_cases()}
        self.organisations = dict(db.session.execute(select(Organisation.slug, Organisation.id)).tuples().all())
        self.slugs = {key: slug for slug, key in self.organisations.items()}
        self.seen: dict[str, str] = {}


def _line(rows: CaseRows, known: _Known, problems: list[Problem]) -> CaseFileLine | None:
    place, slug = rows.person.place, rows.person.cells.get("slug", "")
    person = known.people.get(slug)
    before = cells_of(person, known.slugs) if person else {}
    cells = {**before, **rows.person.cells}
    _check_slug(slug, place, known, problems)
    form = _person_form(cells, known, place, problems)
    if not form.validate():
        problems += [Problem(place, f"{form[name].label.text}: {error}") for name, errors in form.errors.items() if name for error in errors]
    wished = _wish(rows.person, before, problems)
    confirmed = _day(cells.get("confirmed_on", ""), "confirmed_on", place, problems)
    events = _events(rows.events, problems) if rows.events is not None else None
    if problems:
        return None
    entry = dataclasses.replace(form.entry(), sealed_sources=None)
    return CaseFileLine(place, slug, person is not None, next(iter(entry.names.values())), entry, wished, events, confirmed)


def _check_slug(slug: str, place: str, known: _Known, problems: list[Problem]) -> None:
    if slug and (not _SLUG.fullmatch(slug) or len(slug) > 120):
        problems.append(Problem(place, _("slug: please use small Latin letters, digits and single hyphens, or leave it empty")))
    if slug and (first := known.seen.setdefault(slug, place)) != place:
        problems.append(Problem(place, _("slug: %(place)s has the same", place=first)))


def _person_form(cells: Mapping[str, str], known: _Known, place: str, problems: list[Problem]) -> Any:
    """A row as if somebody had typed it into the form."""
    names = {column.removeprefix(NAME): cell for column, cell in cells.items() if column.startswith(NAME) and cell}
    canonical = cells.get("canonical", "")
    others = sorted((code for code in names if code not in LANGUAGES), key=lambda code: (code != canonical, code))
    fields: MultiDict[str, str] = MultiDict({f"{NAME}{code}": names.get(code, "") for code in LANGUAGES})
    fields["others"] = "\n".join(f"{code}: {names[code]}" for code in others)
    fields["canonical"] = OTHER if canonical in others else canonical
    fields.update({name: cells.get(name, "") for name in (*LISTS, "born", "recognised", "letter_languages", "moving")})
    fields["letters"] = cells.get("letters", "") or str(Letters.UNKNOWN)
    fields.update({f"{part}_{code}": cells.get(f"{part}_{code}", "") for code in LANGUAGES for part in PARTS})
    for script in Script:
        fields[f"address_{script}"] = cells.get(f"address_{script}", "")
        fields[f"country_{script}"] = cells.get(f"country_{script}", "").upper()
    for name, column in (("kept_by", "kept_by"), ("employer", "organisation")):
        wanted = cells.get(column, "")
        if wanted and wanted not in known.organisations:
            problems.append(Problem(place, _("%(column)s: there is no organisation %(slug)s in the registry", column=column, slug=wanted)))
        fields[name] = str(known.organisations.get(wanted, 0))
    return PersonForm(fields, meta={"csrf": False})


def _wish(row: CaseFileRow, before: Mapping[str, str], problems: list[Problem]) -> Wished | None:
    """The wish, where the file changes it: then it must say who said so and who heard it."""
    wanted = row.cells.get("wish", "")
    if not wanted or wanted == before.get("wish", str(Wish.UNKNOWN)):
        return None
    if wanted not in set(Wish):
        problems.append(Problem(row.place, _("wish: please enter one of %(values)s", values=", ".join(Wish))))
        return None
    said, heard = row.cells.get("wish_said_by", ""), row.cells.get("wish_recorded_by", "")
    day = _day(row.cells.get("wish_on", ""), "wish_on", row.place, problems) or clock.today()
    if not said or not heard:
        problems.append(Problem(row.place, _("wish: please say who expressed it and who received it, in wish_said_by and wish_recorded_by")))
        return None
    return Wished(Wish(wanted), said[:300], heard[:300], day)


def _day(typed: str, column: str, place: str, problems: list[Problem]) -> dt.date | None:
    if not typed:
        return None
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem(place, _("%(column)s: please enter the day in the form 2026-12-31", column=column)))
        return None
    if day > clock.today():
        problems.append(Problem(place, _("%(column)s: this day is in the future", column=column)))
    return day


def _events(rows: list[CaseFileRow], problems: list[Problem]) -> list[Event]:
    keys = [new_id() for _row in rows]
    offered = [(str(key), str(number)) for number, key in enumerate(keys, 1)]
    by_number = {number: key for key, number in offered}
    events, places = [], {}
    for row, key in zip(rows, keys, strict=True):
        form = _event_form(row.cells, offered, by_number)
        if form.validate():
            events.append(dataclasses.replace(form.events()[0], key=key))
            places[key] = row.place
        else:
            problems += [Problem(row.place, f"{form[name].label.text}: {error}") for name, errors in form.errors.items() if name for error in errors]
    if len(events) == len(rows):
        told = [Happening(event.kind, event.when, event.length, event.key, event.follows) for event in events]
        problems += [Problem(places[fault.at.key], fault_in_words(fault)) for fault in faults(told)]
    return events


def _event_form(cells: Mapping[str, str], offered: list[tuple[str, str]], by_number: Mapping[str, str]) -> Any:
    fields: MultiDict[str, str] = MultiDict({f"{part}_{code}": cells.get(f"{part}_{code}", "") for code in LANGUAGES for part in WORDS})
    fields.update({"kind": cells.get("kind", ""), "when": cells.get("date", ""), "sits_at": cells.get("time", ""), "until": ""})
    fields.update({"time_zone": cells.get("time_zone", "") or "UTC", "years": cells.get("years", ""), "months": cells.get("months", "")})
    follows = cells.get("follows", "")
    # A number that no event has is no choice of the list, which the form says.
    fields["follows"] = by_number.get(follows, follows)
    form = EventForm(fields, meta={"csrf": False})
    form.offer(offered)
    return form


def _sort_in(plan: Plan, line: CaseFileLine, rows: CaseRows, known: _Known) -> None:
    person = known.people.get(line.slug)
    if person is None:
        plan.new.append(line)
        keys = [search_key(name)[:KEY_LENGTH] for name in line.entry.names.values()]
        named = select(Person.slug).join(PersonName).where(PersonName.search_key.in_(keys)).distinct()
        if similar := list(db.session.scalars(named)):
            plan.similar[line.place] = similar
    elif _same(person, rows, known):
        plan.same += 1
    else:
        plan.changed.append(line)


def _same(person: Person, rows: CaseRows, known: _Known) -> bool:
    """A column or a timeline that the file lacks changes nothing."""
    before = cells_of(person, known.slugs)
    told = {column: cell for column, cell in rows.person.cells.items() if column not in WISHES[1:]}
    if any(before.get(column, "") != cell for column, cell in told.items()):
        return False
    if rows.events is None:
        return True
    return [_filled(cells) for cells in event_cells(person)] == [_filled(row.cells | {"record": "event", "slug": person.slug}) for row in rows.events]


def _filled(cells: Cells) -> Cells:
    return {column: cell for column, cell in cells.items() if cell}
