"""Import of case files: every row is checked by the rules of the forms, then all is written, or nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
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
from campaign.people.columns import (
    LISTS,
    NAME,
    WISHES,
    CaseFileRow,
    CaseRows,
    Cells,
    all_cases,
    cells_of,
    event_cells,
    read_file,
)
from campaign.people.dates import When
from campaign.people.detention import Happening, faults
from campaign.people.event_forms import WORDS, EventForm
from campaign.people.forms import PARTS, PersonForm, read_date
from campaign.people.labels import fault_in_words
from campaign.people.models import KEY_LENGTH, Person, PersonName
from campaign.people.name_mentions import Mention, mentions_of
from campaign.people.operations import CaseFileContent
from campaign.people.timeline import Event
from campaign.people.vocabulary import Letters, Script, Wish
from campaign.sheets.headed import slug_problems
from campaign.sheets.plan import Plan, Problem, Row, form_problems, register_problems

_SENTENCES = {
    "no such organisation": _l("%(column)s: there is no organisation %(slug)s in the registry"),
    "wish": _l("wish: please enter one of %(values)s"),
    "wish of whom": _l(
        "wish: please say who expressed it and who received it, in wish_said_by and wish_recorded_by"
    ),
    "day": _l("%(column)s: please enter the day in the form 2026-12-31"),
    "future day": _l("%(column)s: this day is in the future"),
}


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, who expressed it and who received it, and when."""

    wish: Wish
    said_by: str
    recorded_by: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class CaseFileLine:
    """A valid case. `slug` is that of the file which it changes, or the one wanted for a new file.

    `events` None leaves the timeline as it is.
    """

    row: Row
    slug: str
    exists: bool
    name: str
    entry: CaseFileContent
    wish: Wished | None
    events: list[Event] | None
    confirmed_on: dt.date | None


CaseFilePlan = Plan[CaseFileLine]


def plan_import(file: bytes) -> CaseFilePlan:
    """The plan of an import, each row checked. Raises SheetUnreadable."""
    read = read_file(file)
    plan = CaseFilePlan(problems=read.problems, ignored=read.ignored, notes=read.notes, text=read.text)
    known = _Known()
    for rows in read.cases:
        problems: list[Problem] = []
        line = _line(rows, known, problems)
        plan.problems += problems
        if line is not None and not problems:
            _sort_in(plan, line, rows, known)
    return plan


def named_elsewhere(session: Session, plan: CaseFilePlan) -> list[tuple[str, list[Mention]]]:
    """The people whom the plan lets be shown less, with the texts written by hand that go on naming them."""
    narrowed = [line for line in plan.changed if line.wish is not None and line.wish.wish is not Wish.FULL]
    found = []
    for line in narrowed:
        person = session.scalars(select(Person).where(Person.slug == line.slug)).one()
        if named := mentions_of(session, person):
            found.append((line.name, named))
    return found


def carry_out(session: Session, plan: CaseFilePlan) -> None:
    """Write all of it.

    Raises PersonSlugTaken or TimelineFault after a concurrent change: keep nothing then.
    """
    for line in (*plan.changed, *plan.new):
        if line.exists:
            person = session.scalars(select(Person).where(Person.slug == line.slug).with_for_update()).one()
            _change(session, person, line)
        else:
            person = operations.enter_person(session, line.entry, line.slug or None)

        if line.wish is not None:
            operations.wish(
                session, person, line.wish.wish, line.wish.said_by, line.wish.recorded_by, line.wish.day
            )

        if line.events is not None:
            timeline.replace_timeline(session, person, line.events)
        if line.confirmed_on is not None:
            operations.confirm_status(session, person, line.confirmed_on)


def _change(session: Session, person: Person, line: CaseFileLine) -> None:
    """Write the record. A timeline that comes with it is checked against the new date of birth."""
    write = operations.change_person if line.events is not None else timeline.change_person
    write(session, person, line.entry)


