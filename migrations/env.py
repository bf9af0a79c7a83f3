"""How Alembic runs here: on the app's engine, in a transaction that writes, in batch mode on SQLite."""

from alembic import context
from flask import current_app

from campaign.core.base import UtcDateTime
from campaign.core.database import upgrade_connection
from campaign.extensions import db


def render_type(kind: str, value: object, _context: object) -> str | bool:
    """Write our column types as the database has them: a migration must not depend on today's models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


def run_migrations() -> None:
    """Migrate the database of the current app."""
    with upgrade_connection(db.engine) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_type,
            transaction_per_migration=True,
            **{
                key: value
                for key, value in current_app.extensions["migrate"].configure_args.items()
                if key not in {"render_as_batch", "compare_type", "render_item"}
            },
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
