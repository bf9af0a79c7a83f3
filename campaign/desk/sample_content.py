"""The sample content: statements from public facts, with their signatories, and an account for the team."""

from __future__ import annotations

import datetime as dt
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from campaign.accounts.operations import add_member
from campaign.accounts.queries import member_at
from campaign.core.database import writing
from campaign.core.dates import Precision
from campaign.core.timezones import local_moment
from campaign.extensions import db
from campaign.handover.deliveries import Delivery, record_handover
from campaign.handover.models import Channel
from campaign.organisations.networks import enter_membership, networks_of
from campaign.organisations.operations import register_organisation
from campaign.organisations.queries import organisation_by_slug
from campaign.people.models import Person
from campaign.people.sheet_import import carry_out, plan_import
from campaign.signatories.listing import fold_statement
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare
from campaign.signatures.models import SignatoryKind
from campaign.statements import lifecycle, operations, topics
from campaign.statements.addressees import AddresseeContent, AddresseeNames, enter_addressee
from campaign.statements.models import Change, Kind, Safety, Signers, Statement, Status, Topic
from campaign.statements.operations import StatementSettings, StatementText
from campaign.statements.people import add_person
from campaign.updates import operations as updates
from campaign.updates.models import UpdateKind
from campaign.updates.operations import Sitting, UpdateWords

FOLDER = Path(__file__).parent / "sample"
# The first is the language of the originals; a text that lacks one of the others is shown in the original.
_LANGUAGES = ("en", "be", "ru", "uk", "pl", "de")


@dataclass(frozen=True, slots=True)
class SampleReport:
    """The result of load_sample(). `password` is that of the sample member, if this call added it."""

    loaded: bool
    email: str
    password: str | None = None
    statements: int = 0
    signatories: int = 0


def load_sample(password: str | None = None) -> SampleReport:
    """Load the sample content in one transaction, unless it is there.

    Without a password the sample member gets a random one.
    """
    sample = tomllib.loads((FOLDER / "sample.toml").read_text("utf-8"))
    email: str = sample["member"]["email"]
    if _is_loaded():
        return SampleReport(False, email)

    known = member_at(email) is not None
    chosen = None if known else password or secrets.token_urlsafe(12)
    with writing() as session:
        organisations = {entry["slug"]: _organisation(session, entry) for entry in sample["organisations"]}
        _join_networks(session, sample["organisations"], organisations)
        subjects = {entry["slug"]: _topic(session, entry) for entry in sample["topics"]}
        signatories = [_statement(session, entry, organisations, subjects) for entry in sample["statements"]]
        _people(session, sample["statements"])
        for entry in sample["updates"]:
            _update(session, entry, subjects)
        if not known:
            add_member(session, email, sample["member"]["name"], "owner", chosen)

    return SampleReport(True, email, chosen, len(signatories), sum(signatories))


def _is_loaded() -> bool:
    facts = exists().where(Statement.sample, Statement.fictional.is_(False))
    return bool(db.session.scalar(select(facts)))


def _people(session: Session, statements: Sequence[Mapping[str, Any]]) -> None:
    """Import the case files, as a team would, and add them to their campaigns.

    Raises ValueError where one does not fit.
    """
    plan = plan_import((FOLDER / "people.json").read_bytes())
    if plan.problems:
        raise ValueError(plan.problems)
    carry_out(session, plan)
    for entry in statements:
        for slug in entry.get("people", ()):
            campaign = session.scalars(select(Statement).where(Statement.slug == entry["slug"])).one()
            add_person(session, campaign, session.scalars(select(Person.id).where(Person.slug == slug)).one())


def _organisation(session: Session, entry: Mapping[str, Any]) -> int:
    """The id of an organisation as it is entered, or as it stayed when the sample was removed before."""
    known = organisation_by_slug(entry["slug"])
    if known and {name.name for name in known.names} & set(entry["names"].values()):
        return known.id
    keys = (
        "slug", "country", "website", "aliases", "domains", "liquidated_on", "liquidated_by", "is_network",
    )  # fmt: skip
    return register_organisation(
        session, entry["names"], **{key: entry[key] for key in keys if key in entry}
    ).id


def _join_networks(
    session: Session, entries: Sequence[Mapping[str, Any]], organisations: Mapping[str, int]
) -> None:
    for entry in entries:
        for network in entry.get("networks", ()):
            of, member = organisations[network["slug"]], organisations[entry["slug"]]
            if of not in {one.organisation.id for one in networks_of(member)}:
                enter_membership(session, of, member, source=network["source"])


