"""Catalogues of translations: which languages the interface can be shown in, and how far each is done.

A language is there when its folder is: `campaign/translations/<code>/LC_MESSAGES/messages.po`
(docs/translating.md). No code names it; its name, plural forms, dates and countries come from CLDR by Babel.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from babel import Locale, localedata
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "translations"
# English is the source, and has no catalogue.
SOURCE = "en"
# In this order wherever nobody has chosen one; further languages follow by name.
HOUSE_LANGUAGES = (SOURCE, "be", "ru", "uk", "pl", "de")
_CODE = re.compile("[a-z]{2,3}")
_OUR_SCRIPTS = ("LATIN", "CYRILLIC")


def catalogue_languages(folder: Path = FOLDER) -> dict[str, str]:
    """The languages that have a catalogue, and English: names in themselves by code."""
    there = {path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/messages.po")}
    known = {code for code in there if _CODE.fullmatch(code) and localedata.exists(code)}
    house = [code for code in HOUSE_LANGUAGES if code in known | {SOURCE}]
    further = sorted(known - set(house), key=name_in_itself)
    return {code: name_in_itself(code) for code in (*house, *further)}


@cache
def name_in_itself(code: str) -> str:
    """The name of a language in itself, as a heading has it: Русский, Lietuvių, ქართული."""
    name = Locale.parse(code).get_language_name(code) or code
    # Not upper(): Georgian has capitals that stand in no text.
    return name[:1].title() + name[1:]


def share_translated(code: str, folder: Path = FOLDER) -> int:
    """How much of the interface has been translated into a language, in whole per cent, rounded down."""
    if code == SOURCE:
        return 100
    path = folder / code / "LC_MESSAGES" / "messages.po"
    template = folder / "messages.pot"
    try:
        return _share(path, path.stat().st_mtime_ns, template, template.stat().st_mtime_ns)
    except FileNotFoundError:
        return 0


@cache
def _share(path: Path, _changed: int, template: Path, _template_changed: int) -> int:
    """The same of files as they were at these times: reading one takes half a second."""
    with path.open("rb") as file:
        translated = {
            (message.id, message.context)
            for message in read_po(file, ignore_obsolete=True)
            if message.id and not message.fuzzy and _is_whole(message.string)
        }
    with template.open("rb") as file:
        wanted = {(message.id, message.context) for message in read_po(file) if message.id}
    return len(wanted & translated) * 100 // len(wanted) if wanted else 0


def _is_whole(said: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(said) if isinstance(said, (tuple, list)) else bool(said)


def is_compiled(code: str, folder: Path = FOLDER) -> bool:
    """False for a catalogue that was never compiled, so that nothing of it can be shown."""
    return code == SOURCE or (folder / code / "LC_MESSAGES" / "messages.mo").exists()


@cache
def has_our_letters(code: str) -> bool:
    """True where the site's own fonts have the letters of a language; others are shown in fonts of the
    reader's device.
    """
    locale = Locale.parse(code)
    words = [name_in_itself(code), *locale.months["format"]["wide"].values()]
    letters = (sign for word in words for sign in word if sign.isalpha())
    return all(unicodedata.name(sign, "").startswith(_OUR_SCRIPTS) for sign in letters)


def is_written_leftwards(code: str) -> bool:
    """True for a language that is written from right to left."""
    return str(Locale.parse(code).text_direction) == "rtl"
