"""Pictures as people upload them."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

SECRET = "Taken by Anna at 53.9 N"


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 320), **more: object) -> bytes:
    """A picture with a comment that says too much."""
    file, image = io.BytesIO(), Image.new("RGB", size, "red")
    if kind == "PNG":
        more.setdefault("pnginfo", PngImagePlugin.PngInfo())
        more["pnginfo"].add_text("Comment", SECRET)  # type: ignore[attr-defined]
    else:
        exif = Image.Exif()
        exif[0x010E] = SECRET
        more["exif"] = exif.tobytes()
    image.save(file, kind, **more)
    return file.getvalue()
