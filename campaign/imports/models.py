"""Lists of signatories collected elsewhere, on their way into the list of a statement."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import PERSONAL, SEALED, SEALED_WITHIN, Base, RandomPk, ShortText, one_of


class ImportStage(StrEnum):
    """The stage of an import.

    READING: its rows are coming in; CHECKING, QUEUED: the worker has something to do.
    """

    READING = "reading"
    CHECKING = "checking"
    CHECKED = "checked"
    QUEUED = "queued"
    DONE = "done"
    UNDONE = "undone"
    # An error that is no fault of the list; its rows were erased.
    FAILED = "failed"


_IMPORTED = one_of("stage", (str(ImportStage.DONE), str(ImportStage.UNDONE)))
_OVER = one_of("stage", (str(ImportStage.DONE), str(ImportStage.UNDONE), str(ImportStage.FAILED)))


class Import(Base):
    """An import of signatories collected elsewhere.

    Their rows wait sealed in `import_parts` until they are imported or a day has passed.
    """

    __tablename__ = "imports"

    id: Mapped[RandomPk]
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id", ondelete="CASCADE"), index=True)
    # The member who imports; None for a command.
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="SET NULL"), index=True
    )
    stage: Mapped[ImportStage] = mapped_column(String(8), index=True)
    source: Mapped[ShortText]
    evidence: Mapped[ShortText | None]
    collected_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime]
    # Renewed by the worker that has it; another may take it over once this is old.
    claimed_at: Mapped[dt.datetime | None]
    # Rows of the file, and how many of them the present step has done.
    rows: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    # The numbers imported; before that, the numbers that would be.
    people: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    # JSON: the ids of organisations that it entered into the registry, for the undo.
    entered: Mapped[str | None] = mapped_column(Text)
    # JSON: the layout, remarks on the file, its problems, and what may be left out.
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    finished_at: Mapped[dt.datetime | None]
    # A keyed hash of all rows together, by which the list is recognised as long as the statement exists, even
    # if the import was undone.
    list_mark: Mapped[bytes | None]

    __table_args__ = (
        CheckConstraint(one_of("stage", ImportStage), name="stage"),
        CheckConstraint(f"({_OVER}) = (finished_at IS NOT NULL)", name="finished_at"),
        CheckConstraint(f"({_OVER}) = (sealed IS NULL)", name="sealed_until_over"),
        CheckConstraint("source <> ''", name="source"),
        CheckConstraint(f"list_mark IS NULL OR {_IMPORTED}", name="list_mark"),
    )


class ImportPart(Base):
    """A few hundred rows of an import, compressed and sealed: as they came, as signatories, and ready to
    insert.
    """

    __tablename__ = "import_parts"

    id: Mapped[RandomPk]
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    number: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    entries: Mapped[bytes | None] = mapped_column(info=SEALED)
    prepared: Mapped[bytes | None] = mapped_column(info=SEALED_WITHIN)

    __table_args__ = (UniqueConstraint("import_id", "number"),)


class ImportedSignature(Base):
    """A link from an import to a signature it brought, for as long as it can be undone."""

    __tablename__ = "imported_signatures"

    signature_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("signatures.id", ondelete="CASCADE"), primary_key=True
    )
    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
