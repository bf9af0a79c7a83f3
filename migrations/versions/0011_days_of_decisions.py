"""Signatures keep the days of the team's decisions, which a page read from the text of the log until now.

Revision ID: 0011
Revises: 0010
"""

import datetime as dt
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPROVED = "approved_on IS NULL OR (kind = 'organisation' AND state NOT IN ('review', 'rejected', 'withdrawn'))"
REMOVED = "removed_on IS NULL OR state IN ('hidden', 'invalidated')"
REMOVING = ("signature hidden", "signature reported", "report upheld", "signature invalidated")
APPROVING = ("organisation approved",)


def upgrade() -> None:
    with op.batch_alter_table("signatures") as table:
        table.add_column(sa.Column("approved_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("removed_on", sa.Date(), nullable=True))
        table.create_check_constraint(op.f("ck_signatures_approved_on"), APPROVED)
        table.create_check_constraint(op.f("ck_signatures_removed_on"), REMOVED)
    signatures = sa.table("signatures", *(sa.column(name, type_) for name, type_ in (
        ("id", sa.Uuid()), ("kind", sa.String()), ("state", sa.String()), ("approved_on", sa.Date()), ("removed_on", sa.Date()),
    )))
    may_be_approved = sa.and_(signatures.c.kind == "organisation", signatures.c.state.not_in(("review", "rejected", "withdrawn")))
    _take_over(signatures, "approved_on", APPROVING, may_be_approved)
    _take_over(signatures, "removed_on", REMOVING, signatures.c.state.in_(("hidden", "invalidated")))


def downgrade() -> None:
    with op.batch_alter_table("signatures") as table:
        table.drop_constraint(op.f("ck_signatures_removed_on"), type_="check")
        table.drop_constraint(op.f("ck_signatures_approved_on"), type_="check")
        table.drop_column("removed_on")
        table.drop_column("approved_on")


def _take_over(signatures: sa.TableClause, column: str, actions: tuple[str, ...], where: sa.ColumnElement[bool]) -> None:
    """Write the day (UTC) of the last such entry about each signature."""
    log = sa.table("audit_entries", *(sa.column(name, type_) for name, type_ in (
        ("id", sa.Integer()), ("at", sa.DateTime(timezone=True)), ("action", sa.String()), ("subject", sa.String()),
    )))
    bind = op.get_bind()
    entries = bind.execute(sa.select(log.c.subject, log.c.at).where(log.c.action.in_(actions)).order_by(log.c.id)).all()
    days = {}
    for subject, at in entries:
        # Older entries part the two by a space.
        what, _mark, which = subject.replace(" ", ":", 1).partition(":")
        if what == "signature":
            # SQLite keeps moments in UTC without saying so.
            days[uuid.UUID(which)] = (at.astimezone(dt.UTC) if at.tzinfo else at).date()
    for signature_id, day in days.items():
        bind.execute(sa.update(signatures).where(signatures.c.id == signature_id, where).values({column: day}))
