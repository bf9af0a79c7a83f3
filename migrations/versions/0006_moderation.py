"""Questions to signers, reports of false signatures, names to look at, decisions that are undone together.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OPEN = {"sqlite_where": sa.text("decided_at IS NULL"), "postgresql_where": sa.text("decided_at IS NULL")}
HELD = {"sqlite_where": sa.text("sealed_message IS NOT NULL"), "postgresql_where": sa.text("sealed_message IS NOT NULL")}
STATES = "before IN ('review', 'quarantined', 'confirmed', 'listed', 'hidden', 'rejected', 'invalidated', 'withdrawn')"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "review_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_review_questions_signature_id_signatures"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_review_questions_member_id_team_members"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_questions")),
    )
    op.create_index(op.f("ix_review_questions_signature_id"), "review_questions", ["signature_id"])
    op.create_table(
        "false_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hid", sa.Boolean(), nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("verdict", sa.String(10), nullable=True),
        sa.CheckConstraint("verdict IN ('upheld', 'dismissed')", name=op.f("ck_false_reports_verdict")),
        sa.CheckConstraint("(decided_at IS NULL) = (verdict IS NULL)", name=op.f("ck_false_reports_decided")),
        sa.CheckConstraint("decided_at IS NULL OR sealed IS NULL", name=op.f("ck_false_reports_sealed_until_decided")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_false_reports_statement_id_statements")),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_false_reports_signature_id_signatures"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_false_reports")),
    )
    op.create_index(op.f("ix_false_reports_signature_id"), "false_reports", ["signature_id"])
    op.create_index("ix_false_reports_of_statement", "false_reports", ["statement_id", "reported_at"])
    op.create_index("ix_false_reports_open", "false_reports", ["statement_id"], **OPEN)
    op.create_table(
        "watched_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("key", sa.String(400), nullable=False),
        sa.CheckConstraint("kind IN ('word', 'person')", name=op.f("ck_watched_names_kind")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_watched_names_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_names")),
        sa.UniqueConstraint("key", name=op.f("uq_watched_names_key")),
    )
    op.create_table(
        "review_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", moment, nullable=False),
        sa.Column("undone_at", moment, nullable=True),
        sa.CheckConstraint("action IN ('approve', 'reject', 'accept', 'invalidate')", name=op.f("ck_review_batches_action")),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_review_batches_member_id_team_members"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_batches")),
    )
    op.create_index(op.f("ix_review_batches_member_id"), "review_batches", ["member_id"])
    op.create_table(
        "review_batch_lines",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.String(12), nullable=False),
        sa.Column("after", sa.String(64), nullable=False),
        sa.Column("mailed", sa.Boolean(), nullable=False),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_review_batch_lines_before")),
        sa.ForeignKeyConstraint(["batch_id"], ["review_batches.id"], name=op.f("fk_review_batch_lines_batch_id_review_batches"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_review_batch_lines_signature_id_signatures"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch_id", "signature_id", name=op.f("pk_review_batch_lines")),
    )
    op.create_index(op.f("ix_review_batch_lines_signature_id"), "review_batch_lines", ["signature_id"])
    op.create_index("ix_signatures_messages", "signatures", ["statement_id"], **HELD)


def downgrade() -> None:
    op.drop_index("ix_signatures_messages", "signatures")
    for table in ("review_batch_lines", "review_batches", "watched_names", "false_reports", "review_questions"):
        op.drop_table(table)
