"""Affiliations in the rows of a list: where a person works or belongs, and the position there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaign.imports.column_vocabulary import Field

_HONORIFIC = re.compile(
    r"(?:(?:mrs?|ms|miss|mx|dr|prof|sir|mme|m|herr|frau|pani?|sra?|phd|hab|mgr|doc|inż|д-р|праф|проф|г-н|г-жа"
    r"|пан|пані|спадар|спадарыня|господин|госпожа|monsieur|madame|dott|sig|г|сп|sp)\b\.?\s*)+",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"\b(?:dr|prof|phd|hab|mgr|doc|inż|д-р|праф|проф|sir)\b", re.IGNORECASE)
_POSITION = re.compile(
    r"\b(?:prof|lectur|teach|student|research|fellow|journalist|writer|poet|artist|author|lawyer|attorney|doctor"
    r"|physician|engineer|дацэнт|доцент|праф|проф|выклад|викла|преподават|настаўн|учител|вчител|студэнт|студент"
    r"|навук|научн|науков|журнал|пісьмен|писател|письмен|поэт|паэт|поет|мастак|художн|юрист|юрыст|адвакат|адвокат"
    r"|врач|лікар|урач|dozent|adiunkt|wykładow|nauczyciel|badacz|dziennikar|pisar|prawni|lekar|wissenschaft|lehrer"
    r"|schriftst|anwalt|anwält|arzt|ärzt|enseignant|cherche|étudiant|avocat|écrivain|docent|investigador|ricercat"
    r"|periodista|giornalist|escrit|scritt|abogad|avvocat|médic|medico)",
    re.IGNORECASE,
)

# What people write who belong nowhere.
_NOWHERE = frozenset(
    [
        "none", "no", "n/a", "n.a", "nil", "nothing", "not applicable", "no affiliation", "нет", "нету",
        "не указано", "без организации", "няма", "не", "немає", "ні", "brak", "nie", "nie dotyczy", "keine",
        "keiner", "nein", "entfällt", "aucun", "aucune", "néant", "non", "ninguna", "ninguno", "nessuna",
        "nessuno", "geen",
    ]
)  # fmt: skip


def belongs_nowhere(organisation: str) -> bool:
    """True for "-" and "none" beside the name of a person."""
    said = organisation.casefold().strip(" .!")
    return said in _NOWHERE or not any(char.isalnum() for char in said)


def is_of_people(title: str) -> bool:
    """True for "Dr" and for positions of people who seldom sign for the place where they work."""
    return is_honorific(title) or bool(_POSITION.search(title))


def is_honorific(title: str) -> bool:
    """True for forms of address such as "Dr" or "Prof. dr hab.", which belong to the name."""
    return bool(_HONORIFIC.fullmatch(title))


def has_degree(title: str) -> bool:
    """True for "Dr" and "Prof.", which stand before a name in a public list; "Mr" and "Frau" do not."""
    return is_honorific(title) and bool(_DEGREE.search(title))


def organisation_in(read: Mapping[Field, str]) -> str:
    """The organisation in a row, whichever column has it."""
    return read.get(Field.ORGANISATION) or read.get(Field.AFFILIATION, "")


def affiliation_in(read: Mapping[Field, str]) -> str:
    """The position and the organisation of a person, such as "Professor, University of Warsaw"."""
    parts: list[str] = []
    title = read.get(Field.TITLE, "")
    for part in (
        "" if is_honorific(title) else title,
        read.get(Field.AFFILIATION, ""),
        read.get(Field.ORGANISATION, ""),
    ):
        if part and not any(part.casefold() in said.casefold() for said in parts):
            parts.append(part)
    return ", ".join(parts)


def addressed(read: Mapping[Field, str]) -> str:
    """The name of a person with the form of address that has a column of its own."""
    name, title = read.get(Field.NAME, ""), read.get(Field.TITLE, "")
    said = title and name and has_degree(title) and not name.casefold().startswith(title.casefold())
    return f"{title} {name}" if said else name
