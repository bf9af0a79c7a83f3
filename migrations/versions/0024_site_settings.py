"""The owners set the site's own name, looks, languages, contacts and texts in the desk.

A site whose team works already is not led through setting up.

Revision ID: 0024
Revises: 0023
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    settings = op.create_table(
        "site_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("setup_steps", sa.Integer(), nullable=False),
        sa.Column("setup_over", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("languages", sa.String(400), nullable=True),
        sa.Column("default_language", sa.String(12), nullable=True),
        sa.Column("operator", sa.Text(), nullable=True),
        sa.Column("contact", sa.String(500), nullable=True),
        sa.Column("press_contact", sa.String(500), nullable=True),
        sa.Column("privacy_contact", sa.String(500), nullable=True),
        sa.Column("sender_name", sa.String(120), nullable=True),
        sa.Column("social_links", sa.Text(), nullable=True),
        sa.Column("accent", sa.String(7), nullable=True),
        sa.Column("accent_dark", sa.String(7), nullable=True),
        sa.Column("time_zone", sa.String(64), nullable=True),
        sa.Column("contact_days", sa.Integer(), nullable=True),
        sa.Column("undo_days", sa.Integer(), nullable=True),
        sa.Column("log_times_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_site_settings_one_row")),
        sa.CheckConstraint("setup_steps BETWEEN 0 AND 5", name=op.f("ck_site_settings_setup_steps")),
        sa.CheckConstraint(
            "(languages IS NULL) = (default_language IS NULL)", name=op.f("ck_site_settings_languages")
        ),
        sa.CheckConstraint(
            "replace(',' || languages || ',', ',' || default_language || ',', '') <> ',' || languages || ','",
            name=op.f("ck_site_settings_default_offered"),
        ),
        sa.CheckConstraint("(accent IS NULL) = (accent_dark IS NULL)", name=op.f("ck_site_settings_accents")),
        sa.CheckConstraint("contact_days BETWEEN 1 AND 730", name=op.f("ck_site_settings_contact_days")),
        sa.CheckConstraint("undo_days BETWEEN 1 AND 365", name=op.f("ck_site_settings_undo_days")),
        sa.CheckConstraint("log_times_days BETWEEN 1 AND 365", name=op.f("ck_site_settings_log_times_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_settings")),
    )
    op.create_table(
        "site_texts",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("tagline", sa.String(200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("footer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site_settings.id"], name=op.f("fk_site_texts_site_id_site_settings")
        ),
        sa.PrimaryKeyConstraint("site_id", "language", name=op.f("pk_site_texts")),
    )
    op.create_table(
        "site_logos",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("icon_ico", sa.LargeBinary(), nullable=False),
        sa.Column("icon_png", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site_settings.id"], name=op.f("fk_site_logos_site_id_site_settings")
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_logos")),
    )
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT 1 FROM team_members LIMIT 1")).first():
        now = dt.datetime.now(dt.UTC)
        bind.execute(
            settings.insert().values(id=1, version=1, changed_at=now, setup_steps=0, setup_over=True)
        )


def downgrade() -> None:
    op.drop_table("site_logos")
    op.drop_table("site_texts")
    op.drop_table("site_settings")
