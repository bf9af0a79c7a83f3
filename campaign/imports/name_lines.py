"""Names in a text without columns: one on each line, several on a line, or one broken over two lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import ngettext

from campaign.core.text import clean_line
from campaign.imports.column_mapping import Head, guess, sounds_organised
from campaign.imports.headings import heading_of
from campaign.imports.list_marks import begins_with_mark
from campaign.imports.name_sounds import is_text, sounds_personal
from campaign.sheets.errors import SheetUnreadable
from campaign.sheets.questions import Asked, SheetQuestion
from campaign.sheets.readers import read_lines

SEPARATORS, BROKEN = "separators", "broken"
NAMES, COLUMNS, WHOLE, TURNED = "names", "columns", "whole", "turned"
JOIN, APART = "join", "apart"
_MOST, _NEARLY_ALL, _HALF = 0.6, 0.8, 0.5
_MARK_AND_TAB = re.compile(
    r"^(\s*(?:[^\w\s]|\[[xX ]?\]|[([]?\d{1,4}\s*[-–.)\]/:]|[a-zа-яA-ZА-Я]{1,4}[.)]))[\t ]*\t\s*"
)
# Bullets and ticks of Word's fonts are letters in a text.
_LETTER_AND_TAB = re.compile(r"^\s*[oüûØvxq§][\t ]*\t\s*(?=\S)")
# Signs of other scripts between names, and signs that stand between two of them with blanks.
_OTHER_SIGNS = str.maketrans({"；": "; ", "؛": "; ", "，": ", ", "、": ", ", "،": ", ", "｜": "|"})
_BETWEEN_BLANKS = re.compile(r"(?<=\S)\s+[•·∙●▪◦‣]\s+(?=\S)")
# A stroke between blanks may separate two names, or one name in two languages: always asked about.
_STROKE = "／"
_STROKES = re.compile(r"(?<=\S)(?:\s+/{1,2}\s+|\s*／\s*)(?=\S)")
_ASKED = (",", _STROKE)
_NUMBER_WITHIN = re.compile(r"(?:^|(?<=[\s;,|]))[(\[]?(\d{1,3})[.)\]]\s+(?=[^\W\d_])")
_QUOTES = '"'
_PAIRS = {")": "(", "]": "[", "}": "{", "»": "«", "”": "“"}
_SMALL_WORDS = frozenset(
    """
    of and for the in on at to by with from against und für der die das des von vom zur zum im am gegen
    dla na rzecz oraz i w z ze o do po przeciw и в на по за из с со против для о і ў у з са супраць та та й
    від до із зі et de du des la le les pour en à y del los las para e di della dei per
    """.split()  # noqa: SIM905
)
_BEGINS_WITH_AND = re.compile(r"^(?:and|und|oraz|i|и|і|та|et|y|e|&)\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameLines:
    """The names of a text as rows of a table, and what a person has to decide about its lines."""

    rows: list[tuple[int, list[str]]]
    questions: list[SheetQuestion]
    notes: list[str]


def is_table(head: Head) -> bool:
    """True where the first rows have names of columns, or a cell of several lines."""
    layout = guess(head)
    names = next((cells for row, cells in head if row == layout.header), [])
    has_columns = len(layout.columns) > 1 or sum(bool(cell.strip()) for cell in names) > 1
    return (has_columns and layout.header > 0) or any("\n" in cell for _row, cells in head for cell in cells)


def names_in(text: Sequence[str], answers: Mapping[str, str]) -> NameLines | None:
    """The names in the lines of a text, read as the answers say; None for a table."""
    text = [_with_usual_signs(line) for line in text]
    lines = [(number, _unmarked(line)) for number, line in enumerate(text, 1)]
    filled = [(number, line) for number, line in lines if line.strip()]
    if not filled or any("\t" in line.strip() for _number, line in filled):
        return None

    asked = Asked(answers)
    names = [line for _number, line in filled if not heading_of([line])]
    sign, reading = _reading(names, asked)
    if reading == COLUMNS:
        return _columns([_as_columns(line, sign) for line in text], asked)
    joined = _joined(filled, sign if reading == NAMES else "", asked)
    cut = [(number, _cut(line, sign, reading)) for number, line in joined]
    notes = []
    if more := sum(len(parts) - 1 for _number, parts in cut):
        notes.append(
            ngettext(
                "%(num)s name was separated from others on its line.",
                "%(num)s names were separated from others on their lines.",
                more,
            )
        )
    if fewer := len(filled) - len(joined):
        notes.append(ngettext("%(num)s line was joined.", "%(num)s lines were joined.", fewer))
    if more:
        every = [part for _number, parts in cut for part in parts]
        return NameLines([(number, [part]) for number, part in enumerate(every, 1)], asked.questions, notes)
    return NameLines([(number, parts) for number, parts in cut if parts], asked.questions, notes)


def _with_usual_signs(line: str) -> str:
    """The line with a semicolon, comma or bar where it has another sign between names, also a number in a row
    of them: `1. Alpha 2. Beta`.
    """
    line = _STROKES.sub(_STROKE, _BETWEEN_BLANKS.sub("; ", line.translate(_OTHER_SIGNS)))
    found = list(_NUMBER_WITHIN.finditer(line))
    if len(found) < 2 or [int(one[1]) for one in found] != list(
        range(int(found[0][1]), int(found[0][1]) + len(found))
    ):
        return line
    ends = [*(one.start() for one in found[1:]), len(line)]
    parts = [line[one.end() : end].strip(" ;,|\t\r\n") for one, end in zip(found, ends, strict=True)]
    return "; ".join([*filter(None, [line[: found[0].start()].strip()]), *parts])


def _unmarked(line: str) -> str:
    """The line with a blank for the tab behind its number or bullet."""
    return _LETTER_AND_TAB.sub("• ", _MARK_AND_TAB.sub(r"\1 ", line.strip("\r\n")))


def _reading(names: Sequence[str], asked: Asked) -> tuple[str, str]:
    """The sign that separates, and what it separates; COLUMNS also for a table."""
    signs = (";", "|", *_ASKED)
    sign = next((sign for sign in signs if any(len(parted(line, sign)) > 1 for line in names)), "")
    if not sign:
        return "", WHOLE
    split = [parted(line, sign) for line in names]
    several = [parts for parts in split if len(parts) > 1]
    if _holds_columns(split):
        return sign, COLUMNS
    cells = [cell for parts in several for cell in parts]
    is_alike = _share(cells, sounds_organised) >= _MOST or _share(cells, sounds_personal) >= _NEARLY_ALL
    if sign not in _ASKED and is_alike:
        return sign, NAMES
    width, lines = Counter(map(len, several)).most_common(1)[0]
    is_shaped = len(several) > 1 and lines >= _MOST * len(split)
    one_word_first = sum(len(parts[0].split()) == 1 for parts in several) > _HALF * len(several)
    is_columns = is_shaped and not is_alike and not (sign == "," and one_word_first)
    few = len(several) < _HALF * len(split) or (len(split) == 1 and width == 2 and sign in _ASKED)
    said = asked.answer(
        SEPARATORS,
        example="",
        sign="/" if sign == _STROKE else sign,
        names=[cell[:60] for cell in several[0][:3]],
        whole=_whole(sign.join(several[0]))[:120] if sign in _ASKED else "",
        turned=f"{several[0][1]} {several[0][0]}"[:120] if sign == "," and width == 2 else "",
    )
    return sign, said or (COLUMNS if is_columns else WHOLE if few else NAMES)


def _holds_columns(split: Sequence[Sequence[str]]) -> bool:
    """True where one and the same part of most lines is a country, an address, a number or a yes."""
    for place in range(max(map(len, split))):
        cells = [parts[place] for parts in split if place < len(parts)]
        if len(cells) >= _HALF * len(split) and _share(cells, is_text) <= 1 - _MOST:
            return len(split[0]) > 1 or len(split) > 1
    return False


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _columns(text: Sequence[str], asked: Asked) -> NameLines | None:
    """The table that the lines are; None where nobody was asked about it."""
    if not asked.questions:
        return None
    table = read_lines("\n".join(line.rstrip("\r\n") for line in text))
    try:
        return NameLines(
            [(number, [cell.strip() for cell in cells]) for number, cells in table.rows], asked.questions, []
        )
    except SheetUnreadable:
        return None


def _cut(line: str, sign: str, reading: str) -> list[str]:
    if heading_of([line]):
        return [_whole(line.strip())]
    parts = parted(line, sign) if sign else [line.strip()]
    if reading == NAMES:
        if len(parts) > 1:
            parts[-1] = _BEGINS_WITH_AND.sub("", parts[-1])
        return [_whole(part) for part in parts]
    if reading == TURNED and len(parts) > 1:
        return [" ".join((*parts[1:], parts[0]))]
    return [_whole(line.strip().rstrip(";,").rstrip() or line.strip())]


def _as_columns(line: str, sign: str) -> str:
    return line.replace(_STROKE, "|") if sign == _STROKE else _whole(line)


def _whole(line: str) -> str:
    return line.replace(_STROKE, " / ")


def parted(line: str, sign: str) -> list[str]:
    """The parts of a line between the signs that stand in no brackets and no quotation marks."""
    found, depth, start, is_quoted = [], Counter[str](), 0, False
    guarded = all(line.count(close) == line.count(open_) for close, open_ in _PAIRS.items())
    quoted = line.count(_QUOTES) % 2 == 0
    for place, char in enumerate(line):
        if char == _QUOTES and quoted:
            is_quoted = not is_quoted
        elif guarded and char in _PAIRS.values():
            depth[char] += 1
        elif guarded and char in _PAIRS:
            depth[_PAIRS[char]] -= 1
        elif char == sign and not is_quoted and not any(depth.values()):
            found.append(line[start:place])
            start = place + 1
    found.append(line[start:])
    return [part.strip() for part in found if part.strip()]


def _joined(lines: Sequence[tuple[int, str]], sign: str, asked: Asked) -> list[tuple[int, str]]:
    """The lines, those of one broken name as one, unless a person says that they are apart."""
    broken = list(_breaks(lines, sign))
    ends = [(_tail(joined, sign), sure) for joined, sure in broken if joined]
    said = None
    for joined, sure in ends:
        if not sure:
            said = asked.answer(BROKEN, example=joined)
    found: list[tuple[int, str]] = []
    for (number, line), (joined, sure) in zip(lines, broken, strict=True):
        if joined and found and (sure or said != APART):
            found[-1] = (found[-1][0], _one(found[-1][1], line))
        else:
            found.append((number, line))
    return found


def _breaks(lines: Sequence[tuple[int, str]], sign: str) -> Iterator[tuple[str, bool]]:
    """For each line: it and the one before as one text where it continues that; and whether this is sure."""
    texts = [line for _number, line in lines]
    small = sum(_begins_small(text) for text in texts) <= (1 - _MOST) * len(texts)
    marked = sum(map(begins_with_mark, texts)) >= _MOST * len(texts) and len(texts) > 1
    ended = sum(text.rstrip().endswith(sign or ",") for text in texts) >= _HALF * len(texts)
    stops = bool(sign) and any(text.rstrip().endswith(sign) for text in texts[:-1])
    before, at = "", -1
    for number, text in lines:
        joined, sure = "", False
        is_next = bool(before) and number == at + 1 and not begins_with_mark(text)
        if is_next and not heading_of([before]) and not heading_of([text]):
            end = before.rstrip()
            sure = end.endswith("\u00ad") or _is_open(before, text)
            continued = (
                (small and _begins_small(text))
                or _hangs(end, comma=not ended)
                or (marked and not begins_with_mark(text))
                or (stops and not end.endswith(sign))
            )
            joined = _one(before, text) if sure or continued else ""
        yield joined, sure
        before, at = (joined or text), number


def _begins_small(text: str) -> bool:
    return text.lstrip()[:1].islower() or text.lstrip()[:1] in "&)"


def _hangs(end: str, *, comma: bool) -> bool:
    words = end.casefold().split()
    signs = ("-", "‐", "&", "(", "[", "/", *((",",) if comma else ()))
    return end.endswith(signs) or (len(words) > 1 and words[-1] in _SMALL_WORDS)


def _is_open(before: str, text: str) -> bool:
    return before.count("(") == before.count(")") + 1 and text.count(")") == text.count("(") + 1


def _one(before: str, text: str) -> str:
    end, more = before.rstrip(), text.strip()
    if end.endswith("\u00ad"):
        return end[:-1] + more
    if end.endswith(("-", "‐")) and end[-2:-1].isalpha():
        return (end[:-1] if more[:1].islower() else end) + more
    return f"{end}{'' if end.endswith(('(', '[', '/')) else ' '}{more}"


def _tail(joined: str, sign: str) -> str:
    """The joined name alone, to be shown."""
    parts = parted(joined, sign) if sign else [joined]
    return clean_line(max(parts, key=len) if parts else joined)