class _Known:
    """The case files and organisations before the import."""

    def __init__(self) -> None:
        self.people = {person.slug: person for person in all_cases()}
        self.organisations = dict(
            db.session.execute(select(Organisation.slug, Organisation.id)).tuples().all()
        )
        self.slugs = {organisation_id: slug for slug, organisation_id in self.organisations.items()}
        self.seen: dict[str, Row] = {}


def _line(rows: CaseRows, known: _Known, problems: list[Problem]) -> CaseFileLine | None:
    row, slug = rows.person.row, rows.person.cells.get("slug", "")
    person = known.people.get(slug)
    before = cells_of(person, known.slugs) if person else {}
    cells = {**before, **rows.person.cells}
    problems += slug_problems(slug, row, known.seen)
    form = _person_form(cells, known, row, problems)
    problems += form_problems(row, form)
    wished = _wish(rows.person, before, problems)
    confirmed = _day(cells.get("confirmed_on", ""), "confirmed_on", row, problems)
    born = _date_of(form.born)
    events = _events(rows.events, born, problems) if rows.events is not None else None
    if person is not None and events is None:
        problems += _born_too_late(person, born, row)

    if problems:
        return None

    entry = dataclasses.replace(form.entry(), sealed_sources=None)
    return CaseFileLine(
        row, slug, person is not None, next(iter(entry.names.values())), entry, wished, events, confirmed
    )


def _person_form(cells: Mapping[str, str], known: _Known, row: Row, problems: list[Problem]) -> Any:
    """A row as if somebody had typed it into the form."""
    names = {
        column.removeprefix(NAME): cell for column, cell in cells.items() if column.startswith(NAME) and cell
    }
    canonical = cells.get("canonical", "")
    others = sorted(
        (code for code in names if code not in LANGUAGES), key=lambda code: (code != canonical, code)
    )
    fields: MultiDict[str, str] = MultiDict({f"{NAME}{code}": names.get(code, "") for code in LANGUAGES})
    fields["others"] = "\n".join(f"{code}: {names[code]}" for code in others)
    fields["canonical"] = OTHER if canonical in others else canonical
    fields.update(
        {name: cells.get(name, "") for name in (*LISTS, "born", "recognised", "letter_languages", "moving")}
    )
    fields["letters"] = cells.get("letters", "") or str(Letters.UNKNOWN)
    fields.update({f"{part}_{code}": cells.get(f"{part}_{code}", "") for code in LANGUAGES for part in PARTS})

    for script in Script:
        fields[f"address_{script}"] = cells.get(f"address_{script}", "")
        fields[f"country_{script}"] = cells.get(f"country_{script}", "").upper()

    for name, column in (("kept_by", "kept_by"), ("employer", "organisation")):
        wanted = cells.get(column, "")
        if wanted and wanted not in known.organisations:
            problems.append(Problem(row, "no such organisation", {"slug": wanted}, column))
        fields[name] = str(known.organisations.get(wanted, 0))

    return PersonForm(fields, meta={"csrf": False})


def _wish(row: CaseFileRow, before: Mapping[str, str], problems: list[Problem]) -> Wished | None:
    """The wish, where the file changes it: then it must say who expressed it and who received it."""
    wanted = row.cells.get("wish", "")
    if not wanted or wanted == before.get("wish", str(Wish.UNKNOWN)):
        return None
    if wanted not in set(Wish):
        problems.append(Problem(row.row, "wish", {"values": ", ".join(Wish)}, "wish"))
        return None

    said, heard = row.cells.get("wish_said_by", ""), row.cells.get("wish_recorded_by", "")
    day = _day(row.cells.get("wish_on", ""), "wish_on", row.row, problems) or clock.today()
    if not said or not heard:
        problems.append(Problem(row.row, "wish of whom", column="wish"))
        return None
    return Wished(Wish(wanted), said[:300], heard[:300], day)


def _day(typed: str, column: str, row: Row, problems: list[Problem]) -> dt.date | None:
    if not typed:
        return None
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem(row, "day", column=column))
        return None
    if day > clock.today():
        problems.append(Problem(row, "future day", column=column))
    return day


