"""What members type in the editor and have not saved yet is kept for them, sealed.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsaved_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["team_members.id"],
            name="fk_unsaved_texts_member_id_team_members",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name="fk_unsaved_texts_statement_id_statements",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unsaved_texts"),
        sa.UniqueConstraint("member_id", "statement_id", name="uq_unsaved_texts_member_id_statement_id"),
    )
    op.create_index("ix_unsaved_texts_statement_id", "unsaved_texts", ["statement_id"])
    op.create_index("ix_unsaved_texts_saved_at", "unsaved_texts", ["saved_at"])
    op.create_index(
        "uq_unsaved_texts_new",
        "unsaved_texts",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("statement_id IS NULL"),
        postgresql_where=sa.text("statement_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("unsaved_texts")
