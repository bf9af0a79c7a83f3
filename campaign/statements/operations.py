"""Writing statements: drafts, revisions that never change once published, opening and closing."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import Flask, Response
from flask_babel import gettext as _
from sqlalchemy import delete, event, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.core import clock, edit_lock, error_pages
from campaign.core.dates import Precision
from campaign.core.vault import digest, vault
from campaign.organisations.signals import network_changed, organisation_changed, organisations_merged
from campaign.statements.errors import (
    KeyDestroyed,
    NotFromHere,
    NothingToPublish,
    RevisionIsFinal,
    StatementSlugTaken,
)
from campaign.statements.models import (
    ENDED,
    NO_PRESS,
    UNSEEN,
    Change,
    FormerSlug,
    Kind,
    Press,
    Revision,
    Safety,
    Signers,
    Statement,
    StatementAddressee,
    StatementKey,
    StatementOwner,
    StatementTopic,
    Status,
    Translation,
)
from campaign.statements.translation_status import followed


@dataclass(frozen=True, slots=True)
class StatementText:
    """A translation as the team wrote it."""

    language: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class StatementSettings:
    """What the team decides about a statement beside its text.

    `owners` and `addressees` are ids, in order.
    """

    slug: str
    kind: Kind
    signers: Signers
    goal: int | None = None
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    time_zone: str = "UTC"
    dated: dt.date | None = None
    dated_precision: Precision = Precision.DAY
    source: str | None = None
    owners: tuple[int, ...] = ()
    addressees: tuple[int, ...] = ()
    topics: tuple[int, ...] = ()
    press: Press = NO_PRESS
    # The network whose statement it is.
    network: int | None = None
    # Decided before the first signature: it can be changed only while nobody but the team sees the text.
    safety: Safety = Safety.STANDARD
    # Days after the handover for which addresses are kept; never more than signers were told.
    contact_days: int = 90


def create_statement(
    session: Session, settings: StatementSettings, texts: Iterable[StatementText], *, sample: bool = False
) -> Statement:
    """Create a draft with its key and first revision. Raises StatementSlugTaken."""
    statement = Statement(slug=settings.slug, kind=settings.kind, created_at=clock.now(), sample=sample)
    # Only added here, so that the first flush is the one that change_settings() watches.
    with session.no_autoflush:
        session.add(statement)
        change_settings(session, statement, settings)
    sealed = vault().seal(os.urandom(32), "statement_keys", "sealed", statement.id)
    session.add(StatementKey(statement_id=statement.id, sealed=sealed))
    save_draft(session, statement, texts)
    return statement


def change_settings(session: Session, statement: Statement, settings: StatementSettings) -> None:
    """Change everything but the text. A former slug keeps redirecting here. Raises StatementSlugTaken."""
    if statement.slug != settings.slug and statement.published_at:
        session.merge(FormerSlug(slug=statement.slug, statement_id=statement.id))
    if session.scalar(
        select(FormerSlug).where(
            FormerSlug.slug == settings.slug, FormerSlug.statement_id != (statement.id or 0)
        )
    ):
        raise StatementSlugTaken

    statement.slug, statement.kind, statement.signers = settings.slug, settings.kind, settings.signers
    if statement.published_at is None:
        statement.safety = settings.safety
    statement.goal, statement.source = settings.goal, settings.source
    statement.network_id = settings.network
    if statement.published_at is None or settings.contact_days < statement.contact_days:
        statement.contact_days = settings.contact_days
    statement.dated, statement.dated_precision = settings.dated, settings.dated_precision
    statement.opens_at, statement.closes_at, statement.time_zone = (
        settings.opens_at,
        settings.closes_at,
        settings.time_zone,
    )

    statement.press_name, statement.press_email, statement.press_phone = (
        settings.press.name,
        settings.press.email,
        settings.press.phone,
    )
    statement.version = (statement.version or 0) + 1
    try:
        session.flush()
    except IntegrityError as error:
        raise StatementSlugTaken from error

    statement.owners = []
    statement.addressees = []
    statement.topics = []
    session.flush()
    statement.owners = [
        StatementOwner(organisation_id=owner, rank=rank) for rank, owner in enumerate(settings.owners)
    ]
    statement.addressees = [
        StatementAddressee(addressee_id=each, rank=rank) for rank, each in enumerate(settings.addressees)
    ]
    statement.topics = [StatementTopic(topic_id=topic) for topic in settings.topics]
    session.flush()


def save_draft(
    session: Session, statement: Statement, texts: Iterable[StatementText], right: Collection[str] = ()
) -> Revision:
    """Put `texts` into the statement's draft, which is begun if there is none. The first text is the
    original.

    `right` are the languages of translations that were checked and need no change.
    """
    texts = list(texts)
    marks = followed(texts, _newest_translations(session, statement.id), right)
    revision = session.scalar(
        select(Revision).where(Revision.statement_id == statement.id, Revision.published_at.is_(None))
    )
    if revision is None:
        last = (
            session.scalar(
                select(Revision.number)
                .where(Revision.statement_id == statement.id)
                .order_by(Revision.number.desc())
                .limit(1)
            )
            or 0
        )
        revision = Revision(
            statement_id=statement.id, number=last + 1, change=Change.EDITORIAL if last else Change.FIRST
        )
        session.add(revision)

    revision.translations = []
    session.flush()
    revision.translations = [
        Translation(
            language=text.language,
            rank=rank,
            title=text.title,
            body=text.body,
            follows=marks.get(text.language),
        )
        for rank, text in enumerate(texts)
    ]
    session.flush()

    return revision


def _newest_translations(session: Session, statement_id: int) -> list[Translation]:
    newest = (
        select(Revision)
        .where(Revision.statement_id == statement_id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    revision = session.scalar(newest)
    return list(revision.translations) if revision else []


def discard_draft(session: Session, statement: Statement) -> None:
    """Discard the draft of a statement that has a published text. Without a draft nothing happens."""
    revision = session.scalar(
        select(Revision).where(
            Revision.statement_id == statement.id, Revision.published_at.is_(None), Revision.number > 1
        )
    )
    if revision is not None:
        session.delete(revision)
        session.flush()


def publish(
    session: Session,
    statement: Statement,
    change: Change | None = None,
    note: str = "",
    read: str | None = None,
) -> Revision:
    """Publish the draft: it gets its digest and never changes again. Opens a statement that was a draft.

    `change` says what a later revision does to the one before, `note` what has changed, for everyone to read;
    `read` is the digest of what was read before. Raises NothingToPublish, EditedMeanwhile when the draft is
    another one by now, NotFromHere when the text is final.
    """
    if is_final(statement, change):
        raise NotFromHere

    revision = session.scalar(
        select(Revision)
        .where(Revision.statement_id == statement.id, Revision.published_at.is_(None))
        .with_for_update()
    )
    if revision is None or not revision.translations:
        raise NothingToPublish

    if read is not None:
        edit_lock.refuse_edited(read, revision_digest(revision))
    now = clock.now()
    if revision.number > 1 and change:
        revision.change = change
    revision.note = note or None
    revision.sha256, revision.published_at = revision_digest(revision), now
    if statement.status in UNSEEN:
        statement.status, statement.published_at = Status.OPEN, now
    statement.version += 1
    session.flush()

    return revision


def is_final(statement: Statement, change: str | None) -> bool:
    """True if nobody could agree to the new text any more: archived texts never change, and ended statements
    never change their demands.
    """
    return statement.status == Status.ARCHIVED or (statement.status in ENDED and change == Change.MATERIAL)


def revision_digest(revision: Revision) -> str:
    """SHA-256 over language, title and body of all translations, ordered by language, each part preceded by
    its length.
    """
    ordered = sorted(revision.translations, key=lambda translation: translation.language)
    return digest(*(part for text in ordered for part in (text.language, text.title, text.body)))


def renew_pages_of_owner(session: Session, *, organisation_id: int) -> None:
    """Mark the pages of an organisation's statements, which name it, to be rendered anew."""
    owned = select(StatementOwner.statement_id).where(StatementOwner.organisation_id == organisation_id)
    session.execute(update(Statement).where(Statement.id.in_(owned)).values(version=Statement.version + 1))


