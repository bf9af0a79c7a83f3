"""The house that the guards walk through."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pyrage
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from campaign import create_app
from campaign.accounts import invitations, password_resets
from campaign.accounts.calendars import calendar_token
from campaign.accounts.models import Passkey, PasswordReset, TeamMember, TeamSession
from campaign.accounts.operations import add_member
from campaign.accounts.queries import member_at
from campaign.circulation import answers, suggestions
from campaign.circulation.answers import Given
from campaign.circulation.contacts import Contact
from campaign.circulation.models import Answer, CirculatedText, Suggestion
from campaign.circulation.publication import publish
from campaign.config import Settings
from campaign.core import clock, tokens
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.core.vault import vault
from campaign.exports import four_eyes, jobs
from campaign.exports.age_files import Encryption
from campaign.exports.wishes import Wishes
from campaign.extensions import db
from campaign.handover.deliveries import Delivery, record_handover
from campaign.handover.models import Channel
from campaign.imports import operations
from campaign.imports.operations import Order, Origin
from campaign.mailing.mailbox import folder_in
from campaign.moderation import closed_names, watched_names
from campaign.moderation.models import Action, Batch, BatchLine, Watched, WatchedName
from campaign.organisations.networks import enter_membership
from campaign.people.dates import UNKNOWN as UNKNOWN_DATE
from campaign.people.models import CaseEvent, Person
from campaign.people.operations import LetterAddress, PersonFacts
from campaign.people.portraits import change_portrait
from campaign.people.portraits import draw as draw_portrait
from campaign.people.timeline import Event as CaseEventEntry
from campaign.people.timeline import enter_event
from campaign.people.vocabulary import EventKind, Script
from campaign.sheets.readers import read_lines
from campaign.signatures.models import Signature, State
from campaign.statements import topics
from campaign.statements.models import Kind, Statement
from campaign.updates.models import UpdateKind
from campaign.updates.operations import Sitting, UpdateContent, UpdateWords, enter_update
from tests.database import Rows, all_rows, put_back
from tests.support import BELARUSIAN, ENGLISH, Campaign, PublicClient, code_in, organisation_form
from tests.world.addresses import House, Walk, walk
from tests.world.circulation import sent_round
from tests.world.people import join, person
from tests.world.pictures import picture

# Their address names an organisation, not a statement.
OF_ORGANISATIONS = (
    "pages.organisation",
    "pages.logo",
    "organisations_desk.edit",
    "organisations_desk.logo",
    "organisations_desk.unlogo",
    "desk.merge",
    "desk.do_merge",
    "api.api_organisation",
    "api.api_members",
)
# Their address names a network.
OF_NETWORKS = tuple(
    f"organisations_desk.{endpoint}"
    for endpoint in ("members", "add_member", "edit_member", "remove_member", "member_table")
)
# Their address names a person.
OF_PEOPLE = (
    "pages.person",
    "pages.portrait",
    "pages.embedded_person",
    "api.api_person",
    "documents.letter",
    "documents.envelope",
    "documents.postcard",
    "documents.person_poster",
    "documents.person_card",
    "feeds.person_calendar",
    "person_papers_desk.day_card",
)
OF_PEOPLES_DESK = (
    "show",
    "edit",
    "wish",
    "confirm",
    "portrait",
    "portrait_now",
    "unportrait",
    "withdraw",
    "show_again",
    "enter_event",
    "edit_event",
)
OF_CAMPAIGNS = (
    "statements_desk.people",
    "statements_desk.change_people",
    "statements_desk.enter_person",
    "pages.embedded_people",
)
MAIL = b"From: post@neutral.example\r\nTo: anna@post.example.org\r\nSubject: Test\r\nContent-Type: text/html\r\n\r\n<p>Text</p>\r\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Furnished:
    """A house as it was when it was finished: all its rows, and the cookies of its owner."""

    house: House
    rows: Rows
    cookies: dict[Any, Any]


# Building one takes seconds: by the address of its database it is built once, and for every other test its
# rows are put back.
_furnished: dict[str, Furnished] = {}


@pytest.fixture
def house(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> House:
    """One of everything: statements in each state, signatures in each stage, organisations, members, a
    local mail.
    """
    settings: Settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(settings, local_mailbox=True))
    (folder_in(settings.instance_path) / "1-mail.eml").write_bytes(MAIL)
    kept = _furnished.get(settings.database_url)
    if kept is None:
        built = _build(app, request.getfixturevalue("campaign"), request.getfixturevalue("team"), client)
        _furnished[settings.database_url] = Furnished(built, all_rows(app), dict(built.team._cookies or {}))
        return built
    put_back(app, kept.rows)
    with app.app_context(), writing() as session:
        # Whoever looks after the house has just signed in, however long ago it was built.
        session.execute(update(TeamSession).values(proved_at=clock.now()))
    team = app.test_client()
    team._cookies = dict(kept.cookies)
    return dataclasses.replace(
        kept.house, team=team, stranger=client, values=dict(kept.house.values), more=list(kept.house.more)
    )


# What many guards look at is opened once in a process.
_walked: dict[str, Walk] = {}


@pytest.fixture
def walked(house: House) -> Walk:
    """The answers of every address to reading."""
    address = house.app.extensions["settings"].database_url
    if address not in _walked:
        _walked[address] = walk(house)
    return _walked[address]


def _joined(app: Flask, campaign: Campaign, member: int) -> dict[str, str]:
    """A network with a member, and with one that is removed."""
    network = campaign.organisation("Wide Network", is_network=True)
    removed = campaign.organisation("Never Joined")
    with app.app_context(), writing() as session:
        joined, wrong = (str(enter_membership(session, network, each).id) for each in (member, removed))
    of_network = {f"{endpoint}.slug": "wide-network" for endpoint in OF_NETWORKS}
    return {**of_network, "membership_id": joined, "organisations_desk.remove_member.membership_id": wrong}


def _build(app: Flask, campaign: Campaign, team: FlaskClient, client: FlaskClient) -> House:
    owner = campaign.organisation("Test League", "league.example.org")
    addressee = campaign.addressee(en=("Minister Example", "Minister"), be=("Міністр", ""))
    campaign.statement(texts=(ENGLISH, BELARUSIAN), owners=(owner,), addressees=(addressee,), goal=10)
    campaign.statement("old", close=True)
    campaign.statement("draft", publish=False)
    signed = campaign.signed(city="Vilnius", updates="y")
    claimed = campaign.signed(
        **organisation_form(email="boris@other.example.org", organisation="Other League")
    )
    unseen = campaign.signature(
        campaign.signed(name="Unseen Person", email="unseen@post.example.org", visibility="team")
    ).id
    pending = campaign.submit(email="pending@post.example.org")
    code = code_in(campaign.sink.mails[-1])
    values = {
        "slug": "free",
        **{f"{endpoint}.slug": "test-league" for endpoint in OF_ORGANISATIONS},
        "token": signed.rpartition("/")[2],
        **dict.fromkeys(
            ("signing.unsubscribe.token", "signing.unsubscribe_now.token"),
            _unsubscribing(app, campaign.signature(signed).id),
        ),
        "signature_id": str(campaign.signature(claimed).id),
        "name": "css/base.css",
        "key": "1-mail",
        "addressee_id": str(addressee),
        "number": "1",
        "topic": "defenders",
        "form": "atom",
        "code": "be",
        "country": "BY",
        "countries_at_risk_desk.take_off.country": "RU",
        "tab": "circulation",
        "request_id": _asked_for(app),
        "job_id": _long_export(app),
        **_joined(app, campaign, owner),
        **_told(app),
        **_handed_over(app),
        **_going_round(app, campaign, owner),
        **_taken_over(app),
        **_moderated(app, campaign.signature(claimed).id),
        **_closed(app, unseen),
        **_campaigned_for(app, campaign, owner),
    }
    more = [
        "/s/old",
        "/s/draft",
        "/be/s/free",
        "/s/free?text=be",
        "/s/free/signatories?q=anna",
        "/nowhere",
        "/c/forged",
        pending,
        "/desk",
        "/s",
    ]
    return House(app, team, client, values | _of_the_team(app), pending, code, more)


def _asked_for(app: Flask) -> str:
    """A complete export that waits for somebody to decide."""
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement).where(Statement.slug == "free")).one()
        recipient = str(pyrage.x25519.Identity.generate().to_public())
        return str(
            four_eyes.ask(
                session,
                statement,
                session.scalars(select(TeamMember.id)).first() or 0,
                "To thank them",
                recipient,
            ).id
        )


def _long_export(app: Flask) -> str:
    """An export that the worker has to make."""
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement).where(Statement.slug == "free")).one()
        member = session.scalars(select(TeamMember.id).order_by(TeamMember.id)).first() or 0
        return str(jobs.ask(session, statement, member, Wishes(), Encryption(), 1))


def _unsubscribing(app: Flask, signature: UUID) -> str:
    with app.app_context():
        return tokens.issue(tokens.Purpose.UNSUBSCRIBE, signature)


def _told(app: Flask) -> dict[str, str]:
    """A topic, and hearings on it: one that is public and one that is not."""
    with app.app_context(), writing() as session:
        topic = topics.enter_topic(session, "defenders", {"en": topics.TopicWords("Defenders")})
        statement = session.scalars(select(Statement).where(Statement.slug == "free")).one()
        sitting = Sitting(clock.now(), "Europe/Minsk")
        entry = UpdateContent(
            UpdateKind.HEARING,
            [UpdateWords("en", "A hearing", "Now.")],
            statement.id,
            topic.id,
            sitting=sitting,
        )
        shown, kept, gone = (
            enter_update(session, entry, publish=publish) for publish in (True, False, False)
        )
        return {
            "update_id": str(shown.id),
            "updates_desk.publish.update_id": str(kept.id),
            "updates_desk.remove.update_id": str(gone.id),
        }


def _handed_over(app: Flask) -> dict[str, str]:
    """The open list, given to somebody."""
    with app.app_context(), writing() as session:
        statement = session.scalars(select(Statement).where(Statement.slug == "free")).one()
        delivery = Delivery("A coalition", Channel.POST, clock.today(), to_whom="The Minister")
        kept, mistaken = (
            record_handover(session, statement, delivery),
            record_handover(session, statement, delivery),
        )
        return {
            "handover_id": str(kept.id),
            "handover_desk.remove.handover_id": str(mistaken.id),
            "document": kept.frozen_id,
        }


def _going_round(app: Flask, campaign: Campaign, owner: int) -> dict[str, str]:
    """Texts that go round: one to look at, one to take back, one to publish, and one that was published
    with who signed it.
    """
    found = {}
    for slug in ("round", "recalled", "printed", "public"):
        statement_id = campaign.statement(slug, publish=False, texts=(ENGLISH, BELARUSIAN), owners=(owner,))
        with app.app_context(), writing() as session:
            contacts = [
                Contact(f"{name}@{slug}.example.org", "Lena", f"{slug} {name}")
                for name in ("one", "two", "three")
            ]
            _circulation, (one, two, three) = sent_round(session, statement_id, contacts, days=5)
            given = Given(Answer.SIGN, Contact("", "Lena", f"{slug} one", "Chair"), "PL", read=1)
            answers.give(session, one.id, given)
            suggestions.suggest(session, two.id, "en", 1, "Other words.", "")
            three.late = True
            found[slug] = (tokens.issue(tokens.Purpose.CIRCULATION, one.id), str(two.id), str(three.id))
    with app.app_context():
        of_round = (
            select(Suggestion.id)
            .join(CirculatedText)
            .join(Statement, Statement.id == CirculatedText.statement_id)
        )
        suggestion = str(
            db.session.scalars(of_round.where(Statement.slug == "round").order_by(Suggestion.id)).first()
        )
    with app.app_context(), writing() as session:
        publish(session, session.scalars(select(Statement).where(Statement.slug == "public")).one())
    # What is promised is sent, so that no test finds mails that are not its own.
    for _round in range(3):
        campaign.work()
    desk = (
        "index",
        "start",
        "shared",
        "send_round",
        "by_hand",
        "let_join",
        "withdraw",
        "decide",
        "remind",
        "invite",
    )
    slugs = {f"circulation_desk.{endpoint}.slug": "round" for endpoint in desk}
    slugs |= {"circulation_desk.recall.slug": "recalled", "circulation_desk.publish.slug": "printed"}
    links = dict.fromkeys(("circulation.show.token", "circulation.answer.token"), found["round"][0])
    links |= dict.fromkeys(("circulation.suggest.token", "circulation.suggested.token"), found["round"][0])
    links |= dict.fromkeys(("kits.kit.token", "kits.word.token"), found["public"][0])
    keys = {
        "circulation_desk.let_join.invitation_id": found["round"][2],
        "circulation_desk.withdraw.invitation_id": found["round"][1],
    }
    return slugs | links | keys | {"circulation_desk.decide.suggestion_id": suggestion}


def _taken_over(app: Flask) -> dict[str, str]:
    """Lists from elsewhere: one that waits, one that is to be erased, one that was imported."""
    with app.app_context():
        keys = []
        for name in ("Waiting", "Erased", "Imported"):
            statement = db.session.scalars(select(Statement).where(Statement.slug == "free")).one()
            keys.append(
                operations.receive(statement, read_lines(f"{name} Person"), Origin("signed on paper"))
            )
            operations.check(keys[-1])
        operations.tell(keys[2], Order())
        operations.carry_out(keys[2])
        operations.list_now(db.session.scalars(select(Statement.id).where(Statement.slug == "free")).one())
    waiting, erased, done = map(str, keys)
    of_done = {f"imports_desk.{endpoint}.import_id": done for endpoint in ("ask_undo", "undo")}
    return {"import_id": waiting, "imports_desk.discard.import_id": erased, **of_done}


def _moderated(app: Flask, signature: uuid.UUID) -> dict[str, str]:
    """A name at which somebody looks, and a decision that can be undone."""
    with app.app_context(), writing() as session:
        watched_names.watch(session, Watched.PERSON, "Nobody Else")
        name = session.scalars(select(WatchedName.id)).one()
        owner = session.scalars(select(TeamMember.id).order_by(TeamMember.id)).first()
        batch = Batch(action=Action.ACCEPT, member_id=owner, decided_at=clock.now())
        batch.lines = [BatchLine(signature_id=signature, before=State.QUARANTINED, after=b"", mailed=False)]
        session.add(batch)
        session.flush()
        return {"name_id": str(name), "batch_id": str(batch.id)}


def _closed(app: Flask, signature: uuid.UUID) -> dict[str, str]:
    """A name that only the team may see, and a look at it."""
    with app.app_context(), writing() as session:
        owner = session.scalars(select(TeamMember.id).order_by(TeamMember.id)).first() or 0
        look = closed_names.look(session, session.get_one(Signature, signature), owner)
        views = ("name", "look", "decide", "open_name")
        of_signature = {f"closed_names_desk.{view}.signature_id": str(signature) for view in views}
        return of_signature | {"look_id": str(look.id)}


def _campaigned_for(app: Flask, campaign: Campaign, owner: int) -> dict[str, str]:
    """A release campaign for two people of whom everyone may read, and a case file that may go."""
    campaign.statement("vigil", kind=Kind.RELEASE_CAMPAIGN, owners=(owner,))
    facts = PersonFacts(kept_by_id=owner)
    address = {Script.CYRILLIC: LetterAddress("Калонія 1\nМінск", "BY")}
    held, free = (person(app, name, facts=facts, addresses=address) for name in ("Jana Held", "Jan Free"))
    withdrawn, deleted = (person(app, name, facts=facts) for name in ("Jana Withdrawn", "Jan Deleted"))
    join(app, "vigil", held, free)
    with app.app_context(), writing() as session:
        for slug in (held, withdrawn):
            found = session.scalars(select(Person).where(Person.slug == slug)).one()
            change_portrait(session, found, draw_portrait(picture()), "A woman with short hair", "")
        events = {
            event.kind: str(event.id)
            for event in session.scalars(select(CaseEvent).join(Person).where(Person.slug == held))
        }
        award = enter_event(
            session,
            session.scalars(select(Person).where(Person.slug == held)).one(),
            CaseEventEntry(EventKind.AWARD, UNKNOWN_DATE),
        )
        gone = str(award.id)
    values = dict.fromkeys((f"{endpoint}.slug" for endpoint in OF_PEOPLE), held) | dict.fromkeys(
        (f"{endpoint}.slug" for endpoint in OF_CAMPAIGNS), "vigil"
    )
    values |= dict.fromkeys((f"people_desk.{endpoint}.slug" for endpoint in OF_PEOPLES_DESK), held)
    values |= {
        "release_desk.release_of.slug": held,
        "people_desk.withdraw.slug": withdrawn,
        "people_desk.unportrait.slug": withdrawn,
        "people_desk.show_again.slug": withdrawn,
    }
    values |= {
        "people_desk.remove.slug": deleted,
        "people_desk.remove_event.slug": held,
        "people_desk.remove_event.event_id": gone,
    }
    return values | {"event_id": events[EventKind.SENTENCE]}


@pytest.fixture
def secure_app(environment: dict[str, str], database_url: str, app: Flask) -> Iterator[Flask]:
    """The same site behind https at an address of its own, with a neutral host for links."""
    hosts = {"SITE_URL": "https://sign.league.example", "LINK_URL": "https://post.neutral.example"}
    secure = create_app(Settings.from_environment(environment | hosts | {"DATABASE_URL": database_url}))
    secure.test_client_class = PublicClient
    yield secure
    with secure.app_context():
        db.engine.dispose()


def _of_the_team(app: Flask) -> dict[str, str]:
    with app.app_context(), writing() as session:
        member = add_member(session, "reader@team.example", "Reader", "reader").id
        token = invitations.invite(session, member).rpartition("/")[2]
        owner = member_at("owner@team.example")
        assert owner is not None
        calendar = calendar_token(owner)
        signed_in = session.scalars(select(TeamSession.id)).one()
        key = Passkey(
            id=new_id(),
            member_id=owner.id,
            rp_id="localhost",
            credential_id=b"a key of the owner",
            public_key=b"",
            sign_count=0,
            added_at=clock.now(),
        )
        key.sealed_name = vault().seal_text("The blue key", "passkeys", "sealed_name", key.id)
        reset = PasswordReset(
            language="en", member_id=owner.id, expires_at=clock.now() + password_resets.LASTS
        )
        session.add_all([key, reset])
        session.flush()
        passkey = str(key.id)
        reset_token = tokens.issue(tokens.Purpose.PASSWORD_RESET, reset.id)
    values = {"member_id": str(member), "session_id": str(signed_in), "passkey_id": passkey}
    return values | {
        "accounts.invitation.token": token,
        "accounts.accept_invitation.token": token,
        "accounts.ask_for_invitation.token": token,
        "accounts.new_password.token": reset_token,
        "accounts.set_new_password.token": reset_token,
        "feeds.team_calendar.token": calendar,
    }
