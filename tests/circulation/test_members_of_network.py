"""Asking the members of a network, each by a mail of its own."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import update

from campaign.circulation.contacts import Contact, put_on_record
from campaign.core.database import writing
from campaign.organisations.networks import enter_membership
from campaign.signatures.models import Signature, State
from campaign.signatures.states import By, move
from campaign.statements.models import Statement
from tests.support import Campaign, organisation_form
from tests.world.circulation import DRIVE, Round
from tests.world.networks import span


def test_members_are_offered_none_is_chosen_beforehand_and_each_is_asked(
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
    assert '" checked>' not in page
    members = page.partition('id="members"')[2].partition("</fieldset>")[0]
    chosen = re.findall(r'name="organisations" id="organisation-\d+" value="(\d+)">', members)
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


def test_those_that_declined_or_were_refused_are_left_out_of_what_is_recorded(
    going: Round, campaign: Campaign, app: Flask
) -> None:
    network = campaign.organisation("Wide Network", is_network=True)
    for name, domain in (
        ("House of Rights", "house.example.org"),
        ("Second House", "second.example.org"),
        ("Test League", "league.example.org"),
        ("Silent House", "silent.example.org"),
    ):
        member = campaign.organisation(name, domain)
        with app.app_context(), writing() as session:
            enter_membership(session, network, member)
    with app.app_context(), writing() as session:
        session.execute(update(Statement).values(network_id=network))
    going.post("/by-hand", organisation="House of Rights", source="By telephone", answer="decline")
    going.post("/by-hand", organisation="Second House", source="Signal, 18:40")
    going.post("/publish")
    going.campaign.work()
    link = campaign.signed(**organisation_form(email="anna@league.example.org"))
    with app.app_context(), writing() as session:
        false = session.get_one(Signature, campaign.signature(link).id)
        move(false, State.INVALIDATED, By.TEAM, "Their board knows nothing of it.")
    page = going.team.get("/desk/statements/free/import?members=1").text
    assert "because they have signed: Second House<" in page
    assert "because they declined the invitation: House of Rights<" in page
    assert "because their signature was rejected or invalidated: Test League<" in page
    assert re.findall(r'name="members".*?<bdi>(.*?)</bdi>', page) == ["Silent House"]
