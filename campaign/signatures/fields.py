"""What a visitor typed, checked and in normal form: what a submission seals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from campaign.signatures.models import SignatoryKind, Visibility

# The version of the notice beside the form; a change of what it says raises it.
NOTICE = "2026-11"


@dataclass(frozen=True, slots=True)
class SubmittedFields:
    """What a visitor typed, checked and in normal form. Empty strings stand for what was left out."""

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
    # A HeldFor, when the signature is to wait for a person to look.
    held_for: str = ""
    # At high safety: no address, no city and no time is kept.
    guarded: bool = False

    def as_sealed(self) -> dict[str, Any]:
        """All fields by name, for sealing; dataclasses.asdict() would take ten times as long."""
        return {name: getattr(self, name) for name in self.__slots__}

    def as_guarded(self) -> SubmittedFields:
        """The same without what is not kept at high safety."""
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
