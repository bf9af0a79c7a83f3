"""Words of spreadsheets in the languages of the interface: names of columns, countries, kinds, yes."""

from __future__ import annotations

import re
from enum import StrEnum

from flask_babel import gettext as _

from campaign.signatures.models import SignatoryKind


class Field(StrEnum):
    """The fields that a column of a sheet can hold."""

    KIND = "kind"
    NAME = "name"
    SURNAME = "surname"
    COUNTRY = "country"
    CITY = "city"
    ORGANISATION = "organisation"
    TITLE = "title"
    WEBSITE = "website"
    EMAIL = "email"
    UPDATES = "updates"


def field_names() -> dict[Field, str]:
    """The fields in words."""
    return {
        Field.NAME: _("Name"),
        Field.SURNAME: _("Family name, if in a separate column"),
        Field.CITY: _("City"),
        Field.COUNTRY: _("Country"),
        Field.ORGANISATION: _("Organisation"),
        Field.TITLE: _("Position in the organisation"),
        Field.WEBSITE: _("Website"),
        Field.KIND: _("Organisation or person"),
        Field.EMAIL: _("E-mail address"),
        Field.UPDATES: _("Asked for updates by e-mail"),
    }


# How names of columns begin, without marks; the first field that fits takes a column.
_BEGINNINGS: dict[Field, str] = {
    Field.UPDATES: (
        "updates news newsletter subscri subskry subscrip новост рассылк подписк навін падпіск новин "
        "розсилк підписк nowości aktualności neuigkeit nachricht"
    ),
    Field.EMAIL: "email mail почта емейл имейл пошта мейл электронн poczta adres adresse",
    Field.WEBSITE: "website web url site homepage сайт вебсайт интернет strona www webseite internet",
    Field.COUNTRY: "country state land краіна страна країна kraj państwo staat",
    Field.CITY: (
        "city town place город гарад горад місто населен населён miasto miejscowość stadt ort wohnort"
    ),
    Field.ORGANISATION: (
        "organisation organization organiz organis ngo org institution association company организац "
        "арганізац організац нко учрежден название назва nazwa organizacj instytucj stowarzyszen verein "
        "verband einrichtung firma"
    ),
    Field.KIND: "kind type тип тып вид від rodzaj typ art",
    Field.SURNAME: "surname lastname familyname фамили прозвішч прізвищ nazwisk nachname familienname",
    Field.TITLE: (
        "title position role function job должност пасад посад статус stanowisk funkcj funktion titel amt "
        "beruf"
    ),
    Field.NAME: (
        "name firstname given fullname person signatory representative contact имя фио имена подпис імя піб "
        "прозвішчаімя прозьвішча імёны представител прадстаўнік представник imię imie imiona podpis osoba "
        "vorname unterzeichn vertreter"
    ),
}
_STEMS = {field: tuple(text.split()) for field, text in _BEGINNINGS.items()}
_BETWEEN = {"and", "und", "of", "the", "der"}
_LATER_NAMES = {"last", "family", "second"}
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


def field_of(header: str) -> Field | None:
    """The field that a column of this name holds; None when its name says nothing."""
    words = _WORDS.findall(_BARE.sub("", header.casefold()))
    if "name" in words and _LATER_NAMES & set(words):
        return Field.SURNAME
    found = [field for field, stems in _STEMS.items() if any(word.startswith(stems) for word in words)]
    # "Имя и фамилия", "imię i nazwisko", "first and last name": both in one.
    return (
        Field.NAME
        if found and found[0] is Field.SURNAME and Field.NAME in found
        else found[0]
        if found
        else None
    )


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


def means_yes(cell: str) -> bool:
    """True for a clear yes or a tick. Anything else is a no."""
    return cell.casefold().strip(" .!") in _YES
