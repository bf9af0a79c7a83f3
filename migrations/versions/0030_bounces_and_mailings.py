"""Bounces: mails that came back, addresses that take no mail, and the domains of many such addresses. Mailings of updates have a beginning and
a pace.

On the way back a mail that bounced was sent, and one to a suppressed address has expired.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_BEFORE = ("queued", "sending", "sent", "refused", "capped", "expired", "unreadable")
_AFTER = ("queued", "sending", "sent", "refused", "bounced", "suppressed", "capped", "expired", "unreadable")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("message_index", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("sealed_handle", sa.LargeBinary(), nullable=True))
        table.drop_constraint(op.f("ck_outbox_state"), type_="check")
        table.create_check_constraint(op.f("ck_outbox_state"), _one_of(_AFTER))
        table.create_check_constraint(
            op.f("ck_outbox_index_of_sent"), "message_index IS NULL OR state IN ('sent', 'bounced')"
        )
        table.create_check_constraint(
            op.f("ck_outbox_handle_of_sent"), "sealed_handle IS NULL OR state = 'sent'"
        )
    op.create_index(op.f("ix_outbox_message_index"), "outbox", ["message_index"])
    op.create_table(
        "suppressed_addresses",
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("code LIKE '5.%'", name=op.f("ck_suppressed_addresses_permanent")),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_suppressed_addresses")),
    )
    op.create_index(op.f("ix_suppressed_addresses_ends_on"), "suppressed_addresses", ["ends_on"])
    op.create_table(
        "bouncing_domains",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("addresses", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.CheckConstraint("addresses > 0", name=op.f("ck_bouncing_domains_addresses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bouncing_domains")),
        sa.UniqueConstraint("index", name=op.f("uq_bouncing_domains_index")),
    )
    op.create_index(op.f("ix_bouncing_domains_latest"), "bouncing_domains", ["latest"])
    with op.batch_alter_table("update_mailings") as table:
        table.add_column(sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("per_hour", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_update_mailings_per_hour"), "per_hour > 0")


def downgrade() -> None:
    # What has not begun would begin at once.
    op.execute("UPDATE update_mailings SET ended_at = ordered_at WHERE starts_at IS NOT NULL AND ended_at IS NULL")
    with op.batch_alter_table("update_mailings") as table:
        table.drop_constraint(op.f("ck_update_mailings_per_hour"), type_="check")
        table.drop_column("per_hour")
        table.drop_column("starts_at")
    op.drop_table("bouncing_domains")
    op.drop_table("suppressed_addresses")
    op.drop_index(op.f("ix_outbox_message_index"), "outbox")
    op.execute("UPDATE outbox SET state = 'sent', handle_index = NULL, trouble = NULL WHERE state = 'bounced'")
    op.execute("UPDATE outbox SET state = 'expired' WHERE state = 'suppressed'")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_handle_of_sent"), type_="check")
        table.drop_constraint(op.f("ck_outbox_index_of_sent"), type_="check")
        table.drop_constraint(op.f("ck_outbox_state"), type_="check")
        table.create_check_constraint(op.f("ck_outbox_state"), _one_of(_BEFORE))
        table.drop_column("sealed_handle")
        table.drop_column("message_index")


def _one_of(states: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(state) for state in states)})"
