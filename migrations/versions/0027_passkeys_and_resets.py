"""Passkeys of members, requests for a new password, expired invitations that are asked for anew, and roles for
organisations and on statements.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_ROLES = "('editor', 'moderator', 'exporter', 'reader')"
_members = sa.table(
    "team_members",
    sa.column("id", sa.Integer()),
    sa.column("active", sa.Boolean()),
    sa.column("confined", sa.Boolean()),
)
_memberships = sa.table("memberships", sa.column("member_id", sa.Integer()))


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
    with op.batch_alter_table("team_members") as table:
        table.add_column(sa.Column("confined", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        sa.update(_members)
        .where(_members.c.id.in_(sa.select(_memberships.c.member_id)))
        .values(confined=sa.true())
    )
    with op.batch_alter_table("team_members") as table:
        table.alter_column("confined", server_default=None)
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("role", sa.String(40), nullable=True))
        table.create_check_constraint(op.f("ck_memberships_role"), f"role IN {_ROLES}")
    op.create_table(
        "statement_roles",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.CheckConstraint(f"role IN {_ROLES}", name=op.f("ck_statement_roles_role")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["team_members.id"],
            name=op.f("fk_statement_roles_member_id_team_members"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name=op.f("fk_statement_roles_statement_id_statements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "statement_id", name=op.f("pk_statement_roles")),
    )
    op.create_index(op.f("ix_statement_roles_statement_id"), "statement_roles", ["statement_id"])


def downgrade() -> None:
    # Who has a role on single statements alone would work for the whole site: they can't sign in until an owner
    # has looked.
    op.execute(
        sa.update(_members)
        .where(_members.c.confined, _members.c.id.not_in(sa.select(_memberships.c.member_id)))
        .values(active=sa.false())
    )
    op.drop_table("statement_roles")
    with op.batch_alter_table("memberships") as table:
        table.drop_constraint(op.f("ck_memberships_role"), type_="check")
        table.drop_column("role")
    with op.batch_alter_table("team_members") as table:
        table.drop_column("confined")
    with op.batch_alter_table("team_invitations") as table:
        table.drop_column("asked_again_at")
    for name in ("password_resets", "passkey_challenges", "passkeys"):
        op.drop_table(name)
