"""The readings of a text in an older encoding that can't be told: a person sees one line in each of them, and
says which is right.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from campaign.sheets.questions import Asked, SheetQuestion, Wording, register_questions

ENCODING = "encoding"
# The handler of errors by which a byte that means nothing is kept as a character of its own.
KEEPS_BYTES = "undersigned-keeps-bytes"
_PRIVATE = 0xF700
_LONGEST_SHOWN = 120


def encoding_question(readings: Mapping[str, Sequence[str]]) -> SheetQuestion:
    """The question about the lines of a text in each encoding that it may have: which of them is right?"""
    different = next(lines for lines in zip_longest(*readings.values(), fillvalue="") if len(set(lines)) > 1)
    shown = [[name, line.strip()[:_LONGEST_SHOWN]] for name, line in zip(readings, different, strict=True)]
    return SheetQuestion(ENCODING, about={"readings": shown})


def chosen_encoding(questions: Sequence[SheetQuestion], answers: Mapping[str, str]) -> str | None:
    """The encoding that a person has chosen; None without a question, or while it is open."""
    return Asked(answers, questions).chosen(ENCODING)


def recoded(text: str, read_as: str, encoding: str) -> str:
    """A text that was read in one of these encodings, as it is in the other one."""
    every = [bytes([byte]) for byte in range(256)]
    table: dict[str, str | int | None] = {
        byte.decode(read_as, KEEPS_BYTES): byte.decode(encoding, KEEPS_BYTES) for byte in every
    }
    return text.translate(str.maketrans(table))


def _kept(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(_PRIVATE + byte) for byte in error.object[error.start : error.end]), error.end


def _choices(about: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, line) for name, line in about["readings"])


def init_app(app: Flask) -> None:
    """Register the words of this question."""
    sentence = _l(
        "The letters of this file can’t be told for sure. Which of these lines is right? If none is, save "
        "the file as .xlsx or as “CSV UTF-8”, and choose it again."
    )
    register_questions(app, {ENCODING: Wording(sentence, _choices)})


codecs.register_error(KEEPS_BYTES, _kept)
