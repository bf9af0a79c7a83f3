"""Passkeys of members, requests for a new password, and expired invitations that are asked for anew.

Revision ID: 0027
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("rp_id", sa.String(255), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count")),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_passkeys_member_id_team_members"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_member_id"), "passkeys", ["member_id"])
    op.create_table(
        "passkey_challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("use", sa.String(10), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("rp_id", sa.String(255), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("use IN ('register', 'sign in', 'prove')", name=op.f("ck_passkey_challenges_use")),
        sa.CheckConstraint("(use = 'sign in') = (member_id IS NULL)", name=op.f("ck_passkey_challenges_member_unless_sign_in")),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_passkey_challenges_member_id_team_members"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenges")),
    )
    op.create_index(op.f("ix_passkey_challenges_member_id"), "passkey_challenges", ["member_id"])
    op.create_index(op.f("ix_passkey_challenges_expires_at"), "passkey_challenges", ["expires_at"])
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(sealed IS NULL) = (member_id IS NOT NULL)", name=op.f("ck_password_resets_address_until_answered")),
        sa.CheckConstraint("used_at IS NULL OR member_id IS NOT NULL", name=op.f("ck_password_resets_used_by_member")),
        sa.ForeignKeyConstraint(["member_id"], ["team_members.id"], name=op.f("fk_password_resets_member_id_team_members"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
    )
    op.create_index(op.f("ix_password_resets_member_id"), "password_resets", ["member_id"])
    op.create_index(op.f("ix_password_resets_expires_at"), "password_resets", ["expires_at"])
    with op.batch_alter_table("team_invitations") as table:
        table.add_column(sa.Column("asked_again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("team_invitations") as table:
        table.drop_column("asked_again_at")
    for name in ("password_resets", "passkey_challenges", "passkeys"):
        op.drop_table(name)
