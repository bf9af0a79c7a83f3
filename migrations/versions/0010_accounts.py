"""The random value of a member gets the name of what it is for: the address of their calendar.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("fs_uniquifier", "calendar_key")


def downgrade() -> None:
    _rename("calendar_key", "fs_uniquifier")


def _rename(before: str, after: str) -> None:
    text = sa.String(64)
    with op.batch_alter_table("team_members") as table:
        table.drop_constraint(op.f(f"uq_team_members_{before}"), type_="unique")
        # From version 18 on PostgreSQL names NOT NULL after the column: it is dropped, and set under the new name.
        table.alter_column(before, new_column_name=after, existing_type=text, nullable=True)
    with op.batch_alter_table("team_members") as table:
        table.alter_column(after, existing_type=text, nullable=False)
        table.create_unique_constraint(op.f(f"uq_team_members_{after}"), [after])
