"""The parser of pasted addresses: the content of each line, and what is wrong with it.

Nothing is sent from here.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import getaddresses, parseaddr
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.circulation.contacts import contact_index
from campaign.circulation.models import Invitation
from campaign.config import LANGUAGES
from campaign.core.countries import country_of
from campaign.core.forms import normal_address
from campaign.core.search import search_key
from campaign.core.text import clean_line
from campaign.extensions import db
from campaign.organisations.models import KEY_LENGTH, Organisation, OrganisationDomain, OrganisationName
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.signatures.mailbox_identity import canonical, domain_of
from campaign.statements.queries import statement_key

MOST_LINES = 2_000
_AT_ONCE = 500
_ADDRESS = re.compile(r"[^\s<>,;|\"']+@[^\s<>,;|\"']+")
# A comma in a name does not separate addresses if a single one follows in angle brackets.
_NAMED = re.compile(r"\"?(.*?)\"?\s*<([^<>\s]+@[^<>\s]+)>[;,]?")
_SEPARATORS = "\t;,|"
_HEADINGS = {
    "email": {
        "email",
        "e-mail",
        "mail",
        "address",
        "адрас",
        "адрес",
        "пошта",
        "почта",
        "adres",
        "e-mail-adresse",
    },
    "person": {
        "person",
        "name",
        "contact",
        "імя",
        "имя",
        "кантакт",
        "контакт",
        "ім'я",
        "osoba",
        "kontakt",
        "person/name",
    },
    "organisation": {
        "organisation",
        "organization",
        "ngo",
        "арганізацыя",
        "организация",
        "організація",
        "organizacja",
        "organisation/ngo",
    },
    "country": {"country", "краіна", "страна", "країна", "kraj", "land"},
    "language": {"language", "мова", "язык", "język", "sprache"},
}


@dataclass(frozen=True, slots=True)
class AddressLine:
    """One pasted line.

    With a `problem` it can't be used for an invitation; a `note` is only for information.
    """

    number: int
    typed: str
    email: str = ""
    person: str = ""
    organisation: str = ""
    organisation_id: int | None = None
    country: str | None = None
    language: str = ""
    problem: str = ""
    note: str = ""


def parse_addresses(session: Session, statement_id: int, pasted: str, language: str) -> list[AddressLine]:
    """The parsed lines, without empty ones: `Name <mail>`, a bare address, or columns separated by a tab,
    semicolon, comma or bar, with or without headings.

    About 0.5 ms a line.
    """
    lines = [
        _checked(line)
        for line in islice((line for line in _read(pasted, language) if line.typed), MOST_LINES)
    ]
    known = _Known.of(session, lines)
    return list(_without_doubles(session, statement_id, [_in_registry(known, line) for line in lines]))


def too_many(pasted: str) -> bool:
    """True if more lines were pasted than are read at once."""
    return sum(1 for line in pasted.splitlines() if line.strip()) > MOST_LINES


def _read(pasted: str, language: str) -> Iterator[AddressLine]:
    columns: list[str] = []
    for number, raw in enumerate(pasted.splitlines(), 1):
        typed = clean_line(raw)
        cells = _cells(raw)
        if len(cells) > 1 and not columns and "@" not in typed and (named := _headings(cells)):
            columns = named
            continue
        line = AddressLine(number, typed, language=language)
        if several := _several(typed):
            yield from (
                replace(line, typed=clean_line(f"{person} <{email}>"), person=clean_line(person), email=email)
                for person, email in several
            )
            continue
        if len(cells) > 1 and "<" not in typed:
            yield _from_columns(line, cells, columns)
        else:
            single = _NAMED.fullmatch(typed)
            person, email = (single[1].replace('\\"', '"'), single[2]) if single else parseaddr(typed)
            yield replace(line, person=clean_line(person), email=email if "@" in email else "")


def _several(typed: str) -> list[tuple[str, str]]:
    """The addresses of a line that holds nothing but several, as a mail program writes a list of
    recipients.
    """
    if typed.count("@") < 2:
        return []
    found = getaddresses([typed.replace(";", ",").replace("|", ",").rstrip(", ")])
    return (
        found if len(found) > 1 and all("@" in email and " " not in email for _person, email in found) else []
    )


def _cells(raw: str) -> list[str]:
    separator = next((sign for sign in _SEPARATORS if sign in raw), None)
    if separator is None:
        return [raw]
    cells = next(csv.reader(io.StringIO(raw), delimiter=separator), [])
    return [clean_line(cell) for cell in cells]


def _headings(cells: Sequence[str]) -> list[str]:
    names = [
        next((part for part, words in _HEADINGS.items() if cell.casefold() in words), "") for cell in cells
    ]
    return names if "email" in names else []


def _from_columns(line: AddressLine, cells: Sequence[str], columns: Sequence[str]) -> AddressLine:
    if columns:
        said = {part: cell for part, cell in zip(columns, cells, strict=False) if part}
        country, language = country_of(said.get("country", "")), said.get("language", "").casefold()
        return replace(
            line,
            email=said.get("email", ""),
            person=said.get("person", ""),
            organisation=said.get("organisation", ""),
            country=country,
            language=language if language in LANGUAGES else line.language,
        )

    words: list[str] = []
    for cell in cells:
        if "@" in cell:
            line = replace(line, email=parseaddr(cell)[1] or cell)
        elif cell in LANGUAGES:
            # In lower case only: PL is a country.
            line = replace(line, language=cell)
        # Three letters may be the short name of an organisation.
        elif len(cell) != 3 and (country := country_of(cell)):
            line = replace(line, country=country)
        elif cell:
            words.append(cell)

    organisation, person = [*words, "", ""][:2]
    return replace(line, organisation=organisation, person=person)


def _checked(line: AddressLine) -> AddressLine:
    if len({address.casefold() for address in _ADDRESS.findall(line.typed)}) > 1:
        return replace(
            line, problem=_("There are several e-mail addresses in this line. Please write one per line.")
        )

    if not line.email:
        found = _ADDRESS.search(line.typed)
        if not found:
            return replace(line, problem=_("There is no e-mail address in this line."))
        line = replace(line, email=found.group())

    try:
        return replace(line, email=normal_address(line.email))
    except ValueError:
        return replace(line, problem=_("This address can’t exist: %(address)s", address=line.email))


@dataclass(frozen=True, slots=True)
class _Known:
    """The registry's records for the names and mail domains of these lines."""

    named: dict[str, list[int]]
    domains: dict[str, int]
    organisations: dict[int, Organisation]

    @classmethod
    def of(cls, session: Session, lines: Sequence[AddressLine]) -> _Known:
        """Load the records in a few queries, however many lines there are."""
        search_keys = sorted({_key(line.organisation) for line in lines if line.organisation})
        above = sorted(
            {domain for line in lines if line.email and not line.problem for domain in _domains(line.email)}
        )

        named: dict[str, list[int]] = defaultdict(list)
        domains: dict[str, int] = {}
        for part in _parts(search_keys):
            found = select(OrganisationName.search_key, OrganisationName.organisation_id)
            found = found.where(OrganisationName.search_key.in_(part)).distinct()
            for searched, organisation_id in session.execute(found):
                named[searched].append(organisation_id)

        for part in _parts(above):
            owned = select(OrganisationDomain.domain, OrganisationDomain.organisation_id).where(
                OrganisationDomain.domain.in_(part)
            )
            domains.update(session.execute(owned).tuples().all())

        wanted = {*domains.values(), *(organisation_id for ids in named.values() for organisation_id in ids)}
        return cls(named, domains, organisations_by_id(wanted))


