"""`make fonts`: cut the fonts of static/fonts from their originals, and write their rules into base.css.

    python deploy/fonts.py FOLDER

FOLDER holds the two wheels named in ORIGINALS; they are read only if their SHA-256 is the one stated here.
The same wheels and the same fonttools and brotli give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static/fonts"
STYLES = ROOT / "static/css/base.css"
MARKS = ("/* Made by make fonts: from here */", "/* to here. */")

# Kerning, ligatures, figures that line up, accents. locl would bring Bulgarian, Serbian and Turkish shapes
# only.
FEATURES = ["kern", "liga", "lnum", "tnum", "ccmp", "mark", "mkmk"]
LATIN_SCRIPT, CYRILLIC_SCRIPT = ["DFLT", "latn"], ["DFLT", "cyrl", "latn"]

ASCII = frozenset(range(0x20, 0x7F))
PUNCTUATION = frozenset(map(ord, "\u00a0\u00ad§«°·»\u2009\u2010–—‘’‚“”„†•…\u202f‹›€№←→−"))
WESTERN = (frozenset(range(0xA1, 0x100)) | frozenset(map(ord, "ıŒœŸẞ"))) - frozenset(
    map(ord, "¢¤¥¦¬¯´µ¶¸¹¼½¾")
)
LACINKA = frozenset(map(ord, "ĆćČčĹĺŁłŃńŚśŠšŬŭŹźŽž"))
POLISH = frozenset(map(ord, "ĄąĆćĘęŁłŃńÓóŚśŹźŻż"))
LITHUANIAN = frozenset(map(ord, "ĄąČčĘęĖėĮįŠšŲųŪūŽž"))
LATIN = ASCII | PUNCTUATION | WESTERN | LACINKA | POLISH | LITHUANIAN
LATIN_EXT = (
    (frozenset(range(0x100, 0x180)) | frozenset(map(ord, "ȘșȚț"))) - LATIN - frozenset(map(ord, "ĬĭĲĳŦŧ"))
)
LETTERS = frozenset(range(0x410, 0x450)) | frozenset(map(ord, "ЁёІіЎўЇїЄєҐґʼ"))
STRESS = frozenset({0x301})
CYRILLIC = ASCII | PUNCTUATION | LETTERS
# The languages' own names, so that the language switch needs no other script's file.
NAMES = frozenset(map(ord, "БеларускаяРусскийУкраїнська"))
FIGURES = frozenset(map(ord, "0123456789., \u00a0\u202f’"))


@dataclass(frozen=True)
class Original:
    """A wheel of PyPI that holds whole variable fonts, as Google Fonts publishes them, and their licence."""

    wheel: str
    sha256: str
    folder: str


@dataclass(frozen=True)
class Cut:
    """A file to be made: the characters and features of a font, and where its axes are pinned."""

    file: str
    source: str
    axes: dict[str, float | tuple[float, float]]
    characters: frozenset[int]
    scripts: list[str]


@dataclass(frozen=True)
class Face:
    """An @font-face rule: a file under the name of a family, for some characters."""

    family: str
    file: str
    characters: frozenset[int]
    style: str = "normal"
    weights: str = "400 700"


SERIF = Original(
    "fontpkg_source_serif_4-4.4-py3-none-any.whl",
    "6c33ac5d27b0396b0ed228e400d9c7ee4445c359ce21b3d8d9b9723e8c5c49a7",
    "fontpkg_source_serif_4",
)
SANS = Original(
    "fontpkg_source_sans_3-3.52-py3-none-any.whl",
    "2e931608ceeaad770916b53a35cf87090e28133875bf770e41b266146126abd8",
    "fontpkg_source_sans_3",
)
# "Source" is a reserved font name: what is cut from it goes by another.
FAMILIES = {"serif": (SERIF, "Undersigned Serif"), "sans": (SANS, "Undersigned Sans")}

_UPRIGHT, _ITALIC, _SANS = (
    "SourceSerif4[opsz,wght].ttf",
    "SourceSerif4-Italic[opsz,wght].ttf",
    "SourceSans3[wght].ttf",
)
_SUBSETS = {
    "latin": (LATIN, LATIN_SCRIPT),
    "latin-ext": (LATIN_EXT, LATIN_SCRIPT),
    "cyrillic": (CYRILLIC | LACINKA | STRESS, CYRILLIC_SCRIPT),
}
# Marks of stress belong to texts, not to the interface; and emphasis is short.
_SANS_SUBSETS = _SUBSETS | {"cyrillic": (CYRILLIC | LACINKA, CYRILLIC_SCRIPT)}
_ITALIC_SUBSETS = _SUBSETS | {"cyrillic": (CYRILLIC, CYRILLIC_SCRIPT)}
CUTS = [
    *(
        Cut(f"serif-{name}", _UPRIGHT, {"opsz": 14, "wght": (400, 700)}, *subset)
        for name, subset in _SUBSETS.items()
    ),
    *(
        Cut(f"serif-italic-{name}", _ITALIC, {"opsz": 14, "wght": 400}, *subset)
        for name, subset in _ITALIC_SUBSETS.items()
    ),
    *(
        Cut(f"sans-{name}", _SANS, {"wght": (400, 700)}, *subset)
        for name, subset in _SANS_SUBSETS.items()
        if name != "latin"
    ),
    Cut("sans-latin", _SANS, {"wght": (400, 700)}, LATIN | NAMES, LATIN_SCRIPT),
    Cut("serif-figures", _UPRIGHT, {"opsz": 32, "wght": 300}, FIGURES, LATIN_SCRIPT),
]


def faces() -> list[Face]:
    """Each family for all pages, and one for pages in Cyrillic.

    The latter takes digits, punctuation and plain Latin from the Cyrillic file.
    """
    made = []
    for stem, family, style, weights, subsets in (
        ("serif", "Undersigned Serif", "normal", "400 700", _SUBSETS),
        ("serif-italic", "Undersigned Serif", "italic", "400", _ITALIC_SUBSETS),
        ("sans", "Undersigned Sans", "normal", "400 700", _SANS_SUBSETS),
    ):
        cyrillic = subsets["cyrillic"][0]
        made += [
            Face(family, f"{stem}-cyrillic", cyrillic & (LETTERS | STRESS), style, weights),
            Face(family, f"{stem}-latin-ext", LATIN_EXT, style, weights),
            Face(family, f"{stem}-latin", LATIN, style, weights),
            Face(f"{family} Cyrillic", f"{stem}-cyrillic", cyrillic, style, weights),
        ]

    return [
        *made,
        Face("Undersigned Names", "sans-latin", NAMES),
        Face("Undersigned Figures", "serif-figures", FIGURES, weights="300"),
    ]


# The stand-ins until a font is loaded: fonts of the reader's system, at the width that ours has on average in
# the English, Belarusian and Russian texts, so that nothing moves. Regular and bold: (local names, our width
# as a fraction of theirs). Georgia's and Roboto's widths are from @capsizecss/metrics, the others' measured.
STAND_INS = {
    "Undersigned Serif as Georgia": (
        (("Georgia", "Gelasio"), 1.064),
        (("Georgia Bold", "Georgia-Bold", "Gelasio Bold"), 0.933),
    ),
    "Undersigned Serif as Times": (
        (("Times New Roman", "Liberation Serif", "Tinos"), 1.167),
        (("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold", "Tinos Bold"), 1.118),
    ),
    "Undersigned Serif as Noto": (
        (("Noto Serif", "NotoSerif"), 0.987),
        (("Noto Serif Bold", "NotoSerif-Bold"), 0.956),
    ),
    "Undersigned Sans as Arial": (
        (("Arial", "Liberation Sans", "Arimo", "Helvetica"), 0.932),
        (("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold", "Arimo Bold", "Helvetica-Bold"), 0.898),
    ),
    "Undersigned Sans as Roboto": (
        (("Roboto", "Roboto-Regular"), 0.934),
        (("Roboto Bold", "Roboto-Bold"), 0.954),
    ),
}
# Ascent and descent of the originals, in ems.
HEIGHTS = {"Undersigned Serif": (1.036, 0.335), "Undersigned Sans": (1.024, 0.4)}


def read(folder: Path, original: Original) -> zipfile.ZipFile:
    """The wheel. Raises SystemExit when it is not the stated one."""
    content = (folder / original.wheel).read_bytes()
    if hashlib.sha256(content).hexdigest() != original.sha256:
        raise SystemExit(
            f"{original.wheel} is not the file that the fonts are cut from: its SHA-256 differs."
        )
    return zipfile.ZipFile(io.BytesIO(content))


def make(cut: Cut, original: bytes, family: str) -> bytes:
    """The cut font as WOFF2."""
    font = TTFont(io.BytesIO(original), recalcTimestamp=False)
    missing = ranges(cut.characters - font.getBestCmap().keys())
    if missing:
        raise SystemExit(f"{cut.source} lacks {missing}.")

    options = Options(
        layout_features=FEATURES,
        layout_scripts=cut.scripts,
        hinting=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 4, 5, 6, 14],
    )

    options.drop_tables += ["STAT", "MVAR", "BASE"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=cut.characters)
    subsetter.subset(font)
    font = instantiateVariableFont(font, cut.axes)
    rename(font, family, "Italic" if "italic" in cut.file else "Regular")
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made)

    return made.getvalue()


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font a name of its own; copyright and licence stay."""
    names = {1: family, 2: style, 4: f"{family} {style}", 6: f"{family.replace(' ', '')}-{style}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]


def ranges(characters: frozenset[int]) -> str:
    """The characters as a value of unicode-range."""
    runs: list[list[int]] = []
    for character in sorted(characters):
        if runs and character == runs[-1][1] + 1:
            runs[-1][1] = character
        else:
            runs.append([character, character])
    return ", ".join(
        f"U+{first:04X}" if first == last else f"U+{first:04X}-{last:04X}" for first, last in runs
    )


def rule(face: Face, digest: str) -> str:
    """The @font-face rule; the address carries the file's digest, so that it is cached for a year."""
    parts = {
        "font-family": f'"{face.family}"',
        "src": f'url("../fonts/{face.file}.woff2?v={digest}") format("woff2")',
        "font-weight": face.weights,
        "font-style": face.style,
        "font-display": "swap",
        "unicode-range": ranges(face.characters),
    }
    return "@font-face { " + " ".join(f"{name}: {value};" for name, value in parts.items()) + " }"


def stand_in_rules() -> list[str]:
    """@font-face rules of the stand-ins."""
    made = []
    for family, weights in STAND_INS.items():
        ascent, descent = HEIGHTS[family.partition(" as ")[0]]
        for (local, width), weight in zip(weights, ("400", "500 900"), strict=True):
            source = ", ".join(f'local("{name}")' for name in local)
            heights = (
                f"ascent-override: {ascent / width:.1%}; descent-override: {descent / width:.1%}; "
                "line-gap-override: 0%;"
            )
            made.append(
                f'@font-face {{ font-family: "{family}"; src: {source}; font-weight: {weight}; '
                f"size-adjust: {width:.1%}; {heights} }}"
            )

    return made


def main() -> None:
    """Make the files, the licences and the rules."""
    folder = Path(sys.argv[1])
    digests = {}
    for kind, (original, family) in FAMILIES.items():
        with read(folder, original) as wheel:
            (FONTS / f"{kind}-OFL.txt").write_bytes(wheel.read(f"{original.folder}/LICENSE"))
            for cut in (cut for cut in CUTS if cut.file.startswith(kind)):
                made = make(cut, wheel.read(f"{original.folder}/files/{cut.source}"), family)
                (FONTS / f"{cut.file}.woff2").write_bytes(made)
                digests[cut.file] = hashlib.sha256(made).hexdigest()[:10]
                print(f"{cut.file}: {len(made):,} bytes")

    rules = [rule(face, digests[face.file]) for face in faces()] + stand_in_rules()
    begin, end = MARKS
    block = "\n".join([begin, *rules, end])
    styles, found = re.subn(
        f"{re.escape(begin)}.*?{re.escape(end)}",
        lambda _match: block,
        STYLES.read_text("utf-8"),
        flags=re.DOTALL,
    )
    if found != 1:
        raise SystemExit(f"{STYLES} has no place for the rules.")

    STYLES.write_text(styles, "utf-8")
    (FONTS / "SHA256SUMS").write_text(sums(FONTS))


def sums(folder: Path) -> str:
    """The SHA-256 of all files of a folder and those below but its README, as `sha256sum` writes them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n"
        for path in files
        if path.name not in ("README.md", "SHA256SUMS")
    )


if __name__ == "__main__":
    main()
