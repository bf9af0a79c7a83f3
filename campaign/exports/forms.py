"""The fields of the page "Export", read from its address or from what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from campaign.config import LANGUAGES
from campaign.core.language import language
from campaign.core.text import clean_line, has_hidden_characters
from campaign.exports import labels
from campaign.exports.columns import columns_of
from campaign.exports.formats import format_named
from campaign.exports.vocabulary import Contents, FormatName, Grouping, Headings, SignatoryOrder
from campaign.exports.wishes import Wishes

# Of the name of a town.
LONGEST_PLACE = 80
Choice = TypeVar("Choice", bound=StrEnum)
Fields = MultiDict[str, str]


def wishes_in(sent: Fields, texts: Sequence[str]) -> tuple[Wishes, list[str]]:
    """The wishes, and a sentence about each field whose value is not offered; that one has its default.

    A field that was not sent has its default too: a script may send the format alone. `texts` are the
    languages in which the statement is published.
    """
    problems: list[str] = []

    def one(field: str, choices: type[Choice], default: Choice, sentence: str) -> Choice:
        typed = sent.get(field, "")
        if typed in set(choices):
            return choices(typed)
        if typed:
            problems.append(sentence)
        return default

    unknown = _("One of the choices is not offered here. Please choose again.")
    contents = one("contents", Contents, Contents.PUBLIC, unknown)
    wanted = one("format", FormatName, FormatName.CSV, _("Please choose one of the formats."))
    if contents not in format_named(wanted).contents:
        problems.append(
            _("A contact list can be a table, JSON or plain text: a letter has no e-mail addresses in it.")
        )
        wanted = FormatName.CSV
    columns = tuple(dict.fromkeys(sent.getlist("columns")))
    known = columns_of(contents)
    # Those of another list are left out: the choice of a list comes with the columns of the one before.
    if set(columns) - {name for one in Contents for name in columns_of(one)}:
        problems.append(unknown)
    languages = tuple(dict.fromkeys(sent.getlist("languages")))
    if set(languages) - set(LANGUAGES):
        problems.append(_("Please choose languages from the list."))
    order = one("order", SignatoryOrder, format_named(wanted).order, unknown)
    text, place = sent.get("text", ""), clean_line(sent.get("place", ""))
    if len(place) > LONGEST_PLACE or has_hidden_characters(place):
        problems.append(_("Please give the place of a letter in 80 characters or less."))
        place = ""
    if text and text not in texts:
        problems.append(_("The statement is not published in this language."))
    wishes = Wishes(
        contents,
        wanted,
        tuple(name for name in known if name in columns),
        order if sent.get("order") else None,
        one("grouping", Grouping, Grouping.NONE, unknown),
        one("headings", Headings, Headings.NAMES, unknown),
        tuple(code for code in LANGUAGES if code in languages) or (language(),),
        text if text in texts else None,
        place[:LONGEST_PLACE],
    )
    return wishes, list(dict.fromkeys(problems))


def first_wishes() -> Wishes:
    """What the page offers to somebody who comes to it."""
    return Wishes(format=FormatName.XLSX, headings=Headings.WORDS, languages=(language(),))


def shown_columns(wishes: Wishes) -> list[tuple[str, str]]:
    """(name, heading) of all columns of a list."""
    words = labels.column_words()
    return [(name, words[name]) for name in columns_of(wishes.contents)]