def _in_registry(known: _Known, line: AddressLine) -> AddressLine:
    """The line with its organisation of the registry, if only one can be meant."""
    if line.problem:
        return line

    organisation_ids = (
        known.named.get(_key(line.organisation), [])
        if line.organisation
        else {known.domains[one] for one in _domains(line.email) if one in known.domains}
    )
    if len(organisation_ids) != 1:
        return line

    organisation = known.organisations[next(iter(organisation_ids))]
    name = display_name(organisation, line.language)
    return replace(
        line, organisation=name, organisation_id=organisation.id, country=line.country or organisation.country
    )


def _key(name: str) -> str:
    return search_key(name)[:KEY_LENGTH]


def _domains(email: str) -> list[str]:
    """The domain of a mail address and all above it, but the last."""
    labels = domain_of(email).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _without_doubles(
    session: Session, statement_id: int, lines: Sequence[AddressLine]
) -> Iterator[AddressLine]:
    key = statement_key(session, statement_id)
    indexes = {
        line.number: contact_index(session, statement_id, line.email, key)
        for line in lines
        if not line.problem
    }

    asked = set(
        db.session.scalars(
            select(Invitation.contact_index).where(Invitation.statement_id == statement_id, ~Invitation.over)
        ).all()
    )

    organisations = set(
        db.session.scalars(
            select(Invitation.organisation_id).where(
                Invitation.statement_id == statement_id,
                ~Invitation.over,
                Invitation.organisation_id.is_not(None),
            )
        ).all()
    )

    mailboxes: set[str] = set()
    for line in lines:
        if line.problem:
            yield line
            continue
        mailbox = canonical(line.email)
        if mailbox in mailboxes:
            line = replace(line, problem=_("This address is already listed above."))
        elif indexes[line.number] in asked:
            line = replace(line, problem=_("This address has already been invited."))
        elif line.organisation_id in organisations:
            line = replace(line, note=_("Somebody else at this organisation has been invited as well."))
        mailboxes.add(mailbox)
        if line.organisation_id is not None:
            organisations.add(line.organisation_id)
        yield line
