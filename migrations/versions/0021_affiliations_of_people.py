"""People may have an affiliation, kept and erased like their names.

Going back forgets the affiliations, also those that are sealed with a name.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from campaign.core.vault import SealBroken, vault

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NAMED = ("name", "organisation_name", "title", "website", "city", "message", "sort_key", "search_key")
_SHOWN = "(visibility = 'public' AND state IN ('confirmed', 'listed'))"
_ONLY_IF_SHOWN = "ck_signatures_name_only_if_shown"
_OF_PEOPLE = "ck_signatures_organisation_has_no_affiliation"
_signatures = sa.table(
    "signatures",
    sa.column("id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("sealed", sa.LargeBinary()),
)


def upgrade() -> None:
    with op.batch_alter_table("signatures") as batch:
        batch.add_column(sa.Column("affiliation", sa.String(200), nullable=True))
    with op.batch_alter_table("signatures") as batch:
        batch.drop_constraint(op.f(_ONLY_IF_SHOWN), type_="check")
        batch.create_check_constraint(op.f(_ONLY_IF_SHOWN), _only_if_shown(*_NAMED, "affiliation"))
        batch.create_check_constraint(op.f(_OF_PEOPLE), "kind = 'person' OR affiliation IS NULL")


def downgrade() -> None:
    _forget_sealed()
    with op.batch_alter_table("signatures") as batch:
        batch.drop_constraint(op.f(_OF_PEOPLE), type_="check")
        batch.drop_constraint(op.f(_ONLY_IF_SHOWN), type_="check")
        batch.create_check_constraint(op.f(_ONLY_IF_SHOWN), _only_if_shown(*_NAMED))
    with op.batch_alter_table("signatures") as batch:
        batch.drop_column("affiliation")


def _forget_sealed() -> None:
    bind, columns = op.get_bind(), _signatures.c
    held = sa.select(columns.id, columns.sealed).where(columns.kind == "person", columns.sealed.is_not(None))
    for row in bind.execute(held).all():
        try:
            names = vault().unseal_json(row.sealed, "signatures", "sealed", row.id)
        except SealBroken:
            # Its key is gone.
            continue
        if names.pop("affiliation", None):
            sealed = vault().seal_json(names, "signatures", "sealed", row.id)
            bind.execute(sa.update(_signatures).where(columns.id == row.id).values(sealed=sealed))


def _only_if_shown(*columns: str) -> str:
    no_name = " AND ".join(f"{column} IS NULL" for column in columns)
    return f"{_SHOWN} OR ({no_name} AND organisation_id IS NULL)"
