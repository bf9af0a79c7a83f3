"""Members of a network from a table: each row is matched with the registry, or asked about, before anything
is written.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.config import LANGUAGES
from campaign.core.countries import country_of_cell
from campaign.core.csv_cells import unsafe
from campaign.core.formats import countries, country_name
from campaign.core.language import default_language, language
from campaign.core.search import search_key
from campaign.core.text import clean_line, has_letter
from campaign.extensions import db
from campaign.organisations import networks
from campaign.organisations.duplicates import similar_to
from campaign.organisations.forms import OrganisationForm
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.network_forms import LONGEST_SOURCE
from campaign.organisations.networks import Span, span_of, spans_between, within
from campaign.organisations.operations import register_organisation
from campaign.organisations.partial_dates import partial_date
from campaign.organisations.queries import (
    display_name,
    organisation_at,
    organisations_by_id,
    organisations_named,
)
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.headed import HeadedSheet
from campaign.sheets.limits import Limits
from campaign.sheets.plan import Plan, Problem, form_problems, register_problems
from campaign.sheets.questions import Asked, Wording, register_questions
from campaign.sheets.readers import read_file

LIMITS = Limits(rows=1_000, size=400_000)
COLUMNS = ("organisation", "country", "website", "since", "until", "source")
NEW, LEAVE_OUT, NO_COUNTRY = "new", "leave-out", "none"
_HEADER_WITHIN = 12
_MOST_MEANT = 5
_LONGEST_SUBJECT = 120
# Whole words, then beginnings of longer ones, in the six languages; the first column that fits has it.
_WORDS = {
    "since": (
        "since from joined start с з із od seit von ab",
        "joining accession вступ уступ ўступ далуч прысоед присоед приєдн przystąp dołącz beitritt",
    ),
    "until": (
        "until till to left end ended до да по do bis",
        "leav withdraw выйш выход выбы вийш вихід вибу wystąp austritt ausgetret",
    ),
    "source": ("source sources", "крыніц источник джерел źród zrod quelle beleg"),
    "country": ("land staat", "countr краін стран країн kraj państw panstw"),
    "website": ("web www url link", "website site сайт вебсайт strona webseit homepage"),
    "organisation": (
        "name names ngo",
        "organis organiz member participant арганізац организац організац удзельн участни учасник сябра сябры"
        " член назв наймен найме наимен człon czlon nazw mitglied",
    ),
}
_KNOWN_WORDS = {
    name: (frozenset(whole.split()), tuple(beginnings.split()))
    for name, (whole, beginnings) in _WORDS.items()
}
_SENTENCES = {
    "no member": _l("This row names no organisation."),
    "not a date": _l(
        "“%(cell)s” is not a date that we can read. Please write it as 2021-07-14, 2021-07 or 2021."
    ),
    "country": _l("“%(cell)s” is not a country that we know."),
    "end before start": _l("The membership ends before it begins."),
    "circle": _l("%(name)s is the network itself, or the network is a member of it."),
    "member already": _l("%(name)s is in the list of members with other dates. Please change them there."),
    "member twice": _l("%(name)s is in this list twice at the same time, also in row %(first)s."),
    "long source": _l("The source is longer than %(most)s characters."),
}


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A row that can be recorded. `organisation_id` is None for an organisation that the registry lacks;
    `membership_id` is that of the membership that it completes.
    """

    row: int
    name: str
    organisation_id: int | None
    country: str
    website: str
    span: Span
    source: str
    membership_id: int | None = None


@dataclass(slots=True)
class MembersPlan(Plan[MemberLine]):
    """What the table would do. `entered` are the names of organisations that the registry lacks."""

    asked: Asked = field(default_factory=Asked)
    entered: list[str] = field(default_factory=list)

    @property
    def can_be_carried_out(self) -> bool:
        """True when nothing stands in its way, and there is something to do."""
        return not self.problems and not self.asked.open and bool(self.new or self.changed)


def column_names_of_members() -> str:
    """The columns, as a person writes them into the first row."""
    return ", ".join(COLUMNS)


def plan_members(
    network_id: int, file: bytes, answers: Mapping[str, str] | None = None, *, again: bool = False
) -> MembersPlan:
    """The plan for the members in a table. Raises SheetUnreadable.

    `again`: the file is the text of an earlier plan.
    """
    sheet = _read(file, again=again)
    plan = MembersPlan(
        ignored=[name for name in sheet.columns if name not in COLUMNS and name],
        notes=sheet.notes,
        text=sheet.as_csv(),
        asked=Asked(answers),
    )
    reader = _Reader(network_id, plan)
    for row, cells in sheet.cells():
        if cells is None:
            plan.problems.append(Problem(row, "longer"))
        else:
            reader.read(row, {name: clean_line(unsafe(cell)) for name, cell in cells.items()})
    return plan


