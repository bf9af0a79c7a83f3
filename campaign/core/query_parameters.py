"""Parameters in the addresses of public pages and of the API: read in one place, and refused where they say
what none of our links says.

A page that answers to a made-up country with the whole list lets a script, or a reader, take that for the
list of the country. Parameters that others add, such as those of trackers, are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TypeVar

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from campaign.core.integers import LARGEST, whole_number
from campaign.core.language import language_tag
from campaign.core.origin import SAFE_METHODS, is_team_request

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


View = TypeVar("View", bound=Callable[..., object])


def init_app(app: Flask) -> None:
    """Check the parameters of every public page; those of the desk are checked by its tables.

    To be called after the parts that add headers, so that they see the refusal.
    """
    app.after_request(_refuse_unknown)


def chooses_by(*names: str) -> Callable[[View], View]:
    """The parameters by which a public page chooses; a page that names none has none."""

    def marked(view: View) -> View:
        view.chooses_by = names  # type: ignore[attr-defined]
        return view

    return marked


def _refuse_unknown(response: Response) -> Response:
    """The refusal in place of a page. An address that has moved, or that does not exist, says that first."""
    view = current_app.view_functions.get(request.endpoint or "")
    shown = response.status_code in (200, 304) and request.method in SAFE_METHODS
    # A page behind a token has no list, and its address must not be repeated.
    secret = "token" in (request.view_args or {})
    if view is None or not shown or secret or not request.args or is_team_request():
        return response
    try:
        only(*getattr(view, "chooses_by", ()))
    except WrongParameter as wrong:
        return current_app.make_response(current_app.handle_user_exception(wrong))
    return response


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


def one_of_kinds(name: str, known: Container[str]) -> str:
    """The same for a parameter that names a part of a table, as the links of its filters do."""
    return one_of(name, known, _("This table can't be narrowed to that. Please choose a filter on the page."))


def number(name: str, sentence: str, most: int = LARGEST) -> int:
    """The whole number in a parameter, 0 where there is none. Raises WrongParameter for anything else."""
    typed = request.args.get(name, "")
    value = whole_number(typed, most) if typed else 0
    if value is None:
        raise WrongParameter(sentence)
    return value


def _all(name: str) -> list[str]:
    return request.args.getlist(name)
