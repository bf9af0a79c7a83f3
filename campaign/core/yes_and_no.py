"""Yes and no as people write them in tables, in our languages and some more."""

from __future__ import annotations

YES = frozenset((
    "y", "yes", "true", "1", "x", "v", "+", "✓", "✔", "☑", "✅", "да", "так", "tak", "ja", "oui", "si", "sí",
    "sì",
))  # fmt: skip
NO = frozenset((
    "n", "no", "not", "0", "false", "off", "n/a", "нет", "не", "ні", "няма", "немає", "nie", "brak", "nein",
    "kein", "falsch", "non", "nee",
))  # fmt: skip


def says_yes(cell: str) -> bool:
    """True for a clear yes or a tick. Anything else is none."""
    return cell.casefold().strip(" .!") in YES


def says_no(cell: str) -> bool:
    """True for a clear no in one word. Anything else is none."""
    return cell.casefold().strip(" .!") in NO
