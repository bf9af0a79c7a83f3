"""Errors of making documents."""


class TooManyAtOnce(Exception):
    """Too many documents are being made; this one can be requested again in a moment."""
