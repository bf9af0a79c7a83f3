"""The parser of pasted addresses: what each line says, what a person has answered to its question, which
organisation of the registry is meant, and what is wrong with it.

Nothing is sent from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.circulation.address_readings import valid_readings
from campaign.circulation.contacts import contact_index
from campaign.circulation.models import Invitation
from campaign.circulation.pasted_addresses import addresses_in, visible
from campaign.circulation.pasted_lines import AddressLine, read_lines
from campaign.core.mail_addresses import AddressRefused, plain_address
from campaign.extensions import db
from campaign.organisations.duplicates import similar_to
from campaign.organisations.models import Organisation, OrganisationDomain
from campaign.organisations.queries import display_name, organisations_by_id, organisations_by_name
from campaign.signatures.mailbox_identity import canonical, domain_of
from campaign.statements.queries import statement_key

MOST_LINES = 2_000
# The answer that a line is written anew.
ANEW = "anew"
_AT_ONCE = 500
# Each name that the registry does not know costs some milliseconds.
_MOST_COMPARED = 100
_MOST_ALIKE = 5
_LONGEST_ANEW = 254


@dataclass(frozen=True, slots=True)
class LineAnswers:
    """What a person has answered, by the key of the line: the address that is meant or ANEW, what was written
    anew, and the organisation of the registry that is meant.
    """

    readings: Mapping[str, str] = field(default_factory=dict)
    anew: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, str]) -> LineAnswers:
        """The answers that the preview's form sent."""
        return cls(*(_beginning(form, name) for name in ("reading-", "anew-", "organisation-")))

    def __bool__(self) -> bool:
        return bool(self.readings or self.organisations)


def _beginning(form: Mapping[str, str], name: str) -> dict[str, str]:
    return {key.removeprefix(name): value for key, value in form.items() if key.startswith(name) and value}


def parse_addresses(
    session: Session,
    statement_id: int,
    pasted: str,
    language: str,
    *,
    answers: LineAnswers | None = None,
    above: Sequence[AddressLine] = (),
) -> list[AddressLine]:
    """The parsed lines, after those `above`, which were chosen and not pasted.

    A line that can be read in several ways has no address until one of its readings is answered. About 0.5 ms
    a line.
    """
    said = answers or LineAnswers()
    mailboxes = {canonical(line.email) for line in above}
    lines = [_answered(line, said) for line in islice(read_lines(pasted, language), MOST_LINES)]
    lines = [line for line in lines if not line.email or canonical(line.email) not in mailboxes]
    known = _Known.of(session, lines)
    return list(
        _without_doubles(session, statement_id, [*above, *(known.found(line, said) for line in lines)])
    )


def too_many(pasted: str) -> bool:
    """True if more lines or addresses were pasted than are read at once."""
    return sum(max(1, line.count("@")) for line in pasted.splitlines() if line.strip()) > MOST_LINES


def _answered(line: AddressLine, answers: LineAnswers) -> AddressLine:
    """The line with the address that a person chose. Only what the line offers is taken."""
    given = answers.readings.get(line.key, "")
    if not line.readings or not given:
        return line
    if given in line.readings:
        return replace(line, email=given, reading=given, problem="")
    typed = answers.anew.get(line.key, "").strip()[:_LONGEST_ANEW]
    if not typed:
        return line
    found = addresses_in(visible(typed))
    sole = _written_anew(typed, found[0].address if len(found) == 1 else "", line.readings)
    if sole and given == ANEW:
        return replace(line, email=sole, reading=ANEW, anew=typed, problem="")
    further = tuple(each for one in found for each in one.readings) or valid_readings([typed])
    offered = tuple(dict.fromkeys((*line.readings, *further)))
    if given in offered:
        return replace(line, email=given, reading=given, anew=typed, readings=offered, problem="")
    problem = _(
        "The address written anew can be read in several ways too, or is none: %(address)s", address=typed
    )
    return replace(line, problem=problem, readings=offered, anew=typed)


