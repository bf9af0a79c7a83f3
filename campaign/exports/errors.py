"""Errors of exports."""


class NotReadyYet(Exception):
    """The file takes long to make, and is being made: it can be asked for again in a moment."""


class FileGone(Exception):
    """The file is not there any more, or may not be handed out: somebody has left the list since."""


class NobodyListed(Exception):
    """The list has nobody in it, so there is nothing to export."""
