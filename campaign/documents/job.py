"""The worker's job that makes the papers of long lists, one at a time."""

from __future__ import annotations

import time

from flask import Flask

from campaign.core import worker
from campaign.core.language import request_in
from campaign.documents import orders
from campaign.documents.letters import Letter, frozen_letter, letter_of, parts_of
from campaign.documents.orders import PaperOrder
from campaign.documents.pdf import letter_pdf
from campaign.documents.word import letter_docx
from campaign.extensions import db
from campaign.handover.models import FrozenList
from campaign.signatories.queries import counts_of
from campaign.signatories.signals import listed_otherwise

EVERY_SECONDS = 1.0
# By the layout of an order.
_SET = {"pdf": letter_pdf, "countries": letter_pdf, "letter": letter_docx, "frozen": letter_pdf}


def work() -> bool:
    """Make the paper that was ordered first. True when there was one."""
    orders.sweep()
    found = orders.next_order()
    if found is None:
        return False
    order, file = found
    try:
        with request_in(order.language):
            # Read first: who comes or leaves meanwhile makes it an old one.
            begun, state = time.time(), orders.state_of(order.statement_id)
            orders.keep(order, state, begun, _SET[order.layout](_letter(order)))
    finally:
        file.unlink(missing_ok=True)
    return True


def _letter(order: PaperOrder) -> Letter:
    if order.frozen:
        frozen = db.session.get_one(FrozenList, order.frozen)
        parts = parts_of(frozen.people + frozen.organisations)
        return frozen_letter(frozen, parts[order.part - 1])
    parts = parts_of(counts_of(order.statement_id).total)
    wanted = parts[min(order.part, len(parts)) - 1]
    by_country = order.layout == "countries"
    return letter_of(order.statement_id, order.text, by_country=by_country, part=wanted)


def init_app(app: Flask) -> None:
    """Register the job, and note when a list shows somebody in another way."""
    listed_otherwise.connect(orders.note_change)
    worker.register(app, "papers", EVERY_SECONDS, work)
