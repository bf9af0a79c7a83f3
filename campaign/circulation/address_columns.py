"""Columns of pasted tables: cells with their places in the line, and headings in many languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from campaign.core.text import clean_line
from campaign.core.yes_and_no import says_no

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
# What nothing is read of.
_BEGINNINGS["other"] = """
    signature подпис подпіс підпис podpis unterschrift № номер нумар numer nummer nr phone tel телефон тэлефон
    mobile date дата data datum city город горад місто miasto stadt ville region регион рэгіён регіон position
    role должност пасад stanowisk funktion remark note comment заметк примеч прымеч нататк uwagi bemerk
    website сайт
"""
_STEMS = {part: tuple(words.split()) for part, words in _BEGINNINGS.items()}
_WEAK_EMAIL = ("address", "адрас", "адрес", "adres", "indirizz", "direcc", "контакты", "contacts")
_WORDS = re.compile(r"[\w'’.-]+")
# "Do not contact", as a heading or beside an address.
_NEGATION = r"(?:not|dont|don't|doesnt|doesn't|never|stop|не|ня|nie|nicht)"
_CONTACTING = (
    "contact mail email e-mail writ wrote invit send call disturb messag newsletter "
    "кантакт пісаць пішы пішыце запраш турбав дасыл высыл слаць рассыл звязв звязац звярт званіць "
    "контакт писать пиши связыв связат обращ приглаш беспок тревож слать отправл рассыл присыл звонит "
    "писати пишіть зв'яз зв'язув запрош турбув надсил розсил зверт дзвон "
    "kontakt pisa pisz wysyła wysyl zaprasza niepoko dzwo anschr schreib einlad anruf senden"
)
_NO_CONTACT = re.compile(
    rf"\b{_NEGATION}\s+(?:[\w']+\s+){{0,3}}(?:{'|'.join(map(re.escape, _CONTACTING.split()))})"
)
# An address that is no more in use, as a whole remark: organisations have such words in their names.
_NO_USE = re.compile(
    r"(?:please )?(?:do not|don't|never) use(?: (?:it|this|any ?more|any longer))*"
    r"|no longer (?:in use|used|valid|works?)"
    r"|(?:mail |email |it |address )?(?:has )?bounce[sd]?(?: back)?"
    r"|(?:address )?(?:is )?(?:not valid|invalid)"
    r"|(?:not|doesn't|does not) (?:valid|work(?:ing)?)|(?:old|wrong|dead|bad) (?:address|mail|email)"
    r"|не (?:использовать|работает|действует|действителен)|н[ея] (?:выкарыстоўваць|працуе)"
    r"|не (?:використовувати|працює|дійсна)|nie (?:używać|działa)|nieaktualny|неактуальн\w+"
    r"|nicht (?:verwenden|benutzen|mehr gültig)|ungültig"
)
_NO_MAIL = re.compile(
    r"\b(?:no|without|без|bez|keine?n?)\s+(?:e )?(?:contact|mail|email|invit|call|newsletter|messag"
    r"|рассыл|писем|розсил|лист|kontakt|wiadom|zaprosz|anschr|einlad|werbung)"
)
_OPTED_OUT = re.compile(
    r"\b(?:opt(?:s|ed|ing)? ?outs?|unsubscri\w+|dnc|black ?list(?:ed)?|адпіса\w+|отписа\w+|отписк\w+"
    r"|відписа\w+|отказал\w+|адмовіў\w*|адмовіл\w+|відмови[вл]\w+|wypisa\w+|z?rezygnowa\w+|abgemeldet|ausgetragen)\b"
)
# As headings only: organisations have these in their names.
_REFUSAL = re.compile(
    r"\b(?:отказ|адмова|відмова|відписка|адпіска|rezygnacja|sprzeciw|czarna lista|стоп лист|suppress\w+"
    r"|blocked|(?:чорны|чёрный|черный|чорний) (?:спіс|список)|abmeld\w+|austrag\w+|widerspr\w+|widerruf\w*"
    r"|gesperrt|sperr\w+)\b"
)
_CONSENT = re.compile(
    r"^(?:(?:may|can|ok|okay) (?:we |to |be |i )*(?:contact|mail|e mail|email|write|invite)|contact ?\?"
    r"|consent|opt ?in|subscribed|zgoda|згода|согласие|согласен|einwilligung|darf|можно писать|можна пісаць"
    r"|можна писати|można pisać)"
)
_HUMPS = re.compile(r"(?<=[a-zа-яіў])(?=[A-ZА-ЯІЎ])")


def _plain(text: str) -> str:
    parted = _HUMPS.sub(" ", text.replace("’", "'").replace("ʼ", "'"))
    return " ".join(re.sub(r"[_/.,;:!()-]+", " ", parted).casefold().split())


def says_no_contact(text: str) -> bool:
    """True for words that say that somebody is not to be contacted, in the languages of the interface."""
    plain = _plain(text)
    if _NO_CONTACT.search(plain) or _NO_USE.fullmatch(plain):
        return True
    found = _OPTED_OUT.match(plain)
    return found is not None and len(plain[found.end() :].split()) <= _MOST_WORDS_BEHIND


_MOST_WORDS_BEHIND = 2


def _heading_of_refusal(heading: str) -> str:
    plain = _plain(heading)
    if (
        says_no_contact(heading)
        or _NO_MAIL.match(plain)
        or _OPTED_OUT.search(plain)
        or _REFUSAL.search(plain)
    ):
        return "refused"
    return "consent" if _CONSENT.match(plain) else ""


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

    def refuse(self, cells: Sequence[Cell]) -> bool:
        """True where a column says that this person is not to be contacted, whatever else stands in it."""
        for part, cell in zip(self.parts, cells, strict=False):
            said = cell.value.casefold().strip(" .!-–—")
            if (part == "refused" and said and not says_no(said)) or (part == "consent" and says_no(said)):
                return True
        return False

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
        if _heading_of_refusal(cells[0]):
            return None
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
    short = all(
        len(cell.split()) <= _MOST_WORDS or part == "refused" for part, cell in zip(parts, cells, strict=True)
    )
    names_somebody = bool({"person", "surname", "organisation"} & set(filled))
    if not short or ("email" not in filled and not (len(filled) > 1 and all(filled) and names_somebody)):
        return None
    return Columns(tuple(parts), separator or "")


_MOST_WORDS = 6


def _part_of(heading: str) -> str:
    if refusal := _heading_of_refusal(heading):
        return refusal
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
