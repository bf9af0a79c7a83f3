"""Lists taken over from elsewhere: their rows while they wait, what an import brought, and when names were collected.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OVER = "stage IN ('done', 'undone', 'failed')"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("evidence", sa.String(200), nullable=True),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('reading', 'checking', 'checked', 'queued', 'done', 'undone', 'failed')", name=op.f("ck_imports_stage")),
        sa.CheckConstraint(f"({_OVER}) = (finished_at IS NOT NULL)", name=op.f("ck_imports_finished_at")),
        sa.CheckConstraint(f"({_OVER}) = (sealed IS NULL)", name=op.f("ck_imports_sealed_until_over")),
        sa.CheckConstraint("source <> ''", name=op.f("ck_imports_source")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_imports_statement_id_statements"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_imports_member_id_team_members"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    for column in ("statement_id", "member_id", "stage"):
        op.create_index(op.f(f"ix_imports_{column}"), "imports", [column], unique=False)
    op.create_table(
        "import_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=True),
        sa.Column("prepared", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_parts_import_id_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_parts")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_parts_import_id_number")),
    )
    op.create_table(
        "imported_signatures",
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_imported_signatures_signature_id_signatures"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_imported_signatures_import_id_imports"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("signature_id", name=op.f("pk_imported_signatures")),
    )
    op.create_index(op.f("ix_imported_signatures_import_id"), "imported_signatures", ["import_id"], unique=False)
    with op.batch_alter_table("signatures") as table:
        table.add_column(sa.Column("collected_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("changed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signatures") as table:
        table.drop_column("changed_on")
        table.drop_column("collected_on")
    op.drop_table("imported_signatures")
    op.drop_table("import_parts")
    op.drop_table("imports")
