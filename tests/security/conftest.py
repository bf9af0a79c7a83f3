"""The house of the guards, for tests that look at all that is kept."""

from tests.guards.conftest import house, secure_app

__all__ = ["house", "secure_app"]
