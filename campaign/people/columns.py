"""Case files as sheets and JSON (docs/case-files.md): one flat form of cells, and one set of rules.

A person is a row of cells, and each event of the timeline a row after it. Lists, and lines of an address, are
lines in one cell. Sealed values are never written.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.config import LANGUAGES
from campaign.core.csv_cells import csv_file, unsafe
from campaign.core.dates import iso_date
from campaign.core.language import language_tag
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.organisations.queries import organisations_by_id
from campaign.people.event_forms import WORDS
from campaign.people.forms import PARTS
from campaign.people.models import CaseEvent, Person
from campaign.people.timeline import ordered
from campaign.people.vocabulary import Script
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.headed import read_headed
from campaign.sheets.heading_words import lenient
from campaign.sheets.limits import Limits
from campaign.sheets.plan import Problem, Row, place_of

SCHEMA = "undersigned case files 1"
LIMITS = Limits(rows=20_000, size=4_000_000)
NAME = "name_"
FACTS = (
    "kept_by",
    "organisation",
    "born",
    "recognised",
    "letters",
    "letter_languages",
    "moving",
    "confirmed_on",
)
# Only read: written files do not say who reported it.
WISHES = ("wish", "wish_said_by", "wish_recorded_by", "wish_on")
LISTS = ("aliases", "sources")
OF_EVENTS = ("kind", "date", "follows", "time", "time_zone", "years", "months")
_ADDRESSES = tuple(f"{part}_{script}" for script in Script for part in ("address", "country"))
_TEXTS = tuple(f"{part}_{code}" for code in LANGUAGES for part in PARTS)
_WORDS = tuple(f"{part}_{code}" for code in LANGUAGES for part in WORDS)
_OF_PEOPLE = ("canonical", *LISTS, *WISHES, *FACTS, *_ADDRESSES, *_TEXTS)

# Other names of columns in our languages.
_SYNONYMS = {
    "record": "row,person or event,запіс,запись,запис,wpis,eintrag",
    "kind": "kind of event,падзея,событие,подія,wydarzenie,ereignis",
    "date": "day,when,дата,data,datum",
    "born": "date of birth,year of birth,нарадзіўся,родился,народився,urodzony,geboren",
    "organisation": "organization,арганізацыя,организация,організація,organizacja",
    "aliases": "alias,other names,іншыя імёны,другие имена,інші імена,inne nazwiska,weitere namen",
    "sources": "source,крыніцы,источники,джерела,źródła,quellen",
}

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class CaseFileRow:
    """Cells by column, and where they stand: row 5 of a sheet, people[2].events[1] of JSON."""

    row: Row
    cells: Cells


@dataclass(slots=True)
class CaseRows:
    """A person with their events in a file; None where it has none, which leaves the timeline as it is."""

    person: CaseFileRow
    events: list[CaseFileRow] | None = field(default=None)


def all_cases() -> list[Person]:
    """Every case file with all of its parts, by address."""
    parts = (Person.names, Person.texts, Person.addresses, Person.sources)
    events = selectinload(Person.events).selectinload(CaseEvent.texts)
    return list(
        db.session.scalars(select(Person).options(*map(selectinload, parts), events).order_by(Person.slug))
    )


@dataclass(slots=True)
class CaseFiles:
    """The content of a file.

    `text` is the same again as CSV or JSON; `ignored` are columns that are not read.
    """

    cases: list[CaseRows]
    text: str
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_csv() -> bytes:
    """All case files as CSV."""
    people = all_cases()
    employers = _slugs(people)
    spoken = {name.language for person in people for name in person.names if name.use == "name"}
    columns = columns_for([*LANGUAGES, *sorted(spoken - set(LANGUAGES))])
    return csv_file(
        columns, (cells for person in people for cells in (cells_of(person, employers), *event_cells(person)))
    )


def write_json() -> bytes:
    """All case files as one object: `schema`, `people`."""
    people = all_cases()
    employers = _slugs(people)
    body = {
        "schema": SCHEMA,
        "people": [_nested(cells_of(person, employers), event_cells(person)) for person in people],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def columns_for(languages: Iterable[str]) -> list[str]:
    """The first row of a sheet with names in these languages."""
    return ["record", "slug", *(f"{NAME}{code}" for code in languages), *_OF_PEOPLE, *OF_EVENTS, *_WORDS]


def cells_of(person: Person, employers: Mapping[int, str]) -> Cells:
    """The row of a person, by column. `employers` are the addresses of organisations."""
    cells = {
        "record": "person",
        "slug": person.slug,
        **{f"{NAME}{name.language}": name.name for name in person.names if name.use == "name"},
        "canonical": next(name.language for name in person.names if name.canonical),
        "aliases": "\n".join(name.name for name in person.names if name.use == "alias"),
        "sources": "\n".join(row.line for row in person.sources if row.line is not None),
        "wish": str(person.wish),
        "kept_by": employers.get(person.kept_by_id or 0, ""),
        "organisation": employers.get(person.organisation_id or 0, ""),
        "born": iso_date(person.born_on, person.born_precision) if person.born_on else "",
        "recognised": iso_date(person.recognised_on, person.recognised_precision)
        if person.recognised_on
        else "",
        "letters": str(person.letters),
        "letter_languages": person.letter_languages,
        "moving": "y" if person.moving else "",
        "confirmed_on": person.confirmed_on.isoformat() if person.confirmed_on else "",
    }
    for row in person.addresses:
        cells |= {f"address_{row.script}": row.lines, f"country_{row.script}": row.country}

    cells |= {f"{part}_{text.language}": getattr(text, part) for text in person.texts for part in PARTS}
    return cells


def event_cells(person: Person) -> list[Cells]:
    """The rows of the events of a person, as they happened. `follows` is the number of one, from 1."""
    line = ordered(person.events)
    numbers = {event.id: str(number) for number, event in enumerate(line, 1)}
    return [_event_cells(person.slug, event, numbers) for event in line]


def read_file(file: bytes) -> CaseFiles:
    """The case files in a sheet or in JSON. Raises SheetUnreadable."""
    LIMITS.check_size(len(file))
    text = file.removeprefix(codecs.BOM_UTF8).lstrip()
    return _read_json(text) if text.startswith(b"{") else _read_sheet(file)


def _event_cells(slug: str, event: CaseEvent, numbers: Mapping[Any, str]) -> Cells:
    local = in_zone(event.starts_at, event.time_zone) if event.starts_at else None
    return {
        "record": "event",
        "slug": slug,
        "kind": str(event.kind),
        "date": str(event.when),
        "follows": numbers.get(event.follows_id, ""),
        "time": local.strftime("%H:%M") if local else "",
        "time_zone": event.time_zone if local else "",
        "years": str(event.years) if event.years is not None else "",
        "months": str(event.months) if event.months is not None else "",
        **{f"{part}_{text.language}": getattr(text, part) for text in event.texts for part in WORDS},
    }


def _slugs(people: Iterable[Person]) -> dict[int, str]:
    ids = {
        organisation_id
        for person in people
        for organisation_id in (person.kept_by_id, person.organisation_id)
        if organisation_id is not None
    }
    return {organisation_id: found.slug for organisation_id, found in organisations_by_id(ids).items()}


def _nested(cells: Cells, events: list[Cells]) -> dict[str, Any]:
    """A person as in JSON; empty values are left out."""
    names = {column.removeprefix(NAME): cell for column, cell in cells.items() if column.startswith(NAME)}
    body: dict[str, Any] = {"slug": cells["slug"], "names": names, "canonical": cells["canonical"]}
    body |= {column: cells[column].split("\n") for column in LISTS if cells.get(column)}
    body |= {column: cells[column] for column in ("wish", *FACTS) if cells.get(column)}
    body["addresses"] = {
        str(script): {"lines": cells[f"address_{script}"].split("\n"), "country": cells[f"country_{script}"]}
        for script in Script
        if cells.get(f"address_{script}")
    }
    body["texts"] = _by_language(cells, PARTS)
    body["events"] = [
        {column: event[column] for column in OF_EVENTS if event.get(column)}
        | {"texts": _by_language(event, WORDS)}
        for event in events
    ]

    return {name: value for name, value in body.items() if value}


def _nested_event(cells: Cells) -> dict[str, Any]:
    said = {column: cells[column] for column in OF_EVENTS if cells.get(column)}
    words = _by_language(cells, WORDS)
    return {**said, "texts": words} if words else {**said}


def _by_language(cells: Cells, parts: Iterable[str]) -> dict[str, dict[str, str]]:
    told = {
        code: {part: cells[f"{part}_{code}"] for part in parts if cells.get(f"{part}_{code}")}
        for code in LANGUAGES
    }
    return {code: said for code, said in told.items() if said}


def _read_sheet(file: bytes) -> CaseFiles:
    columns = columns_for([*LANGUAGES, "be-Latn"])
    sheet = read_headed(io.BytesIO(file), LIMITS, lenient(columns, _SYNONYMS))
    if not {"record", "slug"} <= set(sheet.columns):
        raise SheetUnreadable(_("The first row must name the columns, among them record and slug."))
    rows, problems = [], []
    for row, cells in sheet.cells():
        if cells is None:
            problems.append(Problem(row, "longer"))
        else:
            rows.append(CaseFileRow(row, _known_cells(cells.items())))
    ignored = [column for column in sheet.columns if not is_known(column)]
    return CaseFiles(_cases(rows), sheet.as_csv(), ignored, problems, sheet.notes)


def _known_cells(pairs: Iterable[tuple[str, str]]) -> Cells:
    return {column: unsafe(cell).replace("\r\n", "\n").strip() for column, cell in pairs if is_known(column)}


def is_known(column: str) -> bool:
    """True for a column that is read."""
    code = column.removeprefix(NAME)
    return column in _COLUMNS or (column.startswith(NAME) and language_tag(code) == code)


_COLUMNS = frozenset(columns_for(()))


def _cases(rows: Iterable[CaseFileRow]) -> list[CaseRows]:
    """Assign each event to the person whose address it has, else to the one above it."""
    cases: list[CaseRows] = []
    by_slug: dict[str, CaseRows] = {}
    for row in rows:
        slug = row.cells.get("slug", "")
        if row.cells.get("record") == "event":
            owner = by_slug.get(slug) if slug else (cases[-1] if cases else None)
            if owner is None:
                raise SheetUnreadable(
                    _(
                        "%(place)s: there is no person above that this event belongs to.",
                        place=place_of(row.row),
                    )
                )
            owner.events = [*(owner.events or []), row]
        elif row.cells.get("record") == "person":
            cases.append(CaseRows(row))
            if slug:
                by_slug.setdefault(slug, cases[-1])
        else:
            raise SheetUnreadable(
                _("%(place)s: the column record must say person or event.", place=place_of(row.row))
            )

    return cases


def _read_json(text: bytes) -> CaseFiles:
    try:
        said = text.decode()
        body = json.loads(said)
    except (ValueError, RecursionError):
        raise SheetUnreadable(_("This is not a well-formed JSON file.")) from None

    people = body.get("people") if isinstance(body, dict) else None
    if not isinstance(people, list) or body.get("schema") != SCHEMA:
        raise SheetUnreadable(
            _("The file must hold an object with schema “%(schema)s” and a list people.", schema=SCHEMA)
        )

    ignored: set[str] = set()
    cases = []
    for number, person in enumerate(people):
        place = f"people[{number}]"
        cells = {"record": "person", **_flat(person, place, ignored)}
        events = person.get("events")
        if events is not None and not isinstance(events, list):
            raise SheetUnreadable(_("%(place)s: events must be a list.", place=place))
        rows = [
            CaseFileRow(f"{place}.events[{place_of}]", _flat(event, f"{place}.events[{place_of}]", ignored))
            for place_of, event in enumerate(events or [])
        ]
        cases.append(CaseRows(CaseFileRow(place, cells), rows if events is not None else None))

    return CaseFiles(cases, said, sorted(ignored))


def _flat(body: Any, place: str, ignored: set[str]) -> Cells:
    """A person or event of JSON as cells. Raises SheetUnreadable."""
    if not isinstance(body, dict):
        raise SheetUnreadable(_("%(place)s: this must be an object.", place=place))

    cells: Cells = {}
    for name, value in body.items():
        if name == "names" and isinstance(value, dict):
            cells |= {f"{NAME}{code}": _word(said, place) for code, said in value.items()}
        elif name == "texts" and isinstance(value, dict):
            cells |= {
                f"{part}_{code}": _word(said, place)
                for code, told in value.items()
                if isinstance(told, dict)
                for part, said in told.items()
            }
        elif name == "addresses" and isinstance(value, dict):
            for script, address in value.items():
                of_it = address if isinstance(address, dict) else {}
                cells |= {
                    f"address_{script}": _word(of_it.get("lines", ""), place),
                    f"country_{script}": _word(of_it.get("country", ""), place),
                }
        elif name != "events":
            cells[name] = _word(value, place)

    ignored |= {name for name in cells if not is_known(name)}
    return {name: cell for name, cell in cells.items() if is_known(name)}


def _word(value: Any, place: str) -> str:
    """Text, a number, yes or no, or a list of lines, as a cell."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "\n".join(value)
    if isinstance(value, bool) or value is None:
        return "y" if value else ""
    if isinstance(value, str | int):
        return str(value).strip()
    raise SheetUnreadable(
        _("%(place)s: a value must be text, a number, yes or no, or a list of texts.", place=place)
    )
