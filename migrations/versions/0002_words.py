"""Find the messages that signatories left without reading the whole list.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PREDICATE = sa.text("state = 'listed' AND message IS NOT NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_signatures_words", "signatures", ["statement_id", "position"], sqlite_where=_PREDICATE, postgresql_where=_PREDICATE)


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_signatures_words", table_name="signatures")
