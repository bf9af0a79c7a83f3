"""A made-up statement with a long list, so that a newcomer sees a list that lives: entered at once, its
signatures filled in by the worker in short steps.

Everything about it is invented and marked so. Each step finds out from the database what is there already:
one that was killed is done again, and two at once do it once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import Flask
from sqlalchemy import Table, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock, worker
from campaign.core.database import as_stored, insert_rows, writing
from campaign.core.timezones import local_moment
from campaign.desk.made_up_list import (
    MadeUpSignatory,
    days_before,
    made_up_content,
    made_up_list,
    made_up_organisations,
)
from campaign.desk.made_up_people import FOLDER
from campaign.extensions import db
from campaign.handover.deliveries import Delivery, record_handover, record_reply
from campaign.handover.models import Channel, FrozenList
from campaign.organisations.models import Organisation, OrganisationName
from campaign.organisations.operations import register_organisation
from campaign.signatories.listing import fold_statement
from campaign.signatures.fields import NOTICE
from campaign.signatures.models import Assent, Provenance, SignatoryKind, Signature, State
from campaign.signatures.new_signatures import (
    NewSignature,
    insert_signatures,
    place_columns,
    signature_columns,
)
from campaign.signatures.organisation_identity import organisation_index
from campaign.statements import operations
from campaign.statements.addressees import AddresseeContent, AddresseeNames, enter_addressee
from campaign.statements.errors import StatementSlugTaken
from campaign.statements.models import Kind, Signers, Statement
from campaign.statements.operations import StatementSettings, StatementText
from campaign.statements.queries import published_revision, statement_key
from campaign.updates.models import UpdateKind
from campaign.updates.operations import Sitting, UpdateContent, UpdateWords, enter_update

PEOPLE = 2_000
LANGUAGES = ("en", "be", "ru", "uk", "pl", "de")
# Signatures in one transaction: others who write wait about a tenth of a second.
_AT_ONCE = 250
_PAPER = "Paper list from the market square (made up)"
# The worker looks at its start, which is when there is something to do, and rarely afterwards.
_EVERY_SECONDS = 600.0
_ASSENTS = cast(Table, Assent.__table__)


def enter_made_up() -> bool:
    """Enter the statement with its text, organisations and updates, but without signatures. False if it is
    there.
    """
    if made_up_statement() is not None:
        return False
    try:
        with writing() as session:
            if session.scalar(select(exists().where(Statement.fictional))):
                return False
            _enter(session, made_up_content())
    except (StatementSlugTaken, IntegrityError):
        # Another process was quicker, or a statement of this site has the address.
        return False
    return True


def fill_made_up() -> bool:
    """Insert the signatures that are missing yet, and hand the list over on the way. Always False: nothing is
    left.

    For the worker, and for the command that loads the sample.
    """
    found = made_up_statement()
    if found is None or _is_there(
        db.session(), _signature_id(found.id, PEOPLE + len(made_up_organisations()) - 1)
    ):
        return False

    statement_id, until = found.id, found.created_at
    signatories = made_up_list(PEOPLE, until)
    given = days_before(until, made_up_content()["handover"]["days_ago"])
    handed = sum(signatory.moment <= given for signatory in signatories)
    starts = sorted({*range(0, handed, _AT_ONCE), *range(handed, len(signatories), _AT_ONCE)})
    for start, end in zip(starts, [*starts[1:], len(signatories)], strict=True):
        rows = [(_signature_id(statement_id, number), signatories[number]) for number in range(start, end)]
        if not _is_there(db.session(), rows[0][0]):
            _fill_part(statement_id, rows, until, hand_over=end == handed)
    return False


def made_up_statement() -> Statement | None:
    """The made-up statement of this site, whatever its address is by now."""
    return db.session.scalar(select(Statement).where(Statement.fictional).limit(1))


def made_up_signatures(session: Session) -> set[uuid.UUID]:
    """The ids of the signatures that are filled in here, of every made-up statement."""
    statements = session.scalars(select(Statement.id).where(Statement.fictional))
    numbers = range(PEOPLE + len(made_up_organisations()))
    return {_signature_id(each, number) for each in statements for number in numbers}


def _enter(session: Session, content: Mapping[str, Any]) -> None:
    owner = 0
    for language, name, english, country, _title, site in made_up_organisations():
        names = {language: name} | ({"en": english} if english else {})
        entered = register_organisation(
            session, names, slug=f"made-up-{site}", country=country, website=f"https://{site}.example"
        )
        entered.fictional = True
        owner = entered.id if site == content["organisations"]["owner"] else owner

    addressee = enter_addressee(
        session,
        AddresseeContent(
            {code: AddresseeNames(said["name"], said["role"]) for code, said in content["addressee"].items()}
        ),
    )
    opened = days_before(clock.now(), content["days_open"])
    chosen = StatementSettings(
        slug=content["slug"],
        kind=Kind(content["kind"]),
        signers=Signers(content["signers"]),
        goal=content["goal"],
        dated=opened.date(),
        time_zone=content["time_zone"],
        owners=(owner,),
        addressees=(addressee.id,),
    )
    statement = operations.create_statement(session, chosen, map(_letter, LANGUAGES), sample=True)
    revision = operations.publish(session, statement)
    statement.fictional, statement.published_at, revision.published_at = True, opened, opened
    session.flush()
    for entry in content["updates"]:
        _update(session, statement, entry)


def _letter(language: str) -> StatementText:
    title, _line, body = (FOLDER / f"letter.{language}.md").read_text("utf-8").partition("\n")
    return StatementText(language, title.removeprefix("# "), body.strip())


def _update(session: Session, statement: Statement, entry: Mapping[str, Any]) -> None:
    """Publish news some days ago, or the announcement of a hearing on the day of the council's reply."""
    content, today, sitting = made_up_content(), statement.created_at.date(), None
    if "in_days" in entry:
        day = today + dt.timedelta(days=entry["in_days"])
        sitting = Sitting(local_moment(day, entry["at"], statement.time_zone), statement.time_zone)
    days_ago = entry.get("days_ago", content["handover"]["replied_days_ago"])
    said = days_before(statement.created_at, days_ago)
    texts = [UpdateWords(code, **entry[code]) for code in LANGUAGES]
    happened_on = None if sitting else said.date()
    written = UpdateContent(
        UpdateKind(entry["kind"]), texts, statement.id, happened_on=happened_on, sitting=sitting
    )
    update = enter_update(session, written, publish=True)
    update.created_at = update.published_at = update.changed_at = said
    session.flush()


