"""Lists that come and go: signatories taken over from elsewhere; what exactly was handed over, by whom, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, SEALED, SEALED_WITHIN, Base, IntPk, RandomPk, ShortText, one_of


class Channel(StrEnum):
    """How a list reached its addressee."""

    IN_PERSON = "in person"
    POST = "post"
    MAIL = "mail"
    ONLINE = "online form"
    OTHER = "other"


class FrozenList(Base):
    """A list as it stood at one moment. `sha256` is over its lines, each ended by a line feed, and outlives them."""

    __tablename__ = "frozen_lists"

    # What its documents carry as /v/<id>.
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    list_version: Mapped[int]
    people: Mapped[int]
    organisations: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[dt.datetime]


class FrozenLine(Base):
    """One signatory of a frozen list as written there. Whoever withdraws or hides their name is blotted out here too."""

    __tablename__ = "frozen_lines"

    frozen_id: Mapped[str] = mapped_column(ForeignKey("frozen_lists.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signatures.id", ondelete="SET NULL"))
    line: Mapped[str | None] = mapped_column(Text, info=PERSONAL)

    __table_args__ = (
        Index(
            "ix_frozen_lines_written",
            "signature_id",
            sqlite_where=text("line IS NOT NULL"),
            postgresql_where=text("line IS NOT NULL"),
        ),
    )


class Handover(Base):
    """A list was given to someone; later perhaps a reply came."""

    __tablename__ = "handovers"

    id: Mapped[IntPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"), index=True)
    frozen_id: Mapped[str] = mapped_column(ForeignKey("frozen_lists.id"), index=True)
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressees.id"), index=True)
    # Written out where it is nobody of the book, or somebody received it in their name.
    to_whom: Mapped[ShortText | None]
    by_whom: Mapped[ShortText]
    channel: Mapped[Channel] = mapped_column(String(12))
    handed_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    replied_on: Mapped[dt.date | None]
    reply: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("addressee_id IS NOT NULL OR to_whom IS NOT NULL", name="to_someone"),
        CheckConstraint("replied_on >= handed_on", name="replied_on"),
        CheckConstraint("reply IS NULL OR replied_on IS NOT NULL", name="reply"),
    )


class Stage(StrEnum):
    """How far an import has come. READING: its rows are coming in; CHECKING and QUEUED: the worker has something to do."""

    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"
    QUEUED = "queued"
    DONE = "done"
    UNDONE = "undone"
    # Something went wrong that is no fault of the list; its rows were erased.
    FAILED = "failed"


_OVER = one_of("stage", (str(Stage.DONE), str(Stage.UNDONE), str(Stage.FAILED)))


class Import(Base):
    """Signatories collected elsewhere. Their rows wait sealed in `import_parts` until they are imported or a day has passed."""

    __tablename__ = "imports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    # Who did it; nobody for a command.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_members.id", ondelete="SET NULL"), index=True)
    stage: Mapped[Stage] = mapped_column(String(8), index=True)
    source: Mapped[ShortText]
    evidence: Mapped[ShortText | None]
    collected_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    # A worker that has it says so again and again; another may take it over once it is silent.
    claimed_at: Mapped[dt.datetime | None]
    # Rows of the file, and how many of them the present step has behind it.
    rows: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    # Those that were imported; before it, those that would be.
    people: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    # JSON: the keys of organisations that it entered into the registry, for the undo.
    entered: Mapped[str | None] = mapped_column(Text)
    # JSON: how the columns are read, what a person should know of the file, what is wrong with it, what may be left out.
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    finished_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("stage", Stage), name="stage"),
        CheckConstraint(f"({_OVER}) = (finished_at IS NOT NULL)", name="finished_at"),
        CheckConstraint(f"({_OVER}) = (sealed IS NULL)", name="sealed_until_over"),
        CheckConstraint("source <> ''", name="source"),
    )


class ImportPart(Base):
    """Some hundred rows of an import, compressed and sealed: as they came, as signatories, and ready to be inserted."""

    __tablename__ = "import_parts"

    id: Mapped[RandomPk]
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    entries: Mapped[bytes | None] = mapped_column(info=SEALED)
    prepared: Mapped[bytes | None] = mapped_column(info=SEALED_WITHIN)

    __table_args__ = (UniqueConstraint("import_id", "number"),)


class ImportedSignature(Base):
    """Which signatures an import brought, for as long as it can be undone."""

    __tablename__ = "imported_signatures"

    signature_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True)
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)


class CompleteExport(Base):
    """Somebody asks for a list with names and addresses that are not public; somebody else lets them have it, once, within a day.

    `recipient` is the public key (age) that the file is encrypted to: whoever decides sees for whom it is.
    """

    __tablename__ = "complete_exports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("team_members.id"))
    why: Mapped[str] = mapped_column(Text)
    recipient: Mapped[ShortText]
    asked_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("team_members.id"))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    fetched_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)", name="decided"),
        CheckConstraint("fetched_at IS NULL OR (granted IS NOT NULL AND granted)", name="fetched_if_granted"),
    )
