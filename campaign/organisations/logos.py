"""Logos: an upload is drawn anew, so that nothing but pixels of a bounded size is kept and shown."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.core import pictures
from campaign.organisations.models import Organisation, OrganisationLogo
from campaign.organisations.signals import organisation_changed

# Twice as many pixels as the largest place in which a logo is shown, for sharp screens.
LONGEST_SIDE = 320


@dataclass(frozen=True, slots=True)
class DrawnLogo:
    """A logo ready to be stored. `png` has no other chunks than those of the picture itself."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The digest of the file, in hexadecimal."""
        return hashlib.sha256(self.png).hexdigest()


def draw(uploaded: bytes) -> DrawnLogo:
    """PNG, JPEG or WebP as a PNG of at most 320 × 320 pixels. Raises PictureRefused."""
    clean, file = pictures.draw(uploaded, LONGEST_SIDE), io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return DrawnLogo(file.getvalue(), *clean.size)


def change_logo(session: Session, organisation: Organisation, drawn: DrawnLogo, description: str) -> None:
    """Show this logo, in place of the one before."""
    logo = organisation.logo or OrganisationLogo()
    logo.png, logo.width, logo.height, logo.sha256 = drawn.png, drawn.width, drawn.height, drawn.sha256
    logo.description = description
    organisation.logo = logo
    session.flush()
    organisation_changed.send(session, organisation_id=organisation.id)


def describe_logo(session: Session, organisation: Organisation, description: str) -> None:
    """Change the description of the logo. Without a logo nothing happens."""
    if organisation.logo is not None:
        organisation.logo.description = description
        session.flush()
        organisation_changed.send(session, organisation_id=organisation.id)


def remove_logo(session: Session, organisation: Organisation) -> None:
    """Show initials again. Repeating it is no error."""
    organisation.logo = None
    session.flush()
    organisation_changed.send(session, organisation_id=organisation.id)
