"""The countries at risk, as owners edit them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.accounts.models import AuditEntry
from campaign.extensions import db
from campaign.site.risk_models import RiskNotice
from tests.support import Campaign, csrf, csrf_of, form

PAGE = "/desk/site/countries-at-risk"


def recorded_actions(app: Flask) -> list[tuple[str, str]]:
    """What was done to countries, oldest first."""
    with app.app_context():
        entries = select(AuditEntry.action, AuditEntry.subject).where(
            AuditEntry.subject.startswith("country:")
        )
        return list(db.session.execute(entries.order_by(AuditEntry.id)).tuples())


def test_an_owner_adds_a_country_writes_its_notice_and_takes_it_off(
    team: FlaskClient, campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    campaign.statement()
    page = team.get(f"{PAGE}/")
    assert "Belarus" in page.text and "Georgia</a>" not in page.text
    token = csrf_of(page)
    added = team.post(f"{PAGE}/", data={"csrf_token": token, "country": "GE"})
    assert (added.status_code, added.location) == (303, f"{PAGE}/GE")
    written = team.get(f"{PAGE}/GE").text
    assert "people were imprisoned for what they signed" in written and "расейск" not in written
    state = written.partition('name="state" type="hidden" value="')[2].partition('"')[0]
    said = {
        "csrf_token": token,
        "state": state,
        "notice_en": "  Agents  \r\n\r\n of influence ",
        "notice_be": "Агенты",
    }
    assert team.post(f"{PAGE}/GE", data=said).status_code == 303
    with app.app_context():
        rows = db.session.execute(select(RiskNotice.language, RiskNotice.text)).tuples().all()
        assert dict(rows) == {"en": "Agents\nof influence", "be": "Агенты"}
    assert "<p>Агенты</p>" in client.post("/be/s/free/sign", data=form(country="GE")).text
    # A colleague had the page open meanwhile: nothing of theirs is lost, and nothing is overwritten unseen.
    late = team.post(f"{PAGE}/GE", data=said | {"notice_en": "Otherwise"})
    assert late.status_code == 409 and "Otherwise" in late.text and "Agents\nof influence" in late.text
    for _twice in range(2):
        assert team.post(f"{PAGE}/GE/take-off", data={"csrf_token": token}).status_code == 303
    assert client.post("/s/free/sign", data=form(country="GE")).status_code == 303
    assert "not on the list" in team.get(f"{PAGE}/GE").text
    assert recorded_actions(app) == [
        ("country at risk entered", "country:GE"),
        ("notice of country written", "country:GE"),
        ("country at risk taken off", "country:GE"),
    ]
    log = team.get("/desk/audit").text
    assert "Georgia" in log and "A country was added to the countries at risk" in log


@pytest.mark.parametrize("code", ["", "XX", "ge", "EU"])
def test_what_is_no_country_is_refused(team: FlaskClient, app: Flask, code: str) -> None:
    refused = team.post(f"{PAGE}/", data={"csrf_token": csrf(team), "country": code})
    assert refused.status_code == 422 and "Please choose a country from the list." in refused.text
    assert team.get(f"{PAGE}/{code or 'X'}").status_code == 404
    assert recorded_actions(app) == []


@pytest.mark.parametrize(
    ("typed", "said"), [("a" * 601, "601 characters"), ("a\u202eb", "invisible characters")]
)
def test_a_notice_is_plain_and_short(team: FlaskClient, typed: str, said: str) -> None:
    answer = team.post(f"{PAGE}/RU", data={"csrf_token": csrf(team), "state": "", "notice_ru": typed})
    assert answer.status_code == 422 and said in answer.text


@pytest.mark.parametrize("role", ["editor", "moderator", "reader"])
def test_only_owners_may(campaign: Campaign, role: str) -> None:
    member = campaign.member(f"{role}@team.example", role=role)
    assert member.get(f"{PAGE}/").status_code == 403
    assert "Countries at risk" not in member.get("/desk/").text
