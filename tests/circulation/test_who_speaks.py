"""Who may sign for which organisation, and what happens when two do, or somebody who may not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select, text, update

from campaign.circulation import invitations, jobs
from campaign.circulation.contacts import contact_of
from campaign.circulation.models import Answer, Circulation, Invitation, Suggestion, SuggestionVerdict
from campaign.core import clock
from campaign.core.database import writing
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.signatures.models import Assent, Signature
from campaign.statements import operations
from campaign.statements.models import Statement, Status
from campaign.statements.operations import StatementText
from tests.support import BELARUSIAN, ENGLISH, text_of
from tests.world.circulation import DRIVE, Round

LENA, OTTO, SAM = "lena@league.example.org", "otto@house.example.org", "sam@mailbox.example.com"


def listed(going: Round) -> list[str]:
    """The names of all signatures."""
    with going.app.app_context():
        return sorted(str(row.organisation_name) for row in db.session.scalars(select(Signature)))


def invitation_at(going: Round, address: str) -> Invitation:
    """The invitation of a mailbox."""
    with going.app.app_context():
        return next(one for one in db.session.scalars(select(Invitation)) if contact_of(one).email == address)


def shared_link(going: Round) -> str:
    """Switch the shared link on."""
    going.post("/shared", on="y")
    with going.app.app_context():
        link = invitations.shared_link(db.session.scalars(select(Circulation)).one())
    assert link
    return "/i/" + link.rpartition("/")[2]


def ask(going: Round, address: str, organisation: str) -> None:
    """Come by the shared link, and read the mail with the personal one."""
    data = {"organisation": organisation, "person": "Sam Signer", "email": address}
    assert going.client.post(shared_link(going), data=data).status_code == 200
    going.campaign.work()
    going.read()


def edited(going: Round, body: str) -> None:
    """Change the draft."""
    with going.app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        operations.save_draft(session, statement, [StatementText("en", ENGLISH.title, body), BELARUSIAN])


def forward(going: Round, address: str, colleague: str) -> int:
    """Pass a link on. Returns the status."""
    response = going.client.post(
        going.links[address], data={"action": "forward", "person": "A Colleague", "email": colleague}
    )
    going.campaign.work()
    going.read()
    return response.status_code


def test_two_of_one_organisation_sign_once_also_where_the_registry_does_not_know_it(going: Round) -> None:
    going.invite(LENA, OTTO)
    assert going.sign(LENA, "New Union").status_code == 303
    refused = going.sign(OTTO, "new UNION")
    assert refused.status_code == 409
    assert "Somebody has already signed for this organisation" in refused.text
    assert "Rita Representative" in refused.text, "what was typed stays"
    going.post("/publish")
    assert listed(going) == ["New Union"]


def test_an_answer_typed_twice_by_hand_is_one(going: Round) -> None:
    for status in (303, 422):
        assert going.post("/by-hand", organisation="Hand House", source="Signal, 18:40").status_code == status
    assert going.post("/publish").status_code == 303
    assert listed(going) == ["Hand House"]


def test_one_text_that_cannot_go_on_holds_up_no_other(going: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    going.invite(LENA)
    with going.app.app_context(), writing() as session:
        statement = session.scalars(select(Statement)).one()
        other = operations.create_statement(
            session,
            operations.StatementSettings(slug="other", kind=statement.kind, signers=statement.signers),
            [ENGLISH],
        )
        invitations.start(
            session,
            other,
            invitations.Terms(
                clock.now() + dt.timedelta(days=1), invitations.Inviter("I", "i@owner.example.org")
            ),
        )
        session.execute(
            update(Circulation).where(Circulation.statement_id == other.id).values(started_at=clock.now())
        )
        first, second = statement.id, other.id
    tended = []

    def tend_one(statement_id: int) -> bool:
        tended.append(statement_id)
        if statement_id == first:
            raise RuntimeError("this one can't")
        return False

    monkeypatch.setattr(jobs, "_tend_one", tend_one)
    with going.app.app_context(), pytest.raises(RuntimeError, match="this one"):
        jobs.tend()
    assert tended == [first, second]


def test_an_invitation_speaks_for_the_organisation_that_was_asked_and_no_other(going: Round) -> None:
    going.campaign.organisation("Amnesty World", "amnesty.example.org")
    going.campaign.organisation("Little Club", "club.example.org")
    going.invite(SAM, "Little Club; Otto; otto@club.example.org")
    assert going.sign(SAM, "Amnesty World").status_code == 303
    assert going.sign("otto@club.example.org", "Known Otherwise").status_code == 303
    assert going.team.get(DRIVE).text.count("signed, from an unknown mailbox") >= 2
    going.post("/publish")
    assert listed(going) == []


def test_who_was_let_join_under_one_name_waits_again_under_another(going: Round) -> None:
    going.campaign.organisation("Amnesty World", "amnesty.example.org")
    ask(going, SAM, "Nobody Known")
    going.sign(SAM, "Nobody Known")
    assert invitation_at(going, SAM).unknown
    going.post(f"/{invitation_at(going, SAM).id}/join")
    assert not invitation_at(going, SAM).unknown
    going.sign(SAM, "Amnesty World")
    assert invitation_at(going, SAM).unknown


def test_a_known_domain_spares_the_look_for_its_own_organisation_alone(going: Round) -> None:
    going.campaign.organisation("Amnesty World", "amnesty.example.org")
    going.campaign.organisation("Little Club", "club.example.org")
    ask(going, "s@club.example.org", "Little Club")
    going.sign("s@club.example.org", "Little Club")
    assert not invitation_at(going, "s@club.example.org").unknown
    going.sign("s@club.example.org", "Amnesty World")
    assert invitation_at(going, "s@club.example.org").unknown


def test_the_contact_on_record_confirms_an_unknown_mailbox_with_a_code(going: Round) -> None:
    going.campaign.organisation("Test League")
    going.invite(f"Test League; Lena; {LENA}")
    with going.app.app_context(), writing() as session:
        invitations.withdraw(session, session.scalars(select(Invitation)).one())
    ask(going, SAM, "Test League")
    going.sign(SAM, "Test League", name="Sam Signer")
    page = going.client.get(going.links[SAM])
    assert "Or let your organisation confirm it" in page.text
    going.campaign.sink.clear()
    going.client.post(going.links[SAM], data={"action": "ask code"})
    going.campaign.work()
    (mail,) = going.campaign.sink.to(LENA)
    said = text_of(mail)
    assert "Sam Signer" in said and SAM not in said
    assert not [mail for mail in going.campaign.sink.to(SAM) if "code" in str(mail["Subject"])], (
        "whoever asks does not get the code"
    )
    code = re.search(r"^(\d{4} \d{4})\r?$", said, re.MULTILINE)
    assert code
    wrong = going.client.post(
        going.links[SAM], data={"action": "code", "code": "0000 0000" if code[1] != "0000 0000" else "1"}
    )
    assert wrong.status_code == 422 and "not the code" in wrong.text
    assert invitation_at(going, SAM).unknown
    assert going.client.post(going.links[SAM], data={"action": "code", "code": code[1]}).status_code == 303
    assert not invitation_at(going, SAM).unknown
    going.post("/publish")
    assert listed(going) == ["Test League"]


def test_nobody_learns_by_the_code_which_organisations_have_a_contact_on_record(going: Round) -> None:
    """They are on record because they were invited."""
    going.campaign.organisation("Test League")
    going.campaign.organisation("Quiet League")
    going.invite(f"Test League; Lena; {LENA}")
    ask(going, SAM, "Test League")
    said = []
    for name in ("Test League", "Quiet League", "Unknown League"):
        going.sign(SAM, name)
        shown = going.client.get(going.links[SAM])
        asked = going.client.post(going.links[SAM], data={"action": "ask code"}, follow_redirects=True)
        wrong = going.client.post(going.links[SAM], data={"action": "code", "code": "1"})
        said.append([(page.status_code, page.text.replace(name, "")) for page in (shown, asked, wrong)])
    assert "Or let your organisation confirm it" in said[0][0][1]
    assert said[0] == said[1] == said[2]


def test_a_link_that_was_passed_on_and_answered_by_both(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite(LENA)
    assert forward(going, LENA, OTTO) == 303
    assert going.sign(LENA, "Test League").status_code == 303
    for _click in range(2):
        assert going.sign(OTTO, "Test League").status_code == 409
    assert going.client.post(going.links[OTTO], data={"action": "decline"}).status_code == 303
    going.post("/publish")
    assert listed(going) == ["Test League"], "a colleague's no takes no signature away"


def test_the_old_link_lives_until_the_colleague_answers(going: Round) -> None:
    going.invite(LENA)
    forward(going, LENA, OTTO)
    assert going.client.get(going.links[LENA]).status_code == 200
    assert going.sign(OTTO, "New Union").status_code == 303
    over = going.client.get(going.links[LENA])
    assert over.status_code == 410 and "A colleague has answered" in over.text


def test_a_link_is_passed_on_to_a_handful_of_colleagues_at_most(going: Round) -> None:
    going.invite(LENA)
    statuses = [forward(going, LENA, f"c{number}@league.example.org") for number in range(7)]
    assert statuses == [303] * 5 + [422] * 2


def test_who_signed_earlier_demands_is_not_let_join_under_later_ones(going: Round) -> None:
    ask(going, SAM, "Stranger League")
    going.sign(SAM, "Stranger League")
    edited(going, "Something else.\n\n## We ask\n\n1. For everything.")
    going.post("/round", change="material", note="Other demands.", confirm="y")
    going.post("/publish")
    going.post(f"/{invitation_at(going, SAM).id}/join")
    assert "It was given to other demands" in going.team.get(DRIVE).text
    assert listed(going) == [] and invitation_at(going, SAM).unknown


def test_a_late_answer_joins_a_list_that_is_closed_for_the_text_that_it_signed(going: Round) -> None:
    going.begin(closes_at_once="y")
    going.invite(LENA, OTTO)
    going.sign(LENA, "Test League")
    going.after(hours=-1)
    going.sign(OTTO, "Late House")
    going.post("/publish")
    assert going.statement().status == Status.CLOSED and listed(going) == ["Test League"]
    going.post(f"/{invitation_at(going, OTTO).id}/join")
    assert listed(going) == ["Late House", "Test League"]
    with going.app.app_context():
        assert len(set(db.session.scalars(select(Assent.revision_id)))) == 1
    assert "Late House" in going.client.get("/s/free").text


def test_a_later_deadline_makes_what_came_before_it_no_longer_late(going: Round) -> None:
    going.invite(OTTO)
    going.after(hours=-1)
    going.sign(OTTO, "Late House")
    assert invitation_at(going, OTTO).late
    going.begin(days=3)
    assert not invitation_at(going, OTTO).late


def test_taken_back_it_can_be_sent_round_again_and_is_not_published_by_itself(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    with going.app.app_context(), writing() as session:
        session.execute(update(Statement).values(opens_at=clock.now() + dt.timedelta(hours=1)))
    going.post("/recall")
    assert going.statement().opens_at is None
    page = going.client.get(going.links[LENA])
    assert page.status_code == 410 and "is being worked on" in page.text
    assert "Send for sign-on again" in going.team.get(DRIVE).text
    assert going.begin().status_code == 303
    assert going.client.get(going.links[LENA]).status_code == 200
    going.post("/publish")
    assert listed(going) == ["Test League"]


def test_the_set_time_is_read_again_when_it_is_come(going: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    statement_id = going.statement().id
    with going.app.app_context(), writing() as session:
        session.execute(update(Statement).values(opens_at=clock.now() - dt.timedelta(minutes=1)))
    with going.app.app_context():
        seen = iter((True, False))
        due = jobs._due
        monkeypatch.setattr(jobs, "_due", lambda statement: next(seen) and due(statement))
        assert not jobs._publish_if_due(statement_id)
    assert going.statement().status == Status.CIRCULATING


def test_publishing_twice_publishes_once(going: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    # As if both clicks had come before either was done.
    monkeypatch.setattr("campaign.circulation.invitations.is_round", lambda _statement: True)
    assert [going.post("/publish").status_code for _click in range(2)] == [303, 303]
    assert listed(going) == ["Test League"]


def test_an_answer_by_hand_takes_the_place_of_the_invitation(going: Round) -> None:
    going.invite("organisation;name;mail;country\nHouse of Rights;Otto;otto@house.example.org;PL")
    going.post(
        "/by-hand",
        organisation="House of Rights",
        person="Otto Owner",
        title="Director",
        source="Signal, 18:40",
    )
    one = invitation_at(going, OTTO)
    assert one.answer == Answer.SIGN
    assert "Signal, 18:40" in going.team.get(DRIVE).text
    with going.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=2)))
    assert "There is nobody to remind today" in going.team.get(f"{DRIVE}/remind").text
    going.post("/publish")
    going.campaign.work()
    assert "Otto Owner" not in going.client.get("/s/free/signatories").text, (
        "nobody has asked whether the name may be shown"
    )


def test_a_no_and_a_not_yet_can_be_written_down_too(going: Round) -> None:
    going.post("/by-hand", organisation="House of Rights", source="By telephone", answer="decline")
    going.post("/by-hand", organisation="Second House", source="By telephone", answer="board")
    with going.app.app_context():
        assert sorted(str(one.answer) for one in db.session.scalars(select(Invitation))) == [
            "board",
            "decline",
        ]
    going.post("/by-hand", organisation="Second House", source="Signal, 18:40")
    going.post("/publish")
    assert listed(going) == ["Second House"]


def test_who_signed_earlier_demands_by_hand_is_written_down_anew(going: Round) -> None:
    going.post("/by-hand", organisation="Hand House", source="Signal, 18:40")
    edited(going, "Something else.\n\n## We ask\n\n1. For everything.")
    going.post("/round", change="material", note="Other demands.")
    assert going.post("/by-hand", organisation="Hand House", source="Signal, 19:40").status_code == 303
    going.post("/publish")
    assert listed(going) == ["Hand House"]


def test_a_mail_that_waits_is_not_sent_after_the_answer_or_once_it_is_taken_back(going: Round) -> None:
    going.invite(LENA)
    with going.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=2)))
    going.campaign.sink.clear()
    going.post("/remind")
    going.sign(LENA, "Test League")
    going.post("/invite", pasted=OTTO, language="en", confirm="y")
    going.post(f"/{invitation_at(going, OTTO).id}/withdraw")
    going.campaign.work()
    assert [str(mail["Subject"])[:15] for mail in going.campaign.sink.mails] == ["You have signed"]
    assert not invitation_at(going, LENA).bounced


def test_who_presses_for_links_keeps_nobody_from_the_kit(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    link = shared_link(going)
    for _click in range(14):
        going.client.post(link, data={"organisation": "Whatever", "person": "Sam", "email": LENA})
        going.campaign.work()
    going.campaign.sink.clear()
    going.post("/publish")
    going.campaign.work()
    going.campaign.work()
    (mail,) = going.campaign.sink.to(LENA)
    assert str(mail["Subject"]).startswith("Published") and "/c/" in text_of(mail)


def test_colleagues_of_who_has_signed_and_those_who_passed_it_on_are_left_in_peace(going: Round) -> None:
    going.campaign.organisation("Test League", "league.example.org")
    going.invite(f"Test League; Lena; {LENA}", "Test League; Lev; lev@league.example.org", OTTO)
    going.sign(LENA, "Test League")
    forward(going, OTTO, "olga@house.example.org")
    with going.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=2)))
    going.campaign.sink.clear()
    going.post("/remind")
    going.campaign.work()
    assert [str(mail["To"]) for mail in going.campaign.sink.mails] == ["olga@house.example.org"]


def test_nobody_is_reminded_by_night(going: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    going.invite(LENA)
    with going.app.app_context(), writing() as session:
        session.execute(update(Invitation).values(created_at=clock.now() - dt.timedelta(days=2)))
    going.after(days=1)
    going.campaign.sink.clear()
    monkeypatch.setattr(jobs, "_MORNING", 24)
    going.campaign.work()
    assert not going.campaign.sink.mails
    monkeypatch.setattr(jobs, "_MORNING", 0)
    going.campaign.work()
    going.campaign.work()
    assert len(going.campaign.sink.mails) == 1


def test_other_demands_say_first_whom_they_ask(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    edited(going, "Something else.\n\n## We ask\n\n1. For everything.")
    looked = going.post("/round", change="material", note="Other demands.")
    assert (
        looked.status_code == 200
        and "1 organisation is asked again" in looked.text
        and "Other demands." in looked.text
    )
    assert going.team.get(DRIVE).text.count("text 2") == 0
    assert going.post("/round", change="material", note="Other demands.", confirm="y").status_code == 303
    publish = going.team.get(f"{DRIVE}/publish").text
    assert "signed earlier demands: 1" in publish


def test_publishing_says_who_gets_which_mail(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    page = going.team.get(f"{DRIVE}/publish").text
    assert (
        "1 organisation gets an e-mail about it" in page and "everything you need to share the text" in page
    )


def test_discreet_mails_name_neither_who_asks_nor_who_signs_outside_their_words(going: Round) -> None:
    going.begin(discreet="y")
    going.invite(LENA)
    going.sign(LENA, "Test League")
    going.campaign.work()
    asked, receipt = going.campaign.sink.to(LENA)
    for mail in (asked, receipt):
        heads = f"{mail['From']} {mail['Reply-To']} {mail['Subject']}"
        assert "Ina" not in heads and "owner.example.org" not in heads and ENGLISH.title not in heads
    assert "Test League" not in text_of(receipt) and "Release them" not in text_of(receipt)


@pytest.mark.parametrize("name", ["Ina I., Viasna", "evil@mailbox.example.com", "Іна, «Вясна»"])
def test_the_name_of_who_invites_is_one_name_in_from(going: Round, name: str) -> None:
    with going.app.app_context(), writing() as session:
        circulation = session.scalars(select(Circulation)).one()
        terms = invitations.Terms(circulation.deadline, invitations.Inviter(name, "ina@owner.example.org"))
        invitations.change_terms(session, circulation, terms)
    going.invite(LENA)
    (mail,) = going.campaign.sink.to(LENA)
    (sender,) = mail["From"].addresses
    assert sender.display_name == name
    assert sender.addr_spec.endswith(
        going.app.extensions["settings"].mail_sender.rpartition("@")[2].rstrip(">")
    )


@pytest.mark.parametrize(
    ("pasted", "understood"),
    [
        (
            "Anna <a@x.example.org>; Boris <b@y.example.org>",
            [("a@x.example.org", "Anna"), ("b@y.example.org", "Boris")],
        ),
        ("a@x.example.org, b@y.example.org", [("a@x.example.org", ""), ("b@y.example.org", "")]),
        ("Rights House, Minsk <hrh@x.example.org>", [("hrh@x.example.org", "Rights House, Minsk")]),
        ("a@x.example.org b@y.example.org", [("a@x.example.org", ""), ("b@y.example.org", "")]),
        ("League; Anna; a@x.example.org; b@y.example.org", None),
    ],
)
def test_no_address_of_a_line_is_lost(
    going: Round, pasted: str, understood: list[tuple[str, str]] | None
) -> None:
    page = going.post("/invite", pasted=pasted, language="en").text
    if understood is None:
        assert "There are several e-mail addresses in this line" in page
        return
    assert "Please write one per line" not in page
    going.invite(pasted)
    with going.app.app_context():
        found = [
            (contact_of(one).email, contact_of(one).person) for one in db.session.scalars(select(Invitation))
        ]
    assert sorted(found) == sorted(understood)


def test_too_many_changes_are_said_and_none_is_dropped(going: Round) -> None:
    body = "\n\n".join(f"Paragraph {number}." for number in range(60))
    edited(going, body)
    going.post("/round", change="editorial", note="")
    going.invite(LENA)
    response = going.client.post(
        going.links[LENA] + "/suggest", data={"read": "2", "body": body.replace("Paragraph", "Part")}
    )
    assert (
        response.status_code == 422
        and "More than 40 paragraphs differ" in response.text
        and "Part 59." in response.text
    )
    with going.app.app_context():
        assert db.session.scalars(select(Suggestion)).all() == []


def test_what_was_decided_stays_decided(going: Round) -> None:
    going.invite(LENA)
    going.client.post(
        going.links[LENA] + "/suggest", data={"read": "1", "body": ENGLISH.body.replace("others", "many")}
    )
    with going.app.app_context():
        suggestion_id = db.session.scalars(select(Suggestion.id)).one()
    going.post(f"/suggestions/{suggestion_id}", verdict="accept")
    going.post(f"/suggestions/{suggestion_id}", verdict="reject")
    with going.app.app_context():
        assert db.session.scalars(select(Suggestion.verdict)).one() == SuggestionVerdict.ACCEPTED


def test_what_an_organisation_writes_is_sealed(going: Round) -> None:
    going.invite(LENA)
    going.client.post(
        going.links[LENA], data={"action": "decline", "remark": "Our director Ivan was arrested"}
    )
    assert "Our director Ivan was arrested" in going.team.get(DRIVE).text
    with going.app.app_context():
        rows = db.session.execute(text("SELECT * FROM invitations")).all()
    assert "Ivan" not in repr(rows)


def test_one_click_one_receipt_and_of_the_text_that_was_read(going: Round) -> None:
    going.invite(LENA)
    going.campaign.sink.clear()
    edited(going, ENGLISH.body.replace("others", "many"))
    going.post("/round", change="editorial", note="")
    for _click in range(2):
        assert going.sign(LENA, "Test League", read="1").status_code == 303
    going.campaign.work()
    (mail,) = going.campaign.sink.to(LENA)
    assert "They helped others." in text_of(mail)


def test_what_remains_is_never_more_than_it_is(going: Round) -> None:
    going.invite(LENA)
    going.after(minutes=3)
    page = going.client.get(going.links[LENA]).text
    assert "2 minutes left" in page or "3 minutes left" in page
    going.after(hours=-1)
    assert "The deadline has passed" in going.client.get(going.links[LENA]).text


def test_who_the_page_was_prepared_for_cannot_be_typed(going: Round) -> None:
    going.invite(f"Test League; Lena; {LENA}")
    going.sign(LENA, "Somebody Else")
    page = going.client.get(going.links[LENA]).text
    assert f"Prepared for Test League · {LENA}" in page


def test_a_published_signature_is_not_taken_back_behind_its_signer(going: Round) -> None:
    going.invite(LENA)
    going.sign(LENA, "Test League")
    going.post("/publish")
    going.post(f"/{invitation_at(going, LENA).id}/withdraw")
    assert "It is on the public list" in going.team.get(DRIVE).text
    assert going.client.get(going.links[LENA]).status_code == 200


def test_a_logo_stands_only_where_it_was_agreed_to(going: Round) -> None:
    going.invite(LENA, OTTO)
    going.sign(LENA, "Test League", logo="y")
    going.sign(OTTO, "Second House")
    going.post("/publish")
    with going.app.app_context():
        shown = {row.organisation_name: row.shows_logo for row in db.session.scalars(select(Signature))}
    assert shown == {"Test League": True, "Second House": False}


def test_who_works_for_some_organisations_does_not_see_the_contacts_of_all(going: Round) -> None:
    going.campaign.organisation("Test League")
    going.invite(f"Test League; Lena; {LENA}")
    assert LENA in going.team.get(f"{DRIVE}/invite").text or "Lena" in going.team.get(f"{DRIVE}/invite").text
    from campaign.circulation import invitations_desk  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invitations_desk, "confined_to", lambda: frozenset({1}))
        page = going.team.get(f"{DRIVE}/invite").text
    assert LENA not in page and ">Lena<" not in page


def test_row_17_each_form_asks_once_whether_an_organisation_of_almost_this_name_is_meant(
    going: Round,
) -> None:
    viasna = going.campaign.organisation("Human Rights Center Viasna", "spring.example.org")
    typed = 'HRC "Viasna"'
    going.invite(f"{LENA}, Lena Leader, Test League", OTTO)
    personal = {"organisation": typed, "name": "Otto", "title": "Chair", "read": "1", "action": "sign"}
    shared = {"organisation": typed, "person": "Sam Signer", "email": SAM}
    for link, fields in ((going.links[OTTO], personal), (shared_link(going), shared)):
        asked = going.client.post(link, data=fields)
        assert asked.status_code == 422 and ">Human Rights Center Viasna (Poland)</label>" in asked.text
        again = going.client.post(link, data=fields | {"meant": "", "meant_for": typed})
        assert again.status_code in (200, 303)
    slug = "human-rights-center-viasna"
    assert going.client.post(going.links[OTTO], data=personal).status_code == 303, "as signed before"
    assert going.client.post(going.links[LENA], data=personal | {"meant": slug}).status_code == 303
    chosen = invitation_at(going, LENA)
    with going.app.app_context():
        assert contact_of(chosen).organisation == "Human Rights Center Viasna"

    by_hand = {"organisation": typed, "source": "By telephone"}
    asked = going.post("/by-hand", **by_hand)
    assert asked.status_code == 422 and "The registry has an organisation with almost this name" in asked.text
    assert f'value="{slug}"' in asked.text
    assert going.post("/by-hand", **by_hand, meant=slug).status_code == 303
    with going.app.app_context():
        by_hand_of = select(Invitation).where(Invitation.organisation_id == viasna, ~Invitation.unknown)
        assert db.session.scalars(by_hand_of).one().answer == Answer.SIGN


def test_row_17_a_personal_link_names_no_organisation_without_a_page_but_its_own(going: Round) -> None:
    quiet = going.campaign.organisation("Quiet Circle of Minsk")
    with going.app.app_context(), writing() as session:
        session.execute(update(Organisation).where(Organisation.id == quiet).values(from_signature=True))
    going.invite(f"{LENA}, Lena Leader, Test League", f"{OTTO}, Otto, Quiet Circle of Minsk")
    fields = {"organisation": "Quiet Circle Foundation, Minsk", "name": "Otto", "title": "Chair"}
    fields |= {"read": "1", "action": "sign"}
    asked = going.client.post(going.links[OTTO], data=fields)
    assert asked.status_code == 422 and ">Quiet Circle of Minsk (Poland)</label>" in asked.text
    assert going.client.post(going.links[LENA], data=fields).status_code == 303
