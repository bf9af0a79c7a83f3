"""Numbers and bullets that stand before the names of a list, and belong to the list and not to the names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

# Signs of lists, with those that Word and Wingdings leave behind.
BULLETS = "•·●○◦▪▫■□◆◇‣⁃∙⦁✓✔☑☐✗➢➤►▶→⇒>*+–—−\\-\uf000-\uf0ff"
_START = r"(?=[^\W\d_]|[\"'“”„«‹‘’(\[])"
_BULLET = re.compile(
    rf"(?:[{BULLETS}]\s*)+(?:(?=[^\W_])(?<=\s)|{_START})|§\s*{_START}|o(?:\t|\s{{2,}})(?=\S)"
)
_NUMBER = r"(\d{1,5})"
# Nobody's name begins like this: "12)", "(3)", "[3]", "№ 5", "#5", "a)", "iv)", ①, 1️⃣.
_SURE = re.compile(
    r"(?:\[\s*[xXхХvV✓✔☑]?\s*\]|[(\[]\s*\d{1,5}\s*[)\]]\s*[.:]?|\d{1,5}\s*[.]?\)|(?:№|\#)\s*\d{1,5}\s*[.):]?(?=\s)"
    r"|\(?(?:[a-zа-яіўїєґ]|[ivxlc]{1,6})\)|[①-⓿]|\d\ufe0f?\u20e3)\s*(?=\S)",
    re.IGNORECASE,
)
# A name may begin like this: "1. Mai", "I. Nowak". The numbers of the other names tell.
_POINTED = re.compile(rf"{_NUMBER}\s*(?:[.:．、]\s*{_START}|[.:]\s+(?=\S)|、|\s[–—-]\s+(?=\S)|\t+\s*(?=\S))")
_CALLED = re.compile(rf"(?:no|nr|lp|n°|nº)\.?\s*{_NUMBER}\s*[.):]?\s+{_START}", re.IGNORECASE)
_BARE = re.compile(rf"{_NUMBER}\s+(?=\S)")
# "1- Anna", "1/ Anna", "1-Anna".
_DASHED = re.compile(rf"{_NUMBER}\s*[-–—/]\s*{_START}")
_NUMBER_AND_SIGN = re.compile(rf"{_NUMBER}\s*[-/]\s+{_START}")
_LETTERED = re.compile(rf"([a-zа-яіўїєґ])\.\s+{_START}")
_CAPITALS = re.compile(rf"([A-ZА-ЯІЎЇЄҐ])\.\s+{_START}")
# What bullets and ticks of Word's fonts become in a text.
_TICK = re.compile(rf"([oüûØvxq§])\s+{_START}")
_LEVELS = re.compile(rf"(?:\d{{1,3}}\.)+(\d{{1,3}})\.?\s+{_START}")
_ROMAN = re.compile(rf"([IVXLC]{{1,6}})\.\s+{_START}", re.IGNORECASE)
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Of plain numbers before names, so many of a hundred names have one; of others half are enough.
_NEARLY_ALL, _HALF = 0.8, 0.5
_FEW = 3
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщэюя",
    "абвгдеёжзийклмнопрстуфхцчшщэюя",
    "абвгдеёжзійклмнопрстуўфхцчшыэюя",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщюя",
)

Ask = Callable[[str], str | None]


class ListMarks:
    """The numbers and bullets of a list, known from some of its names."""

    def __init__(self, names: Iterable[str]) -> None:
        bare = [name for name in map(_unmarked, names) if name]
        self.levels = _run(bare, _LEVELS, _HALF, lenient=True)
        self.pointed = not self.levels and _run(bare, _POINTED, _HALF)
        self.called = _run(bare, _CALLED, _HALF)
        self.plain = not self.pointed and _run(bare, _BARE, _NEARLY_ALL, consecutive=True)
        self.dashed = _run(bare, _DASHED, _HALF)
        self.roman = _run(bare, _ROMAN, _HALF, consecutive=True, few=2)
        self.lettered = not self.roman and _in_alphabet(bare, _LETTERED) > 1
        self.tick = _repeated(bare)
        # Two numbered names, or initials in the order of the alphabet: a person has to say.
        self._asked = (
            (_BARE, not self.plain and _run(bare, _BARE, _NEARLY_ALL, consecutive=True, few=2)),
            (_CAPITALS, not self.roman and _in_alphabet(bare, _CAPITALS) >= _FEW),
            (_POINTED, True),
            (_NUMBER_AND_SIGN, True),
        )

    def without(self, name: str, ask: Ask | None = None) -> str:
        """The name alone. `ask` tells "leave-out", "keep", or None while it is open, for a number that may
        belong to the name.
        """
        bare, is_numbered = _split(name)
        if is_numbered:
            return bare
        for known, pattern in (
            (self.levels, _LEVELS),
            (self.pointed, _POINTED),
            (self.called, _CALLED),
            (self.dashed, _DASHED),
            (self.roman, _ROMAN),
            (self.lettered, _LETTERED),
            (self.tick, _TICK),
            (self.plain, _BARE),
        ):
            if known and (found := pattern.match(bare)) and _says(bare[found.end() :]):
                return bare[found.end() :]
        for pattern, is_asked in self._asked if ask else ():
            if is_asked and (found := pattern.match(bare)) and _says(bare[found.end() :]):
                return bare[found.end() :] if ask and ask(name) == "leave-out" else bare
        return bare


def begins_with_mark(line: str) -> bool:
    """True for a line that begins with a number or a bullet, or with a number that may be one."""
    bare, is_numbered = _split(line)
    return is_numbered or bare != line.strip() or bool(_POINTED.match(bare) or _LEVELS.match(bare))


def _unmarked(name: str) -> str:
    return _split(name)[0]


def _split(name: str) -> tuple[str, bool]:
    """The name without bullets, and without a number that can be nothing else; and whether it had one."""
    bare = name.strip()
    for _twice in range(2):
        if (found := _BULLET.match(bare)) and _says(bare[found.end() :]):
            bare = bare[found.end() :]
        elif (found := _SURE.match(bare)) and _says(bare[found.end() :]):
            return bare[found.end() :], True
    return bare, False


def _says(rest: str) -> bool:
    return any(char.isalnum() for char in rest)


def _run(
    names: Sequence[str],
    pattern: re.Pattern[str],
    share: float,
    *,
    consecutive: bool = False,
    lenient: bool = False,
    few: int = _FEW,
) -> bool:
    """True where the numbers before names count them: they grow, or begin anew."""
    found = [_value(match[1]) for name in names if (match := pattern.match(name))]
    if not found:
        return False
    if consecutive:
        grows = all(after in (before + 1, 1) for before, after in pairwise(found)) and found[0] == 1
        return len(found) >= few and grows and len(found) >= share * len(names)
    grows = all(after > before or after == 1 for before, after in pairwise(found))
    if lenient:
        return len(found) >= _FEW and len(found) >= share * len(names)
    counts = all(after in (before + 1, 1) for before, after in pairwise(found)) and found[0] == 1
    is_many = len(found) >= share * len(names) and (len(found) > 1 or found[0] == 1)
    return (is_many and grows) or (counts and (len(found) > 1 or len(names) == 1))


def _in_alphabet(names: Sequence[str], pattern: re.Pattern[str]) -> int:
    """The number of names whose letters go through an alphabet from its start; 0 where they are few."""
    found = "".join(match[1].lower() for name in names if (match := pattern.match(name)))
    is_many = len(found) >= _HALF * len(names)
    return len(found) if is_many and any(order.startswith(found) for order in _ALPHABETS) else 0


def _repeated(names: Sequence[str]) -> bool:
    """True where nearly all names begin with one and the same letter alone."""
    found = [match[1] for name in names if (match := _TICK.match(name))]
    return len(found) > 1 and len(set(found)) == 1 and len(found) >= _NEARLY_ALL * len(names)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = [_ROMAN_VALUES[sign] for sign in number.upper()]
    return sum(
        -value if any(later > value for later in values[place + 1 :]) else value
        for place, value in enumerate(values)
    )
