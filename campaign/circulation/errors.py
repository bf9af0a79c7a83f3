"""What can go wrong while a text goes round."""

from __future__ import annotations


class InvitationOver(Exception):
    """The link opens nothing any more: a colleague has answered, the invitation was taken back, or the text
    goes round no longer.
    """


class AnsweredAlready(Exception):
    """For this organisation somebody has signed already."""


class TextMoved(Exception):
    """The text is not the one that was read; or the passage that a suggestion replaces stands there no
    longer.
    """


class DecidedAlready(Exception):
    """Somebody of the team has accepted or rejected this suggestion before."""


class ListedAlready(Exception):
    """The answer is a signature of the public list by now, and is removed there."""


class NotSentRound(Exception):
    """The draft differs from what was sent round: nobody has signed it yet."""


class TooManyChanges(Exception):
    """More paragraphs differ than anybody could decide about one by one."""


class PassedOnTooOften(Exception):
    """As many colleagues as one may ask have links of their own."""
