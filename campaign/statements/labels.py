"""The kinds of statements in words."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.statements.models import Kind


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of statements in words."""
    names = {
        Kind.JOINT_STATEMENT: _("Joint statement"),
        Kind.OPEN_LETTER: _("Open letter"),
        Kind.RELEASE_CAMPAIGN: _("Release campaign"),
        Kind.PETITION: _("Petition"),
        Kind.COMMUNICATION: _("Communication"),
    }
    return [(str(kind), name) for kind, name in names.items()]
