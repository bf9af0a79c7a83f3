"""Words of spreadsheets in the languages of the interface: names of columns, countries, kinds, yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from flask_babel import gettext as _

from campaign.imports.affiliation_words import (
    is_optional,
    is_representative,
    is_represented,
    joins,
    without_affiliation,
)
from campaign.signatures.models import SignatoryKind

# The answer that leaves a country empty which nobody knows.
NO_COUNTRY = "none"


class Field(StrEnum):
    """The fields that a column of a sheet can hold."""

    KIND = "kind"
    NAME = "name"
    MIDDLE = "middle"
    SURNAME = "surname"
    COUNTRY = "country"
    CITY = "city"
    ORGANISATION = "organisation"
    AFFILIATION = "affiliation"
    TITLE = "title"
    WEBSITE = "website"
    EMAIL = "email"
    UPDATES = "updates"
    CONSENT = "consent"


# The columns of which a row needs one.
NAMES = (Field.NAME, Field.MIDDLE, Field.SURNAME, Field.ORGANISATION)


def field_names() -> dict[Field, str]:
    """The fields in words."""
    return {
        Field.NAME: _("Name"),
        Field.MIDDLE: _("Middle name or patronymic, if in a separate column"),
        Field.SURNAME: _("Family name, if in a separate column"),
        Field.CITY: _("City"),
        Field.COUNTRY: _("Country"),
        Field.ORGANISATION: _("Organisation"),
        Field.AFFILIATION: _("Where a person works or belongs"),
        Field.TITLE: _("Position in the organisation"),
        Field.WEBSITE: _("Website"),
        Field.KIND: _("Organisation or person"),
        Field.EMAIL: _("E-mail address"),
        Field.UPDATES: _("Asked for updates by e-mail"),
        Field.CONSENT: _("Agreed to be listed"),
    }


# How names of columns begin, without marks; the first field that fits takes a column.
_BEGINNINGS: dict[Field, str] = {
    Field.UPDATES: (
        "updates news newsletter subscri subskry subscrip новост рассылк подписк навін падпіск новин "
        "розсилк підписк nowości aktualności neuigkeit nachricht"
    ),
    Field.EMAIL: "email mail почта емейл имейл пошта мейл электронн poczta adres adresse",
    Field.WEBSITE: "website web url site homepage сайт вебсайт интернет strona www webseite internet",
    Field.COUNTRY: "country land краіна страна країна kraj państwo staat pays país pais paese nazione",
    Field.CITY: (
        "city town place город гарад горад місто населен населён miasto miejscowość stadt ort wohnort "
        "ville ciudad città citta localidad comune"
    ),
    Field.ORGANISATION: (
        "organisation organization organiz organis ngo org institution association company организац "
        "арганізац організац нко учрежден название назва nazwa organizacj instytucj stowarzyszen verein "
        "verband einrichtung firma lorgani dellorgani"
    ),
    Field.KIND: "kind type тип тып вид від rodzaj typ art",
    Field.MIDDLE: "middle patronym отчеств пабацьку побатькові",
    Field.SURNAME: (
        "surname lastname familyname фамили прозвішч прізвищ nazwisk nachname familienname "
        "apellido cognome achternaam"
    ),
    Field.TITLE: (
        "title position role function job должност пасад посад статус stanowisk funkcj funktion titel amt "
        "beruf"
    ),
    Field.NAME: (
        "name firstname given fullname person signatory representative contact имя фио имена подпис імя піб "
        "прозвішчаімя прозьвішча імёны представител прадстаўнік представник imię imie imiona podpis osoba "
        "vorname unterzeichn vertreter nom prénom prenom nombre nome voornaam naam"
    ),
}
_STEMS = {field: tuple(text.split()) for field, text in _BEGINNINGS.items()}
# A word for one of these makes "University" part of another name, as in "City of the university".
_OF_OTHERS = {Field.UPDATES, Field.EMAIL, Field.WEBSITE, Field.COUNTRY, Field.CITY, Field.KIND}
_BETWEEN = {"and", "und", "of", "the", "der"}
_LATER_NAMES = {"last", "family", "second"}
# Columns of which nothing is imported, whatever other words their names have; and words that make a country
# of a column only where no other is one.
_IGNORED = re.compile(
    r"timestamp|time ?stamp|отметка времени|zeitstempel|horodat|marca temporal|sygnatura czasowa"
    r"|\bip\b|gender|\bsex\b|\bпол\b|date of birth|birth|дата рожд|дата нарадж|geburt|urodzen"
    r"|naissance|nacimiento"
    r"|phone|телефон|тэлефон|telefon|mobile|comment|комментар|каментар|комент|kommentar|komentarz"
    r"|\bstates?\b"
    r"|bundesland|województw|wojewodztw|область|вобласць|province|région|region|username|user name"
    r"|started|submitted|postal|zip\b"
)
_CONSENT = re.compile(
    r"agree|consent|permission|соглас|згод|zgod|zgadzam|einverstanden|zustimm|d.accord|acepto|consiento|autori[sz]"
)
_WEAK = {Field.COUNTRY: frozenset({"land", "staat"}), Field.NAME: frozenset({"contact", "role"})}
_WORDS = re.compile(r"\w+")
_BARE = re.compile(r"['’ʼ`\-]")
_KINDS = {
    SignatoryKind.PERSON: (
        "person people individual citizen человек физлицо физическое лицо гражданин асоба чалавек фізасоба "
        "особа людина громадянин osoba człowiek privatperson mensch p"
    ),
    SignatoryKind.ORGANISATION: (
        "organisation organization ngo org association group организация нко группа арганізацыя суполка "
        "група організація organizacja stowarzyszenie fundacja verein stiftung gruppe o"
    ),
}
_KIND_OF = {word: kind for kind, text in _KINDS.items() for word in text.split()}
_YES = frozenset(
    ["y", "yes", "true", "1", "x", "v", "+", "✓", "✔", "☑", "да", "так", "tak", "ja", "oui", "si"]
)
_NO = frozenset({"no", "нет", "не", "ні", "няма", "nie", "nein", "non", "nee", "n", "false", "0"})


def is_ignored(header: str) -> bool:
    """True for the name of a column of which nothing is imported, such as "State" or "Phone", whatever its
    cells look like.
    """
    return bool(_IGNORED.search(header.casefold())) and not _CONSENT.search(header.casefold())


def field_of(header: str) -> Field | None:
    """The field that a column of this name holds; None when its name says nothing."""
    if _CONSENT.search(header.casefold()):
        return Field.CONSENT
    if is_ignored(header):
        return None
    if said := _organised(header):
        return said
    words = _WORDS.findall(_BARE.sub("", header.casefold()))
    if words == ["last"] or ("name" in words and _LATER_NAMES & set(words) and "first" not in words):
        return Field.SURNAME
    if words == ["first"]:
        return Field.NAME
    if words[-2:] in (["па", "бацьку"], ["по", "батькові"]):
        return Field.MIDDLE
    found = _found(words)
    if found[:1] == [Field.ORGANISATION] and is_optional(header):
        return Field.AFFILIATION
    # "Имя и фамилия", "imię i nazwisko", "first and last name": both in one.
    return (
        Field.NAME
        if found and found[0] is Field.SURNAME and Field.NAME in found
        else found[0]
        if found
        else None
    )


def _organised(header: str) -> Field | None:
    """The field of a column in whose name an affiliation is said, or an organisation that is represented."""
    left = without_affiliation(header)
    words = _WORDS.findall(_BARE.sub("", (left or header).casefold()))
    found = _found(words)
    if _OF_OTHERS & set(found):
        return None
    if is_represented(header):
        return Field.ORGANISATION
    if is_representative(header):
        return Field.NAME
    if Field.ORGANISATION in found and _found(words[:1]) == [Field.TITLE]:
        return Field.TITLE
    if left is None:
        return None
    # "Name and affiliation" is one column of both.
    return Field.NAME if Field.NAME in found and joins(header) else Field.AFFILIATION


def _found(words: Sequence[str]) -> list[Field]:
    return [field for field, stems in _STEMS.items() if any(word.startswith(stems) for word in words)]


def rank_of(header: str, field: Field) -> int:
    """How well a name of a column says that it holds this field: the smaller the better."""
    words = _WORDS.findall(_BARE.sub("", header.casefold()))
    return len(words) + 100 * bool(words and _WEAK.get(field, frozenset()) & set(words))


def names_family(header: str) -> bool:
    """True for "Nom", which is the family name where a given name has a column of its own."""
    return _bare_name(header) in ("nom", "nom de famille")


def names_given(header: str) -> bool:
    """True for the name of a column of given names in French."""
    return _bare_name(header).startswith(("prénom", "prenom"))


def _bare_name(header: str) -> str:
    """The name of a column in small letters, without marks at its ends."""
    return header.casefold().strip(" :*.?")


def is_only_header(cell: str) -> bool:
    """True when every word of a cell names a column: alone in its row, "Imported Person" is somebody."""
    words = [
        word
        for word in _WORDS.findall(_BARE.sub("", cell.casefold()))
        if len(word) > 1 and word not in _BETWEEN
    ]
    return bool(words) and all(
        any(word.startswith(stems) for stems in _STEMS.values()) or word in _LATER_NAMES for word in words
    )


def kind_of(cell: str) -> SignatoryKind | None:
    """Person or organisation, in any of the languages; None for another word."""
    return next((_KIND_OF[word] for word in _WORDS.findall(cell.casefold()) if word in _KIND_OF), None)


def means_no(cell: str) -> bool:
    """True for a clear no, also one with more words, such as "No, I don't agree"."""
    return (_WORDS.findall(cell.casefold()) or [""])[0] in _NO


def means_yes(cell: str) -> bool:
    """True for a clear yes or a tick. Anything else is a no."""
    return cell.casefold().strip(" .!") in _YES
