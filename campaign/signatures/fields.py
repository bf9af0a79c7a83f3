"""The fields of a submission as a visitor typed them, checked and in normal form, and as they are sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from campaign.signatures.models import SignatoryKind, Visibility

# The version of the notice beside the form; raised when its wording changes.
NOTICE = "2026-11"


@dataclass(frozen=True, slots=True)
class SubmittedFields:
    """The fields that a visitor typed, checked and in normal form.

    Empty strings stand for fields left out.
    """

    kind: SignatoryKind
    visibility: Visibility
    email: str
    country: str
    name: str = ""
    city: str = ""
    message: str = ""
    updates: bool = False
    organisation: str = ""
    title: str = ""
    website: str = ""
    notice: str = NOTICE
    # A HeldFor value if the signature has to wait for review.
    held_for: str = ""
    # At high safety: no address, no city and no time is kept.
    guarded: bool = False

    def as_sealed(self) -> dict[str, Any]:
        """All fields by name, for sealing; dataclasses.asdict() would take ten times as long."""
        return {name: getattr(self, name) for name in self.__slots__}

    def as_guarded(self) -> SubmittedFields:
        """The same fields without those that are not kept at high safety."""
        return replace(self, city="", updates=False, guarded=True)

    @classmethod
    def of(cls, sealed: dict[str, Any]) -> SubmittedFields:
        """The fields as they were sealed."""
        return cls(
            **{
                **sealed,
                "kind": SignatoryKind(sealed["kind"]),
                "visibility": Visibility(sealed["visibility"]),
            }
        )
