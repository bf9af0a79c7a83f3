"""Rotation of keys, notes of backups, attack protection, spent proofs of work, why a signature is held, words to take one back, batches, requests for lost links, complete exports, second factors.

Revision ID: 0009
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "key_rotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.CheckConstraint("total >= 0 AND done >= 0 AND unreadable >= 0", name=op.f("ck_key_rotations_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_rotations")),
    )
    op.create_table(
        "backup_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_notes")),
    )
    op.create_index(op.f("ix_backup_notes_made_at"), "backup_notes", ["made_at"])
    op.create_table(
        "protections",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level IN ('proof', 'quarantine')", name=op.f("ck_protections_level")),
        sa.CheckConstraint("until > since", name=op.f("ck_protections_until")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_protections_statement_id_statements"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_protections")),
    )
    op.create_table(
        "spent_proofs",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spent_proofs")),
    )
    op.create_index(op.f("ix_spent_proofs_expires_at"), "spent_proofs", ["expires_at"])
    with op.batch_alter_table("signatures") as table:
        table.add_column(sa.Column("held_for", sa.String(12), nullable=True))
        table.add_column(sa.Column("words_mark", sa.LargeBinary(), nullable=True))
        table.create_unique_constraint(op.f("uq_signatures_words_mark"), ["words_mark"])
    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("contact_days", sa.Integer(), nullable=False, server_default="90"))
        table.add_column(sa.Column("contacts_from", sa.Date(), nullable=True))
    op.execute("UPDATE statements SET contacts_from = DATE(closed_at) WHERE closed_at IS NOT NULL")
    with op.batch_alter_table("statements") as table:
        table.alter_column("contact_days", server_default=None)
        table.create_check_constraint(op.f("ck_statements_contact_days"), "contact_days BETWEEN 1 AND 730")
        table.create_check_constraint(op.f("ck_statements_contacts_from"), "(contacts_from IS NULL) = (closed_at IS NULL)")
    with op.batch_alter_table("signatory_lists") as table:
        table.add_column(sa.Column("batch_due_at", moment, nullable=True))
    with op.batch_alter_table("team_members") as table:
        table.add_column(sa.Column("sealed_second_factor", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("second_factor_step", sa.Integer(), nullable=True))
    with op.batch_alter_table("team_sessions") as table:
        table.add_column(sa.Column("proved_at", moment, nullable=True))
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_recovery_codes_member_id_team_members"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_member_id"), "recovery_codes", ["member_id"])
    op.create_table(
        "complete_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_complete_exports_two_people")),
        sa.CheckConstraint(
            "(decided_by IS NULL) = (decided_at IS NULL) AND (decided_by IS NULL) = (granted IS NULL)", name=op.f("ck_complete_exports_decided")
        ),
        sa.CheckConstraint("fetched_at IS NULL OR (granted IS NOT NULL AND granted)", name=op.f("ck_complete_exports_fetched_if_granted")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_complete_exports_statement_id_statements"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["asked_by"], ["team_members.id"], name=op.f("fk_complete_exports_asked_by_team_members")),
        sa.ForeignKeyConstraint(["decided_by"], ["team_members.id"], name=op.f("fk_complete_exports_decided_by_team_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complete_exports")),
    )
    op.create_index(op.f("ix_complete_exports_statement_id"), "complete_exports", ["statement_id"])
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_link_requests_statement_id_statements"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    op.create_index(op.f("ix_link_requests_expires_at"), "link_requests", ["expires_at"])
    op.create_table(
        "spent_words",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spent_words")),
    )


def downgrade() -> None:
    with op.batch_alter_table("statements") as table:
        table.drop_constraint(op.f("ck_statements_contacts_from"), type_="check")
        table.drop_constraint(op.f("ck_statements_contact_days"), type_="check")
        table.drop_column("contacts_from")
        table.drop_column("contact_days")
    with op.batch_alter_table("team_sessions") as table:
        table.drop_column("proved_at")
    with op.batch_alter_table("team_members") as table:
        table.drop_column("second_factor_step")
        table.drop_column("sealed_second_factor")
    with op.batch_alter_table("signatory_lists") as table:
        table.drop_column("batch_due_at")
    with op.batch_alter_table("signatures") as table:
        table.drop_constraint(op.f("uq_signatures_words_mark"), type_="unique")
        table.drop_column("words_mark")
        table.drop_column("held_for")
    for table_name in ("spent_words", "link_requests", "complete_exports", "recovery_codes", "spent_proofs", "protections", "backup_notes", "key_rotations"):
        op.drop_table(table_name)
