"""Statements and organisations that are made up are marked as such.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("statements", "organisations")


def upgrade() -> None:
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("fictional", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.alter_column("fictional", server_default=None)


def downgrade() -> None:
    for name in reversed(TABLES):
        with op.batch_alter_table(name) as table:
            table.drop_column("fictional")
