"""Portraits: drawn anew from the upload, in two sizes. Initials are shown where there is none."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image
from sqlalchemy.orm import Session

from campaign.core import pictures
from campaign.people.models import Person, PersonPortrait
from campaign.people.operations import renew

# For cards and posters, and for a row of people at twice the pixels of its largest place.
LARGE, SMALL = 960, 320
_PAPER = "#fbfaf6"


@dataclass(frozen=True, slots=True)
class DrawnPortrait:
    """A portrait ready to be stored, as JPEG. Width and height are those of the large one."""

    large: bytes
    small: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The digest of the large one, in hexadecimal."""
        return hashlib.sha256(self.large).hexdigest()


def draw(uploaded: bytes) -> DrawnPortrait:
    """PNG, JPEG or WebP as two JPEGs of at most 960 and 320 pixels a side. Raises PictureRefused."""
    drawn = pictures.draw(uploaded, LARGE)
    # Transparent parts of a cut-out become the paper of the page.
    picture = Image.new("RGB", drawn.size, _PAPER)
    picture.paste(drawn, mask=drawn.getchannel("A"))
    little = picture.copy()
    little.thumbnail((SMALL, SMALL))
    return DrawnPortrait(_jpeg(picture), _jpeg(little), *picture.size)


def change_portrait(
    session: Session, person: Person, drawn: DrawnPortrait, description: str, credit: str
) -> None:
    """Show this portrait, in place of the one before. Flushes."""
    portrait = person.portrait or PersonPortrait()
    portrait.large, portrait.small, portrait.sha256 = drawn.large, drawn.small, drawn.sha256
    portrait.width, portrait.height = drawn.width, drawn.height
    portrait.description, portrait.credit = description, credit
    person.portrait = portrait
    renew(session, person)


def describe_portrait(session: Session, person: Person, description: str, credit: str) -> None:
    """Change the description of the portrait and the name of its photographer.

    Without a portrait nothing happens. Flushes.
    """
    if person.portrait is not None:
        person.portrait.description, person.portrait.credit = description, credit
        renew(session, person)


def remove_portrait(session: Session, person: Person) -> None:
    """Show initials again. Repeating it is no error. Flushes."""
    person.portrait = None
    renew(session, person)


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=86, optimize=True, progressive=True)
    return file.getvalue()