def _date_of(field: Any) -> When | None:
    """The date in a field; None where it has none, or none that can be read, which the form says."""
    try:
        return read_date(field.data)
    except ValueError:
        return None


def _born_too_late(person: Person, born: When | None, row: Row) -> list[Problem]:
    """The date of birth in the file comes after events that the case file has, and the file leaves as they
    are.
    """
    known = set(map(fault_in_words, faults(map(timeline.happening, person.events), timeline.born(person))))
    return [
        Problem(row, "timeline", {"words": words}, "born")
        for words in map(fault_in_words, faults(map(timeline.happening, person.events), born))
        if words not in known
    ]


def _events(rows: list[CaseFileRow], born: When | None, problems: list[Problem]) -> list[Event]:
    ids = [new_id() for _row in rows]
    offered = [(str(event_id), str(number)) for number, event_id in enumerate(ids, 1)]
    by_number = {number: event_id for event_id, number in offered}

    events = []
    for row, event_id in zip(rows, ids, strict=True):
        form = _event_form(row.cells, offered, by_number)
        refused = list(form_problems(row.row, form))
        if not refused:
            events.append(dataclasses.replace(form.events()[0], event_id=event_id))
        problems += refused

    if len(events) == len(rows):
        places = {event_id: row.row for row, event_id in zip(rows, ids, strict=True)}
        told = [
            Happening(event.kind, event.when, event.length, event.event_id, event.follows) for event in events
        ]
        problems += [
            Problem(places[fault.at.event_id], "timeline", {"words": fault_in_words(fault)})
            for fault in faults(told, born)
        ]

    return events


def _event_form(
    cells: Mapping[str, str], offered: list[tuple[str, str]], by_number: Mapping[str, str]
) -> Any:
    fields: MultiDict[str, str] = MultiDict(
        {f"{part}_{code}": cells.get(f"{part}_{code}", "") for code in LANGUAGES for part in WORDS}
    )
    fields.update(
        {
            "kind": cells.get("kind", ""),
            "when": cells.get("date", ""),
            "sits_at": cells.get("time", ""),
            "until": "",
        }
    )
    fields.update(
        {
            "time_zone": cells.get("time_zone", "") or "UTC",
            "years": cells.get("years", ""),
            "months": cells.get("months", ""),
        }
    )
    follows = cells.get("follows", "")
    # The number of no event is no choice of the list, which the form says.
    fields["follows"] = by_number.get(follows, follows)
    form = EventForm(fields, meta={"csrf": False})
    form.offer(offered)

    return form


def _sort_in(plan: CaseFilePlan, line: CaseFileLine, rows: CaseRows, known: _Known) -> None:
    person = known.people.get(line.slug)
    if person is None:
        plan.new.append(line)
        as_searched = [search_key(name)[:KEY_LENGTH] for name in line.entry.names.values()]
        named = select(Person.slug).join(PersonName).where(PersonName.search_key.in_(as_searched)).distinct()
        plan.similar += [
            Problem(line.row, "similar", {"name": slug, "slug": slug}) for slug in db.session.scalars(named)
        ]
    elif _same(person, rows, known):
        plan.same += 1
    else:
        plan.changed.append(line)


def _same(person: Person, rows: CaseRows, known: _Known) -> bool:
    """Keep the columns and timelines that the file lacks."""
    before = cells_of(person, known.slugs)
    told = {column: cell for column, cell in rows.person.cells.items() if column not in WISHES[1:]}
    if any(before.get(column, "") != cell for column, cell in told.items()):
        return False
    if rows.events is None:
        return True
    return [_filled(cells) for cells in event_cells(person)] == [
        _filled(row.cells | {"record": "event", "slug": person.slug}) for row in rows.events
    ]


def _filled(cells: Cells) -> Cells:
    return {column: cell for column, cell in cells.items() if cell}


def init_app(app: Flask) -> None:
    """Register the sentences of case files for problems of rows."""
    register_problems(app, _SENTENCES)
