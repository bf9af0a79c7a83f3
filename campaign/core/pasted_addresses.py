"""Mail addresses in a pasted line: those that can be read in one way only, and for any other the readings
among which a person has to choose.

Nothing is mended here. An address counts as read only where it stands in the text as it is, with a blank, the
end of a line or a separator on both sides, and nothing beside it speaks for another one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from itertools import takewhile
from urllib.parse import unquote

from campaign.core.address_slips import is_other_provider, suggested_address
from campaign.core.address_words import is_label, is_title, without_glued_word
from campaign.core.contact_details import plain_signs
from campaign.core.domain_names import is_known_ending, mixes_scripts
from campaign.core.invisible_marks import has_hidden_characters, without_invisible_marks
from campaign.core.mail_addresses import AddressRefused, plain_address

# Stands where an invisible mark was, with something on both sides of it.
_MARK = "\ue000"
MOST_READINGS = 8
_LONGEST_RUN = 320


class Doubt(StrEnum):
    """Why an address can't be taken as it stands."""

    GLUED = "glued"
    BROKEN = "broken"
    SLIP = "slip"
    LETTERS = "letters"
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
    for char in unicodedata.normalize("NFC", line.replace(_MARK, "\ufffd")):
        # Variation selectors, as behind an emoji.
        if char != "\t" and (char in "\ufe0e\ufe0f\u2028\u2029" or not without_invisible_marks(char)):
            parted = True
            continue
        kept = char if char == "\t" else " " if char.isspace() else char
        if parted and shown and _in_address(shown[-1]) and _in_address(kept):
            shown.append(_MARK)
        parted = False
        shown.append(kept)
    return "".join(shown)


def _in_address(char: str) -> bool:
    return not char.isspace() and char not in _BETWEEN


