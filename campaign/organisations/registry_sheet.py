"""The registry as a sheet: written so that a spreadsheet runs nothing of it, and read back all or nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from campaign.config import LANGUAGES
from campaign.core.csv_cells import BOM, safe, unsafe
from campaign.core.language import language_tag
from campaign.core.search import search_key
from campaign.core.text import clean_line
from campaign.extensions import db
from campaign.organisations.duplicates import similar_to
from campaign.organisations.errors import SheetUnreadable
from campaign.organisations.forms import BETWEEN, OTHER, OrganisationContent, OrganisationForm
from campaign.organisations.models import KEY_LENGTH, Organisation, OrganisationDomain, OrganisationName
from campaign.organisations.operations import change_organisation, register_organisation
from campaign.organisations.queries import all_organisations, current_slug_of

FACTS = ("country", "website", "domains", "un_status", "founded", "liquidated_on", "liquidated_by", "continues_from")
MOST_ROWS = 2_000
_NAME = "name_"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEVERAL = ("aliases", "domains")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row can't be imported; `row` counts as a spreadsheet does, the header is row 1."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class RegistryLine:
    """A row that fits. `key` is that of the organisation which it changes, None for a new one."""

    row: int
    slug: str
    key: int | None
    entry: OrganisationContent


@dataclass(slots=True)
class Plan:
    """What an import would do. `similar` maps rows of new organisations to others that may be the same."""

    new: list[RegistryLine] = field(default_factory=list)
    changed: list[RegistryLine] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)
    similar: dict[int, list[int]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


def write_sheet() -> bytes:
    """The whole registry, UTF-8 with BOM, CRLF."""
    organisations = all_organisations()
    spoken = {name.language for found in organisations for name in found.names if name.use == "name"}
    columns = columns_for([*LANGUAGES, *sorted(spoken - set(LANGUAGES))])
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for organisation in organisations:
        cells = cells_of(organisation)
        writer.writerow([(cell := cells.get(column, "")) and safe(cell) for column in columns])
    return (BOM + file.getvalue()).encode()


def columns_for(languages: Iterable[str]) -> list[str]:
    """The first row of a sheet with names in these languages."""
    return ["slug", *(f"{_NAME}{code}" for code in languages), "canonical", "aliases", *FACTS]


def column_meanings() -> list[tuple[str, str]]:
    """Each column with what it holds, for who fills in a sheet."""
    named = ", ".join(f"{_NAME}{code}" for code in (*LANGUAGES, "be-Latn"))
    return [
        ("slug", _("The address of the organisation on this site, which says which record a row changes. Empty for a new one.")),
        (named, _("The name in this language, one column for each. At least one of them must be filled in.")),
        ("canonical", _("The code of the language of the main name; empty for the first one.")),
        ("aliases", _("Other names, former names and short forms, separated by |.")),
        ("country", _("An ISO 3166-1 code, such as PL.")),
        ("website", _("Beginning with https://.")),
        ("domains", _("The organisation’s own e-mail domains, separated by |.")),
        ("un_status", _("One of none, general, special, roster.")),
        ("founded", _("A year, such as 1996.")),
        ("liquidated_on, liquidated_by, continues_from", _("When, such as 2021-07-14, by whom, and where it continues its work from.")),
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
    }


def plan_import(text: str) -> Plan:
    """Check every row of a sheet against the rules of the form and against the registry. Raises SheetUnreadable."""
    columns, rows = _read(text)
    plan = Plan(ignored=[column for column in columns if not _is_known(column)])
    registry = {found.slug: found for found in all_organisations()}
    taken = _Taken()
    for number, raw in rows:
        if raw is None:
            plan.problems.append(Problem(number, _("has more cells than the first row")))
            continue
        cells = {column: clean_line(unsafe(cell)) for column, cell in raw.items() if _is_known(column)}
        organisation = registry.get(cells.get("slug", ""))
        before = cells_of(organisation) if organisation else {}
        form = _form({**before, **cells})
        texts = [*_slug_problems(cells.get("slug", ""), number, taken), *_form_problems(form)]
        if not texts:
            line = RegistryLine(number, cells.get("slug", ""), organisation.id if organisation else None, form.entry())
            texts = _clashes(line, taken)
            _sort_in(plan, line, texts, same=bool(organisation) and _same(before, cells))
        plan.problems += [Problem(number, said) for said in texts]
    return plan


def carry_out(session: Session, plan: Plan) -> None:
    """Enter and change all of it. Raises DomainTaken where somebody was quicker; the caller's transaction then keeps nothing."""
    for line in plan.changed:
        organisation = session.get_one(Organisation, line.key, with_for_update=True)
        entry = line.entry
        change_organisation(session, organisation, entry.names, aliases=entry.aliases, domains=entry.domains, **entry.facts)
    for line in plan.new:
        entry = line.entry
        register_organisation(session, entry.names, slug=line.slug or None, aliases=entry.aliases, domains=entry.domains, **entry.facts)


@dataclass(slots=True)
class _Taken:
    """What earlier rows have said, with their numbers."""

    slugs: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)


