"""Columns of pasted tables: cells with their places in the line, and headings in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from campaign.core.text import clean_line

SEPARATORS = "\t;|,"
# How words of headings begin, the sooner part wins; `weak` ones of mail addresses only where nothing else is.
_BEGINNINGS: dict[str, str] = {
    "email": (
        "email e-mail mail emails correo courriel mél mel poczta почта пошта почты мейл емейл имейл е-мейл "
        "эл.почта электронн электрон elektronisch"
    ),
    "language": "language lang мова язык мовы języ jezy sprach langue idioma lingua",
    "country": "country countries land краіна страна країна kraj państw pays país pais paese nazione staat",
    "organisation": (
        "organi ngo ngos ong org institution association initiative арганіз організ организ нко нпо нду "
        "установа учрежден суполк фонд назва названи nazwa instytuc stowarzysz fundac verein verband "
        "einrichtung asociaci ente entidad associazion"
    ),
    "surname": (
        "surname lastname familyname last family фамили прозвішч прозьвішч прізвищ nazwisk nachname "
        "familienname apellido cognome"
    ),
    "person": (
        "name person contact first given full fullname firstname representative signatory имя фио імя імёны "
        "ім'я піб кантакт контакт прадстаўн представ osob imię imie kontakt przedstawic ansprech "
        "vorname vertret nom prénom prenom nombre nome contatto contacto représent represent"
    ),
}
_STEMS = {part: tuple(words.split()) for part, words in _BEGINNINGS.items()}
_WEAK_EMAIL = ("address", "адрас", "адрес", "adres", "indirizz", "direcc", "контакты", "contacts")
_WORDS = re.compile(r"[\w'’.-]+")


class Cell(NamedTuple):
    """A cell of a line, with its place there."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The parts that the columns of a table hold, "" where nothing is read, and what separates them."""

    parts: tuple[str, ...]
    separator: str

    def said(self, cells: Sequence[Cell]) -> dict[str, str]:
        """The parts of a row; a name in two columns is put together."""
        found: dict[str, str] = {}
        for part, cell in zip(self.parts, cells, strict=False):
            if part and cell.value and part not in found:
                found[part] = cell.value
        surname = found.pop("surname", "")
        if surname and surname != found.get("person"):
            found["person"] = f"{found.get('person', '')} {surname}".strip()
        return found


def separator_of(line: str) -> str | None:
    """What separates the cells of a line; None where there is one cell only."""
    outside = _QUOTED_CELL.sub("", line)
    return next((sign for sign in SEPARATORS if sign in outside), None)


_QUOTED_CELL = re.compile(r'"(?:[^"]|"")*"')


def cells_of(line: str, separator: str | None) -> list[Cell]:
    """The cells of a line. One in quotation marks may contain the separator."""
    cells, start = [], 0
    while separator is not None:
        blank = len(line[start:]) - len(line[start:].lstrip(" "))
        quoted = _QUOTED_CELL.match(line, start + blank)
        behind = quoted.end() if quoted else start
        rest = line[behind:].lstrip(" ") if quoted else ""
        if rest and not rest.startswith(separator):
            behind = start
        end = line.find(separator, behind)
        if end < 0:
            break
        cells.append(Cell(start, end, _value(line[start:end])))
        start = end + 1
    cells.append(Cell(start, len(line), _value(line[start:])))
    return cells


def _value(cell: str) -> str:
    bare = cell.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1].replace('""', '"')
    return clean_line(bare)


def headings_in(line: str) -> Columns | None:
    """The columns that a line names; None for one that names none. One column alone must be that of mail
    addresses.
    """
    if "@" in line or not line.strip():
        return None
    separator = separator_of(line)
    cells = [cell.value for cell in cells_of(line, separator)]
    if len(cells) == 1:
        named = _begins(cells[0], _STEMS["email"]) and all(
            word.startswith((*_STEMS["email"], *_WEAK_EMAIL)) for word in _WORDS.findall(cells[0].casefold())
        )
        return Columns(("email",), "") if named else None
    parts = [_part_of(cell) for cell in cells]
    if "email" not in parts:
        weak = [
            at for at, cell in enumerate(cells) if _begins(cell, _WEAK_EMAIL) and parts[at] != "organisation"
        ]
        if weak:
            parts[weak[0]] = "email"
    if {"prénom", "prenom", "vorname", "first name"} & {cell.casefold() for cell in cells}:
        parts = [
            "surname" if cell.casefold() in ("nom", "name") else part
            for cell, part in zip(cells, parts, strict=True)
        ]
    filled = [part for part, cell in zip(parts, cells, strict=True) if cell]
    short = all(len(cell.split()) <= _MOST_WORDS for cell in cells)
    if not short or ("email" not in filled and not (len(filled) > 1 and all(filled))):
        return None
    return Columns(tuple(parts), separator or "")


_MOST_WORDS = 6


def _part_of(heading: str) -> str:
    found = [part for part, stems in _STEMS.items() if _begins(heading, stems)]
    # "Имя и фамилия", "First and last name".
    if (
        found[:1] == ["surname"]
        and "person" in found
        and not re.search(r"\b(?:last|family) name\b", heading, re.I)
    ):
        return "person"
    return found[0] if found else ""


def _begins(heading: str, stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in _WORDS.findall(heading.casefold().replace("’", "'")))
