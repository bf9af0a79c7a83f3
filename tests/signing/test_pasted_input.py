"""What people paste into the form: marks, addresses with slips, websites, and addresses in names."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.support import Campaign, form, organisation_form


@pytest.mark.parametrize("field", ["name", "city", "message"])
@pytest.mark.parametrize("typed", ["anna.nowak@uni.kz", "Anna +375 29 123-45-67"])
def test_row_02_the_form_refuses_addresses_and_numbers_that_would_be_public(
    campaign: Campaign, client: FlaskClient, field: str, typed: str
) -> None:
    campaign.statement()
    answer = client.post("/s/free/sign", data=form(**{field: typed}))
    assert answer.status_code == 422 and "public" in answer.text


@pytest.mark.parametrize("field", ["organisation", "title", "name"])
def test_row_02_organisations_and_roles_too(campaign: Campaign, client: FlaskClient, field: str) -> None:
    campaign.statement()
    answer = client.post("/s/free/sign", data=organisation_form(**{field: "Beta office@beta.kz"}))
    assert answer.status_code == 422 and "public" in answer.text


def test_row_12_the_form_takes_marks_out_of_every_field(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    typed = form(
        name="\u200fAn\u00adna\tEx\u200bample\ufeff",
        email="anna@post.example.org\u200e",
        message="One\x0btwo\tthree",
    )
    assert client.post("/s/free/sign", data=typed).status_code == 303
    campaign.work()
    assert len(campaign.sink.to("anna@post.example.org")) == 1


def test_row_15_a_slip_is_asked_about_once_and_the_same_button_sends_it(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    first = client.post("/s/free/sign", data=form(email="anna@gmial.com"))
    assert first.status_code == 422 and "Did you mean anna@gmail.com?" in first.text
    assert 'value="anna@gmial.com"' in first.text
    hidden = re.search(r'<input[^>]*name="email-asked"[^>]*>', first.text)
    assert hidden and 'type="hidden"' in hidden[0] and 'value="anna@gmial.com"' in hidden[0]
    sent = form(email="anna@gmial.com") | {"email-asked": "anna@gmial.com"}
    assert client.post("/s/free/sign", data=sent).status_code == 303
    other = form(email="anna@gmal.com") | {"email-asked": "anna@gmial.com"}
    assert client.post("/s/free/sign", data=other).status_code == 422, "another slip is another question"


def test_row_15_the_keyboard_is_named(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    answer = client.post("/s/free/sign", data=form(email="ivan@gmail.сom"))
    assert answer.status_code == 422 and "keyboard layout" in answer.text


@pytest.mark.parametrize(
    ("typed", "status"), [("-", 303), ("no website", 303), ("Https://Spring96.org", 303), ("//x", 422), ("a@b.org", 422)]
)  # fmt: skip
def test_row_14_the_form_takes_a_website_or_none(
    campaign: Campaign, client: FlaskClient, typed: str, status: int
) -> None:
    campaign.statement()
    assert client.post("/s/free/sign", data=organisation_form(website=typed)).status_code == status
