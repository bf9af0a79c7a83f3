"""Exports of long lists, which the worker makes.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("with_passphrase", sa.Boolean(), nullable=False),
        sa.Column("sealed_passphrase", sa.LargeBinary(), nullable=True),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("list_left", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("mimetype", sa.String(length=200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stage IN ('queued', 'making', 'done', 'outdated', 'failed')", name=op.f("ck_export_jobs_stage")
        ),
        sa.CheckConstraint("passed >= 0 AND total >= 0 AND attempts >= 0", name=op.f("ck_export_jobs_counts")),
        sa.CheckConstraint("stage <> 'done' OR file_name IS NOT NULL", name=op.f("ck_export_jobs_file_name")),
        sa.CheckConstraint(
            "sealed_passphrase IS NULL OR stage IN ('queued', 'making', 'failed')",
            name=op.f("ck_export_jobs_sealed_passphrase"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["team_members.id"],
            name=op.f("fk_export_jobs_member_id_team_members"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name=op.f("fk_export_jobs_statement_id_statements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_jobs")),
    )
    with op.batch_alter_table("export_jobs") as table:
        table.create_index("ix_export_jobs_member_id", ["member_id"])
        table.create_index("ix_export_jobs_stage", ["stage"])
        table.create_index("ix_export_jobs_statement_id", ["statement_id"])


def downgrade() -> None:
    op.drop_table("export_jobs")
