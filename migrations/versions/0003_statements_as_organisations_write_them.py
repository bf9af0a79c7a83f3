"""Statements as organisations write them: registry, book of addressees, topics, updates, hearings, handovers.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OLD_RULES = {
    "status": "status IN ('draft', 'open', 'closed')",
    "published_at": "(status = 'draft') = (published_at IS NULL)",
    "closed_at": "(status = 'closed') = (closed_at IS NOT NULL)",
}
NEW_RULES = {
    "status": "status IN ('draft', 'circulating', 'open', 'closed', 'handed over', 'archived')",
    "published_at": "(status IN ('draft', 'circulating')) = (published_at IS NULL)",
    "closed_at": "(status IN ('closed', 'handed over', 'archived')) = (closed_at IS NOT NULL)",
    "closes_after_opening": "closes_at > opens_at",
}
ORGANISATION_RULES = {
    "un_status": "un_status IN ('none', 'general', 'special', 'roster')",
    "founded": "founded BETWEEN 1000 AND 2999",
    "liquidated_on": "liquidated_on IS NOT NULL OR (liquidated_by IS NULL AND continues_from IS NULL)",
}


WANTING = {"sqlite_where": sa.text("wants_updates"), "postgresql_where": sa.text("wants_updates")}


def upgrade() -> None:
    """Add what is new, and give the rows that are there its first values."""
    op.create_table('topics',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topics')),
    sa.UniqueConstraint('slug', name=op.f('uq_topics_slug'))
    )
    op.create_table('former_organisation_slugs',
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_former_organisation_slugs_organisation_id_organisations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_former_organisation_slugs'))
    )
    with op.batch_alter_table('former_organisation_slugs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_former_organisation_slugs_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('organisation_logos',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('png', sa.LargeBinary(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint("description <> ''", name=op.f('ck_organisation_logos_description')),
    sa.CheckConstraint('width > 0 AND height > 0', name=op.f('ck_organisation_logos_size')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_organisation_logos_organisation_id_organisations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_organisation_logos'))
    )
    op.create_table('statement_addressees',
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('addressee_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['addressee_id'], ['addressees.id'], name=op.f('fk_statement_addressees_addressee_id_addressees')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_statement_addressees_statement_id_statements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('statement_id', 'addressee_id', name=op.f('pk_statement_addressees'))
    )
    with op.batch_alter_table('statement_addressees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_addressees_addressee_id'), ['addressee_id'], unique=False)

    op.create_table('statement_topics',
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_statement_topics_statement_id_statements'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_statement_topics_topic_id_topics'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('statement_id', 'topic_id', name=op.f('pk_statement_topics'))
    )
    with op.batch_alter_table('statement_topics', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_topics_topic_id'), ['topic_id'], unique=False)

    op.create_table('topic_names',
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.CheckConstraint("name <> ''", name=op.f('ck_topic_names_name')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_topic_names_topic_id_topics'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('topic_id', 'language', name=op.f('pk_topic_names'))
    )
    op.create_table('updates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=True),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('precision', sa.String(length=5), nullable=False),
    sa.Column('sources', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('news', 'outcome', 'hearing')", name=op.f('ck_updates_kind')),
    sa.CheckConstraint("precision IN ('day', 'month', 'year')", name=op.f('ck_updates_precision')),
    sa.CheckConstraint('statement_id IS NOT NULL OR topic_id IS NOT NULL', name=op.f('ck_updates_belongs_somewhere')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_updates_statement_id_statements'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_updates_topic_id_topics'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_updates'))
    )
    with op.batch_alter_table('updates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_updates_published_at'), ['published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_updates_statement_id'), ['statement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_updates_topic_id'), ['topic_id'], unique=False)

    op.create_table('asked_anew',
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('signature_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_asked_anew_revision_id_revisions'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['signature_id'], ['signatures.id'], name=op.f('fk_asked_anew_signature_id_signatures'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('revision_id', 'signature_id', name=op.f('pk_asked_anew'))
    )
    op.create_table('frozen_lists',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('revision_id', sa.Integer(), nullable=False),
    sa.Column('list_version', sa.Integer(), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('organisations', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['revisions.id'], name=op.f('fk_frozen_lists_revision_id_revisions')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_frozen_lists_statement_id_statements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frozen_lists'))
    )
    with op.batch_alter_table('frozen_lists', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frozen_lists_statement_id'), ['statement_id'], unique=False)

    op.create_table('hearings',
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at_known', sa.Boolean(), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['update_id'], ['updates.id'], name=op.f('fk_hearings_update_id_updates'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('update_id', name=op.f('pk_hearings'))
    )
    with op.batch_alter_table('hearings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hearings_starts_at'), ['starts_at'], unique=False)

    op.create_table('update_texts',
    sa.Column('update_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('court', sa.String(length=200), nullable=False),
    sa.Column('case_name', sa.String(length=200), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.CheckConstraint("title <> ''", name=op.f('ck_update_texts_title')),
    sa.ForeignKeyConstraint(['update_id'], ['updates.id'], name=op.f('fk_update_texts_update_id_updates'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('update_id', 'language', name=op.f('pk_update_texts')),
    sa.UniqueConstraint('update_id', 'rank', name=op.f('uq_update_texts_update_id_rank'))
    )
    op.create_table('frozen_lines',
    sa.Column('frozen_id', sa.String(length=60), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('signature_id', sa.Uuid(), nullable=True),
    sa.Column('line', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['frozen_id'], ['frozen_lists.id'], name=op.f('fk_frozen_lines_frozen_id_frozen_lists'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['signature_id'], ['signatures.id'], name=op.f('fk_frozen_lines_signature_id_signatures'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('frozen_id', 'number', name=op.f('pk_frozen_lines'))
    )
    with op.batch_alter_table('frozen_lines', schema=None) as batch_op:
        batch_op.create_index('ix_frozen_lines_written', ['signature_id'], unique=False, sqlite_where=sa.text('line IS NOT NULL'), postgresql_where=sa.text('line IS NOT NULL'))

    op.create_table('handovers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('frozen_id', sa.String(length=60), nullable=False),
    sa.Column('addressee_id', sa.Integer(), nullable=True),
    sa.Column('to_whom', sa.String(length=200), nullable=True),
    sa.Column('by_whom', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('handed_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replied_on', sa.Date(), nullable=True),
    sa.Column('reply', sa.Text(), nullable=True),
    sa.CheckConstraint("channel IN ('in person', 'post', 'mail', 'online form', 'other')", name=op.f('ck_handovers_channel')),
    sa.CheckConstraint('addressee_id IS NOT NULL OR to_whom IS NOT NULL', name=op.f('ck_handovers_to_someone')),
    sa.CheckConstraint('replied_on >= handed_on', name=op.f('ck_handovers_replied_on')),
    sa.CheckConstraint('reply IS NULL OR replied_on IS NOT NULL', name=op.f('ck_handovers_reply')),
    sa.ForeignKeyConstraint(['addressee_id'], ['addressees.id'], name=op.f('fk_handovers_addressee_id_addressees')),
    sa.ForeignKeyConstraint(['frozen_id'], ['frozen_lists.id'], name=op.f('fk_handovers_frozen_id_frozen_lists')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_handovers_statement_id_statements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_addressee_id'), ['addressee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handovers_frozen_id'), ['frozen_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handovers_statement_id'), ['statement_id'], unique=False)

    _fill("addressee_names", sa.Column("institution", sa.String(200)), "''")
    _book_of_addressees()
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("founded", sa.Integer()))
        table.add_column(sa.Column("liquidated_on", sa.Date()))
        table.add_column(sa.Column("liquidated_by", sa.String(200)))
        table.add_column(sa.Column("continues_from", sa.String(200)))
    _fill("organisations", sa.Column("un_status", sa.String(10)), "'none'")
    _rules("organisations", ORGANISATION_RULES)
    with op.batch_alter_table("revisions") as table:
        table.add_column(sa.Column("note", sa.Text()))
    with op.batch_alter_table("translations") as table:
        table.add_column(sa.Column("follows", sa.String(64)))
    _fill("statements", sa.Column("time_zone", sa.String(64)), "'UTC'")
    with op.batch_alter_table("statements") as table:
        table.add_column(sa.Column("opens_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("press_name", sa.String(200)))
        table.add_column(sa.Column("press_email", sa.String(200)))
        table.add_column(sa.Column("press_phone", sa.String(60)))
        table.alter_column("status", existing_type=sa.String(10), type_=sa.String(12), existing_nullable=False)
        for name in OLD_RULES:
            table.drop_constraint(op.f(f"ck_statements_{name}"), type_="check")
    _rules("statements", NEW_RULES)
    op.create_index("ix_signatures_wanting", "signatures", ["statement_id", "id"], **WANTING)


def _rules(table: str, rules: dict[str, str]) -> None:
    with op.batch_alter_table(table) as changed:
        for name, rule in rules.items():
            changed.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)


def _fill(table: str, column: sa.Column, value: str) -> None:
    """Add a column that is never empty, with one value for the rows that are there."""
    with op.batch_alter_table(table) as changed:
        changed.add_column(column)
    op.execute(sa.text(f"UPDATE {table} SET {column.name} = {value}"))
    with op.batch_alter_table(table) as changed:
        changed.alter_column(column.name, existing_type=column.type, nullable=False)


def _book_of_addressees() -> None:
    """Until now each statement had addressees of its own: they become the first entries of the book."""
    op.execute(sa.text("INSERT INTO statement_addressees (statement_id, addressee_id, rank) SELECT statement_id, id, rank FROM addressees"))
    with op.batch_alter_table("addressees") as table:
        table.add_column(sa.Column("country", sa.String(2)))
        table.drop_index(op.f("ix_addressees_statement_id"))
        table.drop_constraint(op.f("fk_addressees_statement_id_statements"), type_="foreignkey")
        table.drop_column("statement_id")
        table.drop_column("rank")
    for name, kind in (("address", sa.Text()), ("email", sa.String(200)), ("languages", sa.String(200))):
        _fill("addressees", sa.Column(name, kind), "''")
    _fill("addressees", sa.Column("created_at", sa.DateTime(timezone=True)), "CURRENT_TIMESTAMP")


def downgrade() -> None:
    """Take it all away again. An entry of the book goes back to each statement that addresses it; what circulates is a draft again."""
    op.drop_index("ix_signatures_wanting", "signatures", **WANTING)
    op.execute(sa.text("UPDATE statements SET status = 'draft' WHERE status = 'circulating'"))
    op.execute(sa.text("UPDATE statements SET status = 'closed' WHERE status IN ('handed over', 'archived')"))
    with op.batch_alter_table("statements") as table:
        for name in NEW_RULES:
            table.drop_constraint(op.f(f"ck_statements_{name}"), type_="check")
        table.alter_column("status", existing_type=sa.String(12), type_=sa.String(10), existing_nullable=False)
        for column in ("press_phone", "press_email", "press_name", "time_zone", "opens_at"):
            table.drop_column(column)
    _rules("statements", OLD_RULES)
    with op.batch_alter_table("revisions") as table:
        table.drop_column("note")
    with op.batch_alter_table("translations") as table:
        table.drop_column("follows")
    with op.batch_alter_table("organisations") as table:
        for name in ORGANISATION_RULES:
            table.drop_constraint(op.f(f"ck_organisations_{name}"), type_="check")
        for column in ("continues_from", "liquidated_by", "liquidated_on", "founded", "un_status"):
            table.drop_column(column)
    for table_name in ("handovers", "frozen_lines", "update_texts", "hearings", "frozen_lists", "asked_anew", "updates", "topic_names", "statement_topics", "organisation_logos", "former_organisation_slugs", "topics"):
        op.drop_table(table_name)
    _addressees_of_statements()


def _addressees_of_statements() -> None:
    with op.batch_alter_table("addressees") as table:
        for column in ("created_at", "languages", "email", "address", "country"):
            table.drop_column(column)
        table.add_column(sa.Column("statement_id", sa.Integer()))
        table.add_column(sa.Column("rank", sa.Integer()))
    with op.batch_alter_table("addressee_names") as table:
        table.drop_column("institution")
    op.execute(sa.text("INSERT INTO addressees (statement_id, rank) SELECT statement_id, rank FROM statement_addressees"))
    op.execute(
        sa.text(
            "INSERT INTO addressee_names (addressee_id, language, name, role) SELECT own.id, names.language, names.name, names.role"
            " FROM addressees own JOIN statement_addressees link ON link.statement_id = own.statement_id AND link.rank = own.rank"
            " JOIN addressee_names names ON names.addressee_id = link.addressee_id"
        )
    )
    op.execute(sa.text("DELETE FROM addressee_names WHERE addressee_id IN (SELECT id FROM addressees WHERE statement_id IS NULL)"))
    op.drop_table("statement_addressees")
    op.execute(sa.text("DELETE FROM addressees WHERE statement_id IS NULL"))
    with op.batch_alter_table("addressees") as table:
        table.alter_column("statement_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("rank", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_addressees_statement_id_statements"), "statements", ["statement_id"], ["id"], ondelete="CASCADE")
        table.create_index(op.f("ix_addressees_statement_id"), ["statement_id"])
