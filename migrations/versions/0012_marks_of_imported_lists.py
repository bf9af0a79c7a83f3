"""An import carries the mark by which its list is known again; the audit log held it before.

Entries of the audit log stay as they are, since each seals the one before it. An entry names no import: it is of the one into its
statement, by the same member, with the same counts, that finished last before the entry was written. A list that was imported before
there were imports (0007) has no row to carry its mark, so it is not known again.

The way back keeps no mark: the release before reads them in the log alone, and a migration adds nothing to what is sealed there. Lists
imported since are then not known again as such; the names on them are still found to be doubles when one is checked.

Revision ID: 0012
Revises: 0011
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_IMPORTED = "stage IN ('done', 'undone')"
_imports = sa.table(
    "imports",
    sa.column("id", sa.Uuid()),
    sa.column("statement_id", sa.Integer()),
    sa.column("member_id", sa.Integer()),
    sa.column("stage", sa.String()),
    sa.column("people", sa.Integer()),
    sa.column("organisations", sa.Integer()),
    sa.column("finished_at", sa.DateTime(timezone=True)),
    sa.column("list_mark", sa.LargeBinary()),
)
_entries = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("member_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.Text()),
)
_statements = sa.table("statements", sa.column("id", sa.Integer()), sa.column("slug", sa.String()))
_former = sa.table("former_slugs", sa.column("statement_id", sa.Integer()), sa.column("slug", sa.String()))


def upgrade() -> None:
    with op.batch_alter_table("imports") as table:
        table.add_column(sa.Column("list_mark", sa.LargeBinary(), nullable=True))
        table.create_check_constraint(op.f("ck_imports_list_mark"), f"list_mark IS NULL OR {_IMPORTED}")
    _move_marks(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("imports") as table:
        table.drop_constraint(op.f("ck_imports_list_mark"), type_="check")
        table.drop_column("list_mark")


def _move_marks(connection: sa.Connection) -> None:
    # A statement may have had another address then.
    places = dict(connection.execute(sa.select(_former.c.slug, _former.c.statement_id)).tuples().all())
    places |= dict(connection.execute(sa.select(_statements.c.slug, _statements.c.id)).tuples().all())
    recorded = sa.select(_entries).where(_entries.c.action == "signatures imported").order_by(_entries.c.id)
    for entry in connection.execute(recorded).all():
        details = json.loads(entry.details)
        statement_id = places.get(entry.subject.replace(" ", ":", 1).partition(":")[2])
        if statement_id is not None and "list" in details:
            _mark(connection, entry, statement_id, details)


def _mark(connection: sa.Connection, entry: sa.Row, statement_id: int, details: dict[str, object]) -> None:
    columns = _imports.c
    found = connection.scalar(
        sa.select(columns.id)
        .where(
            columns.statement_id == statement_id,
            columns.member_id.is_not_distinct_from(entry.member_id),
            columns.stage.in_(("done", "undone")),
            columns.people == details.get("people"),
            columns.organisations == details.get("organisations"),
            columns.finished_at <= entry.at,
            columns.list_mark.is_(None),
        )
        .order_by(columns.finished_at.desc())
        .limit(1)
    )
    if found is not None:
        mark = bytes.fromhex(str(details["list"]))
        connection.execute(sa.update(_imports).where(columns.id == found).values(list_mark=mark))
