"""At high safety nothing of a mailbox is kept: no index, no seat, and no place held by what the team alone sees.

The rows that are there lose what they had. An organisation that waits for review, was refused, or is seen by the team alone
keeps a place of its own that nobody else can meet: 32 random bytes, since its key is not at hand here. Tallies of mails say
whether a statement has mailed a mailbox this week; they do not say which statement, so all of them end. Forms that wait keep
their links, which end as they were promised.

Going back leaves those rows without an index: everyone could sign once more, and nobody is told apart wrongly.

Revision ID: 0015
Revises: 0014
"""

import os

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_statements = sa.table("statements", sa.column("id", sa.Integer()), sa.column("safety", sa.String()))
_signatures = sa.table(
    "signatures",
    sa.column("id", sa.Uuid()),
    sa.column("statement_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("state", sa.String()),
    sa.column("visibility", sa.String()),
    sa.column("mailbox_index", sa.LargeBinary()),
    sa.column("seat", sa.Integer()),
    sa.column("organisation_index", sa.LargeBinary()),
)
_tallies = sa.table("mail_tallies", sa.column("index", sa.LargeBinary()))


def upgrade() -> None:
    op.create_table(
        "confirmation_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_requests")),
    )
    op.create_index(op.f("ix_confirmation_requests_expires_at"), "confirmation_requests", ["expires_at"])
    op.create_table(
        "link_keys",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_link_keys")),
    )
    with op.batch_alter_table("submissions") as table:
        table.add_column(sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
        table.create_index(op.f("ix_submissions_received_at"), ["received_at"])
    _forget(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("submissions") as table:
        table.drop_index(op.f("ix_submissions_received_at"))
        table.drop_column("received_at")
    op.drop_table("link_keys")
    op.drop_index(op.f("ix_confirmation_requests_expires_at"), "confirmation_requests")
    op.drop_table("confirmation_requests")


def _forget(connection: sa.Connection) -> None:
    columns = _signatures.c
    high = columns.statement_id.in_(sa.select(_statements.c.id).where(_statements.c.safety == "high"))
    kept = sa.or_(columns.mailbox_index.is_not(None), columns.seat.is_not(None))
    connection.execute(sa.update(_signatures).where(high, kept).values(mailbox_index=None, seat=None))
    claims = sa.or_(columns.state.in_(("review", "rejected")), columns.visibility == "team")
    holding = sa.select(columns.id).where(
        high, columns.kind == "organisation", claims, columns.organisation_index.is_not(None)
    )
    ids = connection.scalars(holding).all()
    own = sa.update(_signatures).where(columns.id == sa.bindparam("row", type_=sa.Uuid()))
    own = own.values(organisation_index=sa.bindparam("place", type_=sa.LargeBinary()))
    for start in range(0, len(ids), _AT_ONCE):
        connection.execute(
            own, [{"row": one, "place": os.urandom(32)} for one in ids[start : start + _AT_ONCE]]
        )
    connection.execute(sa.delete(_tallies))
