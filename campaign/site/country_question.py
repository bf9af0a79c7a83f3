"""The country of a signer, and the question about a country at risk.

It follows from the country alone, and asks before anything is stored. A browser with scripts shows the notice
as soon as the country is chosen, and says so with the form; otherwise the form comes back with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import StopValidation, ValidationError

from campaign.core.formats import country_codes
from campaign.core.forms import Asking
from campaign.core.long_select import country_select
from campaign.site.countries_at_risk import countries_at_risk


class _AskedSelect:
    """The select, and beside it the country whose notice stands below it."""

    def __init__(self, nothing: Callable[[], str]) -> None:
        self._select = country_select(nothing)

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        shown = field.data if field.data in countries_at_risk() else ""
        asked: Markup = field.asked_input(shown)
        return self._select(field, **attributes) + asked


class SignersCountryField(Asking, StringField):
    """A select field for a country (ISO 3166-1), rendered by the macro `country` with the notices.

    Validation never iterates over its 250 choices. `asks` is true where a form is refused for the signer to
    read the notice first.
    """

    asks = False

    def __init__(
        self, *args: Any, nothing: Callable[[], str] = lambda: _("Choose a country"), **kwargs: Any
    ) -> None:
        super().__init__(*args, widget=_AskedSelect(nothing), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the code in capitals."""
        self.data = str(valuelist[0]).strip().upper() if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no country."""
        if self.data and self.data not in country_codes():
            raise StopValidation(_("Please choose a country from the list."))

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Ask about a country at risk, unless its notice stood beside the form."""
        self.asks = bool(self.data) and self.data in countries_at_risk() and self.asked != self.data
        if self.asks:
            raise ValidationError(
                _("Please read the notice about this country first. To go on, press the button again.")
            )
