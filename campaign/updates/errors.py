"""Errors of updates."""


class NotForMail(Exception):
    """An update that is not public, or is on no statement, is mailed to nobody."""
