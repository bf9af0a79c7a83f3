"""Questions about a list of signatures: their words, and their answers between two steps of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.core.countries import has_several_countries
from campaign.core.formats import countries
from campaign.core.language import language
from campaign.imports.column_vocabulary import NO_COUNTRY
from campaign.sheets.questions import Asked, SheetQuestion, Wording, register_questions


def _country_sentence(about: Mapping[str, Any]) -> str:
    if has_several_countries(about["subject"]):
        return str(_("“%(subject)s” names several countries. Which one should be shown?", **about))
    return str(_("“%(subject)s” is not a country that we know. Which one is it?", **about))


def _country_choices(_about: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(NO_COUNTRY, _("Leave the country empty")), *countries(language())]


# Those of the rows, by code. A question belongs to whoever raises it.
_WORDS: dict[str, Wording] = {
    "country": Wording(_country_sentence, _country_choices),
    "heading": Wording(
        _l("Nothing but “%(subject)s” is in a row. What is it?"),
        {"heading": _l("A heading: the country of the rows below it"), "name": _l("The name of a signatory")},
    ),
    "numbers": Wording(
        _l("A number is before a name, in %(count)s rows. Does it belong to the name?"),
        {"leave-out": _l("No: leave the numbers out"), "keep": _l("Yes: it belongs to the name")},
    ),
    "consent": Wording(
        _l("Rows that say “no” in the column about being listed: %(count)s. What about them?"),
        {"leave-out": _l("Leave them out"), "take-in": _l("Import them: the “no” is about something else")},
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
