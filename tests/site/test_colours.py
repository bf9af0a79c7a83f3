"""The accent colour can be read on the house's papers, or is refused with the nearest one that can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from campaign.site.colours import DARK, LIGHT, NoColour, contrast, nearest_readable, normal_colour, palette

CSS = Path(__file__).resolve().parent.parent.parent / "static/css/base.css"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    "accent", ["#b3122a", "#0055aa", "#ffcc00", "#777777", "#ffffff", "#000000", "#00ff00"]
)
def test_the_nearest_colour_can_be_read_in_both_modes(accent: str) -> None:
    for on in (LIGHT, DARK):
        found = palette(nearest_readable(accent, on), on)
        assert found.is_readable
        assert contrast(found.on_accent, found.accent) >= 4.5
        if palette(accent, on).is_readable:
            assert found.accent == accent


def test_colours_are_written_in_several_ways() -> None:
    assert [normal_colour(typed) for typed in ("B31", "#bb3311", " #B31 ")] == ["#bb3311"] * 3
    for typed in ("", "red", "#12", "#12345", "rgb(1,2,3)", "#00000g", "#000000;}"):
        with pytest.raises(NoColour):
            normal_colour(typed)


def test_the_papers_are_those_of_the_style_sheet() -> None:
    css = CSS.read_text()
    light, dark = css[css.index(":root {") :], css[css.index("(prefers-color-scheme: dark)") :]
    for text, on in ((light, LIGHT), (dark, DARK)):
        found = {name: re.search(rf"--{name}: (#\w+)", text)[1] for name in ("paper", "sheet", "ink")}  # type: ignore[index]
        assert {name: normal_colour(value) for name, value in found.items()} == {
            name: getattr(on, name) for name in found
        }
