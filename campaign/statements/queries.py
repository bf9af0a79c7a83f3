"""Queries on statements: what a reader sees, and the terms of signing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, selectinload

from campaign.core import clock
from campaign.core.dates import Precision
from campaign.core.language import language
from campaign.core.text import printed_links, render_markdown
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.statements.addressees import naming
from campaign.statements.errors import KeyDestroyed, NotOpen
from campaign.statements.models import (
    ENDED,
    UNSEEN,
    Change,
    FormerSlug,
    Kind,
    Press,
    Revision,
    Safety,
    Signers,
    Statement,
    StatementKey,
    StatementOwner,
    Status,
    Translation,
)

# A mail may come late: signers who sent the form in time may still confirm this long after closing.
GRACE = dt.timedelta(hours=24)

_S, _R, _K = Statement.__table__.c, Revision.__table__.c, StatementKey.__table__.c
# Built once, since every signature needs them.
_TERMS = select(
    _S.id, _S.slug, _S.status, _S.signers, _S.safety, _S.sample, _S.closes_at, _S.closed_at
).where(_S.id == bindparam("statement"))
_PUBLISHED = (
    select(_R.id, _R.number, _R.change)
    .where(_R.statement_id == bindparam("statement"), _R.published_at.is_not(None))
    .order_by(_R.number)
)
_KEY = select(_K.sealed).where(_K.statement_id == bindparam("statement"))


@dataclass(frozen=True, slots=True)
class SigningTerms:
    """The conditions under which a statement can be signed now. `oldest_valid` is the last revision that
    demanded change.

    `agreeing` are the ids of all revisions since: whoever agreed to one of them agreed to the demands as they
    stand.
    """

    id: int
    slug: str
    status: Status
    signers: Signers
    safety: str
    sample: bool
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    revision_id: int | None
    revision_number: int
    oldest_valid: int
    agreeing: frozenset[int]

    def refuse_unless_open(self, grace: bool = False, at: dt.datetime | None = None) -> None:
        """Raise NotOpen for a draft, and for a closed statement once its grace is over (or at once, without
        `grace`). `at` is the moment that decides, where it has passed.
        """
        end, moment = self.closed_at or self.closes_at, at or clock.now()
        over = self.status in ENDED or (end is not None and end <= moment)
        if self.status in UNSEEN or self.revision_id is None:
            raise NotOpen(Status.DRAFT)
        if over and not (grace and end is not None and moment < end + GRACE):
            raise NotOpen(Status.CLOSED)

    def still_holds(self, number: int | None) -> bool:
        """True if `number` is that of a published text whose demands have not changed since."""
        return number is not None and self.oldest_valid <= number <= self.revision_number

    @property
    def demands_id(self) -> int:
        """The id of the revision that demanded change last, or of the first one; later ones have greater ids.
        0 for a draft.
        """
        return min(self.agreeing, default=0)

    @property
    def demands_changed(self) -> bool:
        """True once a published revision demanded something else than the one before."""
        return self.oldest_valid > 1

    @property
    def is_open(self) -> bool:
        """True when the form takes signatures now."""
        try:
            self.refuse_unless_open()
        except NotOpen:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Party:
    """An owner as shown."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """An addressee as shown on a statement.

    `address` is the postal address, its lines separated by line feeds.
    """

    id: int
    name: str
    role: str
    institution: str
    address: str

    @property
    def lines(self) -> list[str]:
        """The lines below the name."""
        return [line for line in (self.role, self.institution, *self.address.splitlines()) if line]


@dataclass(frozen=True, slots=True)
class StatementPage:
    """A published statement in one language, ready to show.

    `languages` are those in which the text exists.
    """

    id: int
    slug: str
    kind: Kind
    status: Status
    signers: Signers
    sample: bool
    fictional: bool
    goal: int | None
    dated: dt.date
    dated_precision: Precision
    closes_at: dt.datetime | None
    closed_at: dt.datetime | None
    source: str | None
    title: str
    body: Markup
    language: str
    languages: tuple[str, ...]
    revision: int
    sha256: str
    owners: tuple[Party, ...]
    addressees: tuple[Recipient, ...]
    press: Press
    time_zone: str
    # True at high safety: no images are made of it for other sites, and addresses are printed but not linked.
    guarded: bool
    # The number of days after the handover for which addresses of signers who asked for news are kept.
    contact_days: int
    # The network whose members sign it, and its id.
    network: Party | None = None
    network_id: int | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement in a list of statements."""

    id: int
    slug: str
    kind: Kind
    status: Status
    dated: dt.date
    dated_precision: Precision
    title: str
    language: str
    goal: int | None
    version: int
    fictional: bool = False
    safety: Safety = Safety.STANDARD
    sample: bool = False


def statement_by_slug(slug: str) -> Statement | None:
    """Any statement, drafts included, for the team and for operations."""
    return db.session.scalar(select(Statement).where(Statement.slug == slug))


