"""Parameters in the addresses of public pages and of the API: read in one place, and refused where they say
what none of our links says.

A page that answers to a made-up country with the whole list lets a script, or a reader, take that for the
list of the country. Parameters that others add, such as those of trackers, are left alone.
"""

from __future__ import annotations

from collections.abc import Container

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from campaign.core.integers import LARGEST, whole_number
from campaign.core.language import language_tag

# What an address could be thought to choose by. Where it does not, it says so.
_CHOOSE = frozenset(
    {"after", "before", "by", "country", "demands", "kind"}
    | {"limit", "offset", "order", "page", "per_page", "sort", "start"}
)
_LANGUAGES = ("text", "lang", "language")


class WrongParameter(BadRequest):
    """A parameter of the address has a value that this page does not know. `sentence` says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def only(*names: str) -> None:
    """Raise WrongParameter for a parameter that the page does not choose by, for one that is there twice, and
    for a language that does not exist.
    """
    for name in request.args:
        # Repeated here, so nothing that could be markup or a name.
        if name in _LANGUAGES and any(value and language_tag(value) is None for value in _all(name)):
            raise WrongParameter(_("There is no such language."))
        if name in names and len(set(_all(name))) > 1:
            raise WrongParameter(_("The address names “%(name)s” twice.", name=name))
        if name in _CHOOSE and name not in names and any(_all(name)):
            raise WrongParameter(_("This page has no parameter “%(name)s”.", name=name))


def one_of(name: str, known: Container[str], sentence: str, *, upper: bool = False) -> str:
    """The value of a parameter, empty where there is none. Raises WrongParameter with `sentence` for one that
    is not known.
    """
    typed = request.args.get(name, "")
    value = typed.upper() if upper else typed
    if value and value not in known:
        raise WrongParameter(sentence)
    return value


def number(name: str, sentence: str, most: int = LARGEST) -> int:
    """The whole number in a parameter, 0 where there is none. Raises WrongParameter for anything else."""
    typed = request.args.get(name, "")
    value = whole_number(typed, most) if typed else 0
    if value is None:
        raise WrongParameter(sentence)
    return value


def _all(name: str) -> list[str]:
    return request.args.getlist(name)
