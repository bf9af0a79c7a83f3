"""Free texts about people are sealed: remarks on suggestions, purposes of exports, sources of answers.

Each is sealed under the newest of VAULT_KEYS, bound to its row, as the app seals it. Where an answer recorded by hand came from
is no longer copied into its signature: it stays with the invitation.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from campaign.core.vault import SealBroken, vault

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Table, type of its id, the text in clear, the sealed one. Both are the format that campaign.core.vault keeps for good.
_MOVED = (
    ("invitations", sa.Uuid(), "source", "sealed_source"),
    ("suggestions", sa.Integer(), "remark", "sealed_remark"),
    ("complete_exports", sa.Uuid(), "why", "sealed_why"),
)
_BY_HAND = "way <> 'by hand' OR {} IS NOT NULL"
_CHECK = "ck_invitations_by_hand_has_source"


def upgrade() -> None:
    for table, kind, clear, sealed in _MOVED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(sealed, sa.LargeBinary(), nullable=True))
        _seal(op.get_bind(), table, kind, clear, sealed)
    op.execute("UPDATE signatures SET source = NULL WHERE provenance = 'by hand'")
    with op.batch_alter_table("invitations") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
        batch.create_check_constraint(op.f(_CHECK), _BY_HAND.format("sealed_source"))
    for table, _kind, clear, sealed in _MOVED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(clear)
            if sealed == "sealed_why":
                batch.alter_column(sealed, existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    for table, kind, clear, sealed in _MOVED:
        long = sa.String(200) if clear == "source" else sa.Text()
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(clear, long, nullable=True))
        _unseal(op.get_bind(), table, kind, clear, sealed)
    op.execute(
        "UPDATE signatures SET source = (SELECT invitations.source FROM invitations WHERE invitations.signature_id ="
        " signatures.id) WHERE provenance = 'by hand'"
    )
    op.execute("UPDATE suggestions SET remark = '' WHERE remark IS NULL")
    with op.batch_alter_table("invitations") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
        batch.create_check_constraint(op.f(_CHECK), _BY_HAND.format("source"))
    for table, _kind, clear, sealed in _MOVED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(sealed)
            if clear in ("remark", "why"):
                batch.alter_column(clear, existing_type=sa.Text(), nullable=False)


def _rows(connection: sa.Connection, table: str, kind: object, column: str, of: object) -> tuple[sa.Table, list[sa.Row]]:
    rows = sa.table(table, sa.column("id", kind), sa.column(column, of))
    found = connection.execute(sa.select(rows.c.id, rows.c[column]).where(rows.c[column].is_not(None))).all()
    return rows, list(found)


def _seal(connection: sa.Connection, table: str, kind: object, clear: str, sealed: str) -> None:
    _read, found = _rows(connection, table, kind, clear, sa.Text())
    rows = sa.table(table, sa.column("id", kind), sa.column(sealed, sa.LargeBinary()))
    for row_id, said in found:
        # A remark was empty where there was none.
        if said or sealed != "sealed_remark":
            value = vault().seal(said.encode(), table, sealed, row_id)
            connection.execute(sa.update(rows).where(rows.c.id == row_id).values({sealed: value}))


def _unseal(connection: sa.Connection, table: str, kind: object, clear: str, sealed: str) -> None:
    _read, found = _rows(connection, table, kind, sealed, sa.LargeBinary())
    rows = sa.table(table, sa.column("id", kind), sa.column(clear, sa.Text()))
    for row_id, value in found:
        try:
            said = vault().unseal(value, table, sealed, row_id).decode().rstrip(" ")
        except SealBroken:
            said = ""
        connection.execute(sa.update(rows).where(rows.c.id == row_id).values({clear: said}))
