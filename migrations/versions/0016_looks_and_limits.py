"""Looks at names that only the team may see.

Revision ID: 0016
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "name_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("two_people", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_name_looks_two_people")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)",
            name=op.f("ck_name_looks_decided"),
        ),
        sa.CheckConstraint(
            "fetched_at IS NULL OR (NOT two_people OR (granted IS NOT NULL AND granted))",
            name=op.f("ck_name_looks_fetched_if_granted"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_name_looks_signature_id_signatures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["team_members.id"], name=op.f("fk_name_looks_asked_by_team_members")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["team_members.id"], name=op.f("fk_name_looks_decided_by_team_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_looks")),
    )
    op.create_index(op.f("ix_name_looks_signature_id"), "name_looks", ["signature_id"])
    op.create_index("ix_name_looks_asked_by", "name_looks", ["asked_by", "asked_at"])


def downgrade() -> None:
    op.drop_table("name_looks")
