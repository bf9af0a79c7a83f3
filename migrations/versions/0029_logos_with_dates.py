"""Logos have the time for which they were shown, so that a closed list keeps those of its time; and names of organisations have
marks, by which an index finds those that have something in common. A signature says whether its
signer was told of an approval.

Of a logo that is there already it is not known since when: it stays on the lists that show it now. On the way back the logo of today
stays, and the former ones go.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from campaign.organisations.name_sounds import marks_of

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_LOGOS, _BEFORE = "organisation_logos", "organisation_logos_before"
_PART = 2_000
_PICTURE = "organisation_id, png, width, height, description, sha256"


def upgrade() -> None:
    _put_aside()
    _make_logos(
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shown_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_merged", sa.Boolean(), nullable=False),
        sa.CheckConstraint("shown_until >= shown_from", name=op.f("ck_organisation_logos_until_after_from")),
        sa.CheckConstraint(
            "NOT from_merged OR shown_until IS NOT NULL", name=op.f("ck_organisation_logos_merged_is_former")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_logos")),
    )
    op.create_index(op.f("ix_organisation_logos_organisation_id"), _LOGOS, ["organisation_id"])
    op.create_index(
        "uq_organisation_logos_present",
        _LOGOS,
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("shown_until IS NULL"),
        postgresql_where=sa.text("shown_until IS NULL"),
    )
    op.execute(
        sa.text(f"INSERT INTO {_LOGOS} ({_PICTURE}, from_merged) SELECT {_PICTURE}, false FROM {_BEFORE}")  # noqa: S608  our own names
    )
    op.drop_table(_BEFORE)
    _make_marks()
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("told_approved", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signatures") as batch:
        batch.drop_column("told_approved")
    op.drop_table("organisation_name_marks")
    _put_aside()
    _make_logos(sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation_logos")))
    op.execute(
        sa.text(
            f"INSERT INTO {_LOGOS} ({_PICTURE}) SELECT {_PICTURE} FROM {_BEFORE} WHERE shown_until IS NULL"  # noqa: S608  our own names
        )
    )
    op.drop_table(_BEFORE)


def _make_marks() -> None:
    """In parts, by key: marks are those of the release that runs this."""
    marks = op.create_table(
        "organisation_name_marks",
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("name_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["name_id"],
            ["organisation_names.id"],
            name=op.f("fk_organisation_name_marks_name_id_organisation_names"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mark", "name_id", name=op.f("pk_organisation_name_marks")),
    )
    op.create_index(op.f("ix_organisation_name_marks_name_id"), "organisation_name_marks", ["name_id"])
    connection = op.get_bind()
    names = sa.table("organisation_names", sa.column("id", sa.Integer()), sa.column("name", sa.String()))
    query = sa.select(names).order_by(names.c.id).limit(_PART)
    part = connection.execute(query).all()
    while part:
        rows = [{"mark": mark, "name_id": name_id} for name_id, name in part for mark in sorted(marks_of(name))]
        if rows:
            connection.execute(sa.insert(marks), rows)
        part = connection.execute(query.where(names.c.id > part[-1][0])).all()


def _put_aside() -> None:
    # A table renamed would keep the names of its constraints, which PostgreSQL gives once in a schema.
    op.execute(sa.text(f"CREATE TABLE {_BEFORE} AS SELECT * FROM {_LOGOS}"))  # noqa: S608  our own names
    op.drop_table(_LOGOS)


def _make_logos(*more: sa.schema.SchemaItem) -> None:
    op.create_table(
        _LOGOS,
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_organisation_logos_size")),
        sa.CheckConstraint("description <> ''", name=op.f("ck_organisation_logos_description")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_logos_organisation_id_organisations"),
            ondelete="CASCADE",
        ),
        *more,
    )
