"""What can go wrong while a text circulates."""

from __future__ import annotations


class InvitationOver(Exception):
    """The link opens nothing any more: a colleague has answered, the invitation was taken back, or the text
    circulates no longer.
    """


class AnsweredAlready(Exception):
    """Somebody has already signed for this organisation."""


class TextMoved(Exception):
    """The text is not the one that was read; or the passage that a suggestion replaces is gone."""


class DecidedAlready(Exception):
    """A team member has already accepted or rejected this suggestion."""


class ListedAlready(Exception):
    """The answer has become a signature of the public list, and can be removed only there."""


class NotSentRound(Exception):
    """The draft differs from what was sent round: nobody has signed it yet."""


class TooManyChanges(Exception):
    """More paragraphs differ than anybody could decide about one by one."""


class PassedOnTooOften(Exception):
    """The link has been passed on to as many colleagues as allowed."""