def current_slug_of(former: str) -> str | None:
    """The present slug of the statement with this former slug; None where there is none."""
    return db.session.scalar(
        select(Statement.slug)
        .join(FormerSlug, FormerSlug.statement_id == Statement.id)
        .where(FormerSlug.slug == former)
    )


def public_version(slug: str) -> tuple[int, int] | None:
    """(id, version) of a statement that the public may see; None for drafts and unknown addresses."""
    row = db.session.execute(
        select(Statement.id, Statement.version).where(Statement.slug == slug, Statement.status.not_in(UNSEEN))
    ).first()
    return (row.id, row.version) if row else None


def version_of(statement_id: int) -> int:
    """The version of a statement, which rises with every change of it; 0 where there is none."""
    return db.session.scalar(select(Statement.version).where(Statement.id == statement_id)) or 0


def signing_terms(slug: str) -> SigningTerms | None:
    """The signing terms of a statement by its slug."""
    statement_id = db.session.scalar(select(Statement.id).where(Statement.slug == slug))
    return terms_of(db.session(), statement_id) if statement_id is not None else None


def terms_of(session: Session, statement_id: int) -> SigningTerms:
    """The signing terms of a statement by its id."""
    statement = session.execute(_TERMS, {"statement": statement_id}).one()
    revisions = session.execute(_PUBLISHED, {"statement": statement_id}).all()
    last = revisions[-1] if revisions else None
    oldest_valid = max((row.number for row in revisions if row.change != Change.EDITORIAL), default=0)

    return SigningTerms(
        id=statement.id,
        slug=statement.slug,
        status=Status(statement.status),
        signers=Signers(statement.signers),
        safety=statement.safety,
        sample=statement.sample,
        closes_at=statement.closes_at,
        closed_at=statement.closed_at,
        revision_id=last.id if last else None,
        revision_number=last.number if last else 0,
        oldest_valid=oldest_valid,
        agreeing=frozenset(row.id for row in revisions if row.number >= oldest_valid),
    )


def owned_by(organisation_id: int) -> list[int]:
    """The statements of an organisation, drafts among them."""
    return list(
        db.session.scalars(
            select(StatementOwner.statement_id).where(StatementOwner.organisation_id == organisation_id)
        )
    )


def statements_of_network(organisation_id: int) -> list[int]:
    """The statements of a network, drafts among them."""
    return list(db.session.scalars(select(Statement.id).where(Statement.network_id == organisation_id)))


def published_revision(statement_id: int) -> Revision | None:
    """The revision that the public reads."""
    published = select(Revision).where(
        Revision.statement_id == statement_id, Revision.published_at.is_not(None)
    )
    return db.session.scalar(published.order_by(Revision.number.desc()).limit(1))


def published_revisions(statement_id: int) -> list[Revision]:
    """All published revisions, the oldest first."""
    published = select(Revision).where(
        Revision.statement_id == statement_id, Revision.published_at.is_not(None)
    )
    return list(db.session.scalars(published.order_by(Revision.number)))


