"""Case files: people, what happened to them, what may be shown of it, and for whom a campaign is.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("wish", sa.String(length=10), nullable=False),
        sa.Column("wish_on", sa.Date(), nullable=True),
        sa.Column("sealed_wish", sa.LargeBinary(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("born_precision", sa.String(length=5), nullable=False),
        sa.Column("recognised_on", sa.Date(), nullable=True),
        sa.Column("recognised_precision", sa.String(length=5), nullable=False),
        sa.Column("letters", sa.String(length=9), nullable=False),
        sa.Column("letter_languages", sa.String(length=200), nullable=False),
        sa.Column("moving", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("born_precision IN ('day', 'month', 'year')", name=op.f("ck_people_born_precision")),
        sa.CheckConstraint("letters IN ('unknown', 'yes', 'sometimes', 'no')", name=op.f("ck_people_letters")),
        sa.CheckConstraint("recognised_precision IN ('day', 'month', 'year')", name=op.f("ck_people_recognised_precision")),
        sa.CheckConstraint("wish = 'unknown' OR (sealed_wish IS NOT NULL AND wish_on IS NOT NULL)", name=op.f("ck_people_wish_has_who_said_it")),
        sa.CheckConstraint("wish IN ('full', 'dates', 'name', 'not-public', 'unknown')", name=op.f("ck_people_wish")),
        sa.CheckConstraint("version > 0", name=op.f("ck_people_version")),
        sa.ForeignKeyConstraint(["kept_by_id"], ["organisations.id"], name=op.f("fk_people_kept_by_id_organisations"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_people_organisation_id_organisations"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("slug", name=op.f("uq_people_slug")),
    )
    op.create_index(op.f("ix_people_kept_by_id"), "people", ["kept_by_id"], unique=False)
    op.create_index(op.f("ix_people_organisation_id"), "people", ["organisation_id"], unique=False)
    op.create_table(
        "campaign_people",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_campaign_people_person_id_people")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_campaign_people_statement_id_statements"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("statement_id", "person_id", name=op.f("pk_campaign_people")),
    )
    op.create_index(op.f("ix_campaign_people_person_id"), "campaign_people", ["person_id"], unique=False)
    op.create_table(
        "case_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=22), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=5), nullable=False),
        sa.Column("bound", sa.String(length=7), nullable=False),
        sa.Column("follows_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(bound = 'unknown') = (happened_on IS NULL)", name=op.f("ck_case_events_date_unless_unknown")),
        sa.CheckConstraint("bound IN ('on', 'by', 'unknown')", name=op.f("ck_case_events_bound")),
        sa.CheckConstraint(
            "kind IN ('search', 'arrest', 'charge', 'extension', 'trial', 'hearing', 'verdict', 'sentence', 'appeal', 'transfer', 'punishment cell', 'correspondence blocked', 'award', 'restriction', 'release', 'left the country', 'death', 'other')",
            name=op.f("ck_case_events_kind"),
        ),
        sa.CheckConstraint("precision IN ('day', 'month', 'year')", name=op.f("ck_case_events_precision")),
        sa.CheckConstraint(
            "starts_at IS NULL OR (kind IN ('trial', 'hearing', 'verdict', 'appeal') AND precision = 'day' AND bound = 'on')",
            name=op.f("ck_case_events_sits_on_a_day"),
        ),
        sa.CheckConstraint("years IS NULL OR kind IN ('sentence', 'appeal')", name=op.f("ck_case_events_length_of_a_sentence")),
        sa.CheckConstraint("(years IS NULL) = (months IS NULL)", name=op.f("ck_case_events_years_and_months")),
        sa.CheckConstraint("years >= 0 AND months BETWEEN 0 AND 11 AND years + months > 0", name=op.f("ck_case_events_length")),
        sa.ForeignKeyConstraint(["follows_id"], ["case_events.id"], name=op.f("fk_case_events_follows_id_case_events"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_events_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index(op.f("ix_case_events_person_id"), "case_events", ["person_id"], unique=False)
    op.create_table(
        "person_addresses",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("script", sa.String(length=4), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.CheckConstraint("lines <> ''", name=op.f("ck_person_addresses_lines")),
        sa.CheckConstraint("script IN ('Latn', 'Cyrl')", name=op.f("ck_person_addresses_script")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_person_addresses_country")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_addresses_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "script", name=op.f("pk_person_addresses")),
    )
    op.create_table(
        "person_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("use", sa.String(length=10), nullable=False),
        sa.Column("canonical", sa.Boolean(), nullable=False),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_person_names_name")),
        sa.CheckConstraint("use = 'name' OR NOT canonical", name=op.f("ck_person_names_canonical_is_name")),
        sa.CheckConstraint("use IN ('name', 'alias')", name=op.f("ck_person_names_use")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_names_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_names")),
        sa.UniqueConstraint("person_id", "language", "name", name=op.f("uq_person_names_person_id_language_name")),
    )
    op.create_index(op.f("ix_person_names_search_key"), "person_names", ["search_key"], unique=False)
    op.create_index(
        "uq_person_names_canonical",
        "person_names",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("canonical"),
        postgresql_where=sa.text("canonical"),
    )
    op.create_index(
        "uq_person_names_shown",
        "person_names",
        ["person_id", "language"],
        unique=True,
        sqlite_where=sa.text("use = 'name'"),
        postgresql_where=sa.text("use = 'name'"),
    )
    op.create_table(
        "person_portraits",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("description <> ''", name=op.f("ck_person_portraits_description")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_person_portraits_size")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_portraits_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_portraits")),
    )
    op.create_table(
        "person_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=500), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(line IS NULL) <> (sealed IS NULL)", name=op.f("ck_person_sources_public_or_sealed")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_sources_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_sources")),
        sa.UniqueConstraint("person_id", "rank", name=op.f("uq_person_sources_person_id_rank")),
    )
    op.create_table(
        "person_texts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("life", sa.Text(), nullable=False),
        sa.Column("health", sa.Text(), nullable=False),
        sa.Column("recognised_by", sa.String(length=200), nullable=False),
        sa.Column("letter_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_texts_person_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "language", name=op.f("pk_person_texts")),
    )
    op.create_table(
        "case_event_texts",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_case_event_texts_event_id_case_events"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "language", name=op.f("pk_case_event_texts")),
    )
    with op.batch_alter_table("updates") as batch:
        batch.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("event_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(op.f("fk_updates_person_id_people"), "people", ["person_id"], ["id"], ondelete="CASCADE")
        batch.create_foreign_key(op.f("fk_updates_event_id_case_events"), "case_events", ["event_id"], ["id"], ondelete="SET NULL")
        batch.create_index(op.f("ix_updates_person_id"), ["person_id"])
        batch.create_index(op.f("ix_updates_event_id"), ["event_id"])
        batch.create_check_constraint(op.f("ck_updates_event_of_a_person"), "event_id IS NULL OR person_id IS NOT NULL")
        batch.create_unique_constraint(op.f("uq_updates_statement_id_event_id"), ["statement_id", "event_id"])
    op.create_table(
        "update_mailings",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.CheckConstraint("written >= 0", name=op.f("ck_update_mailings_written")),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_update_mailings_update_id_updates"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_update_mailings")),
    )
    op.create_table(
        "update_told",
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("signature_id", sa.Uuid(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["signature_id"], ["signatures.id"], name=op.f("fk_update_told_signature_id_signatures"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["update_id"], ["update_mailings.update_id"], name=op.f("fk_update_told_update_id_update_mailings"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("update_id", "signature_id", name=op.f("pk_update_told")),
    )


def downgrade() -> None:
    op.drop_table("update_told")
    op.drop_table("update_mailings")
    with op.batch_alter_table("updates") as batch:
        batch.drop_constraint(op.f("uq_updates_statement_id_event_id"), type_="unique")
        batch.drop_constraint(op.f("ck_updates_event_of_a_person"), type_="check")
        batch.drop_index(op.f("ix_updates_event_id"))
        batch.drop_index(op.f("ix_updates_person_id"))
        batch.drop_constraint(op.f("fk_updates_event_id_case_events"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_updates_person_id_people"), type_="foreignkey")
        batch.drop_column("event_id")
        batch.drop_column("person_id")
    for table in ("case_event_texts", "person_texts", "person_sources", "person_portraits", "person_names", "person_addresses", "case_events"):
        op.drop_table(table)
    op.drop_table("campaign_people")
    op.drop_table("people")
