"""Pasted lines: what each says about a contact, by its text alone, and what has to be asked about it.

Nothing is looked up or sent from here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from flask_babel import gettext as _

from campaign.circulation.address_cards import addresses_of_card, card_at
from campaign.circulation.address_columns import (
    Cell,
    Columns,
    cells_of,
    headings_in,
    says_no_contact,
    separator_of,
)
from campaign.circulation.address_marks import ContactMark, is_code, language_of, mark_of
from campaign.circulation.address_readings import MOST_READINGS
from campaign.circulation.address_signs import is_numbering
from campaign.circulation.address_words import begins_remark, is_label, is_title
from campaign.circulation.pasted_addresses import (
    Doubt,
    FoundAddress,
    Surroundings,
    addresses_in,
    numbers_in,
    visible,
)
from campaign.config import LANGUAGES
from campaign.core.contact_details import has_mail_address, has_phone_number
from campaign.core.countries import country_of, country_of_cell
from campaign.core.names import name_trouble
from campaign.core.text import clean_line

_MOST_NAME_WORDS = 14
_MOST_JOINED_LINES = 4
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_EDGES = ' \t,;:|/–—-•·*"“”„«»‹›()[]<>'
_EDGES_OF_NAMES = " \t,;:|/–—-•·*<>"
_BEFORE_COLON = re.compile(r"^([^:@]{1,40}):\s*")
_MARKDOWN = re.compile(r"^\[([^\]]*)\]\((?:mailto:)?$")
# Of a mail's head, in the words of mail programs.
_HEADER = re.compile(
    r"^\s*(?:from|to|cc|bcc|reply-to|sender|recipients?|od|do|dw|udw|von|an|kopie|от|кому|копия|ад|каму|копія|від"
    r"|de|para|da|à|pour|отправитель|получатель|адпраўнік|атрымальнік)\s*:\s*",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b.*,")
_CODE_BEHIND = re.compile(r"(.*\S)\s*(?:[(\[]\s*([A-Za-z]{2})\s*[)\]]|,\s*([A-Z]{2}))")
_NO_NAMES = frozenset({"new", "ok", "yes", "no", "tbc", "n/a", "?"})
# A line out of a vCard.
_PROPERTY_OF_CARD = re.compile(r"^(?:item\d+\.)?EMAIL(?:;[\w-]+(?:=[^:;@]*)?)*:", re.I)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CROSSED = re.compile("[❌🚫⛔✗✘]")
_MAILTO = re.compile(r"\s*[\[(<]\s*(?:mailto|smtp)$", re.I)
# "1ª", "N° 1", "п. 1", "IV)", "a.", "x"
_ONLY_NUMBER = re.compile(
    r"(?:(?:n[°ºo]?|nr|no|num|lp|poz|pt|п|пп|пункт|№)\.?\s*)?\d{1,4}(?:[ªº°]|st|nd|rd|th|er|[-–]?[йяае])?[.)\]:]*"
    r"|[ivxIVX]{1,5}[.)\]]+|[^\W\d_][.)\]]?",
    re.I,
)
_PAIRS = {"(": ")", "«": "»", "„": "“", "“": "”", "[": "]"}


@dataclass(frozen=True, slots=True)
class AddressLine:
    """One pasted line, or one of several recipients in it.

    With a `problem` it can't be used for an invitation; a `note` is only for information. With `readings` the
    problem is a question: which of them is meant? `key` is the name by which it is answered. `alike` are
    organisations of the registry, id and name, one of which may be meant by the name.
    """

    number: int
    typed: str
    email: str = ""
    person: str = ""
    organisation: str = ""
    organisation_id: int | None = None
    country: str | None = None
    language: str = ""
    problem: str = ""
    note: str = ""
    key: str = ""
    readings: tuple[str, ...] = ()
    reading: str = ""
    anew: str = ""
    alike: tuple[tuple[int, str], ...] = ()
    meant: int | None = None

    @property
    def is_open(self) -> bool:
        """True where it is asked which address is meant, and nobody has said so."""
        return bool(self.readings) and not self.email


def read_lines(pasted: str, language: str) -> list[AddressLine]:
    """What each line says, without empty ones: `Name <mail>`, a bare address, recipients as a mail program
    writes them, or columns separated by a tab, semicolon, comma or bar, with or without headings.
    """
    times: Counter[str] = Counter()
    found = []
    for line in _read(pasted, language):
        times[line.typed] += 1
        said = f"{times[line.typed]} {line.typed}"
        found.append(replace(line, key=sha256(said.encode()).hexdigest()[:12]))
    return found


def _read(pasted: str, language: str) -> Iterator[AddressLine]:
    columns: Columns | None = None
    read = list(_physical(pasted))
    numbers = numbers_in([visible(raw) for _number, raw in read])
    filled = behind_card = 0
    for at, (number, raw) in enumerate(read):
        if at < behind_card:
            continue
        if (behind_card := card_at(read, at)) > at:
            yield from _of_card(read[at:behind_card], language)
            continue
        text = _PROPERTY_OF_CARD.sub("", visible(raw))
        typed = clean_line(raw)
        if not any(char.isalnum() for char in typed) or is_numbering(typed):
            continue
        if named := headings_in(text):
            columns = named if columns is None or "email" in named.parts else columns
            continue
        filled += 1
        above = visible(read[at - 1][1]) if at else ""
        below = visible(read[at + 1][1]) if at + 1 < len(read) else ""
        around = Surroundings("" if headings_in(above) else above, below, filled, numbers[at])
        yield from _Row(AddressLine(number, typed, language=language), text, around, columns).lines()


def _of_card(lines: Sequence[tuple[int, str]], language: str) -> Iterator[AddressLine]:
    for card in addresses_of_card(lines):
        line = AddressLine(card.number, card.typed, language=language)
        named = replace(line, person=_name(card.person), organisation=card.organisation)
        found = addresses_in(visible(card.email))
        yield _with_address(named, found[0]) if found else replace(line, problem=_impossible(line))


def _physical(pasted: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers. A cell in quotation marks may go over several."""
    lines = _LINE_END.split(pasted)
    at = 0
    while at < len(lines):
        line, joined = lines[at], at
        if _ends_in_cell(line):
            whole = line
            for further in range(at + 1, min(at + _MOST_JOINED_LINES, len(lines))):
                whole = f"{whole} {lines[further]}"
                if whole.count('"') % 2 == 0:
                    closed = re.search(r'"\s*(?:[\t;|,]|$)', lines[further])
                    line, joined = (whole, further) if closed else (line, at)
                    break
        yield at + 1, line
        at = joined + 1


