"""The sections that rooms above add to the signer's page."""

from __future__ import annotations

from campaign.core.sections import Sections
from campaign.statements.queries import StatementPage

# Below what the signer gave. The page is neutral and private: what stands here is public anyway.
signer_sections: Sections[StatementPage] = Sections("sections of the signer's page")
