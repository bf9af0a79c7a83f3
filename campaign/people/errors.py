"""Errors of case files."""

from __future__ import annotations

from campaign.people.detention import Fault


class TimelineFault(Exception):
    """The timeline would contradict itself; `fault` says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


class NoSuchEvent(Exception):
    """The timeline has no event with this id, or no longer."""


class PersonSlugTaken(Exception):
    """Another case file has this address."""


class SignedFor(Exception):
    """Somebody has signed for this person: the case file can be withdrawn from view, but not deleted."""