def _ends_in_cell(line: str) -> bool:
    """True where the last quotation mark begins a cell that does not end."""
    if line.count('"') % 2 == 0:
        return False
    return bool(re.search(r'(?:^|[\t;|,])\s*"[^"@]*$', line))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line, what stands around it, and the headings above."""

    line: AddressLine
    text: str
    around: Surroundings
    columns: Columns | None

    def lines(self) -> Iterator[AddressLine]:
        """The line, or one for each recipient in it."""
        separator, cells = self._cells()
        found = self._found(separator, cells)
        if not found:
            yield replace(self.line, problem=self._nothing())
            return
        if self._is_refused(cells, found):
            yield replace(self.line, problem=_("This line says that no mail is wanted."))
            return
        column = self._column(cells)
        in_column = [one for one in found if column and column.start <= one.start and one.end <= column.end]
        several = len({one.address or one for one in found}) > 1
        if not several:
            yield self._single(found[0], separator, cells)
        elif len(in_column) == 1 and self._has_one_column():
            others = ", ".join(one.given for one in found if one is not in_column[0])
            note = str(_("Another address in this line was left out: %(address)s", address=others))
            yield replace(self._single(in_column[0], separator, cells), note=note)
        elif column and len(in_column) == len(found) and (parts := self._recipients(found, column)):
            for one, _head, _own in parts:
                yield self._single(one, separator, cells)
        elif not self.columns and separator not in ("\t", "|") and (parts := self._recipients(found, None)):
            for one, head, own in parts:
                recipient = replace(self.line, typed=clean_line(head + one.given + own).strip(",;|/ "))
                yield _with_address(_with_person(recipient, head, own), one)
        else:
            readings = dict.fromkeys(
                each for one in found for each in (one.readings or ((one.address,) if one.address else ()))
            )
            yield _asked(self.line, Doubt.SEVERAL, tuple(readings)[:MOST_READINGS])

    def _cells(self) -> tuple[str | None, list[Cell]]:
        separator = separator_of(self.text)
        if self.columns and self.columns.separator and self.columns.separator in self.text:
            separator = self.columns.separator
        elif separator == "," and "<" in self.text and not self.columns:
            # A comma in a name, not between cells.
            separator = None
        elif separator and not self.columns and separator not in _BRACKETED.sub("", self.text):
            # A separator in brackets is within a name: "Ola (Test League, Director)".
            separator = None
        return separator, cells_of(self.text, separator)

    def _column(self, cells: Sequence[Cell]) -> Cell | None:
        """The cell below the heading of mail addresses."""
        if not self.columns or "email" not in self.columns.parts:
            return None
        at = self.columns.parts.index("email")
        return cells[at] if at < len(cells) else None

    def _has_one_column(self) -> bool:
        """True where the headings name mail addresses once."""
        return self.columns is not None and self.columns.parts.count("email") == 1

    def _found(self, separator: str | None, cells: Sequence[Cell]) -> list[FoundAddress]:
        column = self._column(cells)
        if separator == "," and column and self.columns and len(cells) == len(self.columns.parts) > 1:
            found = addresses_in(self.text, replace(self.around, table=True))
            if any(column.start <= one.start and one.end <= column.end for one in found):
                return found
        return addresses_in(self.text, self.around)

    def _is_refused(self, cells: Sequence[Cell], found: Sequence[FoundAddress]) -> bool:
        """True where a column or a remark says that this person is not to be contacted."""
        if self.columns and self.columns.refuse(cells):
            return True
        rest, end = "", 0
        for one in found:
            rest, end = f"{rest}{self.text[end : one.start]}|", one.end
        rest += self.text[end:]
        if _CROSSED.match(rest.strip(" |")) or _CROSSED.fullmatch(rest.rpartition("|")[2].strip()):
            return True
        return any(
            says_no_contact(part.strip(_EDGES)) for part in re.split(r"[,;:|\t()<>\[\]–—]|\s-\s", rest)
        )

    def _nothing(self) -> str:
        return (
            _impossible(self.line)
            if "@" in self.line.typed
            else str(_("There is no e-mail address in this line."))
        )

    def _single(self, one: FoundAddress, separator: str | None, cells: Sequence[Cell]) -> AddressLine:
        if separator and len(cells) > 1:
            line = _from_columns(self.line, one, self.text, cells, self.columns)
        else:
            before, behind = self.text[: one.start], self.text[one.end :]
            # With words on both sides it is a sentence.
            named = not (re.search(r"[^\W\d_]", before) and re.match(r"\s+[^\W\d_]", behind))
            line = _with_person(self.line, before, behind) if named else self.line
        return _with_address(line, one)

    def _recipients(
        self, found: Sequence[FoundAddress], cell: Cell | None
    ) -> list[tuple[FoundAddress, str, str]]:
        """Each address with what is its own before and behind it, where the line (or a cell of it) is a list
        of recipients; none where something else is in it.
        """
        start, end = (cell.start, cell.end) if cell else (0, len(self.text))
        parts: list[tuple[FoundAddress, str, str]] = []
        for at, one in enumerate(found):
            until = found[at + 1].start if at + 1 < len(found) else end
            gap = self.text[one.end : until]
            last = at + 1 == len(found)
            own, following = (gap, "") if last else _parted(gap)
            head = self.text[start : one.start]
            angled = head.rstrip().endswith(("<", "(", "["))
            if following is None or not _is_own(own) or not _is_name(head, angled=angled, first=not at):
                return []
            parts.append((one, head, own))
            start = one.end + len(own)
        return parts


def _parted(gap: str) -> tuple[str, str | None]:
    """What stands between two recipients: what belongs to the one, and what to the next; None for the latter
    where nothing parts them.
    """
    if found := re.match(r"[>)\]\"'”»]*\s*(?:\([^()]*\))?[.\s]*[,;|/•·\t]", gap):
        return gap[: found.end()], gap[found.end() :]
    if found := re.match(r"[>)\]\"'”»]+\s+", gap):
        return gap[: found.end()], gap[found.end() :] if gap.rstrip().endswith("<") else None
    return (gap, "") if not gap.strip() else (gap, None)


def _is_own(own: str) -> bool:
    """True where nothing but marks, or a remark in brackets, stands behind an address."""
    return bool(re.fullmatch(r"[>)\]\"'”»]*\s*(?:\([^()]*\))?[\s.,;|/•·>]*", own))


def _is_name(head: str, *, angled: bool, first: bool) -> bool:
    """True where what stands before an address is nothing, a label or a name."""
    bare = _without_label(_HEADER.sub("", head).strip()) if first else head.strip()
    if angled:
        return not re.search(r"[;|\t]", bare) and "@" not in bare
    return not bare.strip(_EDGES) or is_numbering(bare)


def _with_address(line: AddressLine, one: FoundAddress) -> AddressLine:
    if one.address:
        return replace(line, email=one.address)
    return _asked(line, one.doubt or Doubt.GLUED, one.readings)


def _asked(line: AddressLine, doubt: Doubt, readings: tuple[str, ...]) -> AddressLine:
    if not readings:
        return replace(line, problem=_impossible(line))
    return replace(line, problem=doubt_sentence(doubt), readings=readings)


def _impossible(line: AddressLine) -> str:
    address = next((word for word in line.typed.split() if "@" in word), line.typed)
    return str(_("This address can’t exist: %(address)s", address=address))


def doubt_sentence(doubt: Doubt) -> str:
    """Why a line is asked about, in the reader's language."""
    sentences: dict[Doubt, str] = {
        Doubt.GLUED: _("Something else may be attached to the address."),
        Doubt.BROKEN: _("What stands beside the address may belong to it."),
        Doubt.SLIP: _("The part after the @ may contain a slip."),
        Doubt.LETTERS: _("There are letters of another alphabet or invisible characters in the address."),
        Doubt.MARKED: _("The address has letters with accents, which few addresses have."),
        Doubt.HIDDEN: _("The @ is written in another way."),
        Doubt.SEVERAL: _("There are several e-mail addresses in this line."),
    }
    return sentences[doubt]


