"""Mail addresses in a pasted line: those that can be read in one way only, and for any other the readings
among which a person has to choose.

Nothing is mended here. An address counts as read only where it stands in the text as it is, with a blank, the
end of a line or a separator on both sides, and nothing beside it speaks for another one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from itertools import takewhile

from campaign.circulation.address_neighbours import (
    first_name,
    first_part,
    head_before_comma,
    head_of,
    last_part,
    tail_behind_comma,
    tail_in_own_cell,
    tail_of,
)
from campaign.circulation.address_readings import hidden_readings, valid_readings
from campaign.circulation.address_signs import (
    ALIKE,
    AT,
    BETWEEN,
    BULLETS,
    GLUED_NUMBER,
    GLUED_PHONE,
    GLUED_TITLE,
    HUMP,
    MARK,
    PLAIN,
    RUN,
)
from campaign.circulation.address_words import is_label, without_glued_word
from campaign.core.address_slips import is_other_provider, suggested_address
from campaign.core.domain_names import is_known_ending, mixes_scripts
from campaign.core.invisible_marks import has_hidden_characters, without_invisible_marks
from campaign.core.mail_addresses import AddressRefused, plain_address
from campaign.core.text import plain_latin


class Doubt(StrEnum):
    """Why an address can't be taken as it stands."""

    GLUED = "glued"
    BROKEN = "broken"
    SLIP = "slip"
    LETTERS = "letters"
    MARKED = "marked"
    HIDDEN = "hidden"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """An address in a line, from `start` to `end`, as it is `given` there.

    Either `address` is the only reading, or there is a `doubt`, and `readings` are all that it may be.
    """

    start: int
    end: int
    given: str
    address: str = ""
    doubt: Doubt | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a line: the lines `above` and `below` without an empty one between; `number` in the
    list; `numbers` that may be glued to an address, as numbers_in() found them; `table` where commas are
    known to separate cells.
    """

    above: str = ""
    below: str = ""
    number: int = 0
    numbers: frozenset[int] = frozenset()
    table: bool = False


def visible(line: str) -> str:
    """A line without invisible marks, tabs kept. Where a mark stood between two characters, which may have
    been parted or joined by it, a sign stands that no address has.
    """
    if line.isascii() and line.replace("\t", "").isprintable():
        return line
    shown: list[str] = []
    parted = False
    for char in unicodedata.normalize("NFC", line.replace(MARK, "\ufffd")).translate(_WIDE_SIGNS):
        # Variation selectors, as behind an emoji.
        if char != "\t" and (char in "\ufe0e\ufe0f\u2028\u2029" or not without_invisible_marks(char)):
            # Behind a bullet it only says how that looks.
            parted = parted or not (char in "\ufe0e\ufe0f" and shown[-1:] and shown[-1] in BULLETS)
            continue
        kept = char if char == "\t" else " " if char.isspace() else char
        if parted and shown and _in_address(shown[-1]) and _in_address(kept):
            shown.append(MARK)
        parted = False
        shown.append(kept)
    return "".join(shown)


# Separators, brackets and quotation marks of other scripts, which no address has.
_WIDE_SIGNS = str.maketrans("（）［］｛｝【】〔〕《》〈〉「」『』，、،；؛｜：", "()[]{}[][]<><>«»«»,,,;;|:")


def _in_address(char: str) -> bool:
    return not char.isspace() and char not in BETWEEN


_OPENERS, _CLOSERS, _QUOTES = "<([{", ">)]}", "\"“”„«»‹›'’‘`"
_EDGE_QUOTES = "'’‘`"
_EDGES_OF_LINE = " \t0123456789.)(-–*" + BULLETS
_OWN_NUMBER = re.compile(r"(\d{1,4})[A-Za-z]")
_ENTITY = re.compile(r"&#?\w+;$")
_GENERIC = frozenset({"com", "org", "net", "info", "edu", "gov", "biz", "int"})


def addresses_in(line: str, around: Surroundings = Surroundings()) -> list[FoundAddress]:
    """All addresses of a visible() line in their order, and where the @ is written in another way too."""
    deceives = has_hidden_characters(line.replace("\t", " ").replace(MARK, ""))
    found: list[FoundAddress] = []
    groups, grouped = re.search(r"[})\]>]\s*@", line), 0
    for run in RUN.finditer(line):
        if run.start() < grouped or _is_sign(line, run):
            continue
        if groups and (group := _GROUP.match(line, _group_start(line, run))):
            grouped = group.end()
            members = valid_readings(
                f"{name}@{group[2]}" for name in re.split(r"[\s,;|/&]+", group[1]) if name
            )
            found.append(FoundAddress(group.start(), grouped, group[0], "", Doubt.SEVERAL, members))
        elif AT.search(run[0]):
            spot = _Spot.of(line, run, around)
            if spot.is_handle():
                continue
            doubt = Doubt.LETTERS if deceives else spot.doubt()
            if doubt is None:
                found.append(FoundAddress(spot.start, spot.end, spot.core, plain_address(spot.core)))
            else:
                readings = spot.readings() or _spelled_out(line)
                found.append(FoundAddress(spot.start, spot.end, spot.core, "", doubt, readings))
    if not found and (hidden := hidden_readings(line)):
        return [FoundAddress(0, len(line), line, "", Doubt.HIDDEN, hidden)]
    return found


def _spelled_out(line: str) -> tuple[str, ...]:
    """The reading of a short line with one @ in which blanks or a spelled dot part an address."""
    if line.count("@") != 1 or len(line.split()) > _MOST_SPELLED_WORDS:
        return ()
    joined = re.sub(r"\s*(?:\b(?:dot|кропка|точка|крапка|kropka|punkt)\b|([@.]))\s*", _sign, line, flags=re.I)
    if joined == line:
        return ()
    return valid_readings(run for run in RUN.findall(joined) if PLAIN.fullmatch(run))


def _sign(found: re.Match[str]) -> str:
    return found[1] or "."


_MOST_SPELLED_WORDS = 7
# "{anna,jan}@uni.kz"
_GROUP = re.compile(r"[{(\[<]\s*([\w.+-]+(?:[\s,;|/&]+[\w.+-]+)+)\s*[})\]>]\s*@\s*((?:[\w-]+\.)+[\w-]+)")


def _group_start(line: str, run: re.Match[str]) -> int:
    start = run.start()
    while start and line[start - 1].isspace():
        start -= 1
    return max(0, start - 1)


def _is_sign(line: str, run: re.Match[str]) -> bool:
    """True for an @ that stands before an address as a telephone sign stands before a number."""
    return run[0] in ("@", "＠") and _NEXT_ADDRESS.match(line, run.end()) is not None


_NEXT_ADDRESS = re.compile(r"\s+\S*\w@\w")


def numbers_in(lines: Sequence[str]) -> list[frozenset[int]]:
    """For each line of a list the numbers that may be glued to its addresses: they go on from one address to
    the next (5anna@…, 6jan@…), wherever the list begins, or are the place of the address among all.
    """
    spots = [
        (at, found)
        for at, line in enumerate(lines)
        for run in RUN.finditer(line)
        if AT.search(run[0]) and (found := _numbered(line, run))
    ]
    numbers: list[set[int]] = [set() for _line in lines]
    last: tuple[int, int, int, bool] | None = None
    for place, (at, (own, glued)) in enumerate(spots, 1):
        if own < 0:
            continue
        if glued and own == place:
            numbers[at].add(own)
        if last and 0 < own - last[2] <= _MOST_LEFT_OUT and place - last[0] <= _MOST_LEFT_OUT:
            numbers[at].add(own)
            if last[3]:
                numbers[last[1]].add(last[2])
        last = place, at, own, glued
    return [frozenset(each) for each in numbers]


# A list goes on though a line of it was taken out.
_MOST_LEFT_OUT = 3
_STANDS_BEFORE = re.compile(r"(?:^|[\s,;|(\[])[(\[]?(\d{1,4})[.)\]:]*\s+$")


def _numbered(line: str, run: re.Match[str]) -> tuple[int, bool]:
    """The number of an address in a list, and whether it is glued to it; -1 for none."""
    if own := _OWN_NUMBER.match(run[0].lstrip(BULLETS + _EDGE_QUOTES)):
        return int(own[1]), True
    before = _STANDS_BEFORE.search(line[: run.start()])
    return (int(before[1]), False) if before else (-1, False)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A run of characters with an @, from `first` to `last`; from `start` to `end` without punctuation and
    quotes, which no address has at its ends.
    """

    line: str
    first: int
    start: int
    end: int
    last: int
    around: Surroundings

    @classmethod
    def of(cls, line: str, run: re.Match[str], around: Surroundings) -> _Spot:
        """The run, with its ends found."""
        start, end = run.span()
        while start < end and line[start] in BULLETS + _EDGE_QUOTES:
            start += 1
        while end > start and line[end - 1] in ".!?。！？" + _EDGE_QUOTES:
            end -= 1
        return cls(line, run.start(), start, end, run.end(), around)

    @property
    def core(self) -> str:
        """What would be the address."""
        return self.line[self.start : self.end]

    @property
    def _domain(self) -> str:
        return self.core.rpartition("@")[2]

    @property
    def punctuation(self) -> str:
        """What was taken off at the end."""
        return self.line[self.end : self.last]

    def is_handle(self) -> bool:
        """True for a name as in social networks, beside another run that has an @."""
        return (
            self.core[:1] == "@"
            and len(self.core) > 1
            and "." not in self.core
            and sum(1 for run in RUN.findall(self.line) if AT.search(run)) > 1
        )

    def doubt(self) -> Doubt | None:
        """Why it can't be taken as it stands, None where it has one reading only."""
        core = self.core
        if not PLAIN.fullmatch(core):
            return _doubt_about_form(core)
        try:
            plain_address(core)
        except AddressRefused:
            return Doubt.LETTERS if not core.isascii() else Doubt.GLUED
        local, _at, domain = core.rpartition("@")
        if _is_glued(local, self.around):
            return Doubt.GLUED
        if self._head() is not None or self._tail() is not None:
            return Doubt.BROKEN
        return _doubt_about_domain(core, domain)

    def _head(self) -> str | None:
        """What stands before it and may belong to it: "" where something is in doubt that can't be part of an
        address, None where nothing is.
        """
        beside = self.line[self.first - 1 : self.first] if self.first else ""
        quotes = self.line[self.first : self.start]
        if bool(set(quotes) & set(_EDGE_QUOTES)) != bool(set(self.punctuation) & set(_EDGE_QUOTES)):
            return ""
        if not beside or beside.isspace():
            return self._head_before_blank()
        before = self.line[: self.first - 1]
        if beside == "," and not self.around.table:
            return head_before_comma(before)
        if beside in _CLOSERS or (beside == ";" and _ENTITY.search(before + ";")):
            return ""
        if beside in _QUOTES:
            return None if not before or before[-1].isspace() or before[-1] in _OPENERS + ",;|:" else ""
        if beside == ":":
            word = re.split(r"[\s,;|<(\[]", before)[-1]
            return None if is_label(word.split("/")[-1]) or (word and not word[-1].isascii()) else ""
        return None

    def _head_before_blank(self) -> str | None:
        words = self.line[: self.first].rstrip(" ")
        if words.endswith("\t") or self._is_lettered(words.strip()):
            return None
        if words:
            head = head_of(words.split(), alone=False)
            return head if head is not None else first_name(words, self.core)
        above = self.around.above.split()
        return head_of(above, alone=len(above) == 1) if above else None

    def _is_lettered(self, mark: str) -> bool:
        """True for "b." in a list where "a." or "c." stands beside it."""
        if not re.fullmatch(r"[^\W\d_]\.", mark):
            return False
        before, after = f"{chr(ord(mark[0]) - 1)}. ", f"{chr(ord(mark[0]) + 1)}. "
        return self.around.above.strip().startswith(before) or self.around.below.strip().startswith(after)

    def _tail(self) -> str | None:
        """What stands behind it and may belong to it, as _head() says it."""
        beside, rest = self.line[self.last : self.last + 1], self.line[self.last + 1 :]
        dot = "." if "." in self.punctuation else ""
        if not beside or beside.isspace():
            return self._tail_behind_blank(dot)
        if beside in ";," and not self.line[: self.first].strip(_EDGES_OF_LINE) and not self.around.table:
            tail = tail_in_own_cell(self._domain, rest, (self.around.above, self.around.below))
            if tail is not None:
                return tail
        if beside == "," and not self.around.table:
            return tail_behind_comma(self.core, rest)
        if beside in _CLOSERS:
            return "" if re.match(r"[)\]}>]*[._-]*[^\W_]|[)\]}>]*[._-]*@", rest) else None
        if beside in _OPENERS:
            return "" if dot else None
        if beside in _QUOTES:
            return None if not rest or rest[0].isspace() or rest[0] in _CLOSERS + ",;|:.!?<" else ""
        if beside == ":":
            return None if not rest or rest[0].isspace() else ""
        return None

    def _tail_behind_blank(self, dot: str) -> str | None:
        rest = self.line[self.last :]
        if rest.lstrip(" ").startswith("\t"):
            return None
        words = rest.split()
        if words:
            return tail_of(words, self._domain, dot, alone=False)
        below = self.around.below.split()
        return tail_of(below, self._domain, dot, alone=len(below) == 1) if below else None

    def readings(self) -> tuple[str, ...]:
        """All that it may be, what stands there first."""
        core = self.core
        heads, tails = ["", self._head() or ""], ["", self._tail() or ""]
        if (head := heads[1])[-1:].isalnum() and core[:1].isalnum():
            heads[1:] = [f"{head}.", head]
        entity = _ENTITY.search(self.line[: self.start])
        if entity and unescape(entity[0]).isalpha():
            # "&eacute;ola@x.org": the beginning is missing.
            return ()
        if (tail := tails[1])[:1].isalpha():
            # A blank, or the end of a line, may stand for a dot.
            known = is_known_ending(self._domain.rpartition(".")[2] + tail)
            tails[1:] = [tail, f".{tail}"] if known else [f".{tail}", tail]
            if is_known_ending(tail) and "." in self._domain and not known:
                tails.pop()
        before, behind = self.line[: self.start].split(), self.line[self.last :].split()
        before, behind = before or self.around.above.split(), behind or self.around.below.split()
        if before and core[:1] in "@.-_":
            heads.append(last_part(before[-1]))
        first = first_part(behind[0]) if behind else ""
        endings = ".".join(takewhile(is_known_ending, (first_part(word).strip(".") for word in behind)))
        if behind and (core[-1:] in "@.-_" or self.punctuation.startswith(".")):
            dot = "." if self.punctuation else ""
            tails += [f"{dot}{first}", f"{dot}{endings}"]
        elif endings and "." not in self._domain:
            tails.append(f".{endings}")
        elif "." not in self._domain and is_known_ending(first.rpartition(".")[2]):
            tails += [first, f".{first}"]
        typed = [head + core + tail for head in dict.fromkeys(heads) for tail in dict.fromkeys(tails)]
        return valid_readings(typed)


