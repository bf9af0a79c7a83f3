"""Questions about a list of signatures: their words, and their answers between two steps of an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.core.countries import has_several_countries, is_shared_name
from campaign.core.formats import countries, country_name
from campaign.core.language import language
from campaign.imports.column_vocabulary import NO_COUNTRY, field_names
from campaign.imports.listed_names import OTHER_NAME, UNNAMED
from campaign.imports.name_lines import (
    APART,
    BROKEN,
    COLUMNS,
    JOIN,
    NAMES,
    SEPARATORS,
    TURNED,
    WHOLE,
)
from campaign.imports.registry_match import IN_REGISTRY, NEW
from campaign.imports.row_reader import COLUMN_FIELDS
from campaign.imports.several_names import KEEP, SEVERAL, SPLIT
from campaign.sheets.questions import Asked, SheetQuestion, Wording, register_questions


def _country_sentence(about: Mapping[str, Any]) -> str:
    if is_shared_name(about["subject"]):
        return str(_("“%(subject)s” can be two countries. Which one is it?", **about))
    if has_several_countries(about["subject"]):
        return str(_("“%(subject)s” names several countries. Which one should be shown?", **about))
    return str(_("“%(subject)s” is not a country that we know. Which one is it?", **about))


def _country_choices(_about: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(NO_COUNTRY, _("Leave the country empty")), *countries(language())]


def _separator_choices(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield NAMES, _("It separates names: %(names)s …", names=" · ".join(about["names"]))
    yield COLUMNS, _("It separates columns, such as a name and a city")
    if about["whole"]:
        yield WHOLE, _("It belongs to the name: %(name)s", name=about["whole"])
    if about["turned"]:
        yield TURNED, _("The family name is before it: %(name)s", name=about["turned"])


def _column_sentence(about: Mapping[str, Any]) -> str:
    if about.get("unsure"):
        return str(
            _("If there are columns: what is in column %(subject)s, for example “%(example)s”?", **about)
        )
    return str(_("Column %(subject)s has no name. What is in it, for example “%(example)s”?", **about))


def _column_choices(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    names = field_names()
    yield from ((str(one), names[one]) for one in COLUMN_FIELDS)
    if about["turned"]:
        yield TURNED, _("The family name is before it: %(name)s", name=about["turned"])
    yield "leave-out", _("Leave this column out")


def _registry_choices(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each, name, country in about["offered"]:
        shown = f"{name} ({country_name(country)})" if country else name
        yield str(each), _("Yes: %(name)s", name=shown)
    yield NEW, _("No: enter it as a new organisation")


# Those of the rows, by code. A question belongs to whoever raises it.
_WORDS: dict[str, Wording] = {
    "country": Wording(_country_sentence, _country_choices),
    "who-signs": Wording(
        _l("Rows with a person and an organisation: %(count)s. Who signs in this list?"),
        {
            "people": _l("The people: the organisation is shown beside the name as their affiliation"),
            "organisations": _l("The organisations: the people signed for them"),
            "by-row": _l("The organisation where a row has one, the person where it has none"),
        },
    ),
    "column": Wording(_column_sentence, _column_choices),
    "mixed": Wording(
        _l("Names that sound like organisations, among others that do not: %(count)s. Who signs?"),
        {
            "by-row": _l("People and organisations: each name as it sounds"),
            "people": _l("Only people"),
            "organisations": _l("Only organisations"),
        },
    ),
    SEPARATORS: Wording(_l("What does the sign “%(sign)s” mean in this list?"), _separator_choices),
    BROKEN: Wording(
        _l("Some names seem to be broken over two lines: %(count)s. Joined, they read as shown here."),
        {JOIN: _l("Join these lines"), APART: _l("Keep each line as a name")},
    ),
    "heading": Wording(
        _l("Nothing but “%(subject)s” is in a row. What is it?"),
        {"heading": _l("A heading: the country of the rows below it"), "name": _l("The name of a signatory")},
    ),
    "numbers": Wording(
        _l("A number is before a name, in %(count)s rows. Does it belong to the name?"),
        {"leave-out": _l("No: leave the numbers out"), "keep": _l("Yes: it belongs to the name")},
    ),
    UNNAMED: Wording(
        _l("Rows in which the name for the list is empty, or none: %(count)s. What about them?"),
        {
            "leave-out": _l("Leave them out"),
            OTHER_NAME: _l("Show the name in the other column: they agreed to it"),
        },
    ),
    IN_REGISTRY: Wording(
        _l("Is “%(subject)s” an organisation that the registry has already?"), _registry_choices
    ),
    SEVERAL: Wording(
        _l("Cells that may hold several names: %(count)s. How are they listed?"),
        {
            SPLIT: _l("Each name as a signatory of its own"),
            KEEP: _l("Each cell as one name"),
        },
    ),
    "unsaid": Wording(
        _l("Rows that say nothing in the column about being listed: %(count)s. What about them?"),
        {"leave-out": _l("Leave them out"), "take-in": _l("Import them: they agreed in another way")},
    ),
    "consent": Wording(
        _l("Rows that say “no” in the column about being listed: %(count)s. What about them?"),
        {"leave-out": _l("Leave them out"), "take-in": _l("Import them: the “no” is about something else")},
    ),
    "remark": Wording(
        _l("Rows with a remark that the name is not to be listed: %(count)s. What about them?"),
        {"leave-out": _l("Leave them out"), "take-in": _l("Import them: the remark is about something else")},
    ),
}


def kept_questions(details: Mapping[str, Any]) -> Asked:
    """The questions that the last check raised, and the answers so far."""
    before = [SheetQuestion.of(kept) for kept in details.get("questions", ())]
    return Asked(details.get("answers", {}), before)


def asked_anew(details: Mapping[str, Any]) -> Asked:
    """The answers so far, with the questions of the file itself, for the next check of its rows."""
    before = [SheetQuestion.of(kept) for kept in details.get("of_file", ())]
    return Asked(details.get("answers", {}), before)


def init_app(app: Flask) -> None:
    """Register these words."""
    register_questions(app, _WORDS)
