"""Audit actions of the registry of organisations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction
from campaign.core.formats import number


class OrganisationAction(AuditAction):
    """The team's actions on the registry."""

    ENTERED = "organisation entered"
    CHANGED = "organisation changed"
    MERGED = "organisations merged"
    LOGO_CHANGED = "logo changed"
    LOGO_REMOVED = "logo removed"
    EXPORTED = "registry exported"
    IMPORTED = "registry imported"
    MEMBER_ENTERED = "network member entered"
    MEMBER_CHANGED = "network member changed"
    MEMBER_REMOVED = "network member removed"
    MEMBERS_IMPORTED = "network members imported"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        OrganisationAction.ENTERED: _("An organisation was added to the registry"),
        OrganisationAction.CHANGED: _("An organisation in the registry was changed"),
        OrganisationAction.MERGED: _("Two records of one organisation were merged"),
        OrganisationAction.LOGO_CHANGED: _("The logo of an organisation was changed"),
        OrganisationAction.LOGO_REMOVED: _("The logo of an organisation was removed"),
        OrganisationAction.EXPORTED: _("The registry of organisations was exported"),
        OrganisationAction.IMPORTED: _("Organisations were imported into the registry"),
        OrganisationAction.MEMBER_ENTERED: _("A member was added to a network"),
        OrganisationAction.MEMBER_CHANGED: _("The dates or the source of a membership were changed"),
        OrganisationAction.MEMBER_REMOVED: _("A membership recorded by mistake was removed"),
        OrganisationAction.MEMBERS_IMPORTED: _("Members of a network were imported"),
    }


def detail_words() -> Mapping[str, Callable[[object], str]]:
    """The functions that put the details of these actions into words; an empty text leaves one out."""
    return {
        "member": lambda value: _("The member: %(slug)s", slug=value),
        "merged": lambda value: _("The record that was merged in: %(slug)s", slug=value),
        "moved": lambda value: _("Signatures moved: %(number)s", number=_count(value)),
        "invalidated": lambda value: _(
            "Signatures invalidated, because both had signed: %(number)s", number=_count(value)
        ),
    }


def _count(value: object) -> str:
    return number(value) if isinstance(value, int) else str(value)