def _from_columns(
    line: AddressLine, one: FoundAddress, text: str, cells: Sequence[Cell], columns: Columns | None
) -> AddressLine:
    own = next((cell for cell in cells if cell.start <= one.start and one.end <= cell.end), None)
    if own:
        line = _with_person(line, text[own.start : one.start], text[one.end : own.end])
    if columns:
        said = columns.said(cells)
        typed = said.get("language", "").casefold()
        language = typed if typed in LANGUAGES else language_of(typed)
        return replace(
            line,
            person=said.get("person", "") or line.person,
            organisation=said.get("organisation", ""),
            country=country_of_cell(said.get("country", "")),
            language=language if language in LANGUAGES else line.language,
        )

    words: list[str] = []
    marks: list[tuple[str, ContactMark]] = []
    for cell in cells:
        value = cell.value
        within = cell.start < one.end and one.start < cell.end
        # The rest of "info@gmail,com", where a comma stands for the dot.
        within = within or (one.end <= cell.start <= one.end + 1 and _is_rest(one, value))
        if cell is own or within or "@" in value or not any(char.isalpha() for char in value):
            continue
        if mark := mark_of(value):
            marks.append((value, mark))
        elif not (is_numbering(value) or _is_reachable(value) or _is_labelled_number(value)):
            words.append(_without_numbering(_without_label(value)))
    line = _with_cells(line, marks)

    if line.person:
        return replace(line, organisation=words[0] if words else "")
    if len(words) == 1 and text[: one.start].endswith("\t<"):
        # As a mail program copies a recipient.
        return replace(line, person=_name(words[0]))
    organisation, person = [*words, "", ""][:2]
    is_remark = person.islower() or begins_remark(person)
    return replace(line, organisation=organisation, person="" if is_remark else person)


