"""Inviting a thousand organisations to sign: from the pasted list to mails in the outbox."""

from __future__ import annotations

import datetime as dt
import time

from flask import Flask

from benchmarks.table import INVITATIONS, Measured, Results
from campaign.circulation import invitations
from campaign.circulation.address_parser import parse_addresses
from campaign.circulation.contacts import Contact
from campaign.circulation.invitations import Guest, Terms
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.statements import operations
from campaign.statements.models import Kind, Signers, Statement
from campaign.statements.operations import StatementText

_LINES = 1_000


def measure(app: Flask) -> Results:
    """Seconds for parsing and inviting, as the second click does both."""
    with app.app_context():
        with writing() as session:
            settings = operations.StatementSettings("invited", Kind.JOINT_STATEMENT, Signers.ORGANISATIONS)
            statement_id = operations.create_statement(
                session, settings, [StatementText("en", "A text that goes round", "It asks for something.")]
            ).id
            terms = Terms(clock.now() + dt.timedelta(days=5), Inviter("Ina Inviter", "ina@owner.example.org"))
            invitations.start(session, session.get_one(Statement, statement_id), terms)

        pasted = "\n".join(
            f"Organisation {line}; Person {line}; office@org{line}.example.org; PL; en"
            for line in range(_LINES)
        )
        begun = time.perf_counter()
        lines = parse_addresses(db.session(), statement_id, pasted, "en")
        understood = time.perf_counter() - begun
        guests = [
            Guest(Contact(line.email, line.person, line.organisation), line.language, None, line.country)
            for line in lines
        ]
        with writing() as session:
            circulation = session.get_one(invitations.Circulation, statement_id)
            if len(invitations.invite(session, circulation, guests)) != _LINES:
                raise SystemExit("Not every pasted line was invited.")

        took = time.perf_counter() - begun

    return {INVITATIONS: Measured(took, f"{understood:.2f} s to understand {_LINES:,} lines")}
