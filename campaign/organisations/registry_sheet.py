"""The registry as a sheet: written so that a spreadsheet runs nothing of it, and read back all or nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.config import LANGUAGES
from campaign.core.countries import country_of
from campaign.core.csv_cells import csv_file, unsafe
from campaign.core.language import language, language_tag
from campaign.core.search import search_key
from campaign.core.text import clean_line
from campaign.core.yes_and_no import says_no, says_yes
from campaign.extensions import db
from campaign.organisations import networks
from campaign.organisations.duplicates import similar_to
from campaign.organisations.forms import BETWEEN, OTHER, OrganisationContent, OrganisationForm
from campaign.organisations.models import KEY_LENGTH, Organisation, OrganisationDomain, OrganisationName
from campaign.organisations.networks import Belonging, Span
from campaign.organisations.operations import change_organisation, register_organisation
from campaign.organisations.partial_dates import partial_date
from campaign.organisations.queries import (
    all_organisations,
    current_slug_of,
    display_name,
    organisation_at,
    organisations_by_id,
    organisations_named,
)
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.headed import HeadedSheet, read_headed, slug_problems
from campaign.sheets.heading_words import lenient
from campaign.sheets.limits import Limits
from campaign.sheets.plan import Plan, Problem, Row, form_problems, register_problems

FACTS = (
    "country",
    "website",
    "domains",
    "un_status",
    "founded",
    "liquidated_on",
    "liquidated_by",
    "continues_from",
    "is_network",
    "networks",
)
# The text that was read comes back with the confirmation, beside the form's other fields.
LIMITS = Limits(rows=2_000, size=800_000)
_NAME = "name_"
_SEVERAL = ("aliases", "domains")
# A network in a cell, with the time of the membership: wide-network (2012–2019).
_NETWORK = re.compile(r"(.+?)(?: *\(([^()]*\d{4}[^()]*)\))?")
# Other names of columns in our languages. That of the name says in which language it is.
_SYNONYMS = {
    "name_en": "organisation,organization,name,organisation name,name of the organisation,name in english",
    "name_be": "арганізацыя,назва арганізацыі,назва па-беларуску",
    "name_ru": "организация,название,название организации,название по-русски",
    "name_uk": "організація,назва організації,назва українською",
    "name_pl": "organizacja,nazwa,nazwa organizacji,nazwa po polsku",
    "name_de": "bezeichnung,name der organisation,name auf deutsch",
    "canonical": "main name,language of the main name",
    "aliases": "alias,other names,іншыя назвы,другие названия,інші назви,inne nazwy,weitere namen",
    "country": "краіна,страна,країна,kraj,land,state of registration",
    "website": "web site,site,url,web,сайт,вэб-сайт,вебсайт,strona,strona internetowa,webseite,internetseite",
    "domains": "domain,e-mail domains,mail domains,дамены,домены,домени,domeny,domänen",
    "un_status": "un consultative status,ecosoc status",
    "founded": "year founded,founded in,заснавана,основана,год основания,засновано,rok założenia,gegründet",
    "slug": "address on this site",
}
_SENTENCES = {
    "moved": _l("slug: this record was merged into %(slug)s, or moved there"),
    "known name": _l("“%(name)s” is in the registry. To change it, enter %(slug)s as its slug."),
    "name twice": _l("“%(name)s” is also in row %(first)s"),
    "yes or no": _l("%(column)s: please write yes, or leave it empty"),
    "no network": _l("networks: the registry has no network called “%(name)s”. Please enter it there first."),
    "network dates": _l("networks: “%(name)s” has dates that can't be read, or that end before they begin."),
    "network differs": _l(
        "networks: the membership in “%(name)s” has other dates in the registry. Please change it there."
    ),
    "circle": _l("%(name)s is the network itself, or the network is a member of it."),
    "domain taken": _l("%(domain)s belongs to another organisation in the registry."),
}


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """A valid row. `organisation_id` is that of the record which it changes, None for a new one."""

    row: int
    slug: str
    organisation_id: int | None
    entry: OrganisationContent
    # Memberships that the registry lacks: the id of each network, and the time.
    networks: tuple[tuple[int, Span], ...] = ()

    @property
    def name(self) -> str:
        """The main name."""
        return next(iter(self.entry.names.values()))


RegistryPlan = Plan[RegistryLine]


def write_sheet() -> bytes:
    """The whole registry as CSV."""
    organisations = all_organisations()
    spoken = {name.language for found in organisations for name in found.names if name.use == "name"}
    columns = columns_for([*LANGUAGES, *sorted(spoken - set(LANGUAGES))])
    return csv_file(columns, map(cells_of, organisations))


def columns_for(languages: Iterable[str]) -> list[str]:
    """The first row of a sheet with names in these languages."""
    return ["slug", *(f"{_NAME}{code}" for code in languages), "canonical", "aliases", *FACTS]


def column_meanings() -> list[tuple[str, str]]:
    """Each column with its description, for people who fill in a sheet."""
    named = ", ".join(f"{_NAME}{code}" for code in (*LANGUAGES, "be-Latn"))
    return [
        (
            "slug",
            _(
                "The address of the organisation on this site, which says which record a row changes. Empty "
                "for a new one."
            ),
        ),
        (named, _("The name in this language, one column for each. At least one of them must be filled in.")),
        ("canonical", _("The code of the language of the main name; empty for the first one.")),
        ("aliases", _("Other names, former names and short forms, separated by |.")),
        ("country", _("An ISO 3166-1 code, such as PL.")),
        ("website", _("Beginning with https://.")),
        ("domains", _("The organisation’s own e-mail domains, separated by |.")),
        ("un_status", _("One of none, general, special, roster.")),
        ("founded", _("A year, such as 1996.")),
        (
            "liquidated_on, liquidated_by, continues_from",
            _("When, such as 2021-07-14, by whom, and where it continues its work from."),
        ),
        ("is_network", _("yes for an organisation whose members are organisations.")),
        (
            "networks",
            _(
                "The networks to which it belongs, by address or name, separated by |, with years in "
                "brackets: wide-network (2012–2019). Memberships are added and never removed by this column."
            ),
        ),
    ]


def cells_of(organisation: Organisation) -> dict[str, str]:
    """The row of an organisation, by column."""
    names = sorted(organisation.names, key=lambda name: name.id)
    return {
        "slug": organisation.slug,
        **{f"{_NAME}{name.language}": name.name for name in names if name.use == "name"},
        "canonical": next(name.language for name in names if name.canonical),
        "aliases": f" {BETWEEN} ".join(name.name for name in names if name.use == "alias"),
        "country": organisation.country or "",
        "website": organisation.website or "",
        "domains": f" {BETWEEN} ".join(sorted(row.domain for row in organisation.domains)),
        "un_status": str(organisation.un_status),
        "founded": str(organisation.founded or ""),
        "liquidated_on": organisation.liquidated_on.isoformat() if organisation.liquidated_on else "",
        "liquidated_by": organisation.liquidated_by or "",
        "continues_from": organisation.continues_from or "",
        "is_network": "yes" if organisation.is_network else "",
        "networks": f" {BETWEEN} ".join(map(_network_cell, networks.networks_of(organisation.id))),
    }


def _network_cell(one: Belonging) -> str:
    """A membership in a cell: wide-network, wide-network (2012–), wide-network (2012–2019-05)."""
    since, until = str(one.span.since or ""), str(one.span.until or "")
    return f"{one.organisation.slug} ({since}–{until})" if since or until else one.organisation.slug


def plan_import(file: bytes) -> RegistryPlan:
    """The plan of an import, each row checked by the form and the registry. Raises SheetUnreadable."""
    sheet = _read(file)
    ignored = [column for column in sheet.columns if not _is_known(column)]
    plan = RegistryPlan(ignored=ignored, notes=sheet.notes, text=sheet.as_csv())
    registry = {found.slug: found for found in all_organisations()}

    taken = _Taken()
    for row, raw in sheet.cells():
        if raw is None:
            plan.problems.append(Problem(row, "longer"))
            continue

        cells = {column: clean_line(unsafe(cell)) for column, cell in raw.items() if _is_known(column)}
        organisation = registry.get(cells.get("slug", ""))
        before = cells_of(organisation) if organisation else {}
        form = _form({**before, **cells})
        joined, wrong = _memberships(row, organisation, cells.get("networks", ""))
        problems = [
            *_slug_problems(cells.get("slug", ""), row, taken),
            *form_problems(row, form),
            *_yes_or_no(row, cells.get("is_network", "")),
            *wrong,
        ]

        if not problems:
            line = RegistryLine(
                row,
                cells.get("slug", ""),
                organisation.id if organisation else None,
                form.entry(),
                tuple(joined),
            )
            problems = [*_name_clashes(line, taken), *_domain_clashes(line, taken)]
            if not problems:
                _sort_in(plan, line, same=bool(organisation) and not joined and _same(before, cells))

        plan.problems += problems

    return plan


def carry_out(session: Session, plan: RegistryPlan) -> None:
    """Enter and change all of it. Raises DomainTaken after a concurrent change: keep nothing then."""
    for line in plan.changed:
        organisation = session.get_one(Organisation, line.organisation_id, with_for_update=True)
        entry = line.entry
        change_organisation(
            session, organisation, entry.names, aliases=entry.aliases, domains=entry.domains, **entry.facts
        )
        _join(session, organisation.id, line)

    for line in plan.new:
        entry = line.entry
        entered = register_organisation(
            session,
            entry.names,
            slug=line.slug or None,
            aliases=entry.aliases,
            domains=entry.domains,
            **entry.facts,
        )
        _join(session, entered.id, line)


def _join(session: Session, organisation_id: int, line: RegistryLine) -> None:
    for network_id, span in line.networks:
        networks.enter_membership(session, network_id, organisation_id, span)


@dataclass(slots=True)
class _Taken:
    """The values of earlier rows, with their numbers."""

    slugs: dict[str, Row] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)


def _read(file: bytes) -> HeadedSheet:
    sheet = read_headed(io.BytesIO(file), LIMITS, lenient(columns_for([*LANGUAGES, "be-Latn"]), _SYNONYMS))
    if not any(column.startswith(_NAME) and _is_known(column) for column in sheet.columns):
        wanted = ", ".join(columns_for(LANGUAGES))
        raise SheetUnreadable(_("The first row must name the columns, such as %(columns)s.", columns=wanted))
    return sheet


def _is_known(column: str) -> bool:
    code = column.removeprefix(_NAME)
    return column in columns_for(()) or (column.startswith(_NAME) and language_tag(code) == code)


def _form(cells: Mapping[str, str]) -> Any:
    """A row as if somebody had typed it into the form: there is one set of rules."""
    names = {
        column.removeprefix(_NAME): cell
        for column, cell in cells.items()
        if column.startswith(_NAME) and cell
    }
    canonical = cells.get("canonical", "")
    others = sorted(
        (code for code in names if code not in LANGUAGES), key=lambda code: (code != canonical, code)
    )
    fields: MultiDict[str, str] = MultiDict(
        {name: cells.get(name, "") for name in FACTS if name not in (*_SEVERAL, "is_network", "networks")}
    )
    if says_yes(cells.get("is_network", "")):
        fields["is_network"] = "y"
    fields.update({f"{_NAME}{code}": names.get(code, "") for code in LANGUAGES})
    fields["others"] = "\n".join(f"{code}: {names[code]}" for code in others)
    fields["canonical"] = OTHER if canonical in others else canonical
    fields["un_status"] = cells.get("un_status", "").lower() or "none"

    country = cells.get("country", "")
    fields["country"] = country_of(country) or country.upper()
    for several in _SEVERAL:
        fields[several] = "\n".join(cells.get(several, "").split(BETWEEN))
    return OrganisationForm(fields, meta={"csrf": False})


def _yes_or_no(row: int, cell: str) -> list[Problem]:
    known = not cell or says_yes(cell) or says_no(cell)
    return [] if known else [Problem(row, "yes or no", column="is_network")]


def _memberships(
    row: int, organisation: Organisation | None, cell: str
) -> tuple[list[tuple[int, Span]], list[Problem]]:
    """The memberships in a cell that the registry lacks, and what is wrong with the cell."""
    joined, problems = list[tuple[int, Span]](), list[Problem]()
    for written in filter(None, map(str.strip, cell.split(BETWEEN))):
        found = _NETWORK.fullmatch(written)
        name, dates = (found.group(1), found.group(2) or "") if found else (written, "")
        network, span = _network_called(name), _span_in(dates)
        if network is None:
            problems.append(Problem(row, "no network", {"name": name}, "networks"))
        elif span is None:
            problems.append(Problem(row, "network dates", {"name": name}, "networks"))
        elif organisation is None:
            joined.append((network.id, span))
        elif network.id in {organisation.id, *networks.within(db.session(), organisation.id)}:
            problems.append(Problem(row, "circle", {"name": name}, "networks"))
        else:
            there = networks.spans_in(network.id, [organisation.id]).get(organisation.id, [])
            if span not in there and any(span.meets(one) for one in there):
                problems.append(Problem(row, "network differs", {"name": name}, "networks"))
            elif span not in there:
                joined.append((network.id, span))

    return joined, problems


def _network_called(name: str) -> Organisation | None:
    """The one network at this address, or of this name."""
    known = organisation_at(name)
    found = [known] if known else organisations_named(db.session(), name)
    called = [one for one in found if one.is_network]
    return called[0] if len(called) == 1 else None


def _span_in(dates: str) -> Span | None:
    """The time in the brackets of a cell; None for what is none."""
    since, _dash, until = dates.partition("–")
    try:
        span = Span(partial_date(since), partial_date(until))
    except ValueError:
        return None
    return None if span.refused else span


def _slug_problems(slug: str, row: int, taken: _Taken) -> list[Problem]:
    if slug and (moved := current_slug_of(slug)) is not None:
        return [Problem(row, "moved", {"slug": moved}, "slug")]
    return slug_problems(slug, row, taken.slugs)


def _name_clashes(line: RegistryLine, taken: _Taken) -> list[Problem]:
    """The names of a new organisation that the registry or an earlier row has."""
    problems = []
    for name in line.entry.names.values():
        as_searched = search_key(name)[:KEY_LENGTH]
        named = OrganisationName.search_key == as_searched, OrganisationName.use == "name"
        owner = select(Organisation.slug).join(OrganisationName).where(*named)
        slug = db.session.scalar(owner.limit(1)) if line.organisation_id is None else None
        first = taken.names.setdefault(as_searched, line.row)
        if slug:
            problems.append(Problem(line.row, "known name", {"name": name, "slug": slug}))
        elif first != line.row:
            problems.append(Problem(line.row, "name twice", {"name": name, "first": first}))

    return problems


def _domain_clashes(line: RegistryLine, taken: _Taken) -> list[Problem]:
    """The mail domains of another organisation."""
    problems = []
    for domain in line.entry.domains:
        owner = db.session.get(OrganisationDomain, domain)
        first = taken.domains.setdefault(domain, line.row)
        if (owner is not None and owner.organisation_id != line.organisation_id) or first != line.row:
            problems.append(Problem(line.row, "domain taken", {"domain": domain}, "domains"))
    return problems


def _sort_in(plan: RegistryPlan, line: RegistryLine, *, same: bool) -> None:
    if same:
        plan.same += 1
    elif line.organisation_id is not None:
        plan.changed.append(line)
    else:
        plan.new.append(line)
        plan.similar += _similar(line)


def _similar(line: RegistryLine) -> list[Problem]:
    """Organisations that may be the same, the closest first."""
    ids = similar_to((*line.entry.names.values(), *line.entry.aliases))
    known = organisations_by_id(ids)
    found = [known[id_] for id_ in ids if id_ in known]
    return [
        Problem(line.row, "similar", {"name": display_name(one, language()), "slug": one.slug})
        for one in found
    ]


def _same(before: Mapping[str, str], cells: Mapping[str, str]) -> bool:
    """Keep the values of columns that the sheet lacks. Networks are compared by what they would add."""
    said = {column: cell for column, cell in cells.items() if column != "networks"}
    if "is_network" in said:
        said["is_network"] = "yes" if says_yes(said["is_network"]) else ""
    return all(before.get(column, "") == cell for column, cell in said.items())


def init_app(app: Flask) -> None:
    """Register the registry's sentences for problems of rows."""
    register_problems(app, _SENTENCES)