def _topic(session: Session, entry: Mapping[str, Any]) -> int:
    """The id of a topic as it is entered, or as it stayed because a statement of the team has it."""
    if known := session.scalar(select(Topic.id).where(Topic.slug == entry["slug"])):
        return known
    names = {
        code: topics.TopicWords(name, entry["descriptions"][code]) for code, name in entry["names"].items()
    }
    return topics.enter_topic(session, entry["slug"], names).id


def _update(session: Session, entry: Mapping[str, Any], subjects: Mapping[str, int]) -> None:
    """Write an update and publish it."""
    statement = session.scalar(select(Statement.id).where(Statement.slug == entry.get("statement")))
    sitting = None
    if day := entry.get("sits_on"):
        sitting = Sitting(
            local_moment(day, entry.get("sits_at"), entry["time_zone"]),
            entry["time_zone"],
            "sits_at" in entry,
        )

    texts = [UpdateWords(code, **entry[code]) for code in _LANGUAGES if code in entry]
    topic = subjects.get(entry.get("topic", ""))
    when = entry.get("happened_on"), Precision(entry.get("precision", Precision.DAY))
    written = updates.UpdateContent(
        UpdateKind(entry["kind"]), texts, statement, topic, *when, entry["sources"], sitting
    )
    updates.enter_update(session, written, publish=True)


def _statement(
    session: Session, entry: Mapping[str, Any], organisations: Mapping[str, int], subjects: Mapping[str, int]
) -> int:
    """Publish a statement, import its signatories, and close it if it was closed. Returns how many signed."""
    settings, later = _settings(session, entry, organisations, subjects), entry.get("revisions", [])
    first, *others = [
        _texts(entry["slug"], number if number <= len(later) else None) for number in range(1, len(later) + 2)
    ]
    statement = operations.create_statement(session, settings, first, sample=True)
    revision = operations.publish(session, statement)
    for texts, change in zip(others, later, strict=True):
        operations.save_draft(session, statement, texts)
        revision = operations.publish(session, statement, Change(change["change"]), change["note"])

    rows: list[Mapping[str, Any]] = entry.get("signatories", [])
    signatories = prepare(map(_signatory, rows))
    known = {
        row["organisation_name"]: organisations[row["organisation"]]
        for row in rows
        if row["kind"] == SignatoryKind.ORGANISATION
    }
    import_signatures(session, statement.id, revision.id, _LANGUAGES[0], signatories, known)
    fold_statement(session, statement.id)
    if entry["status"] == Status.CLOSED:
        lifecycle.close(
            session, statement, dt.datetime.combine(entry["closed_on"], dt.time(23, 59, 59), dt.UTC)
        )

    if given := entry.get("handover"):
        delivery = Delivery(
            given["by_whom"], Channel(given["channel"]), given["handed_on"], settings.addressees[0]
        )
        record_handover(session, statement, delivery)

    return len(signatories)


def _settings(
    session: Session, entry: Mapping[str, Any], organisations: Mapping[str, int], subjects: Mapping[str, int]
) -> StatementSettings:
    return StatementSettings(
        slug=entry["slug"],
        kind=Kind(entry["kind"]),
        signers=Signers(entry["signers"]),
        goal=entry.get("goal"),
        dated=entry["dated"],
        dated_precision=Precision(entry.get("precision", Precision.DAY)),
        source=entry["source"],
        owners=tuple(organisations[slug] for slug in entry["owners"]),
        network=organisations.get(entry.get("network", "")),
        safety=Safety(entry.get("safety", Safety.STANDARD)),
        topics=tuple(subjects[slug] for slug in entry["topics"]),
        addressees=tuple(_addressee(session, addressee) for addressee in entry["addressees"]),
    )


def _addressee(session: Session, names: Mapping[str, Any]) -> int:
    return enter_addressee(
        session,
        AddresseeContent(
            {code: AddresseeNames(words["name"], words["role"]) for code, words in names.items()}
        ),
    ).id


def _texts(slug: str, number: int | None) -> list[StatementText]:
    """The texts of an earlier revision by its number, or of the last one."""
    texts = []
    for language in _LANGUAGES:
        name = f"{slug}.{language}.md" if number is None else f"{slug}.{number}.{language}.md"
        if not (FOLDER / name).exists():
            continue
        title, _line, body = (FOLDER / name).read_text("utf-8").partition("\n")
        texts.append(StatementText(language, title.removeprefix("# ").strip(), body.strip()))
    return texts


def _signatory(entry: Mapping[str, Any]) -> Imported:
    names: dict[str, Any] = {name: entry.get(name) for name in ("name", "organisation_name", "title", "city")}
    return Imported(SignatoryKind(entry["kind"]), names, entry["country"], entry["source"])