_BETWEEN = '<>,;|:"“”„«»‹›()[]{}'
_RUN = re.compile(rf"[^\s{re.escape(_BETWEEN)}]+")
_AT = re.compile("[@＠﹫]")
_OPENERS, _CLOSERS, _QUOTES = "<([{", ">)]}", "\"“”„«»‹›'’‘`"
_EDGE_QUOTES = "'’‘`"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_PLAIN = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9_.+-]*[A-Za-z0-9_])?@(?:{_LABEL}\.)+{_LABEL}")
_NUMBERING = re.compile(r"[(\[]?(?:\d{1,4}(?:\.\d{1,3})*|[ivx]{1,5}|[a-zA-Zа-яА-Яіў](?=[)\]]))[.)\]:]*", re.I)
_GLUED_NUMBER = re.compile(
    r"(?:\d{1,4}[._+-]+|(?:ii|iii|iv|vi|vii|viii|ix|xi|xii)[._-]+)(?=[A-Za-z0-9])", re.I
)
_GLUED_PHONE = re.compile(r"\+?\d[\d._-]{5,}\d[._-]*(?=[A-Za-z])")
_OWN_NUMBER = re.compile(r"(\d{1,4})[A-Za-z]")
# "Sen.anna", "Bp.jan": a title or the short form of one, in any language.
_GLUED_TITLE = re.compile(r"[A-Z][a-z]{1,5}\.(?=[a-z])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BULLETS = "•‣◦▪▫●○■□►▶▸➢➤→⇒✓✔✉📧📩☑☐★☆◆◇❖※"
_ENTITY = re.compile(r"&#?\w+;$")
_ENCODED = re.compile(r"%40|=40|&#0*64;|&#x0*40;|&commat;|\\u0040|[＠﹫]", re.I)
_AT_WORD = re.compile(
    r"(?<=[A-Za-z0-9])\s*[-_*/\\|.~(\[{<]*\s*\b(?:at|собака|сабака|равлик|malpa|małpa|arroba|arobase|klammeraffe)\b"
    r"\s*[-_*/\\|~)\]}>]*\s*(?=[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
    re.I,
)
_UNDERSCORED_AT = re.compile(r"(?<=[A-Za-z0-9])(?:_at_|-at-|\.at\.|#at#)(?=[A-Za-z0-9-]+\.)", re.I)
# Latin letters that Cyrillic and Greek ones pass for.
_ALIKE = str.maketrans(
    "асеорхуіјѕԁһԛԝкмтвнАСЕОРХУІЈЅВКМНТоαορνικτ", "aceopxyijsdhqwkmtbhACEOPXYIJSBKMHToaopvikt"
)
_GENERIC = frozenset({"com", "org", "net", "info", "edu", "gov", "biz", "int"})
_GLUED_ENDING = re.compile(
    r"(com|org|net|info|edu|gov|eu|by|ru|pl|ua|de|kz|ge|lt|lv|ee|cz|fr|it|es|ch|at|uk|be)"
)
_TWO_ADDRESSES = re.compile(
    r"([^@]+@[^@]+?\.(?:com|org|net|info|edu|gov|eu|by|ru|pl|ua|de|kz))([^@]+@[^@]+)", re.I
)
_APART = re.compile(r"[/\\+&,;|*=~_–—·…-]+|(?<=\w)\.\.+")
# Signs that are legal in an address, so that what they stand at may belong to it.
_JOINING = ".-_+&=/~#%"


def addresses_in(line: str, around: Surroundings = Surroundings()) -> list[FoundAddress]:
    """All addresses of a visible() line in their order, and where the @ is written in another way too."""
    deceives = has_hidden_characters(line.replace("\t", " ").replace(_MARK, ""))
    found: list[FoundAddress] = []
    groups, grouped = re.search(r"[})\]>]\s*@", line), 0
    for run in _RUN.finditer(line):
        if run.start() < grouped or _is_sign(line, run):
            continue
        if groups and (group := _GROUP.match(line, _group_start(line, run))):
            grouped = group.end()
            members = valid_readings(
                f"{name}@{group[2]}" for name in re.split(r"[\s,;|/&]+", group[1]) if name
            )
            found.append(FoundAddress(group.start(), grouped, group[0], "", Doubt.SEVERAL, members))
        elif _AT.search(run[0]):
            spot = _Spot.of(line, run, around)
            if spot.is_handle():
                continue
            doubt = Doubt.LETTERS if deceives else spot.doubt()
            if doubt is None:
                found.append(FoundAddress(spot.start, spot.end, spot.core, plain_address(spot.core)))
            else:
                found.append(FoundAddress(spot.start, spot.end, spot.core, "", doubt, spot.readings()))
    if not found and (hidden := _hidden_readings(line)):
        return [FoundAddress(0, len(line), line, "", Doubt.HIDDEN, hidden)]
    return found


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
        for run in _RUN.finditer(line)
        if _AT.search(run[0]) and (found := _numbered(line, run))
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
    if own := _OWN_NUMBER.match(run[0].lstrip(_BULLETS + _EDGE_QUOTES)):
        return int(own[1]), True
    before = _STANDS_BEFORE.search(line[: run.start()])
    return (int(before[1]), False) if before else (-1, False)


def is_numbering(text: str) -> bool:
    """True for a number in a list, such as `1.`, `(2)`, `III.` or `a)`."""
    return bool(_NUMBERING.fullmatch(text))


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
        while start < end and line[start] in _BULLETS + _EDGE_QUOTES:
            start += 1
        while end > start and line[end - 1] in ".!?" + _EDGE_QUOTES:
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
            and sum(1 for run in _RUN.findall(self.line) if _AT.search(run)) > 1
        )

    def doubt(self) -> Doubt | None:
        """Why it can't be taken as it stands, None where it has one reading only."""
        core = self.core
        if not _PLAIN.fullmatch(core):
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
            return _head_before_comma(before)
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
        if words.endswith("\t"):
            return None
        if words:
            head = _head_of(words.split(), alone=False)
            return head if head is not None else _first_name(words, self.core)
        above = self.around.above.split()
        return _head_of(above, alone=len(above) == 1) if above else None

    def _tail(self) -> str | None:
        """What stands behind it and may belong to it, as _head() says it."""
        beside, rest = self.line[self.last : self.last + 1], self.line[self.last + 1 :]
        dot = "." if "." in self.punctuation else ""
        if not beside or beside.isspace():
            return self._tail_behind_blank(dot)
        if beside == "," and not self.around.table:
            return _tail_behind_comma(self.core, rest)
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
            return _tail_of(words, self._domain, dot, alone=False)
        below = self.around.below.split()
        return _tail_of(below, self._domain, dot, alone=len(below) == 1) if below else None

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
            heads.append(_last_part(before[-1]))
        first = _first_part(behind[0]) if behind else ""
        endings = ".".join(takewhile(is_known_ending, (_first_part(word).strip(".") for word in behind)))
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
    if _MARK in core or not local.isascii() or mixes_scripts(domain):
        return Doubt.LETTERS
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
        if strange and (last.isascii() or label.translate(_ALIKE).isascii()):
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
        _GLUED_NUMBER.match(local)
        or _GLUED_PHONE.match(local)
        or (own and int(own[1]) in numbers)
        or _GLUED_TITLE.match(local)
        or _HUMP.search(local)
        or without_glued_word(local) != local
    )


