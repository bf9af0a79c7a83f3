"""A text goes round among organisations before it is public: invitations, answers, suggestions.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('signatures', sa.Column('shows_logo', sa.Boolean(), nullable=True))
    op.create_table('circulations',
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('discreet', sa.Boolean(), nullable=False),
    sa.Column('remind_days', sa.String(length=40), nullable=False),
    sa.Column('shared_id', sa.Uuid(), nullable=True),
    sa.Column('closes_at_once', sa.Boolean(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_circulations_statement_id_statements'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('statement_id', name=op.f('pk_circulations')),
    sa.UniqueConstraint('shared_id', name=op.f('uq_circulations_shared_id'))
    )
    op.create_table('organisation_contacts',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_organisation_contacts_organisation_id_organisations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', name=op.f('pk_organisation_contacts'))
    )
    op.create_table('circulated_texts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('change', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('texts', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(number = 1) = (change = 'first')", name=op.f('ck_circulated_texts_first')),
    sa.CheckConstraint("change IN ('first', 'editorial', 'material')", name=op.f('ck_circulated_texts_change')),
    sa.ForeignKeyConstraint(['statement_id'], ['circulations.statement_id'], name=op.f('fk_circulated_texts_statement_id_circulations'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circulated_texts')),
    sa.UniqueConstraint('statement_id', 'number', name=op.f('uq_circulated_texts_statement_id_number'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('contact_index', sa.LargeBinary(), nullable=True),
    sa.Column('name_index', sa.LargeBinary(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('country', sa.String(length=2), nullable=True),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('forwarded_from', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('mail_id', sa.Uuid(), nullable=True),
    sa.Column('bounced', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('text_id', sa.Integer(), nullable=True),
    sa.Column('shown_early', sa.Boolean(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('unknown', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('reminded_for', sa.Integer(), nullable=True),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('asked_text_id', sa.Integer(), nullable=True),
    sa.Column('signature_id', sa.Uuid(), nullable=True),
    sa.Column('kit_sent', sa.Boolean(), nullable=False),
    sa.Column('over', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name=op.f('ck_invitations_answered_at')),
    sa.CheckConstraint("answer <> 'sign' OR text_id IS NOT NULL", name=op.f('ck_invitations_signs_a_text')),
    sa.CheckConstraint("answer IN ('none', 'sign', 'board', 'more time', 'decline')", name=op.f('ck_invitations_answer')),
    sa.CheckConstraint("way <> 'by hand' OR source IS NOT NULL", name=op.f('ck_invitations_by_hand_has_source')),
    sa.CheckConstraint("way IN ('mail', 'forwarded', 'shared', 'by hand')", name=op.f('ck_invitations_way')),
    sa.ForeignKeyConstraint(['asked_text_id'], ['circulated_texts.id'], name=op.f('fk_invitations_asked_text_id_circulated_texts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['forwarded_from'], ['invitations.id'], name=op.f('fk_invitations_forwarded_from_invitations'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_invitations_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['signature_id'], ['signatures.id'], name=op.f('fk_invitations_signature_id_signatures'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['statement_id'], ['circulations.statement_id'], name=op.f('fk_invitations_statement_id_circulations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_id'], ['circulated_texts.id'], name=op.f('fk_invitations_text_id_circulated_texts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations'))
    )
    op.create_index(op.f('ix_invitations_asked_text_id'), 'invitations', ['asked_text_id'], unique=False)
    op.create_index(op.f('ix_invitations_forwarded_from'), 'invitations', ['forwarded_from'], unique=False)
    op.create_index(op.f('ix_invitations_mail_id'), 'invitations', ['mail_id'], unique=False)
    op.create_index(op.f('ix_invitations_organisation_id'), 'invitations', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_invitations_signature_id'), 'invitations', ['signature_id'], unique=False)
    op.create_index('ix_invitations_statement_id', 'invitations', ['statement_id', 'answer'], unique=False)
    op.create_index(op.f('ix_invitations_text_id'), 'invitations', ['text_id'], unique=False)
    op.create_index('uq_invitations_contact', 'invitations', ['statement_id', 'contact_index'], unique=True, sqlite_where=sa.text('contact_index IS NOT NULL AND NOT over'), postgresql_where=sa.text('contact_index IS NOT NULL AND NOT over'))
    op.create_index('uq_invitations_signed', 'invitations', ['statement_id', 'organisation_id'], unique=True, sqlite_where=sa.text("answer = 'sign' AND organisation_id IS NOT NULL AND NOT over AND NOT unknown"), postgresql_where=sa.text("answer = 'sign' AND organisation_id IS NOT NULL AND NOT over AND NOT unknown"))
    op.create_index('uq_invitations_named', 'invitations', ['statement_id', 'name_index'], unique=True, sqlite_where=sa.text("answer = 'sign' AND name_index IS NOT NULL AND NOT over AND NOT unknown"), postgresql_where=sa.text("answer = 'sign' AND name_index IS NOT NULL AND NOT over AND NOT unknown"))
    op.create_table('suggestions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Uuid(), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(verdict = 'open') = (decided_at IS NULL)", name=op.f('ck_suggestions_decided_at')),
    sa.CheckConstraint("verdict IN ('open', 'accepted', 'rejected')", name=op.f('ck_suggestions_verdict')),
    sa.CheckConstraint('before <> after', name=op.f('ck_suggestions_changes_something')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_suggestions_invitation_id_invitations'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['text_id'], ['circulated_texts.id'], name=op.f('fk_suggestions_text_id_circulated_texts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestions'))
    )
    op.create_index(op.f('ix_suggestions_invitation_id'), 'suggestions', ['invitation_id'], unique=False)
    op.create_index(op.f('ix_suggestions_text_id'), 'suggestions', ['text_id'], unique=False)


def downgrade() -> None:
    for table in ("suggestions", "invitations", "circulated_texts", "organisation_contacts", "circulations"):
        op.drop_table(table)
    with op.batch_alter_table("signatures") as batch:
        batch.drop_column("shows_logo")
