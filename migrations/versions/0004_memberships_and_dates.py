"""For which organisations a member of the team works, and how much of the date on a text is known.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memberships",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_memberships_member_id_team_members"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id_organisations")),
        sa.PrimaryKeyConstraint("member_id", "organisation_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"], unique=False)


    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("dated_precision", sa.String(5), nullable=False, server_default="day"))
    with op.batch_alter_table("statements") as table:
        table.alter_column("dated_precision", existing_type=sa.String(5), existing_nullable=False, server_default=None)
        table.create_check_constraint(op.f("ck_statements_dated_precision"), "dated_precision IN ('day', 'month', 'year')")


def downgrade() -> None:
    with op.batch_alter_table("statements") as table:
        table.drop_constraint(op.f("ck_statements_dated_precision"), type_="check")
        table.drop_column("dated_precision")
    op.drop_table("memberships")