def _is_rest(one: FoundAddress, cell: str) -> bool:
    """True for a cell that was the end of each reading of the address before it."""
    return bool(one.readings) and all(each.endswith(f".{cell.casefold()}") for each in one.readings)


def _with_cells(line: AddressLine, marks: Sequence[tuple[str, ContactMark]]) -> AddressLine:
    """The line with what cells mark. In a cell, PL is a country; BE and UK only beside a language, and a
    language only beside a country: their countries are others.
    """
    for value, mark in marks:
        line = _with_mark(line, value, mark) if not mark.unclear else line
    for value, mark in marks:
        if not mark.unclear:
            continue
        is_own = is_code(value) and value.isupper() and value.lower() in LANGUAGES
        is_country = value.lower() == (country_of(value) or "").lower() and value != "BE"
        if is_own and (is_country or line.language == value.lower()) and not line.country:
            line = replace(line, country=country_of(value))
        elif is_own and line.country:
            line = replace(line, language=value.lower())
        else:
            line = _with_mark(line, value, mark)
    return line


def _with_mark(line: AddressLine, typed: str, mark: ContactMark) -> AddressLine:
    if mark.unclear:
        return replace(line, note=_("“%(text)s” can mean several things, so it was left out.", text=typed))
    return replace(line, language=mark.language or line.language, country=mark.country or line.country)


def _with_person(line: AddressLine, before: str, behind: str) -> AddressLine:
    """The line with the name, or with the language and the country, that stand beside the address."""
    person = _person_before(before)
    coded = _CODE_BEHIND.fullmatch(person)
    code = (coded[2] or coded[3]) if coded else person
    if (mark := _mark_beside(code)) and (not mark.unclear or code.lower() in LANGUAGES):
        line, person = _with_mark(line, code, mark), coded[1] if coded else ""
    typed = _text_behind(behind)
    if typed and (mark := _mark_beside(typed)):
        return replace(_with_mark(line, typed, mark), person=person)
    return replace(line, person=person or _person_behind(behind))


