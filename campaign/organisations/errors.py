"""Errors of the registry."""


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
