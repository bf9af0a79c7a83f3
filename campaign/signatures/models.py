"""Submissions, signatures and what they agreed to.

Rows with personal data have random ids; what is not public is sealed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import (
    PERSONAL,
    Base,
    CountryCode,
    LanguageCode,
    RandomPk,
    ShortText,
    WebAddress,
    one_of,
)


class SignatoryKind(StrEnum):
    """The kind of a signatory: a person, or an organisation through a representative."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Visibility(StrEnum):
    """How a signature is shown, chosen by the signer."""

    PUBLIC = "public"
    TEAM = "team"
    COUNTED = "counted"


class State(StrEnum):
    """The state of a signature (design §3, table of states)."""

    REVIEW = "review"
    QUARANTINED = "quarantined"
    CONFIRMED = "confirmed"
    LISTED = "listed"
    HIDDEN = "hidden"
    REJECTED = "rejected"
    INVALIDATED = "invalidated"
    WITHDRAWN = "withdrawn"


class Provenance(StrEnum):
    """How a signature was collected."""

    WEB = "web"
    INVITED = "invited"
    BY_HAND = "by hand"
    IMPORTED = "imported"


class HeldFor(StrEnum):
    """Why a signature waits for review, where its name is not the reason."""

    # Attack protection was on, and no proof of work came with the form, or one that was used or expired.
    NO_PROOF = "no proof"
    # Attack protection was at its highest level, at which all wait.
    ATTACK = "attack"
    # A field that people do not see was filled in.
    TRAP = "trap"


# The time for which a submission waits to be confirmed.
EXPIRES_AFTER = dt.timedelta(days=7)
# The time for which a button pressed at high safety waits for the worker at most.
REQUESTS_KEPT = dt.timedelta(days=7)


class MailWait(StrEnum):
    """Why the mail of a submission has not been promised yet."""

    # A person of the team decides first: the form was flagged.
    HELD = "held"
    # Many forms come in: mails go out in turn, as fast as the mail server bears.
    QUEUED = "queued"


# States in which a signature holds its place: its signer can't sign a second time.
LIVE = "state IN ('review', 'quarantined', 'confirmed', 'listed', 'hidden')"
PERSON_IS_LIVE = f"kind = 'person' AND {LIVE}"
ORGANISATION_IS_LIVE = f"kind = 'organisation' AND {LIVE}"
# States that have ended: such signatures are neither changed nor agreed with any more.
ENDED = (State.WITHDRAWN, State.REJECTED, State.INVALIDATED)
# Staged imports have the columns in this order: new ones come last.
NAMED_COLUMNS = (
    "name",
    "organisation_name",
    "title",
    "website",
    "city",
    "message",
    "sort_key",
    "search_key",
    "affiliation",
)
# Columns that name a signatory or lead to one: emptied when a rejected or invalidated signature can't be
# restored any more.
IDENTIFYING_COLUMNS = (
    *NAMED_COLUMNS,
    "sealed",
    "sealed_message",
    "sealed_contact",
    "country",
    "source",
    "evidence",
    "mailbox_index",
    "seat",
    "organisation_id",
    "keeps_name",
    "organisation_index",
    "words_mark",
    "ended_on",
)
# Columns that a withdrawal empties.
ERASED_COLUMNS = (
    *IDENTIFYING_COLUMNS,
    "sealed_reason",
    "held_for",
    "approved_on",
    "told_approved",
    "removed_on",
    "collected_on",
    "changed_on",
)
# States in which a name that its signer made public is shown; in all others it is sealed.
SHOWN = (State.CONFIRMED, State.LISTED)
# States from which the team may restore a signature until it is erased.
UNDOABLE = (State.REJECTED, State.INVALIDATED)
_IS_SHOWN = "(visibility = 'public' AND state IN ('confirmed', 'listed'))"
_IS_ERASED = "(state = 'withdrawn' OR (state IN ('rejected', 'invalidated') AND ended_on IS NULL))"
_NO_NAME = " AND ".join(f"{column} IS NULL" for column in NAMED_COLUMNS)


def _where(name: str, *columns: str, predicate: str, unique: bool = False) -> Index:
    return Index(
        name, *columns, unique=unique, sqlite_where=text(predicate), postgresql_where=text(predicate)
    )


class Submission(Base):
    """A form that a visitor sent, waiting for the click in the mail.

    After that, only the link to the signature remains; at high safety nothing.
    """

    __tablename__ = "submissions"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    language: Mapped[LanguageCode]
    # JSON of the form: kind, name, email, country, visibility, consent, and what else was filled in.
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # HMAC of the typed code. Kept until `expires_at`, so that a second click on "confirm" still shows
    # success.
    code_index: Mapped[bytes | None] = mapped_column(index=True)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    # At high safety, where all forms of a day expire at one moment: the minute, which attack protection
    # counts by, and after an hour the day.
    received_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    signature_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), index=True
    )
    # While its mail waits there is no code either.
    mail_waits: Mapped[MailWait | None] = mapped_column(String(8))

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR signature_id IS NOT NULL", name="pending_or_confirmed"),
        CheckConstraint(one_of("mail_waits", MailWait), name="mail_waits"),
        CheckConstraint(
            "mail_waits IS NULL OR (sealed IS NOT NULL AND code_index IS NULL AND signature_id IS NULL)",
            name="no_mail_yet",
        ),
        _where("ix_submissions_waiting", "statement_id", "expires_at", predicate="mail_waits IS NOT NULL"),
    )