def newest_published(most: int, ids: list[int] | None = None) -> list[tuple[int, dt.datetime, dt.datetime]]:
    """(statement id, moment of the first publication, moment of the last) of public statements, the newest
    text first.
    """
    first, last = func.min(_R.published_at), func.max(_R.published_at)
    query = (
        select(Revision.statement_id, first, last)
        .join(Statement)
        .where(Revision.published_at.is_not(None), Statement.status.not_in(UNSEEN))
    )
    if ids is not None:
        query = query.where(Statement.id.in_(ids))
    rows = db.session.execute(
        query.group_by(Revision.statement_id).order_by(last.desc(), Revision.statement_id).limit(most)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def draft_revision(statement_id: int) -> Revision | None:
    """The revision that the team edits, if there is one."""
    return db.session.scalar(
        select(Revision).where(Revision.statement_id == statement_id, Revision.published_at.is_(None))
    )


def newest_revision(statement_id: int) -> Revision | None:
    """The revision that the team edits, else the one that the public reads."""
    return draft_revision(statement_id) or published_revision(statement_id)


def choose_translation(revision: Revision, *wanted: str | None) -> Translation:
    """The translation in the first wanted language that exists, else the one in which the text was
    written.
    """
    existing = {translation.language: translation for translation in revision.translations}
    return next((existing[code] for code in wanted if code in existing), revision.translations[0])


def statement_page(
    statement_id: int, interface: str, wanted: str | None = None, *, draft: bool = False
) -> StatementPage:
    """A published statement in the language asked for (`?text=`), else in that of the interface, else in its
    own.

    With `draft` as it will stand once the draft is published, for the team.
    """
    with_parties = (selectinload(Statement.owners), selectinload(Statement.addressees))
    statement = db.session.get_one(Statement, statement_id, options=with_parties)
    revision = newest_revision(statement_id) if draft else published_revision(statement_id)
    if revision is None:
        raise NotOpen(Status.DRAFT)

    text = choose_translation(revision, wanted, interface)
    owners = organisations_by_id(owner.organisation_id for owner in statement.owners)
    network = db.session.get(Organisation, statement.network_id) if statement.network_id else None
    return StatementPage(
        id=statement.id,
        slug=statement.slug,
        kind=Kind(statement.kind),
        status=_shown_status(statement),
        signers=Signers(statement.signers),
        sample=statement.sample,
        fictional=statement.fictional,
        goal=statement.goal,
        dated=statement.dated or (statement.published_at or clock.now()).date(),
        dated_precision=Precision(statement.dated_precision),
        closes_at=statement.closes_at,
        closed_at=statement.closed_at,
        source=statement.source,
        title=text.title,
        body=printed_links(render_markdown(text.body))
        if statement.safety == Safety.HIGH
        else render_markdown(text.body),
        language=text.language,
        languages=tuple(translation.language for translation in revision.translations),
        revision=revision.number,
        sha256=revision.sha256 or "",
        owners=tuple(
            Party(
                display_name(owners[owner.organisation_id], text.language),
                slug=owners[owner.organisation_id].slug,
            )
            for owner in statement.owners
        ),
        addressees=tuple(recipients(statement, text.language)),
        press=statement.press,
        time_zone=statement.time_zone,
        guarded=statement.safety == Safety.HIGH,
        contact_days=statement.contact_days,
        network=Party(display_name(network, text.language), network.slug) if network else None,
        network_id=statement.network_id,
    )


def _shown_status(statement: Statement) -> Status:
    """The status shown to readers: closed from the closing moment on, even before the worker has
    closed it.
    """
    # To readers of a preview it is what it will be.
    status = Status.OPEN if statement.status in UNSEEN else Status(statement.status)
    return (
        Status.CLOSED
        if status is Status.OPEN and statement.closes_at and statement.closes_at <= clock.now()
        else status
    )


def recipients(statement: Statement, language: str) -> list[Recipient]:
    """The addressees of a statement in their order, in `language` where the address book has it."""
    named = [(link.addressee, naming(link.addressee, language)) for link in statement.addressees]
    return [
        Recipient(entry.id, called.name, called.role, called.institution, entry.address)
        for entry, called in named
    ]


def statement_lines(
    interface: str, *, drafts: bool = False, ids: list[int] | None = None
) -> list[StatementLine]:
    """Statements for a list, open ones first, then by date, newest first; a made-up one after the real
    ones.
    """
    query = select(Statement).options(selectinload(Statement.revisions))
    if not drafts:
        query = query.where(Statement.status.not_in(UNSEEN))
    if ids is not None:
        query = query.where(Statement.id.in_(ids))
    lines = [line for statement in db.session.scalars(query) if (line := _line(statement, interface))]
    return sorted(
        lines,
        key=lambda line: (line.status is not Status.OPEN, line.fictional, -line.dated.toordinal(), line.slug),
    )


def _line(statement: Statement, interface: str) -> StatementLine | None:
    published = [revision for revision in statement.revisions if revision.published_at]
    revision = published[-1] if published else (statement.revisions[-1] if statement.revisions else None)
    if revision is None or not revision.translations:
        return None

    text = choose_translation(revision, interface)
    dated = statement.dated or (statement.published_at or statement.created_at).date()
    return StatementLine(
        statement.id,
        statement.slug,
        Kind(statement.kind),
        Status(statement.status),
        dated,
        Precision(statement.dated_precision),
        text.title,
        text.language,
        statement.goal,
        statement.version,
        statement.fictional,
        Safety(statement.safety),
        statement.sample,
    )


def statements_version() -> tuple[int, int]:
    """The version of lists of statements, which changes when any statement changes."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Statement.version), 0)).select_from(Statement)
    ).one()
    return (row[0], row[1])


def has_sample() -> bool:
    """True when this site holds sample content."""
    return bool(db.session.scalar(select(select(Statement.id).where(Statement.sample).exists())))


def statement_key(session: Session, statement_id: int) -> bytes:
    """The statement's own key, 32 bytes. Raises KeyDestroyed."""
    sealed = session.scalar(_KEY, {"statement": statement_id})
    if sealed is None:
        raise KeyDestroyed
    return vault().unseal(sealed, "statement_keys", "sealed", statement_id)


def title_of(statement_id: int, language: str) -> str:
    """The title of the published text in `language`, else in its own."""
    revision = published_revision(statement_id) or draft_revision(statement_id)
    return choose_translation(revision, language).title if revision else ""


def owns_statements(organisation_id: int) -> bool:
    """True for an organisation in whose name a statement is, whatever its status."""
    owned = exists().where(StatementOwner.organisation_id == organisation_id)
    return bool(db.session.scalar(select(owned)))


def titles_for_roles() -> list[tuple[int, str]]:
    """Id and title of each statement, drafts included, in the reader's language, for roles of members."""
    return [(line.id, line.title) for line in statement_lines(language(), drafts=True)]
