"""Errors of exports."""


class NotReadyYet(Exception):
    """The file takes long to make, and is being made: it can be asked for again in a moment."""


class NobodyListed(Exception):
    """The list has nobody in it, so there is nothing to export."""
