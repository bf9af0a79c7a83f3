"""What an organisation sees and answers behind its link."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from campaign.circulation.answers import MOST_COLLEAGUES
from campaign.circulation.models import Answer, Invitation
from campaign.extensions import db
from tests.support import text_of
from tests.world.circulation import DRIVE, Round

MAIL = "lena@league.example.org"


def test_an_invited_organisation_reads_signs_and_gets_a_receipt(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    assert going.invite(f"Lena Leader <{MAIL}>").status_code == 303
    mail = going.campaign.sink.to(MAIL)[0]
    assert "Free them all" in mail["Subject"]
    assert str(mail["From"]).startswith("Ina Inviter <")
    assert mail["Reply-To"] == "ina@owner.example.org"
    page = going.client.get(going.links[MAIL])
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in page.headers
    for said in (
        "Release them.",
        'value="Test League"',
        'value="Lena Leader"',
        "Prepared for Test League",
        "5 days left",
    ):
        assert said in page.text, said
    assert going.sign(MAIL, "Test League").status_code == 303
    going.campaign.work()
    receipt = text_of(going.campaign.sink.to(MAIL)[1])
    assert "Release them." in receipt and "SHA-256" in receipt
    after = going.client.get(going.links[MAIL]).text
    assert "Signed. Thank you" in after
    assert "Signed so far" in after and "<bdi>Test League</bdi>" in after


def test_opening_a_link_records_nothing(going: Round) -> None:
    going.invite(MAIL)
    with going.app.app_context():
        before = repr([list(row) for row in db.session.execute(select(Invitation.__table__))])
    going.client.get(going.links[MAIL])
    going.client.get(going.links[MAIL] + "/suggest")
    with going.app.app_context():
        assert repr([list(row) for row in db.session.execute(select(Invitation.__table__))]) == before


@pytest.mark.parametrize(
    ("action", "answer", "said"),
    [
        ("board", Answer.BOARD, "Waiting for your board"),
        ("more time", Answer.MORE_TIME, "asked for more time"),
        ("decline", Answer.DECLINE, "You have declined to sign"),
    ],
)
def test_every_other_answer_is_kept_with_its_word(
    going: Round, action: str, answer: Answer, said: str
) -> None:
    going.invite(MAIL)
    assert (
        going.client.post(going.links[MAIL], data={"action": action, "remark": "On Friday."}).status_code
        == 303
    )
    assert going.invitation().answer == answer
    assert said in going.client.get(going.links[MAIL]).text
    assert "On Friday." in going.team.get(DRIVE).text


def test_a_signature_is_taken_back_by_another_answer(going: Round) -> None:
    going.invite(MAIL)
    going.sign(MAIL, "Test League")
    going.client.post(going.links[MAIL], data={"action": "decline"})
    assert going.invitation().answer == Answer.DECLINE
    assert "No signatures to show yet." in going.client.get(going.links[MAIL]).text


def test_a_mistake_is_said_and_what_was_typed_stays(going: Round) -> None:
    going.invite(MAIL)
    refused = going.sign(MAIL, "Test League", title="", website="no address")
    assert refused.status_code == 422
    assert "Please enter your position in the organisation." in refused.text
    assert "Please enter a web address such as" in refused.text
    assert 'value="Rita Representative"' in refused.text
    assert going.invitation().answer == Answer.NONE
    assert going.client.post(going.links[MAIL], data={"action": "dance"}).status_code == 422
    assert (
        going.client.post(
            going.links[MAIL], data={"action": "forward", "person": "X", "email": "nothing"}
        ).status_code
        == 422
    )


def test_a_colleague_answers_in_ones_place(going: Round) -> None:
    going.invite(f"Lena <{MAIL}>")
    passed = going.client.post(
        going.links[MAIL],
        data={"action": "forward", "person": "Carl Colleague", "email": "carl@league.example.org"},
    )
    assert passed.status_code == 303
    going.campaign.work()
    going.read()
    carl = "carl@league.example.org"
    assert going.client.get(going.links[MAIL]).status_code == 200, (
        "the old link lives until the colleague has answered"
    )
    assert going.sign(carl, "Test League").status_code == 303
    assert going.client.get(going.links[MAIL]).status_code == 410
    assert going.sign(MAIL, "Test League").status_code == 410


def test_passing_on_answers_alike_whoever_is_invited_already(going: Round) -> None:
    going.campaign.sink.clear()
    going.invite(f"Lena <{MAIL}>", "Ira <ira@other.example.org>")
    going.campaign.work()
    answers, mails = [], []
    # Invited, new, one's own mailbox, invited again; and two once it has been done as often as it can be.
    invited, own = ["ira@other.example.org", "Ira@other.example.org"], [MAIL]
    new = [f"new{number}@other.example.org" for number in range(2)]
    for address in (invited[0], new[0], *own, invited[1], new[1], invited[0], "new3@other.example.org"):
        before = len(going.campaign.sink.mails)
        response = going.client.post(
            going.links[MAIL], data={"action": "forward", "person": "Carl", "email": address}
        )
        answers.append((response.status_code, response.headers.get("Location")))
        going.campaign.work()
        mails.append(len(going.campaign.sink.mails) - before)
    assert len(set(answers[:MOST_COLLEAGUES])) == 1 and answers[0][0] == 303
    assert set(mails[:MOST_COLLEAGUES]) == {1}
    # The cap counts each time, too: how often it can be done tells nothing.
    assert [status for status, _place in answers[MOST_COLLEAGUES:]] == [422, 422]
    assert mails[MOST_COLLEAGUES:] == [0, 0]


def test_a_forwarded_link_answered_by_both_signs_once(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite(f"Lena <{MAIL}>", "Olga <olga@league.example.org>")
    assert going.sign(MAIL, "Test League").status_code == 303
    second = going.sign("olga@league.example.org", "Test League")
    assert second.status_code == 409
    assert "Somebody has already signed for this organisation" in second.text
    assert 'value="Rita Representative"' in second.text


def test_an_answer_after_the_deadline_waits_until_the_team_lets_it_join(going: Round) -> None:
    going.invite(MAIL)
    going.after(hours=-1)
    assert going.sign(MAIL, "Late League").status_code == 303
    assert going.invitation().late
    assert "Signed after the deadline" in going.client.get(going.links[MAIL]).text
    assert going.post(f"/{going.invitation().id}/join").status_code == 303
    assert not going.invitation().late


def test_who_signed_in_time_corrects_a_title_afterwards_without_being_late(going: Round) -> None:
    going.invite(MAIL)
    going.sign(MAIL, "Test League")
    going.after(hours=-1)
    going.sign(MAIL, "Test League", title="President")
    assert not going.invitation().late


def test_a_link_that_was_taken_back_opens_nothing(going: Round) -> None:
    going.invite(MAIL)
    assert going.post(f"/{going.invitation().id}/withdraw").status_code == 303
    assert going.client.get(going.links[MAIL]).status_code == 410
    assert going.client.get("/i/made-up").status_code == 404
    going.invite("other@league.example.org")
    going.post("/recall")
    assert going.client.get(going.links["other@league.example.org"]).status_code == 410


def test_by_the_shared_link_a_mailbox_of_their_own_counts_and_another_waits(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.post("/shared", on="y")
    link = (
        going.team.get(DRIVE)
        .text.partition('<p class="mono">')[2]
        .partition("</p>")[0]
        .partition("localhost")[2]
    )
    page = going.client.get(link)
    assert "Prepared for the members of a closed list" in page.text
    for address, organisation in ((MAIL, "Test League"), ("someone@mail.example", "Test House")):
        sent = going.client.post(
            link, data={"organisation": organisation, "person": "Lena", "email": address}
        )
        assert sent.status_code == 200 and "Please check your e-mail" in sent.text
    going.campaign.work()
    going.read()
    going.sign(MAIL, "Test League")
    going.sign("someone@mail.example", "Test House")
    assert not going.invitation("Test League").unknown
    assert going.invitation("Test House").unknown
    assert "Signed, waiting for review" in going.client.get(going.links["someone@mail.example"]).text
    going.post("/shared")
    assert going.client.get(link).status_code == 410


def test_an_answer_that_came_elsewhere_is_written_down_once(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    typed = {
        "organisation": "Test League",
        "person": "Lena Leader",
        "title": "Director",
        "source": "Signal, 18:40",
    }
    assert going.post("/by-hand", **typed).status_code == 303
    assert "Signal, 18:40" in going.team.get(DRIVE).text
    assert going.post("/by-hand", **typed).status_code == 422
    refused = going.post("/by-hand", organisation="Other", source="")
    assert refused.status_code == 422 and 'value="Other"' in refused.text


def test_an_organisation_in_a_country_at_risk_reads_the_notice_before_it_signs(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org", country="BY")
    going.invite(f"Lena Leader <{MAIL}>")
    # The country of the registry stands there, and its notice with it: nobody is asked twice.
    opened = going.client.get(going.links[MAIL]).text
    assert 'name="country-asked" value="BY"' in opened
    assert "Belarus</span>: signing can be dangerous" in opened
    asked = going.sign(MAIL, "Test League", country="RU")
    assert asked.status_code == 422 and "Please read the notice about this country first." in asked.text
    with going.app.app_context():
        assert db.session.scalars(select(Invitation.answer)).all() == [Answer.NONE]
    assert going.sign(MAIL, "Test League", country="RU", **{"country-asked": "RU"}).status_code == 303
    with going.app.app_context():
        assert db.session.scalars(select(Invitation.country)).all() == ["RU"]