def _head_of(words: list[str], *, alone: bool) -> str | None:
    """What the word before a blank, or at the end of the line above, may add; `alone` on that line."""
    word = words[-1].lstrip("\"'“„«‹‘(<[{" + _BULLETS)
    if word.endswith("@"):
        return word
    if "@" in word or not word:
        return None
    if not any(char.isalnum() for char in word):
        joins = word in {".", "_", "+", "@"} and len(words) > 1
        return _last_part(words[-2]) + word if joins else None
    if _NUMBERING.fullmatch(word) and not (word[0].isalpha() and re.fullmatch(r"\w\.", word)):
        return None
    if is_title(word) or (is_label(word) and word[-1] not in _JOINING):
        return None
    bare = word.rstrip(_JOINING)
    if bare != word:
        return _last_part(word) if bare and bare[-1].isascii() and bare[-1].isalnum() else None
    if alone and re.fullmatch(r"[a-z0-9][a-z0-9._+-]*", word) and not word.isdigit():
        return word
    return None


def _first_name(before: str, core: str) -> str | None:
    """The words in small letters that stand alone before a blank, where the blank may stand for a dot:
    "jan nowak@uni.kz". None where they are no first names.
    """
    words = _CELLS.split(before)[-1].split()
    if words and is_numbering(words[0]):
        words = words[1:]
    if not 0 < len(words) <= _MOST_FIRST_NAMES:
        return None
    local = core.rpartition("@")[0].casefold()
    for word in words:
        if not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*\.?", word) or not word.islower():
            return None
        if is_label(word) or is_title(word) or word in _FUNCTION_WORDS or word in local:
            return None
        if not unicodedata.name(word[0], "").startswith("LATIN"):
            return None
    return ".".join(words) if all(word.isascii() for word in words) else ""


