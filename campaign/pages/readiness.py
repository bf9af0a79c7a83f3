"""The readiness of this installation, for /readyz and the team's dashboard."""

from __future__ import annotations

from functools import cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from campaign.core.worker import failing_jobs, silent_jobs
from campaign.extensions import db

_NEEDED_JOBS = {"fold", "mail"}


def readiness() -> dict[str, bool]:
    """`database` answers, `migrations` are at their head, `worker` was seen within a minute with no
    failing job.
    """
    try:
        revision = MigrationContext.configure(db.session.connection()).get_current_revision()
        return {
            "database": True,
            "migrations": revision == _head(current_app.extensions["migrate"].directory),
            "worker": not silent_jobs(_NEEDED_JOBS) and not failing_jobs(),
        }
    except SQLAlchemyError:
        db.session.rollback()
        return {"database": False, "migrations": False, "worker": False}


@cache
def _head(directory: str) -> str | None:
    config = Config()
    config.set_main_option("script_location", directory)
    return ScriptDirectory.from_config(config).get_current_head()
