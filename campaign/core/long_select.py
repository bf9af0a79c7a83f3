"""Selects with hundreds of options that are the same on every page of a language: rendered once, then one is
marked as chosen.

WTForms renders each option anew for each page, which took a quarter of the time of the desk's tests.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import SelectField
from wtforms.widgets import html_params

from campaign.core.formats import countries
from campaign.core.language import language
from campaign.core.timezones import UTC, zones


class LongSelect:
    """The widget.

    `written`: the options in a language; `nothing`: the words for no choice, where none is one.
    """

    def __init__(self, written: Callable[[str], str], nothing: Callable[[], str] | None = None) -> None:
        self.written, self.nothing = written, nothing

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        options = self.written(language())
        if self.nothing is not None:
            options = f'<option value="">{escape(self.nothing())}</option>{options}'
        mark = f'<option value="{escape(field.data or "")}"'
        options = options.replace(f"{mark}>", f"{mark} selected>", 1)
        parameters = html_params(
            id=field.id, name=field.name, required=field.flags.required or False, **attributes
        )
        return Markup(f"<select {parameters}>{options}</select>")  # noqa: S704  all parts are escaped


def country_select(nothing: Callable[[], str]) -> LongSelect:
    """The widget of all countries, after the words for none."""
    return LongSelect(_countries, nothing)


class KnownCountryField(SelectField):
    """The country in an entry of the team, which may be unknown."""

    def __init__(
        self, *args: Any, nothing: Callable[[], str] = lambda: _("not known"), **kwargs: Any
    ) -> None:
        choices = [("", nothing()), *countries(language())]
        super().__init__(
            *args, choices=choices, widget=country_select(nothing), validate_choice=False, **kwargs
        )


class ZoneField(SelectField):
    """A time zone. An unknown zone is refused by the form, beside the times that it belongs to."""

    def __init__(self, *args: Any, default: str = UTC, **kwargs: Any) -> None:
        super().__init__(
            *args,
            choices=zones(language()),
            widget=LongSelect(_zones),
            default=default,
            validate_choice=False,
            **kwargs,
        )


@cache
def _countries(code: str) -> str:
    return _written(countries(code))


@cache
def _zones(code: str) -> str:
    return "".join(
        f'<optgroup label="{escape(region)}">{_written(tuple(places))}</optgroup>'
        for region, places in zones(code).items()
    )


def _written(choices: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(name)}</option>' for value, name in choices)
