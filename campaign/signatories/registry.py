"""What the registry says now of organisations on a list: their names in the reader's language, their logos, their pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select, text, update
from sqlalchemy.orm import Session

from campaign.core.collation import sort_key
from campaign.extensions import db
from campaign.organisations.models import Organisation, OrganisationLogo, OrganisationName
from campaign.signatories.queries import SignatoryLine
from campaign.signing.models import SignatoryKind, Signature, Visibility
from campaign.signing.queries import IS_LISTED
from campaign.statements.models import Status
from campaign.statements.queries import StatementPage

_LOGO_DIGITS = 10


def as_registered(statement: StatementPage, lines: Sequence[SignatoryLine]) -> list[SignatoryLine]:
    """The lines with page and logo of each organisation. One query, however many there are.

    Until the statement is archived an organisation has the name that the registry has in the language of the text, where it has one;
    from then on the name as signed.
    """
    known = _known(statement.id, [line.position for line in lines if line.organisation], statement.language)
    return [_registered(line, known[line.position], statement) if line.position in known else line for line in lines]


def by_name(lines: Iterable[SignatoryLine]) -> list[SignatoryLine]:
    """Organisations in the order of the names that are shown; those without one stand at the end, as they came."""
    return sorted(lines, key=lambda line: (line.organisation is None, sort_key(line.organisation or "")))


def renew_lists(session: Session, organisation_id: int) -> None:
    """Let the fold raise the version of every list on which an organisation stands: its name or logo there may be another one now."""
    shown = (Signature.organisation_id == organisation_id, IS_LISTED)
    session.execute(update(Signature).where(*shown).values(folded=False), execution_options={"synchronize_session": False})


def _known(statement_id: int, positions: Sequence[int], language: str) -> dict[int, Any]:
    if not positions:
        return {}
    named = and_(OrganisationName.organisation_id == Organisation.id, OrganisationName.language == language, text("organisation_names.use = 'name'"))
    columns = (Signature.position, Organisation.slug, OrganisationName.name, OrganisationLogo.sha256)
    found = (
        select(*columns)
        .join(Organisation, Signature.organisation_id == Organisation.id)
        .outerjoin(OrganisationName, named)
        .outerjoin(OrganisationLogo, OrganisationLogo.organisation_id == Organisation.id)
        .where(Signature.statement_id == statement_id, Signature.position.in_(positions), IS_LISTED)
        .where(Signature.kind == SignatoryKind.ORGANISATION, Signature.visibility == Visibility.PUBLIC)
    )
    return {row.position: row for row in db.session.execute(found)}


def _registered(line: SignatoryLine, row: Any, statement: StatementPage) -> SignatoryLine:
    name = row.name if row.name and statement.status is not Status.ARCHIVED else line.organisation
    return replace(line, organisation=name, slug=row.slug, logo=row.sha256[:_LOGO_DIGITS] if row.sha256 else None)
