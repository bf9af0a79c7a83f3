"""The logo of the site: an upload is drawn anew, so that nothing but pixels of a bounded size is kept and
shown, and the icons are made of it.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image

from campaign.core import pictures

# Twice as many pixels as the largest place in which the logo is shown, for sharp screens.
LONGEST_SIDE = 480
_ICON_SIDE = 180
_ICO_SIDES = [(16, 16), (32, 32), (48, 48)]
# Around a logo that is no square, and around one on a telephone's screen.
_PAPER = (255, 255, 255, 255)


@dataclass(frozen=True, slots=True)
class DrawnSiteLogo:
    """A logo ready to be stored, with its icons. No file has other chunks than those of the picture."""

    png: bytes
    width: int
    height: int
    icon_ico: bytes
    icon_png: bytes

    @property
    def sha256(self) -> str:
        """The digest of the file, in hexadecimal."""
        return hashlib.sha256(self.png).hexdigest()


def draw(uploaded: bytes) -> DrawnSiteLogo:
    """PNG, JPEG or WebP as a PNG of at most 480 × 480 pixels, and as icons. Raises PictureRefused."""
    clean = pictures.draw(uploaded, LONGEST_SIDE)
    side = max(clean.size)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(clean, ((side - clean.width) // 2, (side - clean.height) // 2))
    on_paper = Image.new("RGBA", square.size, _PAPER)
    on_paper.alpha_composite(square)
    touched = on_paper.convert("RGB").resize((_ICON_SIDE, _ICON_SIDE), Image.Resampling.LANCZOS)
    largest = square.resize(_ICO_SIDES[-1], Image.Resampling.LANCZOS)
    return DrawnSiteLogo(
        _file(clean, "PNG", optimize=True),
        *clean.size,
        _file(largest, "ICO", sizes=_ICO_SIDES),
        _file(touched, "PNG", optimize=True),
    )


def _file(picture: Image.Image, form: str, **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()
