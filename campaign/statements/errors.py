"""What can go wrong with a statement."""


class NotOpen(Exception):
    """The statement is a draft or closed: it takes no signatures."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class SlugTaken(Exception):
    """Another statement has or had this address."""


class NothingToPublish(Exception):
    """There is no draft of the text."""


class KeyDestroyed(Exception):
    """The statement's key is gone: nobody can ask any more who signed."""


class RevisionIsFinal(Exception):
    """A published revision never changes."""


class AddresseeInUse(Exception):
    """A statement addresses this entry of the book."""


class NotFromHere(Exception):
    """A statement does not go from the state that it is in to the one that was asked for."""


class WordUnreadable(Exception):
    """The file can't be taken as a text; `reason` is one of `large`, `kind`, `broken`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoReleaseCampaign(Exception):
    """Only a release campaign is for people."""