def carry_out_members(session: Session, network_id: int, plan: MembersPlan) -> None:
    """Record all of it.

    Raises MemberAlready, MembershipCircle, NotANetwork after a concurrent change: keep nothing then.
    """
    entered: dict[str, int] = {}
    for line in plan.new:
        member_id = line.organisation_id
        if member_id is None:
            key = search_key(line.name)
            if key not in entered:
                entered[key] = register_organisation(
                    session,
                    {_language(): line.name},
                    country=line.country or None,
                    website=line.website or None,
                ).id
            member_id = entered[key]
        networks.enter_membership(session, network_id, member_id, line.span, line.source)
    for line in plan.changed:
        membership = session.get_one(NetworkMembership, line.membership_id)
        networks.change_membership(session, membership, line.span, line.source)


def _read(file: bytes, *, again: bool) -> HeadedSheet:
    LIMITS.check_size(len(file))
    table = read_file(io.BytesIO(file), LIMITS, headed=again)
    rows = list(table.rows)
    header, columns = _header(rows)
    below = [(row, list(cells)) for row, cells in rows if row > header]
    if not columns and all(len(cells) == 1 for _row, cells in below):
        columns = ["organisation"]
    if "organisation" not in columns:
        said = _(
            "The first row must name the columns, such as %(columns)s.", columns=column_names_of_members()
        )
        raise SheetUnreadable(said)
    # Nothing hidden or struck out gets in here; the plan says what was left out.
    notes = [*table.notes, *(question.text for question in table.questions)]
    return HeadedSheet(columns, below, notes, header)


def _header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, list[str]]:
    """The row that names most columns, and what each of them holds; (0, []) without one."""
    best, found = 0, list[str]()
    for row, cells in rows[:_HEADER_WITHIN]:
        named = list[str]()
        for cell in map(clean_line, cells):
            meant = _meant(cell)
            named.append(meant if meant and meant not in named else cell if cell not in named else "")
        filled = sum(bool(cell.strip()) for cell in cells)
        known = sum(name in COLUMNS for name in named)
        if "organisation" in named and known * 2 >= filled and known > sum(name in COLUMNS for name in found):
            best, found = row, named
    return best, found


def _meant(header: str) -> str | None:
    """The column of this name; None when its name says nothing."""
    words = re.findall(r"[^\W\d_]+", header.casefold())
    if not words or len(words) > 6:
        return None
    return next(
        (
            name
            for name, (whole, beginnings) in _KNOWN_WORDS.items()
            if any(word in whole or word.startswith(beginnings) for word in words)
        ),
        None,
    )


def _language() -> str:
    return language() if language() in LANGUAGES else default_language()


