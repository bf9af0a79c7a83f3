"""A person signs: form, mail, link, list, and all that they can do afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campaign.extensions import db
from campaign.signatures.models import Assent, Signature, Submission, Tombstone
from campaign.signatures.tombstones import journal
from tests.support import Campaign, Sink, code_in, form, link_in, text_of

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.usefixtures("app")]


def test_a_confirmed_signature_is_listed_and_counted(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign(name="Алесь Прыклад", city="Вільня", country="LT")
    body = client.get("/s/free/live.json").get_json()
    assert body["counts"] == {"people": 1, "organisations": 0, "total": 1}
    assert body["newest"][0] | {"position": 0} == {
        "position": 0,
        "kind": "person",
        "name": "Алесь Прыклад",
        "organisation": None,
        "title": None,
        "affiliation": None,
        "country": "LT",
        "message": None,
        "revision": 1,
    }
    page = client.get("/s/free").text
    assert "Алесь Прыклад" in page
    assert "Вільня" in page


def test_nothing_is_public_before_the_click(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.submit(name="Not Yet")
    assert client.get(link).status_code == 200
    campaign.work()
    assert campaign.counts() == (0, 0)
    assert "Not Yet" not in client.get("/s/free").text


def test_the_mail_says_nothing_about_the_petition(campaign: Campaign, sink: Sink) -> None:
    campaign.statement()
    campaign.submit(name="Quiet Person")
    mail = sink.mails[-1]
    for told in ("Free them", "Quiet Person", "free"):
        assert told not in text_of(mail)
        assert told not in str(mail["Subject"])
    assert str(mail["From"]) == "post@neutral.example"


def test_clicking_again_shows_success_again(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign()
    assert client.post(link, data={"action": "confirm"}).status_code == 303
    assert "Your signature is confirmed" in client.get(link).text
    campaign.work()
    assert campaign.counts() == (1, 0)


def test_the_form_answers_the_same_for_every_past_of_an_address(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.submit(email="pending@post.example.org")
    campaign.sign(email="confirmed@post.example.org")
    link = campaign.sign(email="withdrawn@post.example.org")
    client.post(link, data={"action": "withdraw"})
    answers = set()
    for past in ("new", "pending", "confirmed", "withdrawn"):
        response = client.post("/s/free/sign", data=form(email=f"{past}@post.example.org"))
        answers.add((response.status_code, response.data, tuple(sorted(response.headers.items()))))
    assert len(answers) == 1


def test_two_people_share_a_mailbox_and_a_third_cannot(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign(name="Anna")
    campaign.sign(name="Boris")
    third = campaign.submit(name="Vera")
    response = client.post(third)
    assert response.status_code == 409
    assert "Two people have already signed with this mailbox" in response.text
    campaign.work()
    assert campaign.counts() == (2, 0)


@pytest.mark.parametrize("spelling", ["ANNA@post.example.org", "anna@POST.example.org"])
def test_the_same_person_counts_once_and_may_take_over_what_was_typed(
    campaign: Campaign, client: FlaskClient, spelling: str
) -> None:
    campaign.statement()
    campaign.sign(name="Anna", city="Minsk", email="anna@post.example.org")
    second = campaign.sign(name="anna", city="Vilnius", email=spelling)
    assert campaign.counts() == (1, 0)
    assert "Replace your signature with what you typed now?" in client.get(second).text
    client.post(second, data={"action": "correct", "name": "anna", "city": "Vilnius"})
    assert campaign.signature(second).city == "Vilnius"
    assert "Replace your signature" not in client.get(second).text


def test_dots_and_tags_of_gmail_are_one_mailbox(campaign: Campaign) -> None:
    campaign.statement()
    campaign.sign(name="Anna", email="an.na+list@gmail.com")
    campaign.sign(name="Anna", email="anna@googlemail.com")
    assert campaign.counts() == (1, 0)


def test_withdrawing_erases_and_one_may_sign_again(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.sign(name="Gone Person")
    assert client.post(link, data={"action": "withdraw"}).status_code == 303
    campaign.work()
    assert campaign.counts() == (0, 0)
    assert "Gone Person" not in client.get("/s/free").text
    assert "Withdrawn" in client.get(link).text
    with app.app_context():
        gone = db.session.scalars(select(Signature)).one()
        assert (gone.state, gone.name, gone.mailbox_index, gone.country, gone.position) == (
            "withdrawn",
            None,
            None,
            None,
            None,
        )
        assert db.session.scalar(select(func.count()).select_from(Assent)) == 0
        assert db.session.scalars(select(Tombstone.signature_id)).all() == [gone.id] == journal()
    campaign.sign(name="Gone Person")
    assert campaign.counts() == (1, 0)


def test_a_withdrawn_link_neither_confirms_nor_changes(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign()
    client.post(link, data={"action": "withdraw"})
    assert client.post(link, data={"action": "confirm"}).status_code == 303
    assert client.post(link, data={"action": "correct", "name": "Back Again"}).status_code == 409
    assert (
        client.post(
            link, data={"action": "visibility", "visibility": "public", "name": "Back Again"}
        ).status_code
        == 409
    )
    campaign.work()
    assert campaign.counts() == (0, 0)


def test_a_withdrawn_signature_shows_no_name_to_its_link(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(name="Gone Person")
    client.post(link, data={"action": "withdraw"})
    assert "Gone Person" not in client.get(link).text


def test_only_counted_stores_no_name(app: Flask, campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    campaign.sign(visibility="counted", name=None, city="Hidden City", message="hidden words")
    assert campaign.counts() == (1, 0)
    with app.app_context():
        row = db.session.scalars(select(Signature)).one()
        assert (row.name, row.city, row.sealed, row.message, row.sealed_message, row.search_key) == (
            None,
        ) * 6
    assert client.get("/api/v1/statements/free/signatures").get_json()["signatures"][0]["name"] is None


def test_a_name_for_the_team_is_sealed_and_never_public(
    app: Flask, campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    campaign.sign(visibility="team", name="Secret Person", city="Hrodna")
    for path in (
        "/s/free",
        "/s/free/signatories?q=secret",
        "/s/free/live",
        "/s/free/live.json",
        "/api/v1/statements/free/signatures",
    ):
        text = client.get(path).get_data(as_text=True)
        assert "Secret Person" not in text
        assert "Hrodna" not in text
    with app.app_context():
        row = db.session.scalars(select(Signature)).one()
        assert (row.name, row.city, row.sort_key) == (None, None, None)
        assert row.sealed
        assert b"Secret" not in row.sealed


def test_the_address_is_not_kept_unless_news_were_asked_for(campaign: Campaign) -> None:
    campaign.statement()
    assert campaign.signature(campaign.sign(name="Anna")).sealed_contact is None
    assert campaign.signature(campaign.sign(name="Boris", updates="y")).sealed_contact is not None


def test_after_confirming_the_submission_is_stripped(app: Flask, campaign: Campaign) -> None:
    campaign.statement()
    campaign.sign()
    with app.app_context():
        submission = db.session.scalars(select(Submission)).one()
        assert submission.sealed is None
        assert submission.signature_id is not None


def test_visibility_can_be_changed_there_and_back(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(name="Changing Person")
    for chosen, shown in (("team", False), ("public", True), ("counted", False)):
        assert client.post(link, data={"action": "visibility", "visibility": chosen}).status_code == 303
        campaign.work()
        assert ("Changing Person" in client.get("/s/free").text) is shown
    refused = client.post(link, data={"action": "visibility", "visibility": "public"})
    assert refused.status_code == 422
    assert (
        client.post(
            link, data={"action": "visibility", "visibility": "public", "name": "New Name"}
        ).status_code
        == 303
    )
    campaign.work()
    assert "New Name" in client.get("/s/free").text
    assert campaign.counts() == (1, 0)


def test_a_correction_reaches_the_list_and_keeps_the_position(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.sign(name="Mispelt Name")
    campaign.sign(name="Other Person", email="other@post.example.org")
    assert (
        client.post(
            link, data={"action": "correct", "name": "Right Name", "city": "Brest", "country": "FR"}
        ).status_code
        == 303
    )
    campaign.work()
    lines = client.get("/api/v1/statements/free/signatures").get_json()["signatures"]
    assert [(line["position"], line["name"]) for line in lines] == [(1, "Right Name"), (2, "Other Person")]


def test_row_05_a_signer_corrects_and_removes_an_affiliation_but_adds_none(
    campaign: Campaign, client: FlaskClient
) -> None:
    campaign.statement()
    link = campaign.sign(name="Hanna I.")
    said = {"action": "correct", "name": "Hanna I.", "country": "PL"}
    assert 'name="affiliation"' not in client.get("/s/free").text + client.get(link).text
    client.post(link, data=said | {"affiliation": "Self-made Institute"})
    assert campaign.signature(link).affiliation is None
    campaign.affiliate(link, "Universty <b>of Warsaw")
    own = client.get(link).text
    assert "Universty &lt;b&gt;of Warsaw" in own
    assert "If you change it, the team reviews your signature" in own
    for other in ("universty <b>of warsaw", "UN High Commissioner for Human Rights", "University of Warsaw"):
        client.post(link, data=said | {"affiliation": other})
        campaign.work()
        row = campaign.signature(link)
        held = other.startswith("U")
        assert (row.state, row.affiliation) == (("quarantined", None) if held else ("listed", other)), other
    client.post(link, data=said | {"affiliation": "write to x@post.example.org"})
    client.post(link, data=said)
    assert "<small>University of Warsaw" in client.get(link).text.replace("<bdi>", "")
    client.post(link, data=said | {"affiliation": ""})
    assert "University" not in client.get(link).text
    campaign.affiliate(link, "University of Warsaw")
    client.post(link, data={"action": "visibility", "visibility": "counted"})
    row = campaign.signature(link)
    assert (row.affiliation, row.sealed) == (None, None)


def test_a_message_waits_for_a_person_to_read_it(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign(message="Hold fast.\nWe are with you.")
    assert client.get("/api/v1/statements/free/signatures").get_json()["signatures"][0]["message"] is None
    assert "once a member of the team has read it" in client.get(link).text


def test_the_code_confirms_in_any_grouping_and_twice(
    campaign: Campaign, client: FlaskClient, sink: Sink
) -> None:
    campaign.statement()
    campaign.submit()
    digits = code_in(sink.mails[-1]).replace(" ", "")
    for typed in (f"{digits[:3]}-{digits[3:6]} {digits[6:]}", digits):
        response = client.post("/code", data={"code": typed})
        assert response.status_code == 200
        assert "Confirmed" in response.text
        assert "/c/" not in response.text
    campaign.work()
    assert campaign.counts() == (1, 0)


@pytest.mark.parametrize("typed", ["", "1234", "0000 0000 0000", "abc", "1" * 61])
def test_a_wrong_code_is_refused_beside_the_field_and_kept(client: FlaskClient, typed: str) -> None:
    response = client.post("/code", data={"code": typed})
    assert response.status_code == 422
    assert 'id="code-error"' in response.text
    assert f'value="{typed}"' in response.text


def test_codes_can_not_be_guessed_at_will(client: FlaskClient) -> None:
    answers = [
        client.post(
            "/code", data={"code": f"{number:012}"}, environ_base={"REMOTE_ADDR": "8.8.4.4"}
        ).status_code
        for number in range(32)
    ]
    assert answers[29:] == [422, 429, 429]


@pytest.mark.parametrize("token", ["x", "RAyRsjPDQ3WrTF5YfxDPaw.qSwsXpvTttb5J", "ü", "a" * 5000])
def test_a_forged_link_says_what_to_do_next(client: FlaskClient, token: str) -> None:
    for response in (client.get(f"/c/{token}"), client.post(f"/c/{token}")):
        assert response.status_code == 404
        assert "enter the code" in response.text


def test_a_submission_is_over_after_seven_days(app: Flask, campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.submit()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=7, minutes=1), tick=True):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
        campaign.work()
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Submission)) == 0
        assert client.get(link).status_code == 410


def test_the_link_manages_as_long_as_the_signature_lives(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=400), tick=True):
        campaign.work()
        assert "Your signature is confirmed" in client.get(link).text
        assert client.post(link, data={"action": "withdraw"}).status_code == 303


def test_what_is_held_can_be_downloaded(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    held = client.get(campaign.sign(name="Anna", visibility="team") + "/data.json").get_json()
    assert (held["name"], held["visibility"], held["state"]) == ("Anna", "team", "listed")


def test_an_unknown_action_changes_nothing(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    link = campaign.sign()
    assert client.post(link, data={"action": "explode"}).status_code == 422
    assert campaign.counts() == (1, 0)


def test_the_mail_follows_the_language_of_the_page(
    campaign: Campaign, client: FlaskClient, sink: Sink
) -> None:
    campaign.statement()
    assert client.post("/be/s/free/sign", data=form()).headers["Location"].endswith("/be/check-your-mail")
    campaign.work()
    assert link_in(sink.mails[-1]).startswith("/be/c/")
