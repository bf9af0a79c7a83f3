"""Nobody who reads or signs meets a string in another language than the page, nor a letter that the page's
fonts lack.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from campaign.config import LANGUAGES
from campaign.core.formats import countries
from deploy.fonts import CYRILLIC, LATIN

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


@cache
def spoken() -> dict[tuple[object, str | None], list[str]]:
    """Every string that code and templates say, with its context, and where."""
    with (ROOT / "deploy/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[tuple[object, str | None], list[str]] = {}
    for folder in ("campaign", "templates"):
        here = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        for name, line, message, _comments, context in extract_from_dir(
            ROOT / folder, here, _options(options, folder), KEYWORDS
        ):
            found.setdefault((message, context), []).append(f"{folder}/{name}:{line}")
    assert len(found) > 400
    return found


def _options(options: dict[str, dict[str, str]], folder: str) -> dict[str, dict[str, str]]:
    return {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()}


@cache
def catalogue(language: str) -> Catalog:
    return read_po(
        BytesIO((ROOT / f"campaign/translations/{language}/LC_MESSAGES/messages.po").read_bytes()),
        locale=language,
    )


def forms(message: Message) -> list[str]:
    """The translation of a message, or of each of its plural forms."""
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_string_is_translated(language: str) -> None:
    missing = []
    for (message, context), places in spoken().items():
        single = message[0] if isinstance(message, tuple) else message
        kept = catalogue(language).get(single, context)
        if kept is None or kept.fuzzy or not all(forms(kept)):
            missing.append(f"{places[0]}: {single}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_those_of_the_original(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        if not message.id or not any(forms(message)):
            continue
        originals = message.id if isinstance(message.id, (tuple, list)) else [message.id]
        known = {name for original in originals for name in PLACEHOLDER.findall(original)}
        wrong += [
            form
            for form in forms(message)
            if set(PLACEHOLDER.findall(form)) - known
            or (not message.pluralizable and known - set(PLACEHOLDER.findall(form)))
        ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_form_is_there(language: str) -> None:
    assert all(
        len(forms(message)) == catalogue(language).num_plurals
        for message in catalogue(language)
        if message.id and message.pluralizable
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_fonts_of_a_page_hold_its_letters(language: str) -> None:
    held = CYRILLIC if language in {"be", "ru", "uk"} else LATIN
    said = [form for message in catalogue(language) if message.id for form in forms(message)]
    said += [name for _code, name in countries(language)]
    assert {letter for text in said for letter in text if ord(letter) not in held and letter != "\n"} == set()
