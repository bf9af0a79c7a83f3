"""What can go wrong with a statement."""


class NotOpen(Exception):
    """The statement is a draft or closed: it takes no signatures."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class StatementSlugTaken(Exception):
    """Another statement has or had this address."""


class TopicSlugTaken(Exception):
    """Another topic has this address."""


class NothingToPublish(Exception):
    """There is no draft of the text."""


class KeyDestroyed(Exception):
    """The statement's key is destroyed: nobody can find out any more who signed."""


class RevisionIsFinal(Exception):
    """A published revision never changes."""


class AddresseeInUse(Exception):
    """The entry is in use: a statement is addressed to it, or a list was handed to it."""


class NotFromHere(Exception):
    """The statement can't go from its present state to the requested one."""


class WordUnreadable(Exception):
    """The file can't be read as a text; `reason` is one of `large`, `kind`, `broken`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoReleaseCampaign(Exception):
    """Only a release campaign is for people."""
