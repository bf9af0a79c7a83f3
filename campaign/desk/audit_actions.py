"""Audit actions on the sample content."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class SampleAction(AuditAction):
    """An action on the sample content of the site."""

    REMOVED = "sample content removed"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {SampleAction.REMOVED: _("The sample content was removed")}
