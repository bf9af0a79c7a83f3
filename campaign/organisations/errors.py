"""Errors of the registry."""

from __future__ import annotations

from typing import Any


class DomainTaken(Exception):
    """Another organisation has this mail domain."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain


class DomainRefused(Exception):
    """No organisation can own this domain: it is not one, or everyone can have a mailbox there."""

    def __init__(self, domain: str, shared: bool) -> None:
        super().__init__(domain)
        self.domain, self.shared = domain, shared


class MergedWithItself(Exception):
    """An organisation can't be merged with itself."""


class NotANetwork(Exception):
    """Only a network has members."""


class HasMembers(Exception):
    """A network whose members are recorded stays one."""


class HasStatements(Exception):
    """A network stays one while there are statements of it."""


class MembershipCircle(Exception):
    """The network would be a member of itself, at once or by way of others."""


class MemberAlready(Exception):
    """Another membership of the same two organisations meets this one. `span` is its time."""

    def __init__(self, span: Any) -> None:
        super().__init__(span)
        self.span = span


class UntilBeforeSince(Exception):
    """A membership can't end before it began."""