class ConfirmationRequest(Base):
    """A button pressed, or a code typed, at high safety: the worker does what follows, out of sight of any
    visitor.

    Its id follows by a keyed hash from the withdrawal phrase that was shown, so that pressing many times
    makes one row, and whoever has the words finds it. `sealed` holds the code, the digest of the phrase, the
    moment, and whether the signature is to be withdrawn (JSON).
    """

    __tablename__ = "confirmation_requests"

    id: Mapped[RandomPk]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)


class Signature(Base):
    """One signatory of one statement.

    Columns of the name are filled only while it is shown; `sealed` holds them (JSON) while only the team may
    see them, as the signer chose or because of the state; neither is there for those who are only counted.
    `mailbox_index` and `organisation_index` are HMACs under the statement's own key; at high safety nothing
    of the mailbox is kept, and no seat is counted.
    """

    __tablename__ = "signatures"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    kind: Mapped[SignatoryKind] = mapped_column(String(12))
    state: Mapped[State] = mapped_column(String(12))
    visibility: Mapped[Visibility] = mapped_column(String(8))
    provenance: Mapped[Provenance] = mapped_column(String(10))
    source: Mapped[str | None] = mapped_column(Text)
    evidence: Mapped[str | None] = mapped_column(Text)
    # When names were collected elsewhere.
    collected_on: Mapped[dt.date | None]
    # Digest of the words with which it is taken back at high safety, where no link leads to it.
    words_mark: Mapped[bytes | None] = mapped_column(unique=True)
    # The last day on which its signer changed it: an import can't be undone for it from then on.
    changed_on: Mapped[dt.date | None]

    name: Mapped[ShortText | None] = mapped_column(info=PERSONAL)
    organisation_name: Mapped[ShortText | None] = mapped_column(info=PERSONAL)
    title: Mapped[ShortText | None] = mapped_column(info=PERSONAL)
    website: Mapped[WebAddress | None]
    city: Mapped[ShortText | None] = mapped_column(info=PERSONAL)
    # Where a person works or belongs, as they say: nobody signs for it.
    affiliation: Mapped[ShortText | None] = mapped_column(info=PERSONAL)
    message: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    sort_key: Mapped[str | None] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), info=PERSONAL
    )
    search_key: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # Held until a person of the team has read it; shown as `message` afterwards.
    sealed_message: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    # The address, only where updates were asked for or until a review is decided.
    sealed_contact: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    country: Mapped[CountryCode | None]
    language: Mapped[LanguageCode]

    mailbox_index: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    seat: Mapped[int | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_index: Mapped[bytes | None]
    # True where its organisation was merged into another record: lists go on showing the name as signed,
    # and never one that the other record has. Sealed with the names while they are.
    keeps_name: Mapped[bool | None]

    wants_updates: Mapped[bool] = mapped_column(default=False)
    # False where an organisation was asked and did not agree to have its logo beside its name.
    shows_logo: Mapped[bool | None]
    notice: Mapped[str | None] = mapped_column(String(20))
    confirmed_at: Mapped[dt.datetime]
    # Given by the fold while listed. A change that the fold has not seen yet has `folded` false.
    position: Mapped[int | None]
    folded: Mapped[bool] = mapped_column(default=False)
    # Why the team decided as it did: free text, which may name people.
    sealed_reason: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    held_for: Mapped[HeldFor | None] = mapped_column(String(12))
    # Days of the team's decisions, for the page that says how the list was made: an organisation was approved
    # after a look; a name was taken off as false, or until someone has looked.
    approved_on: Mapped[dt.date | None]
    # True once its signer was told by mail: an approval that is undone and given again is told once.
    told_approved: Mapped[bool | None]
    removed_on: Mapped[dt.date | None]
    # The day on which it was rejected or invalidated, until the time for undoing is over and it is erased.
    ended_on: Mapped[dt.date | None]

    __table_args__ = (
        CheckConstraint(one_of("kind", SignatoryKind), name="kind"),
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(one_of("visibility", Visibility), name="visibility"),
        CheckConstraint(one_of("provenance", Provenance), name="provenance"),
        CheckConstraint(
            f"{_IS_SHOWN} OR ({_NO_NAME} AND organisation_id IS NULL)", name="name_only_if_shown"
        ),
        CheckConstraint(
            f"sealed IS NULL OR (visibility <> 'counted' AND NOT {_IS_SHOWN})", name="sealed_unless_shown"
        ),
        CheckConstraint(
            f"NOT {_IS_ERASED} OR (sealed IS NULL AND sealed_message IS NULL AND sealed_contact IS NULL"
            " AND country IS NULL AND source IS NULL AND evidence IS NULL AND mailbox_index IS NULL"
            " AND organisation_index IS NULL AND words_mark IS NULL)",
            name="erased_is_empty",
        ),
        CheckConstraint(
            f"NOT {_IS_SHOWN} OR (kind = 'person' AND name IS NOT NULL)"
            " OR (kind = 'organisation' AND organisation_name IS NOT NULL)",
            name="shown_has_name",
        ),
        CheckConstraint(
            f"sealed IS NOT NULL OR visibility = 'counted' OR {_IS_SHOWN} OR {_IS_ERASED}",
            name="sealed_has_name",
        ),
        CheckConstraint("ended_on IS NULL OR state IN ('rejected', 'invalidated')", name="ended_on"),
        CheckConstraint(
            "kind = 'organisation' OR (organisation_id IS NULL AND organisation_index IS NULL AND"
            " organisation_name IS NULL)",
            name="person_has_no_organisation",
        ),
        CheckConstraint("kind = 'person' OR affiliation IS NULL", name="organisation_has_no_affiliation"),
        CheckConstraint("kind = 'person' OR visibility <> 'counted'", name="organisation_has_name"),
        CheckConstraint(
            "kind = 'person' OR state NOT IN ('confirmed', 'listed') OR organisation_index IS NOT NULL",
            name="organisation_is_known",
        ),
        CheckConstraint(
            "kind = 'person' OR state NOT IN ('confirmed', 'listed') OR visibility <> 'public' OR"
            " organisation_id IS NOT NULL",
            name="public_organisation_is_in_registry",
        ),
        CheckConstraint("state <> 'listed' OR position IS NOT NULL", name="listed_has_position"),
        CheckConstraint("seat IN (1, 2)", name="seat"),
        CheckConstraint(
            f"provenance <> 'imported' OR source IS NOT NULL OR {_IS_ERASED}", name="import_has_source"
        ),
        CheckConstraint("provenance <> 'web' OR notice IS NOT NULL", name="web_has_consent"),
        CheckConstraint(
            "approved_on IS NULL OR (kind = 'organisation' AND state NOT IN ('review', 'rejected',"
            " 'withdrawn'))",
            name="approved_on",
        ),
        CheckConstraint("removed_on IS NULL OR state IN ('hidden', 'invalidated')", name="removed_on"),
        _where(
            "uq_signatures_person",
            "statement_id",
            "mailbox_index",
            "seat",
            predicate=PERSON_IS_LIVE,
            unique=True,
        ),
        _where(
            "uq_signatures_organisation",
            "statement_id",
            "organisation_index",
            predicate=ORGANISATION_IS_LIVE,
            unique=True,
        ),
        _where(
            "uq_signatures_position",
            "statement_id",
            "position",
            predicate="position IS NOT NULL",
            unique=True,
        ),
        _where("ix_signatures_listed", "statement_id", "kind", "position", predicate="state = 'listed'"),
        _where(
            "ix_signatures_words",
            "statement_id",
            "position",
            predicate="state = 'listed' AND message IS NOT NULL",
        ),
        _where(
            "ix_signatures_register",
            "statement_id",
            "sort_key",
            "position",
            predicate="state = 'listed' AND kind = 'organisation'",
        ),
        _where("ix_signatures_unfolded", "statement_id", predicate="NOT folded"),
        _where(
            "ix_signatures_waiting", "statement_id", "state", predicate="state NOT IN ('confirmed', 'listed')"
        ),
        _where("ix_signatures_messages", "statement_id", predicate="sealed_message IS NOT NULL"),
        _where("ix_signatures_wanting", "statement_id", "id", predicate="wants_updates"),
        _where("ix_signatures_ended_on", "ended_on", predicate="ended_on IS NOT NULL"),
        _where("ix_signatures_organisation_id", "organisation_id", predicate="organisation_id IS NOT NULL"),
    )


class Assent(Base):
    """A signature's agreement to one revision of the text."""

    __tablename__ = "assents"

    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True
    )
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    day: Mapped[dt.date]


class AskedAnew(Base):
    """The record that a signer was written to about a revision with changed demands.

    Nobody is asked twice.
    """

    __tablename__ = "asked_anew"

    # First, because they are counted by it.
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True)
    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True
    )


class Tombstone(Base):
    """The random id of a withdrawn signature, and nothing else; also kept in the journal outside the
    database.
    """

    __tablename__ = "tombstones"

    signature_id: Mapped[RandomPk]


class SpentPhrase(Base):
    """A withdrawal phrase that withdraws nothing (any more): that of a withdrawn signature, or one shown by a
    link that confirms nothing (any more). All look alike, so that nobody learns from them whether a link was
    used.
    """

    __tablename__ = "spent_words"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
