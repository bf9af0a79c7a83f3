"""An answer that has become a signature does not name its organisation beside it: the signature does, as long as it is listed.

On the way back the number comes from the signature, as far as it is still to be read there.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHECK = "ck_invitations_named_by_its_signature"


def upgrade() -> None:
    op.execute(
        "UPDATE invitations SET country = (SELECT organisations.country FROM organisations WHERE organisations.id ="
        " invitations.organisation_id) WHERE signature_id IS NOT NULL AND country IS NULL"
    )
    op.execute("UPDATE invitations SET organisation_id = NULL WHERE signature_id IS NOT NULL")
    with op.batch_alter_table("invitations") as batch:
        batch.create_check_constraint(op.f(_CHECK), "signature_id IS NULL OR organisation_id IS NULL")


def downgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.drop_constraint(op.f(_CHECK), type_="check")
    op.execute(
        "UPDATE invitations SET organisation_id = (SELECT signatures.organisation_id FROM signatures WHERE signatures.id ="
        " invitations.signature_id) WHERE signature_id IS NOT NULL"
    )
