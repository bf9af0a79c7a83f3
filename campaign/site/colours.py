"""The accent colour: whether words in it can be read, and the other colours that follow from it.

Contrast is that of WCAG 2.2 (success criterion 1.4.3): the ratio of relative luminances, at least 4.5 for
text.
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

LEAST_CONTRAST = 4.5
_HEX = re.compile("#?([0-9a-f]{3}|[0-9a-f]{6})")
# From light to dark or back, in so many steps at most.
_STEPS = 200
_WHERE_DARK = "@media screen and (prefers-color-scheme: dark)"

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """The house's backgrounds in one mode (static/css/base.css), and its ink."""

    paper: str
    sheet: str
    ink: str


LIGHT = Ground("#fbfaf6", "#ffffff", "#1d1b18")
DARK = Ground("#161513", "#1e1c19", "#efebe3")


class NoColour(ValueError):
    """What was typed is no colour."""


@dataclass(frozen=True, slots=True)
class Palette:
    """An accent on one kind of paper, and what follows from it: all as #rrggbb.

    `contrast` is the least against all backgrounds on which words stand in it.
    """

    accent: str
    deep: str
    on_accent: str
    tint: str
    glow: str
    contrast: float

    @property
    def is_readable(self) -> bool:
        """True where the contrast is enough for words."""
        return self.contrast >= LEAST_CONTRAST


def normal_colour(typed: str) -> str:
    """`B31` or `#BB3311` as `#bb3311`. Raises NoColour."""
    found = _HEX.fullmatch(typed.strip().lower())
    if found is None:
        raise NoColour
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (lighter + 0.05) / (darker + 0.05)


def palette(accent: str, on: Ground) -> Palette:
    """The colours that follow from an accent on this paper."""
    tint = _mixed(accent, on.paper, 0.07)
    least = min(contrast(accent, ground) for ground in (on.paper, on.sheet, tint))
    towards = "#000000" if on is LIGHT else "#ffffff"
    on_accent = max(("#ffffff", "#1d0f10"), key=lambda ink: contrast(ink, accent))
    # Rounded down: 4.5 is said only of what has it.
    floor = int(least * 100) / 100
    return Palette(
        accent, _mixed(towards, accent, 0.2), on_accent, tint, _mixed(accent, on.paper, 0.2), floor
    )


def nearest_readable(accent: str, on: Ground) -> str:
    """The colour of the same hue that can be read on this paper, with as little change as possible."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(accent)))
    end = 0.0 if on is LIGHT else 1.0
    for step in range(_STEPS + 1):
        made = lightness + (end - lightness) * step / _STEPS
        tried = _hex(tuple(round(part * 255) for part in colorsys.hls_to_rgb(hue, made, saturation)))  # type: ignore[arg-type]
        if palette(tried, on).is_readable:
            return tried
    raise AssertionError("black is read on light paper, and white on dark")


def style_sheet(accent: str, accent_dark: str) -> str:
    """The style sheet of a page in these colours, in light and dark."""
    light, dark = palette(accent, LIGHT), palette(accent_dark, DARK)
    return f":root {rule(light)}\n{_WHERE_DARK} {{ :root {rule(dark)} }}\n"


def rule(said: Palette) -> str:
    """The declarations of a palette, under the names of static/css/base.css."""
    return (
        f"{{ --accent: {said.accent}; --accent-deep: {said.deep}; --accent-ink: {said.on_accent}; "
        f"--tint: {said.tint}; --glow: {said.glow}; }}"
    )


def _luminance(rgb: Rgb) -> float:
    """The relative luminance (WCAG 2.2, definitions)."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour, and the rest of the other."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return _hex(tuple(round(mine * share + theirs * (1 - share)) for mine, theirs in pairs))  # type: ignore[arg-type]


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)