def _fill_part(
    statement_id: int,
    rows: Sequence[tuple[uuid.UUID, MadeUpSignatory]],
    until: dt.datetime,
    *,
    hand_over: bool,
) -> None:
    """Insert one part of the list and fold it, in one transaction; what takes time is done before it."""
    ids = _organisation_ids(db.session())
    columns = [_columns(db.session(), signature_id, signatory, ids) for signature_id, signatory in rows]
    as_id = as_stored(_ASSENTS, "signature_id")
    with writing() as session:
        statement = session.get(Statement, statement_id, with_for_update=True)
        revision = published_revision(statement_id)
        if statement is None or revision is None or _is_there(session, rows[0][0]):
            return
        key = statement_key(session, statement_id)
        insert_signatures(
            session,
            [
                each
                | place_columns(
                    statement_id,
                    signatory.person.language,
                    signatory.moment,
                    organisation_index=organisation_index(key, ids[signatory.names["organisation_name"]])
                    if signatory.kind is SignatoryKind.ORGANISATION
                    else None,
                )
                for each, (_id, signatory) in zip(columns, rows, strict=True)
            ],
        )
        days = map(as_stored(_ASSENTS, "day"), (signatory.moment.date() for _id, signatory in rows))
        assents = [(as_id(one), revision.id, day) for (one, _signatory), day in zip(rows, days, strict=True)]
        insert_rows(session, _ASSENTS, ("signature_id", "revision_id", "day"), assents)
        while fold_statement(session, statement_id):
            continue
        if hand_over:
            _hand_over(session, statement, until)


def _columns(
    session: Session, signature_id: uuid.UUID, signatory: MadeUpSignatory, organisations: Mapping[str, int]
) -> dict[str, Any]:
    names = signatory.names
    if signatory.kind is SignatoryKind.ORGANISATION:
        names = names | {"organisation_id": organisations[names["organisation_name"]]}
    came = (
        {"provenance": Provenance.IMPORTED, "source": _PAPER, "collected_on": signatory.collected_on}
        if signatory.collected_on
        else {"provenance": Provenance.WEB, "notice": NOTICE}
    )
    new = NewSignature(
        id=signature_id,
        kind=signatory.kind,
        visibility=signatory.visibility,
        names=names,
        country=signatory.person.country,
        **came,
    )
    columns = signature_columns(session, new)
    if signatory.message and columns["state"] is State.CONFIRMED:
        # As if a person of the team had read it.
        columns["message"] = signatory.message
    return columns


def _hand_over(session: Session, statement: Statement, until: dt.datetime) -> None:
    """Hand the list over as it stood some days ago, and record the reply."""
    given = made_up_content()["handover"]
    moment = days_before(until, given["days_ago"])
    addressee = statement.addressees[0].addressee_id if statement.addressees else None
    delivery = Delivery(
        given["by_whom"], Channel.IN_PERSON, moment.date(), addressee, "" if addressee else given["by_whom"]
    )
    handover = record_handover(session, statement, delivery)
    handover.recorded_at = session.get_one(FrozenList, handover.frozen_id).frozen_at = moment
    record_reply(session, handover, days_before(until, given["replied_days_ago"]).date(), given["reply"])


def _organisation_ids(session: Session) -> dict[str, int]:
    """The ids of the made-up organisations by the names with which they sign."""
    named = select(OrganisationName.name, Organisation.id).join(Organisation)
    found = session.execute(named.where(Organisation.fictional, OrganisationName.use == "name"))
    return dict(found.tuples().all())


def _is_there(session: Session, signature_id: uuid.UUID) -> bool:
    return session.scalar(select(Signature.id).where(Signature.id == signature_id)) is not None


def _signature_id(statement_id: int, number: int) -> uuid.UUID:
    """The id of the signature with this number: always the same, so that what is there is known."""
    return uuid.UUID(
        bytes=hashlib.sha256(f"made-up {statement_id} {number}".encode()).digest()[:16], version=4
    )


def init_app(app: Flask) -> None:
    """Register the job that fills the list."""
    worker.register(app, "sample", _EVERY_SECONDS, fill_made_up)
