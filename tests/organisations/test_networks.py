"""Networks and their members: dates as far as they are known, no circle, no two at one time."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from campaign.core.database import writing
from campaign.desk.operations import merge_organisations
from campaign.extensions import db
from campaign.organisations import networks
from campaign.organisations.errors import MemberAlready, MembershipCircle, NotANetwork, UntilBeforeSince
from campaign.organisations.models import NetworkMembership, Organisation
from campaign.organisations.network_merge import move_memberships
from campaign.organisations.partial_dates import partial_date
from tests.support import Campaign
from tests.world.networks import span

DATES = {
    "2012": "2012",
    "2012 г.": "2012",
    "с 2012 года": "2012",
    "since 2012": "2012",
    "2012-07": "2012-07",
    "07.2012": "2012-07",
    "7/2012": "2012-07",
    "July 2012": "2012-07",
    "липень 2012": "2012-07",
    "ліпень 2012": "2012-07",
    "июль 2012": "2012-07",
    "lipiec 2012": "2012-07",
    "Juli 2012": "2012-07",
    "14 июля 2012 г.": "2012-07-14",
    "14. Juli 2012": "2012-07-14",
    "2012-07-14": "2012-07-14",
    "2012-07-14 00:00:00": "2012-07-14",
    "14.7.2012": "2012-07-14",
    "14/07/2012": "2012-07-14",
    "07/07/2012": "2012-07-07",
    "": "None",
    "–": "None",
}


def network(campaign: Campaign, name: str = "Wide Network") -> int:
    return campaign.organisation(name, is_network=True)


def join(app: Flask, network_id: int, member_id: int, *dates: str, source: str = "its page") -> int:
    with app.app_context(), writing() as session:
        return networks.enter_membership(session, network_id, member_id, span(*dates), source).id


def test_dates_are_read_as_people_type_them() -> None:
    assert {typed: str(partial_date(typed)) for typed in DATES} == DATES
    for typed in ("03/05/2021", "soon", "13.2021", "2012?", "31.02.2020", "0012", "99999"):
        with pytest.raises(ValueError, match=r"."):
            partial_date(typed)


def test_a_span_claims_no_day_of_a_year_of_which_no_more_is_known() -> None:
    day = dt.date(2020, 5, 3)
    for typed, covers in {
        (): True,
        ("2019",): True,
        ("2020",): False,
        ("2020-05-03",): True,
        ("2020-05-04",): False,
        ("", "2020"): False,
        ("", "2020-05-03"): True,
        ("2010", "2021"): True,
        ("2010", "2019"): False,
    }.items():
        assert span(*typed).covers(day) is covers, typed


@pytest.mark.databases("sqlite", "postgresql")
def test_no_two_memberships_at_one_time(campaign: Campaign, app: Flask) -> None:
    of, member = network(campaign), campaign.organisation()
    join(app, of, member, "2010", "2012")
    join(app, of, member, "2012", "2014-05")
    for dates in (("2011",), ("", ""), ("", "2010-02"), ("2014-04", "2015"), ("2010", "2010")):
        if dates == ("", "2010-02"):
            # It may have ended before the next one began.
            continue
        with pytest.raises(MemberAlready):
            join(app, of, member, *dates)
    with pytest.raises(UntilBeforeSince):
        join(app, of, member, "2020", "2019")
    present = join(app, of, member, "2020", "2020")
    with app.app_context():
        with writing() as session:
            row = session.get_one(NetworkMembership, present)
            networks.change_membership(session, row, span("2020-03"), "another page")
        listed = networks.members_of(of)
        assert [(str(one.span.since), str(one.span.until)) for one in listed] == [
            ("2010", "2012"),
            ("2012", "2014-05"),
            ("2020-03", "None"),
        ]
        assert networks.members_on(db.session(), of, dt.date(2016, 1, 1)) == set()
        assert networks.members_on(db.session(), of, dt.date(2020, 4, 1)) == {member}
        assert [one.organisation.slug for one in networks.networks_of(member)] == ["wide-network"] * 3


@pytest.mark.databases("sqlite", "postgresql")
def test_no_circle_of_networks(campaign: Campaign, app: Flask) -> None:
    one, two, three = (network(campaign, name) for name in ("One", "Two", "Three"))
    join(app, one, two)
    join(app, two, three)
    for of, member in ((one, one), (two, one), (three, one), (three, two)):
        with pytest.raises(MembershipCircle):
            join(app, of, member)
    with pytest.raises(NotANetwork):
        join(app, campaign.organisation(), one)


@pytest.mark.databases("sqlite", "postgresql")
def test_the_database_refuses_what_can_never_be(campaign: Campaign, app: Flask) -> None:
    of, member = network(campaign), campaign.organisation()
    join(app, of, member, "2010")
    day = dt.date(2010, 1, 1)
    for row in (
        {"network_id": of, "member_id": of},
        {"network_id": of, "member_id": member},
        {"network_id": of, "member_id": member, "since": day, "until": day},
        {"network_id": of, "member_id": member, "since": day, "until": dt.date(2009, 1, 1)},
        {"network_id": of, "member_id": member, "since_precision": "week", "until": day},
        {"network_id": of, "member_id": 999_999, "until": day},
    ):
        with pytest.raises(IntegrityError), app.app_context(), writing() as session:
            session.execute(insert(NetworkMembership).values(source="", **row))
    with app.app_context(), writing() as session:
        session.delete(session.get_one(Organisation, member))
        session.flush()
        assert session.scalars(select(NetworkMembership)).all() == []


@pytest.mark.databases("sqlite", "postgresql")
def test_a_merge_takes_memberships_along(campaign: Campaign, app: Flask, team: FlaskClient) -> None:
    goes = campaign.organisation("Old League", is_network=True)
    stays = campaign.organisation("Test League")
    wide, other, below = network(campaign), network(campaign, "Other Network"), campaign.organisation("Below")
    between = network(campaign, "Between")
    join(app, wide, goes, "2012")
    join(app, wide, stays)
    join(app, other, goes, "2001", "2005")
    join(app, other, stays, "2010")
    join(app, goes, below)
    # Both would close a circle: the record kept would be a member of itself.
    join(app, goes, stays)
    join(app, between, stays)
    join(app, goes, between)
    preview = team.get("/desk/organisations/old-league/merge?into=test-league").text
    for said in (
        "becomes one with that of the record kept",
        "removed: an organisation",
        "Memberships of networks",
    ):
        assert said in preview
    with app.app_context():
        with writing() as session:
            merge_organisations(session, goes, stays)
        assert db.session.get_one(Organisation, stays).is_network
        found = [(one.organisation.slug, str(one.span.since)) for one in networks.networks_of(stays)]
        assert found == [
            ("between", "None"),
            ("other-network", "2001"),
            ("other-network", "2010"),
            ("wide-network", "2012"),
        ]
        assert [one.organisation.slug for one in networks.members_of(stays)] == ["below"]
        assert stays not in networks.within(db.session(), stays)


def test_a_merge_keeps_dates_and_their_source_together(
    campaign: Campaign, app: Flask, team: FlaskClient
) -> None:
    wide, goes = network(campaign), campaign.organisation("Old League")
    stays = campaign.organisation("Test League")
    rows = (
        # Of the record that goes, of the one kept, what becomes of them, and what the preview says is lost.
        ([("2010", "2015-05-01", "A")], [("", "", "B")], [("2010", "2015-05-01", "A")], "not kept: B"),
        ([("2010", "2015", "")], [("", "", "B")], [("2010", "2015", "B")], ""),
        ([("2010", "", "A")], [("2012", "2020", "B")], [("2012", "2020", "B")], "not kept: since 2010, A"),
        ([("2010", "", "A")], [("2012", "", "")], [("2012", "None", "")], "not kept: since 2010, A"),
        ([("", "", "A")], [("2012", "", "B")], [("2012", "None", "B")], "not kept: A"),
        ([("2012", "", "A")], [("2012", "", "")], [("2012", "None", "A")], ""),
        ([("", "", "A")], [("", "", "")], [("None", "None", "A")], ""),
        (
            [("2001", "2005", "A"), ("2010", "", "C")],
            [("", "", "B")],
            [("2001", "2005", "A"), ("2010", "None", "C")],
            "not kept: B",
        ),
    )
    for of_it, kept, expected, lost in rows:
        with app.app_context(), writing() as session:
            session.execute(delete(NetworkMembership))
        for member, spans in ((goes, of_it), (stays, kept)):
            for since, until, source in spans:
                join(app, wide, member, since, until, source=source)
        preview = team.get("/desk/organisations/old-league/merge?into=test-league").text
        shown = re.search(r"becomes one with that of the record kept(?: \((.*?)\))?", preview)
        assert shown and (shown.group(1) or "") == lost, expected
        with app.app_context(), writing() as session:
            move_memberships(session, goes, stays)
        with app.app_context():
            found = [
                (str(one.span.since), str(one.span.until), one.source) for one in networks.members_of(wide)
            ]
        assert sorted(found) == expected
