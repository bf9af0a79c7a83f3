"""The sections that rooms above add to the table of signatures."""

from __future__ import annotations

from campaign.core.sections import Sections
from campaign.statements.models import Statement

# Beside the export of the public list, for members who may export.
export_sections: Sections[Statement] = Sections("exports beside the table of signatures")
