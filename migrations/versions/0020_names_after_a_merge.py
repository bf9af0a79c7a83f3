"""A signature whose organisation was merged into another record keeps the name as signed, on open lists too.

Of merges before this migration nothing is known any more, except that the record that stays has the name as an alias.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("keeps_name", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signatures") as batch:
        batch.drop_column("keeps_name")
