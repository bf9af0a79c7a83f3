"""A text that goes round, and hands to move it with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaign.circulation import invitations
from campaign.circulation.contacts import Contact
from campaign.circulation.invitations import Guest
from campaign.circulation.models import Circulation, Invitation
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.statements.models import Statement
from tests.support import BELARUSIAN, ENGLISH, Campaign, csrf, link_in

DRIVE = "/desk/statements/free/circulation"


TEXTS = (ENGLISH, BELARUSIAN)


def sent_round(
    session: Session,
    statement_id: int,
    contacts: Sequence[Contact],
    *,
    days: int = 3,
    country: str | None = None,
) -> tuple[Circulation, list[Invitation]]:
    """A draft that goes round with a shared link, and the invitations of these contacts."""
    terms = invitations.Terms(
        clock.now() + dt.timedelta(days=days), Inviter("Ina Inviter", "ina@owner.example.org")
    )
    circulation = invitations.start(session, session.get_one(Statement, statement_id), terms)
    invitations.switch_shared(session, circulation, on=True)
    guests = [Guest(contact, "en", country=country) for contact in contacts]
    return circulation, invitations.invite(session, circulation, guests)


@dataclass
class Round:
    """The team's browser and the organisations' links."""

    app: Flask
    team: FlaskClient
    campaign: Campaign
    client: FlaskClient
    links: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, **data: object) -> TestResponse:
        """Press a button of the drive."""
        return self.team.post(f"{DRIVE}{path}", data={"csrf_token": csrf(self.team)} | data)

    def begin(self, *, days: int = 5, **more: object) -> TestResponse:
        """Send the draft round."""
        last = (clock.today() + dt.timedelta(days=days)).isoformat()
        terms: dict[str, object] = {
            "deadline_on": last,
            "inviter": "Ina Inviter",
            "email": "ina@owner.example.org",
            "remind_days": "2, 1",
        }
        return self.post("/start", **terms | more)

    def invite(self, *lines: str, language: str = "en") -> TestResponse:
        """Paste addresses, look, and confirm; then read the mails."""
        response = self.post("/invite", pasted="\n".join(lines), language=language, confirm="y")
        self.campaign.work()
        self.read()
        return response

    def read(self) -> None:
        """Remember the newest link that each address has."""
        for mail in self.campaign.sink.mails:
            self.links[str(mail["To"])] = link_in(mail)

    def sign(
        self, address: str, organisation: str, read: str = "1", action: str = "sign", **more: str
    ) -> TestResponse:
        """Answer with the link of an address."""
        typed = {
            "organisation": organisation,
            "name": "Rita Representative",
            "title": "Director",
            "country": "PL",
            "show_name": "y",
        }
        return self.client.post(
            self.links[address], data={"action": action, "read": read, "shown_early": "y"} | typed | more
        )

    def after(self, **changes: dt.timedelta) -> None:
        """Let the deadline lie so far ahead (or behind) of now."""
        with self.app.app_context(), writing() as session:
            session.execute(update(Circulation).values(deadline=clock.now() + dt.timedelta(**changes)))  # type: ignore[arg-type]

    def invitation(self, organisation: str = "") -> Invitation:
        """The only invitation, or that of one who has signed so."""
        from campaign.circulation.contacts import contact_of  # noqa: PLC0415

        with self.app.app_context():
            found = [
                one
                for one in db.session.scalars(select(Invitation))
                if not organisation or contact_of(one).organisation == organisation
            ]
            assert len(found) == 1, len(found)
            db.session.expunge(found[0])
            return found[0]

    def statement(self) -> Statement:
        """The statement, detached."""
        with self.app.app_context():
            statement = db.session.scalars(select(Statement)).one()
            db.session.expunge(statement)
            return statement
