"""All signatures of a statement as the team sees them, and those in review. Never for public pages.

Names that are not public stay closed here: those that only the team may see are opened one at a time
(moderation.closed_names), and those that are not listed (yet) are for members who moderate.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text

from campaign.core.places import TEAM_SEARCHES
from campaign.core.search import has_words
from campaign.core.vault import SealBroken, vault
from campaign.extensions import db
from campaign.signatories.agreement import Demands, part
from campaign.signatories.queries import counts_by_statement
from campaign.signatures.mailbox_identity import domain_of
from campaign.signatures.messages import message_mark
from campaign.signatures.models import Provenance, SignatoryKind, Signature, State, Visibility
from campaign.signatures.names import names_of, reason_of
from campaign.signatures.queries import held_message, revisions_signed
from campaign.statements.figures import Figures
from campaign.statements.queries import terms_of

PAGE_LENGTH = 100
# In the words of the partial index, so that both databases use it.
_WAITING = text("signatures.state NOT IN ('confirmed', 'listed')")


@dataclass(frozen=True, slots=True)
class SignatureFilters:
    """The filters of the table; None and an empty string mean everything."""

    kind: SignatoryKind | None = None
    state: State | None = None
    visibility: Visibility | None = None
    provenance: Provenance | None = None
    country: str = ""
    demands: Demands | None = None
    q: str = ""

    def arguments(self) -> dict[str, Any]:
        """The filters that are set, as they stand in an address."""
        return {field.name: str(value) for field in fields(self) if (value := getattr(self, field.name))}


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A row of the table. `message` is the one held.

    `closed`: a name is stored that may not be shown here. Then everything that could tell it is empty.
    """

    id: uuid.UUID
    statement_id: int
    kind: SignatoryKind
    state: State
    visibility: Visibility
    provenance: Provenance
    source: str | None
    language: str
    country: str | None
    day: dt.date
    name: str | None
    organisation: str | None
    title: str | None
    city: str | None
    affiliation: str | None
    website: str | None
    message: str
    shown_message: str | None
    reason: str | None
    mail_domain: str
    broken: bool
    closed: bool = False
    # The newest text agreed to.
    revision: int | None = None
    # A HeldFor, or empty.
    held_for: str | None = None

    @property
    def message_mark(self) -> str:
        """The mark of the held message, which a decision sends along so that it applies to this one."""
        return message_mark(self.message)


@dataclass(frozen=True, slots=True)
class SignaturePage:
    """A page of the table; `next` is the `after` of the following one."""

    rows: list[SignatureRow]
    next: uuid.UUID | None


def signatures_of(
    statement_id: int,
    filters: SignatureFilters,
    after: uuid.UUID | None = None,
    most: int = PAGE_LENGTH,
    *,
    moderates: bool = False,
) -> SignaturePage:
    """Signatures in any state, newest first, starting after the signature `after`.

    `moderates`: for a member who moderates, and sees the public names of those that are not listed (yet).
    """
    query = _narrow(select(Signature).where(Signature.statement_id == statement_id), filters)
    if filters.q and not moderates:
        # Otherwise a search would tell whether a name is there that is not shown.
        query = query.where(Signature.state == State.LISTED)
    of_list = part(terms_of(db.session(), statement_id), filters.demands)
    if of_list is not None:
        query = query.where(of_list)

    last = (
        db.session.execute(select(Signature.confirmed_at, Signature.id).where(Signature.id == after)).first()
        if after
        else None
    )
    if last:
        same_moment = and_(Signature.confirmed_at == last.confirmed_at, Signature.id < last.id)
        query = query.where(or_(Signature.confirmed_at < last.confirmed_at, same_moment))

    with TEAM_SEARCHES.taken() if filters.q else nullcontext():
        found = db.session.scalars(
            query.order_by(Signature.confirmed_at.desc(), Signature.id.desc()).limit(most + 1)
        ).all()
    texts = revisions_signed([signature.id for signature in found], db.session())

    return SignaturePage(
        [row_of(signature, texts.get(signature.id), moderates=moderates) for signature in found[:most]],
        found[most - 1].id if len(found) > most else None,
    )