def _mark_beside(text: str) -> ContactMark | None:
    """What a text that is no cell marks: beside a name, MD and AI may be anything."""
    mark = mark_of(text) if text else None
    is_doubtful = is_code(text) and (is_title(text) or text.casefold() in _SHORT_FOR_MORE)
    return ContactMark(unclear=True) if mark and is_doubtful else mark


_SHORT_FOR_MORE = frozenset({"ai", "pr", "sj", "mp", "pm", "mc", "dj", "gp", "cv", "pa", "al"})


def _is_labelled_number(cell: str) -> bool:
    """True for a label or title, also with what has no letters behind it: "Tel. 22 123"."""
    first, _blank, rest = cell.partition(" ")
    is_word = is_label(cell) or (is_title(cell) and cell.islower())
    return is_word or (is_label(first) and not any(map(str.isalpha, rest)))


def _is_reachable(cell: str) -> bool:
    """True for a cell that holds a telephone number, a page, or a mail address in other signs."""
    return has_phone_number(cell) or has_mail_address(cell) or bool(re.match(r"https?:|www\.", cell, re.I))


def _person_before(text: str) -> str:
    """The name that stands before an address: no number, label or bare title."""
    text = _HEADER.sub("", text)
    if _CLOCK.search(text):
        # "On Mon, 3 Nov 2026 at 10:12, Anna Nowak"
        text = text.rpartition(",")[2]
    bare = _MARKDOWN.sub(r"\1", text.strip()).strip(_EDGES_OF_NAMES)
    for _time in range(3):
        bare = _without_numbering(_without_label(bare)).strip(_EDGES_OF_NAMES).rstrip("([")
        bare = _MAILTO.sub("", bare)
    bare = _unquoted(bare)
    words = bare.split()
    while words and is_label(words[-1]):
        words.pop()
    return _name(" ".join(words)) if text.count('"') < 4 else ""


def _person_behind(text: str) -> str:
    """The name that stands behind an address, in brackets or after a dash."""
    typed = _text_behind(text)
    # Nobody is called "no phone" or "at work".
    return "" if typed.islower() or begins_remark(typed) else _name(typed)


def _text_behind(text: str) -> str:
    """What stands behind an address, without its brackets or dash."""
    found = _BEHIND.match(text)
    return next((part.strip(_EDGES_OF_NAMES) for part in found.groups() if part), "") if found else ""


_BEHIND = re.compile(
    r"[>\"”»]*\s*(?:\(([^()]+)\)?|\[([^\[\]]+)\]|\{([^{}]+)\}|[–—-]\s+(.+)|([^\W\d_].*))[\s.,;]*$"
)


def _name(text: str) -> str:
    name = clean_line(text.replace('\\"', '"'))
    for opened, closing in _PAIRS.items():
        if name.count(opened) > name.count(closing) and (opened != "“" or "„" not in name):
            name += closing
    words = name.split()
    if _ONLY_NUMBER.fullmatch(name) or name.casefold() in _NO_NAMES or name[:1] == "@":
        return ""
    if not words or len(words) > _MOST_NAME_WORDS or all(is_title(word) or is_label(word) for word in words):
        return ""
    return "" if name_trouble(name) else name


def _unquoted(text: str) -> str:
    """The text without quotation marks around the whole of it, or one that is not closed."""
    if text.count('"') % 2:
        text = text.removesuffix('"').removeprefix('"')
    ends = text[:1] + text[-1:]
    if ends in ('""', "“”", "„“", "„”", "«»", "''", "[]") and not set(text[1:-1]) & set(ends):
        text = text[1:-1]
    return text.strip(_EDGES_OF_NAMES)


def _without_label(text: str) -> str:
    """The text without a label and its colon at the beginning: `Contact: Lena`."""
    found = _BEFORE_COLON.match(text + ":" if is_label(_without_bracket(text)) else text)
    if not found or not is_label(re.split(r"[\s/,]", _without_bracket(found[1].strip()))[-1]):
        return text
    return text[found.end() :]


def _without_bracket(label: str) -> str:
    """A label without what it adds in brackets: "Пошта (рабочая)"."""
    return re.sub(r"\s*\([^()]*\)$", "", label)


def _without_numbering(text: str) -> str:
    first, _blank, rest = text.partition(" ")
    return rest.strip() if rest and is_numbering(first) and first[-1] in ".):]" else text
