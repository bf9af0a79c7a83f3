"""Countries at risk, and notices for their signers.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "countries_at_risk",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_countries_at_risk_country")),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_countries_at_risk")),
    )
    op.create_table(
        "risk_notices",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_risk_notices_text")),
        sa.ForeignKeyConstraint(
            ["country"],
            ["countries_at_risk.country"],
            name=op.f("fk_risk_notices_country_countries_at_risk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("country", "language", name=op.f("pk_risk_notices")),
    )


def downgrade() -> None:
    op.drop_table("risk_notices")
    op.drop_table("countries_at_risk")