def is_closed(signature: Signature, *, moderates: bool = True) -> bool:
    """True when a name is stored that may not be shown in a table or queue: one that only the team may see,
    or one that is not listed, to a member who does not moderate.
    """
    if signature.visibility == Visibility.PUBLIC:
        return not moderates and signature.state != State.LISTED
    return signature.sealed is not None


def row_of(
    signature: Signature, revision: int | None = None, *, moderates: bool = True, opened: bool = False
) -> SignatureRow:
    """A signature as a table or queue shows it. One that can't be unsealed any more is shown as broken, not
    as missing.

    `opened`: with its names in any case, for one that is opened by itself, and for decisions that need it.
    Messages that wait, and reasons, are for members who moderate.
    """
    closed = not opened and is_closed(signature, moderates=moderates)
    names, message, reason, domain, broken = _read(signature)
    if closed:
        names, message, reason, domain = {}, "", None, ""
    elif not moderates and not opened:
        # A message that waits, and what the team wrote about somebody, may name people.
        message, reason = "", None

    return SignatureRow(
        id=signature.id,
        statement_id=signature.statement_id,
        kind=SignatoryKind(signature.kind),
        state=State(signature.state),
        visibility=Visibility(signature.visibility),
        provenance=Provenance(signature.provenance),
        source=signature.source,
        language=signature.language,
        country=signature.country,
        day=signature.confirmed_at.date(),
        name=names.get("name"),
        organisation=names.get("organisation_name"),
        title=names.get("title"),
        city=names.get("city"),
        affiliation=names.get("affiliation"),
        website=names.get("website"),
        message=message,
        shown_message=names.get("message"),
        reason=reason,
        mail_domain=domain,
        broken=broken,
        closed=closed and not broken and signature.state != State.WITHDRAWN,
        revision=revision,
        held_for=signature.held_for,
    )


def _read(signature: Signature) -> tuple[dict[str, Any], str, str | None, str, bool]:
    """(names, held message, reason, mail domain, whether the seals are broken)."""
    try:
        names, message = names_of(signature), held_message(signature)
        return names, message, reason_of(signature), mail_domain(signature), False
    except SealBroken:
        return {}, "", None, "", True


def mail_domain(signature: Signature) -> str:
    """The domain of the address kept for the review; empty once the address is erased. Raises SealBroken."""
    if signature.sealed_contact is None or signature.state != State.REVIEW:
        return ""
    return domain_of(
        vault().unseal_text(signature.sealed_contact, "signatures", "sealed_contact", signature.id)
    )


def figures(ids: Sequence[int]) -> dict[int, Figures]:
    """By statement: listed signatories as the fold counted them, and organisations in review."""
    counts = counts_by_statement(ids)
    waiting = select(Signature.statement_id, func.count()).where(
        Signature.state == State.REVIEW, Signature.statement_id.in_(ids)
    )
    reviews = dict(db.session.execute(waiting.group_by(Signature.statement_id)).tuples().all())
    none = (0, 0)
    listed = {
        statement_id: (count.organisations, count.people) if (count := counts.get(statement_id)) else none
        for statement_id in ids
    }

    return {
        statement_id: Figures(organisations, people, reviews.get(statement_id, 0))
        for statement_id, (organisations, people) in listed.items()
    }


def waiting_count(statements: list[int] | None = None) -> int:
    """The number of organisations in review, over these statements or all."""
    count = select(func.count()).select_from(Signature).where(Signature.state == State.REVIEW, _WAITING)
    if statements is not None:
        count = count.where(Signature.statement_id.in_(statements))
    return db.session.scalar(count) or 0


def _narrow(query: Select[Signature], filters: SignatureFilters) -> Select[Signature]:
    for column in ("kind", "state", "visibility", "provenance", "country"):
        if wanted := getattr(filters, column):
            query = query.where(getattr(Signature, column) == wanted)
    return query.where(*has_words(Signature.search_key, filters.q))