def _read(text: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | None]]]:
    """The columns, and each row that is not empty, by column; None for one that is too long."""
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))
    except csv.Error:
        raise SheetUnreadable(_("This is not a well-formed CSV file. In a spreadsheet program, save it as “CSV UTF-8”.")) from None
    if not lines:
        raise SheetUnreadable(_("This file is empty."))
    columns = [clean_line(cell) for cell in lines[0]]
    if not any(column.startswith(_NAME) and _is_known(column) for column in columns):
        wanted = ", ".join(columns_for(LANGUAGES))
        raise SheetUnreadable(_("The first row must name the columns, separated by commas, such as %(columns)s.", columns=wanted))
    if len(set(columns)) < len(columns):
        raise SheetUnreadable(_("The first row names a column twice."))
    if len(lines) > MOST_ROWS + 1:
        raise SheetUnreadable(_("This sheet has more than %(most)s rows. Please import it in parts.", most=MOST_ROWS))
    filled = ((number, cells) for number, cells in enumerate(lines[1:], 2) if any(cells))
    return columns, ((number, dict(zip(columns, cells, strict=False)) if len(cells) <= len(columns) else None) for number, cells in filled)


def _is_known(column: str) -> bool:
    code = column.removeprefix(_NAME)
    return column in columns_for(()) or (column.startswith(_NAME) and language_tag(code) == code)


def _form(cells: Mapping[str, str]) -> Any:
    """A row as if somebody had typed it into the form: there is one set of rules."""
    names = {column.removeprefix(_NAME): cell for column, cell in cells.items() if column.startswith(_NAME) and cell}
    canonical = cells.get("canonical", "")
    others = sorted((code for code in names if code not in LANGUAGES), key=lambda code: (code != canonical, code))
    fields: MultiDict[str, str] = MultiDict({name: cells.get(name, "") for name in FACTS if name not in _SEVERAL})
    fields.update({f"{_NAME}{code}": names.get(code, "") for code in LANGUAGES})
    fields["others"] = "\n".join(f"{code}: {names[code]}" for code in others)
    fields["canonical"] = OTHER if canonical in others else canonical
    fields["un_status"] = cells.get("un_status", "").lower() or "none"
    fields["country"] = cells.get("country", "").upper()
    for several in _SEVERAL:
        fields[several] = "\n".join(cells.get(several, "").split(BETWEEN))
    return OrganisationForm(fields, meta={"csrf": False})


def _form_problems(form: Any) -> list[str]:
    return [] if form.validate() else [f"{form[name].label.text}: {error}" for name, errors in form.errors.items() if name for error in errors]


def _slug_problems(slug: str, row: int, taken: _Taken) -> list[str]:
    if not slug:
        return []
    if (moved := current_slug_of(slug)) is not None:
        return [_("slug: this record was merged into %(slug)s, or moved there", slug=moved)]
    if not _SLUG.fullmatch(slug) or len(slug) > 120:
        return [_("slug: please use small Latin letters, digits and single hyphens, or leave it empty")]
    first = taken.slugs.setdefault(slug, row)
    return [_("slug: row %(row)s has the same", row=first)] if first != row else []


def _clashes(line: RegistryLine, taken: _Taken) -> list[str]:
    """Names of a new organisation that the registry or an earlier row has, and mail domains of somebody else."""
    return [*_name_clashes(line, taken), *_domain_clashes(line, taken)]


def _name_clashes(line: RegistryLine, taken: _Taken) -> list[str]:
    texts = []
    for name in line.entry.names.values():
        key = search_key(name)[:KEY_LENGTH]
        owner = select(Organisation.slug).join(OrganisationName).where(OrganisationName.search_key == key, OrganisationName.use == "name")
        slug = db.session.scalar(owner.limit(1)) if line.key is None else None
        first = taken.names.setdefault(key, line.row)
        if slug:
            texts.append(_("“%(name)s” is in the registry. To change it, enter %(slug)s as its slug.", name=name, slug=slug))
        elif first != line.row:
            texts.append(_("“%(name)s” is also in row %(row)s", name=name, row=first))
    return texts


def _domain_clashes(line: RegistryLine, taken: _Taken) -> list[str]:
    texts = []
    for domain in line.entry.domains:
        owner = db.session.get(OrganisationDomain, domain)
        first = taken.domains.setdefault(domain, line.row)
        if (owner is not None and owner.organisation_id != line.key) or first != line.row:
            texts.append(_("%(domain)s belongs to another organisation in the registry.", domain=domain))
    return texts


def _sort_in(plan: Plan, line: RegistryLine, texts: list[str], *, same: bool) -> None:
    if texts:
        return
    if same:
        plan.same += 1
    elif line.key is not None:
        plan.changed.append(line)
    else:
        plan.new.append(line)
        if similar := similar_to((*line.entry.names.values(), *line.entry.aliases)):
            plan.similar[line.row] = similar


def _same(before: Mapping[str, str], cells: Mapping[str, str]) -> bool:
    """A column that the sheet lacks changes nothing."""
    return all(before.get(column, "") == cell for column, cell in cells.items())