class _Reader:
    """The reader of the rows of one table."""

    def __init__(self, network_id: int, plan: MembersPlan) -> None:
        self.network_id, self.plan = network_id, plan
        # What earlier rows say, by the key of the organisation.
        self._taken: dict[int | str, list[tuple[int, Span]]] = {}

    def read(self, row: int, cells: Mapping[str, str]) -> None:
        """Sort one row into the plan, or say what is wrong with it, or ask."""
        name = cells.get("organisation", "")
        if not has_letter(name):
            if any(cells.values()):
                self.plan.problems.append(Problem(row, "no member", column="organisation"))
            return

        span, problems = _span(row, cells)
        country, waits = self._country(row, cells.get("country", ""), problems)
        source = cells.get("source", "")
        if len(source) > LONGEST_SOURCE:
            problems.append(Problem(row, "long source", {"most": LONGEST_SOURCE}, "source"))
        found = self._organisation(row, name, country, problems)
        if found is LEAVE_OUT:
            return
        if problems or waits or found is None:
            self.plan.problems += problems
            return

        known = found if isinstance(found, Organisation) else None
        line = MemberLine(
            row, name, known.id if known else None, country, cells.get("website", ""), span, source
        )
        self._sort_in(line, known)

    def _country(self, row: int, cell: str, problems: list[Problem]) -> tuple[str, bool]:
        """The code of the country, and whether it waits for an answer."""
        code = country_of_cell(cell)
        if code or not has_letter(cell):
            return code or "", False
        spelling = cell[:60]
        choice = self.plan.asked.answer("member-country", spelling, spelling)
        if choice is None and not self.plan.asked.is_raised("member-country", spelling):
            problems.append(Problem(row, "country", {"cell": spelling}, "country"))
        return ("" if choice in (None, NO_COUNTRY) else str(choice)), choice is None

    def _organisation(
        self, row: int, name: str, country: str, problems: list[Problem]
    ) -> Organisation | str | None:
        """The organisation of the registry that is meant, NEW, LEAVE_OUT; None where a person must say it."""
        exact = organisations_named(db.session(), name)
        if len(exact) == 1 and not _elsewhere(exact[0], country):
            return exact[0]
        ids = similar_to([name])[:_MOST_MEANT]
        known = organisations_by_id(ids)
        meant = exact or [known[each] for each in ids if each in known]
        if not meant:
            problems += form_problems(row, _form(name, country, ""))
            return NEW

        choices = [[found.slug, _said(found)] for found in meant[:_MOST_MEANT]]
        subject = name[:_LONGEST_SUBJECT]
        choice = self.plan.asked.answer(
            "member", subject, country_name(country) if country else "", meant=choices
        )
        if choice is None and not self.plan.asked.is_raised("member", subject):
            problems.append(Problem(row, "similar", {"name": choices[0][1], "slug": choices[0][0]}))
        if choice == NEW:
            problems += form_problems(row, _form(name, country, ""))
        return organisation_at(choice) if choice not in (None, NEW, LEAVE_OUT) else choice

    def _sort_in(self, line: MemberLine, known: Organisation | None) -> None:
        shown = display_name(known, language()) if known else line.name
        if not known and (
            wrong := list(form_problems(line.row, _form(line.name, line.country, line.website)))
        ):
            self.plan.problems += wrong
            return

        key: int | str = known.id if known else search_key(line.name)
        taken = self._taken.setdefault(key, [])
        if first := next((row for row, span in taken if span.meets(line.span)), None):
            self.plan.problems.append(Problem(line.row, "member twice", {"name": shown, "first": first}))
            return
        taken.append((line.row, line.span))
        if known is None:
            self.plan.new.append(line)
            if len(taken) == 1:
                self.plan.entered.append(line.name)
        elif self.network_id in {known.id, *within(db.session(), known.id)}:
            self.plan.problems.append(Problem(line.row, "circle", {"name": shown}))
        else:
            self._compare(line, shown, known.id)

    def _compare(self, line: MemberLine, shown: str, member_id: int) -> None:
        """Compare with what is recorded: only what is not known of a membership is taken from a table."""
        there = spans_between(db.session(), self.network_id, member_id)
        met = next((one for one in there if span_of(one).meets(line.span)), None)
        if met is None:
            self.plan.new.append(line)
            return
        before = span_of(met)
        since, until = before.since or line.span.since, before.until or line.span.until
        whole, source = Span(since, until), met.source or line.source
        says_other = (line.span.since and line.span.since != since) or (
            line.span.until and line.span.until != until
        )
        if says_other or whole.refused:
            self.plan.problems.append(Problem(line.row, "member already", {"name": shown}))
        elif whole == before and source == met.source:
            self.plan.same += 1
        else:
            self.plan.changed.append(
                MemberLine(line.row, line.name, member_id, line.country, line.website, whole, source, met.id)
            )


def _span(row: int, cells: Mapping[str, str]) -> tuple[Span, list[Problem]]:
    dates, problems = {}, []
    for name in ("since", "until"):
        cell = cells.get(name, "")
        try:
            dates[name] = partial_date(cell)
        except ValueError:
            problems.append(Problem(row, "not a date", {"cell": cell[:60]}, name))
    span = Span(dates.get("since"), dates.get("until"))
    if span.refused:
        problems.append(Problem(row, "end before start", column="until"))
    return span, problems


def _elsewhere(found: Organisation, country: str) -> bool:
    """True where the row and the registry name different countries: perhaps two organisations of one name."""
    return bool(country and found.country and country != found.country)


def _said(found: Organisation) -> str:
    name, country = display_name(found, language()), country_name(found.country) if found.country else ""
    return f"{name} ({country})" if country else name


def _form(name: str, country: str, website: str) -> Any:
    """A new organisation as if somebody had typed it into the form: there is one set of rules."""
    typed = MultiDict(
        {f"name_{_language()}": name, "country": country, "website": website, "un_status": "none"}
    )
    return OrganisationForm(typed, meta={"csrf": False})


def _meant_choices(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((slug, said) for slug, said in about.get("meant", ()))
    yield NEW, _("None of these: enter it as new")
    yield LEAVE_OUT, _("Leave this row out")


def _country_choices(_about: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(NO_COUNTRY, _("Leave the country empty")), *countries(language())]


def init_app(app: Flask) -> None:
    """Register the words of these problems and questions."""
    register_problems(app, _SENTENCES)
    register_questions(
        app,
        {
            "member": Wording(_l("Which organisation is “%(subject)s”?"), _meant_choices),
            "member-country": Wording(
                _l("“%(subject)s” is not a country that we know. Which one is it?"), _country_choices
            ),
        },
    )
