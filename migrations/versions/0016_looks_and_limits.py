"""Looks at names that only the team may see; mails of submissions, and answers to lost links, that wait.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITS = "mail_waits IN ('held', 'queued')"
NO_MAIL_YET = "mail_waits IS NULL OR (sealed IS NOT NULL AND code_index IS NULL AND signature_id IS NULL)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "name_looks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("two_people", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_name_looks_two_people")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)",
            name=op.f("ck_name_looks_decided"),
        ),
        sa.CheckConstraint(
            "fetched_at IS NULL OR (NOT two_people OR (granted IS NOT NULL AND granted))",
            name=op.f("ck_name_looks_fetched_if_granted"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_name_looks_signature_id_signatures"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["team_members.id"], name=op.f("fk_name_looks_asked_by_team_members")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["team_members.id"], name=op.f("fk_name_looks_decided_by_team_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_looks")),
    )
    op.create_index(op.f("ix_name_looks_signature_id"), "name_looks", ["signature_id"])
    op.create_index("ix_name_looks_asked_by", "name_looks", ["asked_by", "asked_at"])
    with op.batch_alter_table("submissions") as table:
        table.add_column(sa.Column("mail_waits", sa.String(8), nullable=True))
        table.create_check_constraint(op.f("ck_submissions_mail_waits"), WAITS)
        table.create_check_constraint(op.f("ck_submissions_no_mail_yet"), NO_MAIL_YET)
    op.create_index(
        "ix_submissions_waiting",
        "submissions",
        ["statement_id", "expires_at"],
        sqlite_where=sa.text("mail_waits IS NOT NULL"),
        postgresql_where=sa.text("mail_waits IS NOT NULL"),
    )
    with op.batch_alter_table("link_requests") as table:
        table.add_column(sa.Column("later", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("link_requests") as table:
        table.alter_column("later", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("link_requests") as table:
        table.drop_column("later")
    op.drop_index("ix_submissions_waiting", "submissions")
    with op.batch_alter_table("submissions") as table:
        table.drop_constraint(op.f("ck_submissions_no_mail_yet"), type_="check")
        table.drop_constraint(op.f("ck_submissions_mail_waits"), type_="check")
        table.drop_column("mail_waits")
    op.drop_table("name_looks")
