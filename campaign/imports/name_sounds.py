"""What a text without the name of a column sounds like: somebody's name, or nobody's."""

from __future__ import annotations

from campaign.core.countries import country_of
from campaign.core.text import has_letter
from campaign.core.web_addresses import has_web_address
from campaign.core.yes_and_no import says_yes
from campaign.imports.column_mapping import sounds_organised
from campaign.imports.listing_words import means_no

_MOST_WORDS = 4


def is_address(cell: str) -> bool:
    """True for a mail address, and for a web address alone."""
    return "@" in cell or (" " not in cell and has_web_address(cell))


def is_text(cell: str) -> bool:
    """True for what is no address, number, country, yes or no."""
    is_said = says_yes(cell) or (means_no(cell) and len(cell.split()) == 1)
    return not is_said and not is_address(cell) and has_letter(cell) and country_of(cell) is None


def sounds_personal(cell: str) -> bool:
    """True for two to four words, most of them with a capital, without a word of organisations."""
    words = cell.split()
    return (
        1 < len(words) <= _MOST_WORDS
        and not sounds_organised(cell)
        and not any(char.isdigit() for char in cell)
        and sum(not word[:1].islower() for word in words) > len(words) / 2
        and words[0][:1].isalpha()
    )
