"""Names that are not listed are sealed, whatever the state; decisions are recognised by keyed marks; frozen lists have salts.

Rejected and invalidated signatures can be restored for UNDO_DAYS from today on, then they are erased. Reasons of decisions are sealed.
Decisions on several signatures that were made before can't be undone together any more: what recognised them was a plain digest.

Lists frozen before keep their digest, sealed. It was printed on papers, so it can't be made anew: whoever has it, and all other lines, can try
names against it. The site publishes it only while no line was removed.

Revision ID: 0013
Revises: 0012
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

from campaign.core.collation import sort_key
from campaign.core.search import search_key
from campaign.core.vault import vault

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAMED = ("name", "organisation_name", "title", "website", "city", "message", "sort_key", "search_key")
KEPT = ("name", "organisation_name", "title", "website", "city")
NO_NAME = " AND ".join(f"{column} IS NULL" for column in NAMED)
SHOWN = "(visibility = 'public' AND state IN ('confirmed', 'listed'))"
ERASED = "(state = 'withdrawn' OR (state IN ('rejected', 'invalidated') AND ended_on IS NULL))"
BEFORE = {
    "name_only_if_public": f"visibility = 'public' OR ({NO_NAME} AND organisation_id IS NULL)",
    "sealed_only_for_team": "visibility = 'team' OR sealed IS NULL",
    "withdrawn_is_empty": f"state <> 'withdrawn' OR ({NO_NAME} AND sealed IS NULL AND sealed_message IS NULL AND sealed_contact IS NULL AND country IS"
    " NULL AND mailbox_index IS NULL AND organisation_id IS NULL AND organisation_index IS NULL)",
    "public_has_name": "state = 'withdrawn' OR visibility <> 'public' OR (kind = 'person' AND name IS NOT NULL) OR (kind = 'organisation' AND"
    " organisation_name IS NOT NULL)",
    "team_has_name": "state = 'withdrawn' OR visibility <> 'team' OR sealed IS NOT NULL",
    "import_has_source": "provenance <> 'imported' OR source IS NOT NULL",
}
AFTER = {
    "name_only_if_shown": f"{SHOWN} OR ({NO_NAME} AND organisation_id IS NULL)",
    "sealed_unless_shown": f"sealed IS NULL OR (visibility <> 'counted' AND NOT {SHOWN})",
    "erased_is_empty": f"NOT {ERASED} OR (sealed IS NULL AND sealed_message IS NULL AND sealed_contact IS NULL AND country IS NULL AND source IS NULL"
    " AND evidence IS NULL AND mailbox_index IS NULL AND organisation_index IS NULL AND words_mark IS NULL)",
    "shown_has_name": f"NOT {SHOWN} OR (kind = 'person' AND name IS NOT NULL) OR (kind = 'organisation' AND organisation_name IS NOT NULL)",
    "sealed_has_name": f"sealed IS NOT NULL OR visibility = 'counted' OR {SHOWN} OR {ERASED}",
    "ended_on": "ended_on IS NULL OR state IN ('rejected', 'invalidated')",
    "import_has_source": f"provenance <> 'imported' OR source IS NOT NULL OR {ERASED}",
}
WRITTEN = sa.text("line IS NOT NULL")
NAMED_LINE = sa.text("signature_id IS NOT NULL")
AT_ONCE = 500


def _table(called: str, /, **columns: type) -> sa.TableClause:
    return sa.table(called, *(sa.column(column, kind()) for column, kind in columns.items()))


signatures = _table(
    "signatures",
    id=sa.Uuid,
    kind=sa.String,
    state=sa.String,
    visibility=sa.String,
    provenance=sa.String,
    source=sa.Text,
    evidence=sa.Text,
    sealed=sa.LargeBinary,
    reason=sa.Text,
    sealed_reason=sa.LargeBinary,
    organisation_id=sa.Integer,
    words_mark=sa.LargeBinary,
    approved_on=sa.Date,
    removed_on=sa.Date,
    ended_on=sa.Date,
    collected_on=sa.Date,
    changed_on=sa.Date,
    folded=sa.Boolean,
    **dict.fromkeys(NAMED, sa.Text),
)
frozen_lists = _table("frozen_lists", id=sa.String, sha256=sa.String, sealed_former=sa.LargeBinary)
frozen_lines = _table("frozen_lines", frozen_id=sa.String, number=sa.Integer, line=sa.Text)
hidden_lines = _table("hidden_frozen_lines", id=sa.Uuid, frozen_id=sa.String, number=sa.Integer, sealed=sa.LargeBinary)
organisations = _table("organisations", id=sa.Integer, from_signature=sa.Boolean)


def upgrade() -> None:
    with op.batch_alter_table("signatures") as table:
        for name in BEFORE:
            table.drop_constraint(op.f(f"ck_signatures_{name}"), type_="check")
        table.add_column(sa.Column("sealed_reason", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
    _seal_names()
    with op.batch_alter_table("signatures") as table:
        table.drop_column("reason")
        for name, condition in AFTER.items():
            table.create_check_constraint(op.f(f"ck_signatures_{name}"), condition)
    ended = sa.text("ended_on IS NOT NULL")
    op.create_index("ix_signatures_ended_on", "signatures", ["ended_on"], sqlite_where=ended, postgresql_where=ended)

    # Lines go with their batch.
    op.execute("DELETE FROM review_batch_lines")
    op.execute("DELETE FROM review_batches")
    with op.batch_alter_table("review_batch_lines") as table:
        table.drop_column("after")
        table.add_column(sa.Column("after", sa.LargeBinary(), nullable=False))

    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("from_signature", sa.Boolean(), nullable=False, server_default=sa.false()))
    _mark_organisations()
    with op.batch_alter_table("organisations") as table:
        table.alter_column("from_signature", server_default=None)

    with op.batch_alter_table("frozen_lists") as table:
        table.alter_column("sha256", existing_type=sa.String(64), nullable=True)
        table.add_column(sa.Column("sealed_former", sa.LargeBinary(), nullable=True))
        table.create_check_constraint(op.f("ck_frozen_lists_one_digest"), "sha256 IS NULL OR sealed_former IS NULL")
    _seal_digests()
    op.drop_index("ix_frozen_lines_written", "frozen_lines")
    with op.batch_alter_table("frozen_lines") as table:
        table.add_column(sa.Column("digest", sa.String(64), nullable=True))
    op.create_index("ix_frozen_lines_written", "frozen_lines", ["signature_id"], sqlite_where=NAMED_LINE, postgresql_where=NAMED_LINE)
    op.create_table(
        "hidden_frozen_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("frozen_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_id", "number"],
            ["frozen_lines.frozen_id", "frozen_lines.number"],
            name=op.f("fk_hidden_frozen_lines_frozen_id_number_frozen_lines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hidden_frozen_lines")),
        sa.UniqueConstraint("frozen_id", "number", name=op.f("uq_hidden_frozen_lines_frozen_id_number")),
    )


def downgrade() -> None:
    _open_lines()
    op.drop_table("hidden_frozen_lines")
    op.drop_index("ix_frozen_lines_written", "frozen_lines")
    with op.batch_alter_table("frozen_lines") as table:
        table.drop_column("digest")
    op.create_index("ix_frozen_lines_written", "frozen_lines", ["signature_id"], sqlite_where=WRITTEN, postgresql_where=WRITTEN)
    _open_digests()
    with op.batch_alter_table("frozen_lists") as table:
        table.drop_constraint(op.f("ck_frozen_lists_one_digest"), type_="check")
        table.drop_column("sealed_former")
        table.alter_column("sha256", existing_type=sa.String(64), nullable=False)

    with op.batch_alter_table("organisations") as table:
        table.drop_column("from_signature")

    op.execute("DELETE FROM review_batch_lines")
    op.execute("DELETE FROM review_batches")
    with op.batch_alter_table("review_batch_lines") as table:
        table.drop_column("after")
        table.add_column(sa.Column("after", sa.String(64), nullable=False))

    op.drop_index("ix_signatures_ended_on", "signatures")
    with op.batch_alter_table("signatures") as table:
        for name in AFTER:
            table.drop_constraint(op.f(f"ck_signatures_{name}"), type_="check")
        table.add_column(sa.Column("reason", sa.Text(), nullable=True))
    _open_names()
    with op.batch_alter_table("signatures") as table:
        table.drop_column("sealed_reason")
        table.drop_column("ended_on")
        for name, condition in BEFORE.items():
            table.create_check_constraint(op.f(f"ck_signatures_{name}"), condition)


def _seal_names() -> None:
    """Seal the names that are not listed, and all reasons; empty what withdrawn ones still have."""
    bind, of, columns = op.get_bind(), sa.update(signatures), signatures.c
    withdrawn = dict.fromkeys(("source", "evidence", "collected_on", "changed_on", "reason", "words_mark"))
    bind.execute(of.where(columns.state == "withdrawn").values(withdrawn))
    bind.execute(of.where(columns.state.in_(("rejected", "invalidated"))).values(ended_on=dt.datetime.now(dt.UTC).date()))
    for row in bind.execute(sa.select(columns.id, columns.reason).where(columns.reason.is_not(None))).all():
        sealed = vault().seal(row.reason.encode(), "signatures", "sealed_reason", row.id)
        bind.execute(of.where(columns.id == row.id).values(sealed_reason=sealed))

    held = (columns.visibility == "public", columns.state.not_in(("confirmed", "listed", "withdrawn")))
    ids = bind.scalars(sa.select(columns.id).where(*held)).all()
    for start in range(0, len(ids), AT_ONCE):
        for row in bind.execute(sa.select(signatures).where(columns.id.in_(ids[start : start + AT_ONCE]))).all():
            kept = {column: getattr(row, column) for column in (*KEPT, "organisation_id")}
            if row.message:
                kept["message"] = row.message
            sealed = vault().seal_json(kept, "signatures", "sealed", row.id)
            emptied = dict.fromkeys((*NAMED, "organisation_id"))
            bind.execute(of.where(columns.id == row.id).values(emptied | {"sealed": sealed}))


def _open_names() -> None:
    """Write the names back; what was erased meanwhile counts as withdrawn."""
    bind, of, columns = op.get_bind(), sa.update(signatures), signatures.c
    erased = (columns.state.in_(("rejected", "invalidated")), columns.ended_on.is_(None))
    bind.execute(
        of.where(*erased).values(state="withdrawn", removed_on=None, approved_on=None, sealed_reason=None, folded=False)
    )
    bind.execute(of.where(columns.provenance == "imported", columns.source.is_(None)).values(source=""))
    for row in bind.execute(sa.select(columns.id, columns.sealed_reason).where(columns.sealed_reason.is_not(None))).all():
        reason = vault().unseal(row.sealed_reason, "signatures", "sealed_reason", row.id).decode().rstrip(" ")
        bind.execute(of.where(columns.id == row.id).values(reason=reason))

    held = (columns.visibility == "public", columns.sealed.is_not(None))
    for row in bind.execute(sa.select(columns.id, columns.kind, columns.sealed).where(*held)).all():
        names = vault().unseal_json(row.sealed, "signatures", "sealed", row.id)
        listed_as = names["organisation_name"] if row.kind == "organisation" else names["name"]
        words = " ".join(part for part in (names["organisation_name"], names["name"], names["city"]) if part)
        keys = {"sort_key": sort_key(listed_as), "search_key": search_key(words), "sealed": None}
        bind.execute(of.where(columns.id == row.id).values(names | keys))


def _mark_organisations() -> None:
    """Mark what only an import brought. Of others nothing says for certain how they came."""
    imports = _table("imports", entered=sa.Text)
    bind = op.get_bind()
    for entered in bind.scalars(sa.select(imports.c.entered).where(imports.c.entered.is_not(None))).all():
        ids = [int(number) for number in entered.strip("[]").split(",") if number.strip()]
        for start in range(0, len(ids), AT_ONCE):
            some = organisations.c.id.in_(ids[start : start + AT_ONCE])
            bind.execute(sa.update(organisations).where(some).values(from_signature=True))


def _seal_digests() -> None:
    bind, columns = op.get_bind(), frozen_lists.c
    for row in bind.execute(sa.select(columns.id, columns.sha256)).all():
        sealed = vault().seal(row.sha256.encode(), "frozen_lists", "sealed_former", row.id)
        bind.execute(sa.update(frozen_lists).where(columns.id == row.id).values(sha256=None, sealed_former=sealed))


def _open_digests() -> None:
    bind, columns = op.get_bind(), frozen_lists.c
    for row in bind.execute(sa.select(columns.id, columns.sealed_former).where(columns.sealed_former.is_not(None))).all():
        former = vault().unseal(row.sealed_former, "frozen_lists", "sealed_former", row.id).decode()
        # The constraint allows one of them.
        bind.execute(sa.update(frozen_lists).where(columns.id == row.id).values(sha256=former, sealed_former=None))


def _open_lines() -> None:
    bind = op.get_bind()
    for row in bind.execute(sa.select(hidden_lines)).all():
        line = vault().unseal(row.sealed, "hidden_frozen_lines", "sealed", row.id).decode().rstrip(" ")
        same = (frozen_lines.c.frozen_id == row.frozen_id, frozen_lines.c.number == row.number)
        bind.execute(sa.update(frozen_lines).where(*same).values(line=line))
