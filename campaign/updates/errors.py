"""What can go wrong with an update."""


class EditedMeanwhile(Exception):
    """Somebody saved the update after this editor had loaded it."""