def _doubt_about_form(core: str) -> Doubt:
    local, _at, domain = core.rpartition("@")
    if MARK in core or mixes_scripts(domain):
        return Doubt.LETTERS
    if not local.isascii():
        return Doubt.MARKED if plain_latin(local).isascii() else Doubt.LETTERS
    if not local or not domain or core[-1] in "-_":
        return Doubt.BROKEN
    return Doubt.GLUED


def _doubt_about_domain(core: str, domain: str) -> Doubt | None:
    labels = domain.split(".")
    last, above = labels[-1], labels[-2].lower()
    if unicodedata.normalize("NFKC", domain) != domain:
        return Doubt.LETTERS
    for label in labels[:-1]:
        strange = {unicodedata.name(char, "")[:5] for char in label} & {"CYRIL", "GREEK"}
        if strange and (last.isascii() or label.translate(ALIKE).isascii()):
            return Doubt.LETTERS
    small = last.lower()
    if last != small and not domain.isupper():
        titled = last.istitle() and labels[-2][:1].isupper()
        if not titled and not (last.isupper() and above not in _GENERIC):
            return Doubt.GLUED
    if small != "example" and not is_known_ending(small):
        return Doubt.SLIP
    if above in _GENERIC and (small in _GENERIC or small in {"tel", "name", "mobi"}):
        return Doubt.SLIP
    if labels[0].lower() == "www" or is_other_provider(domain) or suggested_address(core):
        return Doubt.SLIP
    return None


def _is_glued(local: str, around: Surroundings) -> bool:
    """True where a number, title, label, telephone number or word may be glued to the front."""
    own = _OWN_NUMBER.match(local)
    place = around.number
    numbers = around.numbers | ({place, place - 1} if place else set())
    return bool(
        GLUED_NUMBER.match(local)
        or GLUED_PHONE.match(local)
        or (own and int(own[1]) in numbers)
        or GLUED_TITLE.match(local)
        or HUMP.search(local)
        or without_glued_word(local) != local
    )
