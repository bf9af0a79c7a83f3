"""Organisations on a list as the registry has them now: names in the reader's language, logos, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from campaign.core.collation import sort_key
from campaign.core.database import changed_rows
from campaign.core.formats import country_name
from campaign.extensions import db
from campaign.organisations.models import Organisation, OrganisationLogo, OrganisationName
from campaign.organisations.networks import spans_in
from campaign.signatories.agreement import with_texts
from campaign.signatories.queries import SignatoryLine
from campaign.signatures.models import SignatoryKind, Signature, Visibility
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import ENDED, Statement, Status
from campaign.statements.queries import StatementPage, terms_of

_LOGO_DIGITS = 10
_AT_ONCE = 500


def as_registered(statement: StatementPage, lines: Sequence[SignatoryLine]) -> list[SignatoryLine]:
    """The lines with the page and logo of each organisation. One query for any number of lines.

    While the statement takes signatures an organisation has the name that the registry has in the language of
    the text, where it has one; on a list that has ended, and after a merge, the name as signed. The logo is
    that of today, or on a list that has ended, the one of its last moment.
    """
    known = _known(statement, [line.position for line in lines if line.organisation])
    members = _members(statement, known)
    named = [
        replace(_registered(line, known[line.position], statement), member=line.position in members)
        if line.position in known
        else line
        for line in lines
    ]
    # A list of high safety has no links to other sites.
    return [replace(line, website=None) for line in named] if statement.guarded else named


def follows_registry(status: Status) -> bool:
    """True while names on a list follow the registry: one that has ended keeps the names as they were signed,
    whatever becomes of the records.
    """
    return status not in ENDED


def as_shown(statement: StatementPage, lines: Sequence[SignatoryLine]) -> list[SignatoryLine]:
    """A whole list, organisations first: named as as_registered() does, everyone with the text signed.

    Queried in parts, because a database limits the values per query.
    """
    organisations = [line for line in lines if line.kind == SignatoryKind.ORGANISATION]
    people = [line for line in lines if line.kind == SignatoryKind.PERSON]
    terms = terms_of(db.session(), statement.id)
    named = [*(line for part in _parts(organisations) for line in as_registered(statement, part)), *people]
    return (
        [line for part in _parts(named) for line in with_texts(terms, part)]
        if terms.demands_changed
        else named
    )


def by_name(lines: Iterable[SignatoryLine]) -> list[SignatoryLine]:
    """Organisations in the order of the names shown; those without one at the end, in the order of
    signing.
    """
    return sorted(lines, key=lambda line: (line.organisation is None, sort_key(line.organisation or "")))


@dataclass(frozen=True, slots=True)
class FromCountry:
    """The signatories from one country (ISO 3166-1 alpha-2; empty, with an empty name, where none is
    known).
    """

    code: str
    name: str
    organisations: list[SignatoryLine]
    people: list[SignatoryLine]


def grouped_by_country(lines: Iterable[SignatoryLine]) -> list[FromCountry]:
    """Countries by their names in the reader's language, with those without one at the end; in each,
    organisations by name and people in the order of signing.
    """
    by_code: dict[str, list[SignatoryLine]] = {}
    for line in lines:
        by_code.setdefault(line.country or "", []).append(line)
    parts = [
        FromCountry(
            code,
            country_name(code) or "" if code else "",
            by_name(line for line in of if line.kind == SignatoryKind.ORGANISATION),
            [line for line in of if line.kind == SignatoryKind.PERSON],
        )
        for code, of in by_code.items()
    ]

    return sorted(parts, key=lambda part: (not part.code, sort_key(part.name)))


def renew_lists(session: Session, *, organisation_id: int) -> None:
    """Mark every list with this organisation for the fold, which raises its version: the name or logo shown
    there may have changed.
    """
    shown = (Signature.organisation_id == organisation_id, IS_LISTED)
    session.execute(
        update(Signature).where(*shown).values(folded=False), execution_options={"synchronize_session": False}
    )


def _parts(lines: list[SignatoryLine]) -> Iterator[list[SignatoryLine]]:
    return (lines[start : start + _AT_ONCE] for start in range(0, len(lines), _AT_ONCE))


def closed_with(session: Session, organisation_id: int) -> list[dt.datetime]:
    """The moments at which lists ended that an organisation is on, shown now or not."""
    ended = select(Statement.closed_at).join(Signature, Signature.statement_id == Statement.id)
    ended = ended.where(Signature.organisation_id == organisation_id, Statement.closed_at.is_not(None))
    return [moment for moment in session.scalars(ended.distinct()) if moment]


def purge_former_logos() -> int:
    """Delete former logos that no list shows any more. Returns how many."""
    logo = OrganisationLogo
    shows = (
        exists()
        .where(Signature.organisation_id == logo.organisation_id, Signature.statement_id == Statement.id)
        .where(_is_of_time(Statement.closed_at))
    )
    gone = delete(logo).where(logo.shown_until.is_not(None), ~shows)
    done = db.session.execute(gone, execution_options={"synchronize_session": False})
    return changed_rows(done)


def _is_of_time(moment: Any) -> ColumnElement[bool]:
    """The condition of a logo that was shown at this moment; None is today."""
    logo = OrganisationLogo
    if moment is None:
        return logo.shown_until.is_(None)
    begun = or_(logo.shown_from.is_(None), logo.shown_from <= moment)
    return and_(begun, or_(logo.shown_until.is_(None), logo.shown_until > moment))


def _logo_of(statement: StatementPage) -> ColumnElement[str | None]:
    """The digest of the logo beside the organisation of a signature. One that was merged away had its own."""
    moment = None if follows_registry(statement.status) else statement.closed_at
    shown = (OrganisationLogo.organisation_id == Signature.organisation_id, _is_of_time(moment))
    own = (
        ()
        if moment is None
        else (OrganisationLogo.from_merged == func.coalesce(Signature.keeps_name, false()),)
    )
    latest = select(OrganisationLogo.sha256).where(*shown, *own).order_by(OrganisationLogo.id.desc()).limit(1)
    return latest.correlate(Signature).scalar_subquery().label("sha256")


def _known(statement: StatementPage, positions: Sequence[int]) -> dict[int, Any]:
    if not positions:
        return {}

    named = and_(
        OrganisationName.organisation_id == Organisation.id,
        OrganisationName.language == statement.language,
        text("organisation_names.use = 'name'"),
    )

    columns = (
        Signature.position,
        Signature.shows_logo,
        Signature.keeps_name,
        Signature.organisation_id,
        Signature.confirmed_at,
        Signature.collected_on,
        Organisation.slug,
        OrganisationName.name,
        _logo_of(statement),
    )

    found = (
        select(*columns)
        .join(Organisation, Signature.organisation_id == Organisation.id)
        .outerjoin(OrganisationName, named)
        .where(Signature.statement_id == statement.id, Signature.position.in_(positions), IS_LISTED)
        .where(Signature.kind == SignatoryKind.ORGANISATION, Signature.visibility == Visibility.PUBLIC)
    )

    return {row.position: row for row in db.session.execute(found)}


def _members(statement: StatementPage, known: dict[int, Any]) -> set[int]:
    """The positions of those that were members of the statement's network on the day on which they signed;
    of an imported one that is the day on which the list was collected.
    """
    if statement.network_id is None or statement.guarded:
        return set()
    spans = spans_in(statement.network_id, {row.organisation_id for row in known.values()})
    return {
        position
        for position, row in known.items()
        if any(
            span.covers(row.collected_on or row.confirmed_at.date())
            for span in spans.get(row.organisation_id, ())
        )
    }


def _registered(line: SignatoryLine, row: Any, statement: StatementPage) -> SignatoryLine:
    current = row.name and follows_registry(statement.status) and not row.keeps_name
    name = row.name if current else line.organisation
    drawn = row.sha256 and row.shows_logo is not False
    return replace(line, organisation=name, slug=row.slug, logo=row.sha256[:_LOGO_DIGITS] if drawn else None)
