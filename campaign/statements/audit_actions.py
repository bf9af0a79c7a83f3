"""Audit actions on statements, topics and addressees."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class StatementAction(AuditAction):
    """What the team does with a statement."""

    CREATED = "statement created"
    EDITED = "statement edited"
    PUBLISHED = "statement published"
    CLOSED = "statement closed"
    ARCHIVED = "statement archived"
    REOPENED = "statement reopened"
    PEOPLE_CHANGED = "people of campaign changed"
    SAFETY_RAISED = "safety raised"


class TopicAction(AuditAction):
    """What the team does with a topic."""

    ENTERED = "topic entered"
    CHANGED = "topic changed"


class AddresseeAction(AuditAction):
    """What the team does with an entry of the address book."""

    ENTERED = "addressee entered"
    CHANGED = "addressee changed"
    REMOVED = "addressee removed"


def words() -> Mapping[str, str]:
    """Each action as a sentence without its end."""
    return {
        StatementAction.CREATED: _("A statement was written"),
        StatementAction.EDITED: _("A statement was changed"),
        StatementAction.PUBLISHED: _("A text was published"),
        StatementAction.CLOSED: _("A statement was closed"),
        StatementAction.ARCHIVED: _("A statement was archived"),
        StatementAction.REOPENED: _("A statement was reopened"),
        StatementAction.PEOPLE_CHANGED: _("The people of a campaign were changed"),
        StatementAction.SAFETY_RAISED: _("High safety was chosen for a statement"),
        TopicAction.ENTERED: _("A topic was added"),
        TopicAction.CHANGED: _("A topic was changed"),
        AddresseeAction.ENTERED: _("An addressee was added to the address book"),
        AddresseeAction.CHANGED: _("An addressee in the address book was changed"),
        AddresseeAction.REMOVED: _("An addressee was removed from the address book"),
    }


def detail_words() -> Mapping[str, Callable[[object], str]]:
    """The wording of each detail of these actions; an empty text leaves the detail out."""
    return {
        "revision": lambda value: _("text %(number)s", number=value),
        "sha256": lambda value: f"SHA-256 {str(value)[:12]}…",
        "text_changed": lambda value: _("with a new draft of the text") if value else "",
        # The id says nothing to a reader.
        "person": lambda _value: "",
    }
