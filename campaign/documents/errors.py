"""What can go wrong with a document."""


class TooManyAtOnce(Exception):
    """Others are being made; this one can be asked for again in a moment."""