def move_ownership(session: Session, *, goes: int, stays: int) -> None:
    """Transfer the statements of one organisation to the one with which it was merged."""
    of_both = select(StatementOwner.statement_id).where(StatementOwner.organisation_id == stays)
    session.execute(
        delete(StatementOwner).where(
            StatementOwner.organisation_id == goes, StatementOwner.statement_id.in_(of_both)
        )
    )
    session.execute(
        update(StatementOwner).where(StatementOwner.organisation_id == goes).values(organisation_id=stays)
    )
    session.execute(
        update(Statement)
        .where(Statement.network_id == goes)
        .values(network_id=stays, version=Statement.version + 1)
    )


def has_statements_of_network(session: Session, network_id: int) -> bool:
    """True where a statement, be it a draft, is of this network."""
    return session.scalar(select(Statement.id).where(Statement.network_id == network_id).limit(1)) is not None


def renew_pages_of_network(session: Session, *, network_id: int) -> None:
    """Raise the version of the statements of a network: their pages say which signatories are its members."""
    session.execute(
        update(Statement).where(Statement.network_id == network_id).values(version=Statement.version + 1),
        execution_options={"synchronize_session": False},
    )


@event.listens_for(Session, "before_flush")
def _refuse_changes_of_published_text(session: Session, _context: object, _instances: object) -> None:
    """Refuse, in the unit of work, to change a published revision or its translations: it is what people
    signed.
    """
    for changed in (*session.dirty, *session.deleted, *session.new):
        revision = (
            session.get(Revision, changed.revision_id)
            if isinstance(changed, Translation) and changed.revision_id
            else None
        )
        revision = changed if isinstance(changed, Revision) and changed not in session.new else revision
        if revision is None or (not session.is_modified(changed) and changed not in session.deleted):
            continue
        published = inspect(revision).attrs.published_at.history
        if revision.published_at is not None and not published.added:
            raise RevisionIsFinal


def _key_destroyed(_error: KeyDestroyed) -> Response:
    return error_pages.page(
        409,
        _("The list is closed for good"),
        _(
            "Its key has been destroyed, so that nobody can find out who signed."
            " What needs the key, such as deciding on an organisation, is no longer possible."
        ),
    )


def init_app(app: Flask) -> None:
    """Register the signal handlers for changes of the registry, and the note on what a destroyed key ends."""
    app.register_error_handler(KeyDestroyed, _key_destroyed)
    organisation_changed.connect(renew_pages_of_owner)
    organisations_merged.connect(move_ownership)
    network_changed.connect(renew_pages_of_network)
