"""The steps of an import: in the worker for a long list, at once for a short one."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Flask
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import OperationalError

from campaign.core import clock, worker
from campaign.core.database import writing
from campaign.extensions import db
from campaign.imports import operations
from campaign.imports.errors import ListRepeated, NotNow, RowsRefused
from campaign.imports.models import Import, ImportStage
from campaign.signatures.errors import OrganisationSigned
from campaign.statements.errors import KeyDestroyed

EVERY_SECONDS = 1.0
# Up to this many rows nobody has to wait for the worker.
SHORT = 500
_SILENT_AFTER = dt.timedelta(minutes=2)
_DUE = (ImportStage.CHECKING, ImportStage.QUEUED)


def work() -> bool:
    """Do the next step of the oldest import that waits for one. True when there was one."""
    due = select(Import.id).where(Import.stage.in_(_DUE), _free()).order_by(Import.created_at).limit(1)
    import_id = db.session.scalar(due)
    return import_id is not None and advance(import_id)


def advance(import_id: uuid.UUID) -> bool:
    """Check or import a list, unless another process has it. Returns True when there was something to do.

    A list that can no longer be imported as it was checked is checked again.
    """
    stage = _claim(import_id)
    if stage is None:
        return False

    try:
        operations.check(import_id) if stage is ImportStage.CHECKING else operations.carry_out(import_id)
    except (ListRepeated, RowsRefused, OrganisationSigned):
        operations.check_again(import_id)
    except KeyDestroyed:
        operations.discard(import_id)
    except NotNow:
        # Another process was quicker, or the import was discarded.
        return True
    except OperationalError:
        # The database is away: the import goes on once it is back.
        raise
    except Exception:
        operations.fail(import_id)
        raise

    return True


def _claim(import_id: uuid.UUID) -> ImportStage | None:
    """Claim an import for this process, for as long as it keeps saying so.

    Returns its stage; None when another process has it or nothing is due.
    """
    mine = (
        update(Import)
        .where(Import.id == import_id, Import.stage.in_(_DUE), _free())
        .values(claimed_at=clock.now(), passed=0)
    )
    with writing() as session:
        found = session.execute(
            mine.returning(Import.stage), execution_options={"synchronize_session": False}
        ).scalar()
    return ImportStage(found) if found else None


def _free() -> ColumnElement[bool]:
    return or_(Import.claimed_at.is_(None), Import.claimed_at < clock.now() - _SILENT_AFTER)


def init_app(app: Flask) -> None:
    """Give the worker the imports."""
    worker.register(app, "imports", EVERY_SECONDS, work)
