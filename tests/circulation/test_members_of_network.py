"""Asking the members of a network, each by a mail of its own."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import update

from campaign.circulation.contacts import Contact, put_on_record
from campaign.core.database import writing
from campaign.organisations.networks import enter_membership
from campaign.statements.models import Statement
from tests.support import Campaign
from tests.world.circulation import DRIVE, Round
from tests.world.networks import span


def test_members_are_chosen_in_one_step_and_each_is_asked(
    going: Round, campaign: Campaign, app: Flask
) -> None:
    network = campaign.organisation("Wide Network", is_network=True)
    for name, email, dates in (
        ("Test League", "anna@league.example.org", ()),
        ("Border Watch", "ben@border.example.org", ("2012",)),
        ("Left Behind", "left@behind.example.org", ("2001", "2005")),
        ("No Address", "", ()),
    ):
        member = campaign.organisation(name)
        with app.app_context(), writing() as session:
            enter_membership(session, network, member, span(*dates))
            if email:
                put_on_record(session, member, Contact(email, "Somebody"), "en")
    assert "members=1" not in going.team.get(DRIVE + "/invite").text
    with app.app_context(), writing() as session:
        session.execute(update(Statement).values(network_id=network))
    assert "Choose the members of Wide Network" in going.team.get(DRIVE + "/invite").text

    page = going.team.get(DRIVE + "/invite?members=1").text
    assert "No contact on record: No Address" in page
    chosen = re.findall(r'name="organisations" id="organisation-\d+" value="(\d+)" checked', page)
    assert len(chosen) == 2
    assert not going.campaign.sink.mails
    going.post("/invite", organisations=chosen, pasted="", language="en", confirm="y")
    going.campaign.work()
    assert {str(mail["To"]) for mail in going.campaign.sink.mails} == {
        "anna@league.example.org",
        "ben@border.example.org",
    }
    again = going.team.get(DRIVE + "/invite?members=1").text
    assert "Invited already: Border Watch; Test League" in again
    assert '" checked>' not in again
