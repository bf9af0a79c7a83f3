"""Titles as cards and posters show them: one of pictures alone, which no font here has, would leave them
blank. The letter itself keeps its title to the letter, as it was signed.
"""

from __future__ import annotations

import unicodedata

from campaign.documents.paper_fonts import set_line
from campaign.statements.queries import StatementPage

# Letters, numbers, punctuation, symbols: all that leaves a trace on paper.
_SEEN = "LNPS"


def title_on_paper(page: StatementPage) -> str:
    """The title, or where nothing of it can be set, the addressee or the number: the kind of statement stands
    above it.
    """
    if any(unicodedata.category(sign)[0] in _SEEN for sign in set_line(page.title).text):
        return page.title
    addressed = (", ".join(filter(None, (one.name, one.role))) for one in page.addressees)
    return next(addressed, f"№ {page.id}")
