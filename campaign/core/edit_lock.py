"""The optimistic lock of a form: the fingerprint with which it was opened comes back with what was typed.

Nobody unknowingly overwrites what somebody else has saved meanwhile: the form is shown again, beside what is
saved now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from wtforms import HiddenField

from campaign.core.vault import vault

_DIGITS = 12


class EditedMeanwhile(Exception):
    """Somebody saved the record after this form was opened."""


class OpenedWithField(HiddenField):
    """The fingerprint of the record with which a form was opened."""


def fingerprint(values: Mapping[str, object]) -> str:
    """Marks of values by field, such as `goal=0a1b2c3d4e5f slug=…`, without the empty ones.

    A different fingerprint of the same record means that somebody has saved it since.
    """
    return " ".join(f"{name}={mark(value)}" for name, value in sorted(values.items()) if value)


def mark(value: object) -> str:
    """The first digits of a keyed digest of a value, whatever its type; empty for an empty value."""
    said = json.dumps(value, default=str, sort_keys=True, ensure_ascii=False)
    return vault().index("edit lock", said).hex()[:_DIGITS] if value else ""


def marks_of(opened_with: str) -> dict[str, str]:
    """The marks in a fingerprint by field; a made-up fingerprint has none."""
    parts = (part.partition("=") for part in opened_with.split(" "))
    return {name: marked for name, _equals, marked in parts}


def refuse_edited(opened_with: str | None, now: str) -> None:
    """Check before saving that the form was opened with what is still saved now. Raises EditedMeanwhile."""
    if (opened_with or "") != now:
        raise EditedMeanwhile
