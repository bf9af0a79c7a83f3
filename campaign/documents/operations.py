"""Papers that the team takes away, each with an entry in the audit log."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from campaign.accounts.audit import record
from campaign.core.database import writing
from campaign.core.language import language
from campaign.documents.audit_actions import DocumentAction
from campaign.documents.letters import Letter, frozen_letter
from campaign.documents.orders import PaperOrder, is_long, take
from campaign.documents.pdf import letter_pdf
from campaign.documents.person_papers import day_card_png
from campaign.documents.word import un_docx
from campaign.extensions import db
from campaign.handover.models import FrozenList
from campaign.organisations.models import Organisation, UnStatus
from campaign.people.dossier import PersonPage
from campaign.people.models import Person
from campaign.signatories.audit_actions import ListAction
from campaign.signatories.organisation_display import as_shown
from campaign.signatories.queries import organisations_of
from campaign.signatures.models import Signature
from campaign.signatures.queries import IS_LISTED
from campaign.statements.models import Statement
from campaign.statements.queries import StatementPage


def export_frozen_letter(statement: Statement, frozen: FrozenList, part: int = 1) -> bytes:
    """A handed-over list as a PDF: the text of then, and the list as it stood; of a very long one the part of
    this number. Raises TooManyAtOnce.
    """
    if is_long(frozen.people + frozen.organisations):
        body = take(PaperOrder("frozen", statement.id, language(), part=part, frozen=frozen.id)).body
    else:
        body = letter_pdf(frozen_letter(frozen))
    with writing() as session:
        record(session, ListAction.EXPORTED, f"statement:{statement.slug}", format="pdf", list=frozen.id)
    return body


def make_day_card(person: Person, page: PersonPage, portrait: bytes | None, interface: str) -> bytes:
    """“1,000 days” as a picture. Raises TooManyAtOnce."""
    body = day_card_png(page, portrait)
    with writing() as session:
        record(session, DocumentAction.DAY_CARD_MADE, f"person:{person.id}", language=interface)
    return body


def un_letter(statement_id: int, letter: Letter) -> bytes:
    """The letter in the form required by the UN."""
    return un_docx(letter, by_status(letter.statement))


def by_status(statement: StatementPage) -> dict[UnStatus, list[str]]:
    """The organisations of the list by consultative status, each named as the list names it."""
    found: dict[UnStatus, list[str]] = defaultdict(list)
    of_list = select(Signature.position, Organisation.un_status).join(
        Organisation, Signature.organisation_id == Organisation.id
    )
    listed = of_list.where(Signature.statement_id == statement.id, IS_LISTED)
    known = {position: UnStatus(status) for position, status in db.session.execute(listed)}
    for line in as_shown(statement, organisations_of(statement.id)):
        if line.organisation:
            found[known.get(line.position, UnStatus.NONE)].append(line.organisation)

    return {status: sorted(names, key=str.casefold) for status, names in found.items()}
