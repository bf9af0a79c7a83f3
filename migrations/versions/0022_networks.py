"""Networks: organisations with members, each for a span of time; and the statements of a network.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_PRECISIONS = "('day', 'month', 'year')"


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch:
        batch.add_column(sa.Column("is_network", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("organisations") as batch:
        batch.alter_column("is_network", server_default=None)
    op.create_table(
        "network_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("since_precision", sa.String(length=5), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("until_precision", sa.String(length=5), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.CheckConstraint("network_id <> member_id", name=op.f("ck_network_memberships_not_itself")),
        sa.CheckConstraint("until >= since", name=op.f("ck_network_memberships_until_after_since")),
        sa.CheckConstraint(
            f"since_precision IN {_PRECISIONS}", name=op.f("ck_network_memberships_since_precision")
        ),
        sa.CheckConstraint(
            f"until_precision IN {_PRECISIONS}", name=op.f("ck_network_memberships_until_precision")
        ),
        sa.ForeignKeyConstraint(
            ["network_id"],
            ["organisations.id"],
            name=op.f("fk_network_memberships_network_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["organisations.id"],
            name=op.f("fk_network_memberships_member_id_organisations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_memberships")),
        sa.UniqueConstraint(
            "network_id", "member_id", "since", name=op.f("uq_network_memberships_network_id_member_id_since")
        ),
    )
    op.create_index(op.f("ix_network_memberships_member_id"), "network_memberships", ["member_id"])
    for name, where in (("present", "until IS NULL"), ("without_since", "since IS NULL")):
        op.create_index(
            f"uq_network_memberships_{name}",
            "network_memberships",
            ["network_id", "member_id"],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    with op.batch_alter_table("statements") as batch:
        batch.add_column(sa.Column("network_id", sa.Integer(), nullable=True))
        batch.create_index(op.f("ix_statements_network_id"), ["network_id"])
        batch.create_foreign_key(
            op.f("fk_statements_network_id_organisations"), "organisations", ["network_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("statements") as batch:
        batch.drop_constraint(op.f("fk_statements_network_id_organisations"), type_="foreignkey")
        batch.drop_index(op.f("ix_statements_network_id"))
        batch.drop_column("network_id")
    op.drop_table("network_memberships")
    with op.batch_alter_table("organisations") as batch:
        batch.drop_column("is_network")
