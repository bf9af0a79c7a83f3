"""Search keys are made anew, so that what was entered before is found by what people type (decision 0042).

In parts, by key, and only where a key changes: a million signatures take about a minute and no more memory than one part. Keys are
those of the release that runs this, and the way back writes those of the release before. Keyed hashes of names stay as they are.

Revision ID: 0019
Revises: 0018
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from campaign.core.hashed_names import name_for_hash
from campaign.core.search import search_key

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PART = 5_000
_LONGEST = 400
_REGISTERS = ("organisation_names", "person_names")
_signatures = sa.table(
    "signatures",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("organisation_name", sa.String()),
    sa.column("city", sa.String()),
    sa.column("search_key", sa.Text()),
)
_watched = sa.table(
    "watched_names", sa.column("id", sa.Integer()), sa.column("name", sa.String()), sa.column("key", sa.String())
)


def upgrade() -> None:
    _make_anew(search_key)


def downgrade() -> None:
    _make_anew(name_for_hash)


def _make_anew(key_of: Callable[[str], str]) -> None:
    connection = op.get_bind()
    for name in _REGISTERS:
        table = sa.table(
            name, sa.column("id", sa.Integer()), sa.column("name", sa.String()), sa.column("search_key", sa.String())
        )
        _update(connection, table, table.c.search_key, (table.c.name,), lambda row: key_of(row[0])[:_LONGEST])
    parts = _signatures.c.organisation_name, _signatures.c.name, _signatures.c.city
    _update(connection, _signatures, _signatures.c.search_key, parts, lambda row: key_of(" ".join(filter(None, row))))
    _watch(connection, key_of)


def _update(
    connection: sa.Connection,
    table: sa.TableClause,
    key: sa.ColumnClause[str],
    parts: tuple[sa.ColumnClause[str], ...],
    key_of: Callable[[tuple[str | None, ...]], str],
) -> None:
    change = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values({key.name: sa.bindparam("made")})
    rows = sa.select(table.c.id, key, *parts).where(key.is_not(None)).order_by(table.c.id).limit(_PART)
    part = connection.execute(rows).all()
    while part:
        made = [(row[0], row[1], key_of(tuple(row[2:]))) for row in part]
        changed = [{"row_id": row_id, "made": new} for row_id, old, new in made if old != new]
        if changed:
            connection.execute(change, changed)
        part = connection.execute(rows.where(table.c.id > part[-1][0])).all()


def _watch(connection: sa.Connection, key_of: Callable[[str], str]) -> None:
    """Keys of watched names are unique: a second spelling of a name that is now the same goes."""
    made: dict[str, int] = {}
    rows = connection.execute(sa.select(_watched.c.id, _watched.c.name).order_by(_watched.c.id)).all()
    for row_id, name in rows:
        made.setdefault(key_of(name)[:_LONGEST], row_id)
    kept = set(made.values())
    for row_id, _name in rows:
        held = _watched.c.id == row_id
        if row_id in kept:
            # First a key that no other can have: two rows may change places.
            connection.execute(sa.update(_watched).where(held).values(key=f"{row_id}#"))
        else:
            connection.execute(sa.delete(_watched).where(held))
    for key, row_id in made.items():
        connection.execute(sa.update(_watched).where(_watched.c.id == row_id).values(key=key))
