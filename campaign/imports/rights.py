"""Imports as an address names them: a list being imported into a published statement."""

from __future__ import annotations

import uuid

from flask import abort

from campaign.accounts.permissions import Scope
from campaign.extensions import db
from campaign.imports.models import Import, ImportStage
from campaign.statements.models import Statement
from campaign.statements.rights import published_in_path


def _load_import(import_id: uuid.UUID, statement: Statement) -> Import:
    """An import into this statement whose rows are all there. Aborts: 404."""
    import_ = db.session.get(Import, import_id)
    if import_ is None or import_.statement_id != statement.id or import_.stage == ImportStage.READING:
        abort(404)
    return import_


import_in_path = Scope("import_id", "import_", _load_import, within=published_in_path)
