"""The question of a form whether an organisation of the registry is meant that has almost the typed name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField


class KnownName(NamedTuple):
    """An organisation of the registry, by its name and by what sets it apart beside others."""

    name: str
    label: str


class NameQuestion:
    """The part of a form with an `organisation` that asks once whether a known one is meant."""

    organisation: Any
    # The values are the addresses of the organisations.
    meant = RadioField(_l("Did you mean one of these?"), choices=[], default="", validate_choice=False)
    meant_for = HiddenField()
    asked = _l(
        "We know an organisation with almost this name. Please choose it if it is yours; if not, "
        "press the button again."
    )

    def settle_organisation(self, known: Mapping[str, KnownName]) -> bool:
        """Take the organisation that was chosen among those `known` by address, or ask once: what was typed
        is kept where the button is pressed again.
        """
        typed, settled, meant = self.organisation.data, self.meant_for, self.meant
        if chosen := known.get(meant.data or ""):
            self.organisation.data = chosen.name
            return True
        if not known or settled.data == typed:
            return True
        settled.data, meant.data = typed, ""
        meant.choices = [
            *((address, each.label) for address, each in known.items()),
            ("", _("No, another one: %(name)s", name=typed)),
        ]
        meant.errors = [str(self.asked)]
        return False
