"""Logos: what is uploaded is drawn anew, so that nothing but pixels of a bounded size is kept and shown."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps
from sqlalchemy.orm import Session

from campaign.organisations.errors import LogoRefused
from campaign.organisations.models import Organisation, OrganisationLogo
from campaign.organisations.operations import say_changed

LARGEST_FILE = 5 * 1024 * 1024
# Twice as many pixels as the largest place in which a logo is shown, for sharp screens.
LONGEST_SIDE = 320
# Unpacked, four bytes each: a few kilobytes of PNG can hold gigabytes of pixels.
_MOST_PIXELS = 16_000_000
_SHORTEST_SIDE = 16
_FORMATS = ("PNG", "JPEG", "WEBP")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo ready to be kept. `png` has no other chunks than those of the picture itself."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The digest of the file, in hexadecimal."""
        return hashlib.sha256(self.png).hexdigest()


def draw(uploaded: bytes) -> Drawn:
    """PNG, JPEG or WebP as a PNG of at most 320 × 320 pixels, upright, the first picture of a moving one. Raises LogoRefused."""
    if len(uploaded) > LARGEST_FILE:
        raise LogoRefused("large")
    try:
        with warnings.catch_warnings():
            # Our own limit is lower than the one that Pillow warns of.
            warnings.simplefilter("ignore")
            return _draw(uploaded)
    except LogoRefused:
        raise
    except Exception as error:  # whatever a decoder makes of a file that somebody has sent
        raise LogoRefused("broken") from error


def change_logo(session: Session, organisation: Organisation, drawn: Drawn, description: str) -> None:
    """Show this logo, in place of the one before."""
    logo = organisation.logo or OrganisationLogo()
    logo.png, logo.width, logo.height, logo.sha256 = drawn.png, drawn.width, drawn.height, drawn.sha256
    logo.description = description
    organisation.logo = logo
    session.flush()
    say_changed(session, organisation.id)


def describe_logo(session: Session, organisation: Organisation, description: str) -> None:
    """Say otherwise what the logo shows. Without a logo nothing is said."""
    if organisation.logo is not None:
        organisation.logo.description = description
        session.flush()
        say_changed(session, organisation.id)


def remove_logo(session: Session, organisation: Organisation) -> None:
    """Show initials again. Twice is no error."""
    organisation.logo = None
    session.flush()
    say_changed(session, organisation.id)


def _draw(uploaded: bytes) -> Drawn:
    with _opened(uploaded) as picture:
        width, height = picture.size
        if width * height > _MOST_PIXELS:
            raise LogoRefused("bomb")
        if min(width, height) < _SHORTEST_SIDE:
            raise LogoRefused("small")
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture takes over no chunk of the old one: no place, no camera, no comment, no colour profile.
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    file = io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return Drawn(file.getvalue(), *clean.size)


def _opened(uploaded: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(uploaded), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise LogoRefused("bomb") from error
    except Exception as error:  # a file of another kind makes some decoders stumble
        raise LogoRefused("kind") from error
