"""What can go wrong with an update."""


class EditedMeanwhile(Exception):
    """Somebody saved the update after this editor had loaded it."""


class NotForMail(Exception):
    """An update that is not public, or that belongs to no statement, is mailed to nobody."""
