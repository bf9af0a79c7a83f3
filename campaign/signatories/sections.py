"""The sections that rooms above add to the public list."""

from __future__ import annotations

from campaign.core.sections import Sections
from campaign.statements.queries import StatementPage

# Below a whole list; a part of it, or a search, has none.
list_sections: Sections[StatementPage] = Sections("sections of the public list")
