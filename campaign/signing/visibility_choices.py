"""The three ways in which a name can appear, with their consequences in words."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.signatures.models import SignatoryKind, Visibility
from campaign.statements.queries import StatementPage


def visibility_choices(statement: StatementPage, kind: SignatoryKind | None = None) -> list[tuple[str, str]]:
    """The (value, label) pairs for the radio buttons; an organisation signs by name and can't be only
    counted.
    """
    choices: list[tuple[str, str]] = [
        (Visibility.PUBLIC, _("On the public list")),
        (Visibility.TEAM, _("Only for the campaign team")),
        (Visibility.COUNTED, _("Only counted")),
    ]
    return choices[:2] if kind is SignatoryKind.ORGANISATION else choices


def visibility_hints(statement: StatementPage) -> dict[str, str]:
    """The explanation of each choice, by value."""
    to = ", ".join(_inside_a_sentence(party.name) for party in statement.addressees)
    shown = (
        _("Shown here and given to %(addressee)s.", addressee=to)
        if to
        else _("Shown here, and handed over with the list.")
    )
    return {
        Visibility.PUBLIC: shown,
        Visibility.TEAM: _("Seen only by the campaign team, never handed over."),
        Visibility.COUNTED: _("No name is asked for or stored."),
    }


def _inside_a_sentence(name: str) -> str:
    """A name as it stands inside an English sentence: its article is not capitalised there.

    Other names have none.
    """
    return f"the {name[4:]}" if name.startswith("The ") else name
