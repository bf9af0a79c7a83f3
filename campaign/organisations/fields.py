"""Fields for choosing organisations of the registry in a form."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.core.language import language
from campaign.organisations.queries import all_organisations, display_name


class OrganisationsField(SelectMultipleField):
    """Check boxes, since in a list that needs a key held down choices get lost. Its data are ids."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **binding: Any) -> None:
        super().__init__(label, coerce=int, choices=organisation_choices, **binding)

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {value for value, _name in self.choices}:
            raise StopValidation(
                _("One of these organisations is no longer in the registry. Please choose again.")
            )


def organisation_choices() -> list[tuple[int, str]]:
    """All organisations of the registry, by name."""
    named = [
        (organisation.id, display_name(organisation, language())) for organisation in all_organisations()
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())