def _written_anew(typed: str, address: str, readings: Sequence[str]) -> str:
    """The address, where nothing else was written, or only what was a reading before."""
    try:
        plain = plain_address(typed)
    except AddressRefused:
        return ""
    return plain if plain == address or plain in readings else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """The registry's records for the names and mail domains of these lines."""

    named: dict[str, list[int]]
    domains: dict[str, int]
    similar: dict[str, list[int]]
    organisations: dict[int, Organisation]

    @classmethod
    def of(cls, session: Session, lines: Sequence[AddressLine]) -> _Known:
        """Load the records in a few queries, however many lines there are."""
        usable = [line for line in lines if not line.problem]
        named = organisations_by_name(session, {name for line in usable for name, _rest in _names(line)})
        above = sorted({domain for line in usable for domain in _domains(line.email)})
        domains: dict[str, int] = {}
        for part in _parts(above):
            owned = select(OrganisationDomain.domain, OrganisationDomain.organisation_id).where(
                OrganisationDomain.domain.in_(part)
            )
            domains.update(session.execute(owned).tuples().all())

        unknown = {
            name: None
            for line in usable
            for name in [line.organisation or line.person]
            if name and not any(named.get(each) for each, _rest in _names(line))
        }
        similar = {name: similar_to([name])[:_MOST_ALIKE] for name in islice(unknown, _MOST_COMPARED)}
        ids = {*domains.values(), *(each for found in (*named.values(), *similar.values()) for each in found)}
        return cls(named, domains, similar, organisations_by_id(ids))

    def found(self, line: AddressLine, answers: LineAnswers) -> AddressLine:
        """The line with its organisation of the registry, where only one can be meant; else those that may be
        meant by its name.
        """
        if line.problem:
            return line
        owners = {self.domains[one] for one in _domains(line.email) if one in self.domains}
        names = _names(line)
        if names and len(self.named.get(names[0][0], [])) == 1:
            # The whole name says more than a part of it.
            del names[1:]
        said = {self.named[name][0]: rest for name, rest in names if len(self.named.get(name, [])) == 1}
        if len(said) == 1 and (line.organisation or not owners - set(said)):
            (organisation_id, rest), *_more = said.items()
            return self._of(replace(line, person=rest), organisation_id)
        name = line.organisation or line.person
        if not line.organisation and not said and len(owners) == 1:
            return self._of(line, next(iter(owners)))
        alike = dict.fromkeys(
            [*said, *self.named.get(name, []), *(owners if said else ()), *self.similar.get(name, [])]
        )
        offered = [(each, display_name(self.organisations[each], line.language)) for each in alike]
        line = replace(line, alike=tuple(offered[:_MOST_ALIKE]))
        meant = next(
            (each for each, _name in line.alike if str(each) == answers.organisations.get(line.key)), None
        )
        if meant is None:
            return line
        rest = line.person if line.organisation else said.get(meant, "")
        return replace(self._of(replace(line, person=rest), meant), meant=meant)

    def _of(self, line: AddressLine, organisation_id: int) -> AddressLine:
        organisation = self.organisations[organisation_id]
        return replace(
            line,
            organisation=display_name(organisation, line.language),
            organisation_id=organisation.id,
            country=line.country or organisation.country,
        )


_INSIDE = re.compile(r"^([^()]*\S)\s*\(([^()]+)\)$")
_BETWEEN_NAMES = re.compile(r"\s*[,;|/]\s*|\s+[–—-]\s+")


def _names(line: AddressLine) -> list[tuple[str, str]]:
    """What may name an organisation in a line, and the person that is left then: the organisation; where
    there is none, the person or a part of it.
    """
    if line.organisation:
        swapped = [(line.person, line.organisation)] if line.person else []
        return [(line.organisation, line.person), *swapped]
    found = [(line.person, "")] if line.person else []
    if inside := _INSIDE.match(line.person):
        found += [(inside[1], inside[2]), (inside[2], inside[1])]
    parts = _BETWEEN_NAMES.split(line.person)
    if len(parts) > 1:
        found += [(part, ", ".join(parts[:at] + parts[at + 1 :])) for at, part in enumerate(parts)]
    return [(name, rest) for name, rest in found if name]


def _domains(email: str) -> list[str]:
    """The domain of a mail address and all above it, but the last."""
    labels = domain_of(email).split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _without_doubles(
    session: Session, statement_id: int, lines: Iterable[AddressLine]
) -> Iterator[AddressLine]:
    key = statement_key(session, statement_id)
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
        elif contact_index(session, statement_id, line.email, key) in asked:
            line = replace(line, problem=_("This address has already been invited."))
        elif line.organisation_id in organisations:
            line = replace(line, note=_("Somebody else at this organisation has been invited as well."))
        mailboxes.add(mailbox)
        if line.organisation_id is not None:
            organisations.add(line.organisation_id)
        yield line