_MOST_FIRST_NAMES = 2
_CELLS = re.compile(r"[,;|\t<>:/()\[\]]")
_FUNCTION_WORDS = frozenset(
    """
    and or to at via by from of for in on is are was the use us me my our your his her their please write send
    ask see und oder an von bei bitte mit i lub do na od dla z ze oraz albo a y e o et ou ni et de du la le
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)


def _head_before_comma(before: str) -> str | None:
    """What the cell before a comma without a blank may add: `anna,nowak@uni.kz`."""
    cell = re.split(r"[,;|\t<>]", before)[-1]
    words = cell.split()
    if not words or cell[-1].isspace() or "@" in words[-1]:
        return None
    word = words[-1]
    if not re.fullmatch(r"[A-Za-z0-9._+-]+", word) or (word.isupper() and len(word) > 1) or word.isdigit():
        return None
    return f"{word}." if len(words) == 1 or word.islower() else None


def _tail_of(words: list[str], domain: str, dot: str, *, alone: bool) -> str | None:
    """What the words behind a blank, or at the beginning of the line below, may add to the `domain`."""
    word = words[0]
    if "@" in word:
        return "" if word[0] == "@" and "." in word else None
    if re.match(r"[._-][A-Za-z0-9]", word):
        return _first_part(word)
    if word in _LONE_SIGNS and len(words) > 1:
        # "x.co . uk"; a dash may also part an address from what is said about it.
        if word == "." and _first_part(words[1]):
            return f".{_first_part(words[1])}"
        return _lost_ending(words[1], domain)
    if len(word) == 1:
        # "u k"
        word = "".join(takewhile(lambda each: len(each) == 1, words))
    part = _first_part(word)
    if dot and part and not _NUMBERING.fullmatch(word) and (part.islower() or is_known_ending(part.lower())):
        return dot + part
    if alone and re.fullmatch(r"[a-z]{1,4}\.?", word):
        return part
    return _lost_ending(word, domain)


_LONE_SIGNS = {".", "-", "_"}


def _lost_ending(word: str, domain: str) -> str | None:
    """The word where it is the ending of a domain, or makes one with the last letters of this `domain`:
    "uk" behind `x.co`, "m" behind `x.co`. It is written as the domain is, small or in capitals.
    """
    found = re.match(r"[^\W\d_]+(?![\w@]|['’.-]\w)", word)
    if not found or len(found[0]) > _LONGEST_ENDING or found[0].isascii() != domain.isascii():
        return None
    part = found[0]
    if not part.islower() and not (domain.isupper() and part.isupper()):
        return None
    last = domain.rpartition(".")[2]
    if is_known_ending(part) or (is_known_ending(last + part) and "." in domain):
        return part
    return None


_LONGEST_ENDING = 6


def _tail_behind_comma(core: str, rest: str) -> str | None:
    """What the cell behind a comma without a blank may add: `x@uni.edu,by`."""
    cell = re.split(r"[,;|\t<>]", rest)[0]
    part = _first_part(cell)
    if not part or cell[:1].isspace() or "@" in cell:
        return None
    if not is_known_ending(part.lower().split(".")[-1]) or (part.isupper() and not core.isupper()):
        return None
    return f".{part}"


def _last_part(word: str) -> str:
    found = re.search(r"[A-Za-z0-9._+-]*$", word)
    return found[0] if found else ""


def _first_part(word: str) -> str:
    found = re.match(r"[A-Za-z0-9.-]*", word)
    return found[0].rstrip(".-") if found else ""


def _hidden_readings(line: str) -> tuple[str, ...]:
    """The addresses of a line that writes the @ in another way."""
    plain = _shown_at(line)
    if "@" not in plain:
        return ()
    found = (run for run in _RUN.findall(plain) if "@" in run)
    return valid_readings(found)


def _shown_at(text: str) -> str:
    decoded = unescape(_ENCODED.sub("@", text))
    return _AT_WORD.sub("@", _UNDERSCORED_AT.sub("@", plain_signs(decoded)))


def valid_readings(typed: Iterable[str]) -> tuple[str, ...]:
    """The addresses that these texts may stand for, at most eight: as they are, without what may be glued to
    them, cut where two may meet, with the slip corrected.
    """
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [text for text in typed if text]
    for depth in range(3):
        further: list[str] = []
        for text in waiting:
            if text in seen or len(text) > _LONGEST_RUN:
                continue
            seen.add(text)
            if (not depth and _decoded(text) == text) or _PLAIN.fullmatch(text):
                with suppress(AddressRefused):
                    found.setdefault(plain_address(text))
            further += _variants(text)
        waiting = further
    return tuple(found)[:MOST_READINGS]


def _decoded(text: str) -> str:
    """The text without the codes of web pages, links and programs: `%3C`, `&lt;`, a backslash with an n."""
    for _time in range(3):
        plain = unquote(unescape(text))
        plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), plain)
        plain = _MAIL_CODE.sub(lambda found: chr(int(found[1], 16)), _BACKSLASHED.sub(" ", plain))
        if plain == text or "\ufffd" in plain:
            break
        text = plain
    return unicodedata.normalize("NFC", text)


_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.I)
_BACKSLASHED = re.compile(r"\\[nrtvfNRT](?=\W|[A-Za-z0-9]|$)|\\[\"'<>]")
# Quoted-printable, for signs that no address has.
_MAIL_CODE = re.compile(r"=(09|0A|0D|20|22|27|28|29|2C|3A|3B|3C|3E|40|5B|5D|A0)")


def _variants(text: str) -> Iterator[str]:
    """The text read otherwise, in one step."""
    if _MARK in text:
        yield text.replace(_MARK, "")
        return
    if (plain := _decoded(text)) != text:
        yield from (run for run in _RUN.findall(plain) if _AT.search(run))
        return
    yield _shown_at(text)
    if text.count("@") > 1:
        yield from (part for part in _APART.split(text) if part.count("@") == 1)
        yield text.lstrip("@")
        if two := _TWO_ADDRESSES.fullmatch(text):
            yield from two.groups()
        return
    local, at, domain = text.rpartition("@")
    if not at:
        return
    if not text.isascii() and (latin := text.translate(_ALIKE)).isascii():
        yield latin
        return
    yield re.sub(r"(?<=\w)[·…](?=\w)", ".", text)
    yield re.sub(r"\.{2,}", ".", text)
    for shorter in _shorter(local):
        yield f"{shorter}@{domain}"
    for shorter in _cut(domain):
        yield f"{local}@{shorter}"
    if meant := suggested_address(text):
        yield meant


def _shorter(local: str) -> Iterator[str]:
    if "/" in local or "&" in local:
        # "anna/jan@uni.kz": two people.
        yield from re.split(r"[/&]+", local)
    for cut in _CUTS.finditer(local):
        if not _is_within_word(local, cut.end()):
            yield local[cut.end() :]
    if (bare := re.sub(r"[\W_]+$", "", local)) != local:
        yield bare
    for glued in (_GLUED_NUMBER, _GLUED_PHONE, _LEADING_DIGITS, _GLUED_TITLE):
        if found := glued.match(local):
            yield local[found.end() :]
    yield without_glued_word(local)
    if hump := _HUMP.search(local):
        yield local[hump.start() :]


# Where an address may begin: behind a sign that it can't hold, or behind one of its own after such a sign.
_CUTS = re.compile(r"^[\W_]+|^.*[^A-Za-z0-9._+-][._+-]*(?=[A-Za-z0-9])")


def _is_within_word(local: str, at: int) -> bool:
    """True where a cut would leave the end of a word: `ukasz` of `łukasz`. A word of another script may be
    glued to one of Latin letters.
    """
    before = re.sub(r"(?<=\w)['’ʼ`]$", "", local[:at])
    if not before or not (before[-1].isalnum() or unicodedata.category(before[-1])[0] == "M"):
        return False
    word = re.search(r"[^\W\d_]*$", before)
    letters = word[0] if word else ""
    return len(letters) < _LEAST_GLUED_WORD or "LATIN" in {unicodedata.name(char)[:5] for char in letters}


_LEAST_GLUED_WORD = 3
_LEADING_DIGITS = re.compile(r"\d{1,4}(?=[A-Za-z])")


def _cut(domain: str) -> Iterator[str]:
    """The domain without what is glued to its end."""
    yield domain.strip(".-_*~'’/")
    yield re.sub(r"^[^\w]+", "", domain)
    if ends := re.match(r"[\w.-]+", domain):
        yield ends[0].rstrip("._-")
    if domain.lower().startswith("www."):
        yield domain[4:]
    labels = domain.split(".")
    for at, label in enumerate(labels[1:], 1):
        above = ".".join(labels[:at])
        glued = _GLUED_ENDING.match(label.lower())
        if glued and (glued[0] != label.lower() or at < len(labels) - 1):
            yield f"{above}.{glued[0]}"
        if hump := _HUMP.search(label):
            yield f"{above}.{label[: hump.start()]}"
        if bare := re.match(r"[A-Za-z]{2,}(?=[^A-Za-z.])", label):
            yield f"{above}.{bare[0]}"
    if len(labels) > 2 and not is_known_ending(labels[-1]):
        yield ".".join(labels[:-1])
    if is_other_provider(domain):
        yield domain.rpartition(".")[0]
