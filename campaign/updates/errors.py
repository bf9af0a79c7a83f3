"""What can go wrong with an update."""


class NotForMail(Exception):
    """An update that is not public, or that belongs to no statement, is mailed to nobody."""
