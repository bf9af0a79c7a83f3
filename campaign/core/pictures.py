"""Uploaded pictures: opened within bounds and drawn anew, so that nothing but pixels is kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import TypeVar

from flask_babel import gettext as _
from flask_wtf.file import FileField
from PIL import Image, ImageOps

Drawn = TypeVar("Drawn")

LARGEST_FILE = 5 * 1024 * 1024
# Unpacked, four bytes each: a few kilobytes of PNG can hold gigabytes of pixels.
_MOST_PIXELS = 16_000_000
_SHORTEST_SIDE = 16
_FORMATS = ("PNG", "JPEG", "WEBP")


class PictureRefused(Exception):
    """The file can't be used as a picture; `reason` is one of `none`, `large`, `kind`, `broken`, `bomb`,
    `small`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def draw(uploaded: bytes, longest: int) -> Image.Image:
    """PNG, JPEG or WebP as pixels (RGBA) of at most `longest` a side, upright, the first frame of an
    animation. Raises PictureRefused.

    The new picture takes over no chunk of the old one: no place, no camera, no comment, no colour profile.
    """
    if len(uploaded) > LARGEST_FILE:
        raise PictureRefused("large")

    try:
        with warnings.catch_warnings():
            # Our own limit is lower than the one of which Pillow warns.
            warnings.simplefilter("ignore")
            return _draw(uploaded, longest)
    except PictureRefused:
        raise
    except Exception as error:  # whatever a decoder makes of a file that somebody has sent
        raise PictureRefused("broken") from error


def drawn_in(field: FileField, draw_anew: Callable[[bytes], Drawn], *, needed: bool) -> Drawn | None:
    """The picture in a field, drawn anew by `draw_anew`, which may raise PictureRefused; None without one, or
    with the reason beside the field.
    """
    uploaded = field.data.read() if field.data else b""
    if not uploaded and not needed:
        return None
    try:
        if not uploaded:
            raise PictureRefused("none")
        return draw_anew(uploaded)
    except PictureRefused as refused:
        field.errors = [_reason_in_words(refused)]
        return None


def _reason_in_words(refused: PictureRefused) -> str:
    """The reason for which the file was refused, and what to do about it."""
    words: dict[str, str] = {
        "none": _("Please choose a file."),
        "large": _("This file is larger than 5 MB. Please choose a smaller one."),
        "kind": _(
            "This kind of picture is not accepted. Please choose a PNG, JPEG or WebP file; SVG can carry "
            "programs, so it is refused."
        ),
        "broken": _(
            "This picture can't be read: the file is damaged or incomplete. Please save it again and choose "
            "it once more."
        ),
        "bomb": _("This picture has too many pixels. Please make it smaller: at most 4,000 by 4,000."),
        "small": _("This picture is too small. Please choose one of at least 16 by 16 pixels."),
    }
    return words[refused.reason]


def _draw(uploaded: bytes, longest: int) -> Image.Image:
    with _opened(uploaded) as picture:
        width, height = picture.size
        if width * height > _MOST_PIXELS:
            raise PictureRefused("bomb")
        if min(width, height) < _SHORTEST_SIDE:
            raise PictureRefused("small")
        picture.draft("RGB", (longest * 2, longest * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")

    upright.thumbnail((longest, longest))
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    return clean


def _opened(uploaded: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(uploaded), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureRefused("bomb") from error
    except Exception as error:  # a file of another kind makes some decoders stumble
        raise PictureRefused("kind") from error
