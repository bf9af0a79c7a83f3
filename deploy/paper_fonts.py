"""`make paper-fonts`: cut the fonts of campaign/documents/fonts from Debian's packages of Noto.

    python -m deploy.paper_fonts FOLDER

FOLDER holds the two packages named in PACKAGES; they are read only if their SHA-256 is the one stated here.
The same packages and the same fonttools give the same bytes.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typst
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from deploy.fonts import rename, sums

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "campaign/documents/fonts"
PACKAGES = {
    "fonts-noto-core_20201225-1_all.deb": "58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba",
    "fonts-noto-cjk_1%3a20220127+repack1-1_all.deb": (
        "4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502"
    ),
}
_CORE, _CJK = PACKAGES
_COLLECTION = "opentype/noto/NotoSansCJK-Regular.ttc"
# Of the collection, the number of the font with the shapes of a country.
JAPAN, KOREA, CHINA, TAIWAN = 0, 1, 2, 3

# What the letters of several scripts are joined with stays in each of them, or a syllable would fall apart.
JOINERS = frozenset({0x200C, 0x200D, 0x25CC, 0x0964, 0x0965})
HEBREW = frozenset({*range(0x590, 0x600), *range(0xFB1D, 0xFB50)})
# Dingbats, arrows, boxes and the like; no pictures, no Braille.
SIGNS = frozenset({*range(0x2190, 0x2800), *range(0x2B00, 0x2C00)})


@dataclass(frozen=True)
class Cut:
    """A font to be made: a font of the first package, or one of the collection of the second, and the only
    characters that are kept of it, if not all that the typesetter's own font lacks.
    """

    name: str
    source: str = ""
    number: int = 0
    characters: frozenset[int] = field(default_factory=frozenset)
    # What the typesetter's own font holds too: a name is set in one font where one has all its letters.
    whole: bool = False


def _set(encoding: str, first: range, second: range) -> frozenset[int]:
    """The characters of an East Asian standard whose codes begin with one of `first`."""
    codes = (bytes((one, two)) for one in first for two in second)
    signs = (code.decode(encoding, errors="ignore") for code in codes)
    return frozenset(ord(sign) for sign in signs if len(sign) == 1)


_ROWS = range(0xA1, 0xFF)
HAN = frozenset({*range(0x3400, 0xA000), *range(0xF900, 0xFB00)})
GB_1 = _set("gb2312", range(0xB0, 0xD8), _ROWS) & HAN
GB_2 = _set("gb2312", range(0xD8, 0xF8), _ROWS) & HAN
JIS_1 = _set("euc_jp", range(0xB0, 0xD0), _ROWS) & HAN
JIS_2 = _set("euc_jp", range(0xD0, 0xF5), _ROWS) & HAN
BIG5_1 = _set("big5", range(0xA4, 0xC7), range(0x40, 0xFF)) & HAN
BIG5_2 = _set("big5", range(0xC9, 0xFA), range(0x40, 0xFF)) & HAN
KS_HANJA = _set("euc_kr", range(0xCA, 0xFE), _ROWS) & HAN
HANGUL = frozenset(range(0xAC00, 0xD7A4))
KS_HANGUL = _set("euc_kr", range(0xB0, 0xC9), _ROWS) & HANGUL
# Beyond the standards, but in names: what IBM added for Japan (髙, 﨑), and some of China.
IN_NAMES = (_set("cp932", range(0xED, 0xEF), range(0x40, 0xFD)) & HAN) | frozenset(
    map(
        ord,
        "堃妏姵婳媖媗媞孋峣慜旸暕曌朤棪汯沄泇洆洺湉溦炆烔烜燊燚爔玏玓玕玚玠珅珺琀琎琤琭瑆瑸璆璠祎禔禕禛秝竑纮翀"
        "翃翙翚芃荺蒨衎赟鉌鋆鋐锽镕闿霂靚韡頔颋飏鹍龑龢",
    )
)
KANA = frozenset(
    {*range(0x3000, 0x3130), *range(0x31A0, 0x31C0), *range(0x31F0, 0x3200), *range(0xFF01, 0xFFEF)}
)
JAMO = frozenset(range(0x3130, 0x3190))

_SERIF = [
    "Hebrew",
    "Armenian",
    "Georgian",
    "Devanagari",
    "Bengali",
    "Gurmukhi",
    "Gujarati",
    "Tamil",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Sinhala",
    "Thai",
    "Lao",
    "Tibetan",
    "Myanmar",
    "Khmer",
    "Ethiopic",
]
_SANS = [
    "Oriya",
    "Thaana",
    "Syriac",
    "NKo",
    "Tifinagh",
    "Mongolian",
    "Cherokee",
    "CanadianAboriginal",
    "Adlam",
    "Vai",
    "OlChiki",
    "MeeteiMayek",
    "Javanese",
    "Balinese",
    "Sundanese",
    "Lisu",
    "Chakma",
    "HanifiRohingya",
    "TaiLe",
    "NewTaiLue",
    "TaiViet",
    "Cham",
    "Limbu",
    "Lepcha",
    "KayahLi",
    "Osmanya",
    "Bamum",
    "SylotiNagri",
    "Coptic",
]


def cuts() -> list[Cut]:
    """The fonts, in the order in which they are asked for a character."""
    rest = (GB_2 | JIS_1 | JIS_2 | BIG5_1 | KS_HANJA | IN_NAMES) - GB_1
    return [
        Cut("Latin", "NotoSerif-Regular.ttf", whole=True),
        *(Cut(name, f"NotoSerif{name}-Regular.ttf") for name in _SERIF),
        Cut("Arabic", "NotoNaskhArabic-Regular.ttf"),
        *(Cut(name, f"NotoSans{name}-Regular.ttf") for name in _SANS),
        Cut("Kana", number=JAPAN, characters=KANA),
        Cut("Hangul", number=KOREA, characters=KS_HANGUL | JAMO),
        Cut("Hangul2", number=KOREA, characters=HANGUL - KS_HANGUL),
        # Shapes that differ from those of China: asked first where the words are Japanese, or from Taiwan.
        Cut("HanJapan", number=JAPAN, characters=JIS_1),
        Cut("HanTaiwan", number=TAIWAN, characters=BIG5_1),
        Cut("Han1", number=CHINA, characters=GB_1),
        *(Cut(f"Han{part}", number=CHINA, characters=some) for part, some in enumerate(_thirds(rest), 2)),
        Cut("Symbols", "NotoSansSymbols2-Regular.ttf", characters=SIGNS),
        Cut("Symbols2", "NotoSansSymbols-Regular.ttf", characters=SIGNS),
    ]


def _thirds(characters: frozenset[int]) -> tuple[frozenset[int], ...]:
    """Three sets, so that no file is larger than what the repository takes."""
    ordered = sorted(characters)
    third = -(-len(ordered) // 3)
    return tuple(frozenset(ordered[start : start + third]) for start in range(0, len(ordered), third))


def own() -> frozenset[int]:
    """The characters of the typesetter's own serif font that it has in each style, without Hebrew."""
    (library,) = glob.glob(f"{Path(typst.__file__).parent}/*.so")
    found = list(_fonts_in(Path(library).read_bytes(), "Libertinus Serif"))
    return frozenset.intersection(*found) - HEBREW


def _fonts_in(library: bytes, family: str) -> Iterator[frozenset[int]]:
    at = -1
    while (at := library.find(b"OTTO\0", at + 1)) >= 0:
        try:
            font = TTFont(io.BytesIO(library[at : at + 3_000_000]), lazy=True)
            named = font["name"].getDebugName(1) or ""
            if named == family or named.startswith(f"{family} Semibold"):
                yield frozenset(font.getBestCmap())
        except Exception:  # noqa: BLE001, S112  four letters that are no font, of any kind
            continue


def read(folder: Path, package: str) -> dict[str, bytes]:
    """The fonts and the licence of a package. Raises SystemExit when it is not the stated one."""
    file = folder / package
    if hashlib.sha256(file.read_bytes()).hexdigest() != PACKAGES[package]:
        raise SystemExit(f"{package} is not the file that the fonts are cut from: its SHA-256 differs.")
    unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", file], check=True, capture_output=True).stdout  # noqa: S603, S607
    wanted = {cut.source for cut in cuts()} | {"copyright", Path(_COLLECTION).name}
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
        files = [member for member in archive if member.isfile() and Path(member.name).name in wanted]
        return {Path(member.name).name: archive.extractfile(member).read() for member in files}


def make(cut: Cut, original: bytes, lacking: frozenset[int]) -> tuple[bytes, frozenset[int]]:
    """The cut font, and the characters that it has. `lacking` are those not to be taken."""
    font = TTFont(io.BytesIO(original), recalcTimestamp=False, fontNumber=-1 if cut.source else cut.number)
    characters = frozenset(font.getBestCmap()) - lacking
    if cut.characters:
        characters &= cut.characters
    options = Options(
        layout_features=["ccmp"] if not cut.source else ["*"],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=[0, 1, 2, 4, 5, 6, 13, 14],
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "STAT"]
    if not cut.source:
        options.drop_tables += ["GPOS"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    rename(font, f"Undersigned {cut.name}", "Regular")
    made = io.BytesIO()
    font.save(made)
    return made.getvalue(), characters


def differing(cut: Cut, collection: bytes) -> frozenset[int]:
    """The characters to which a font of the collection gives a shape other than China's."""
    ours, china = (
        TTFont(io.BytesIO(collection), fontNumber=number, lazy=True).getBestCmap()
        for number in (cut.number, CHINA)
    )
    return frozenset(sign for sign in cut.characters if ours.get(sign) != china.get(sign))


def ranges(characters: Iterable[int]) -> str:
    """Characters as `41-5A 61`, in hexadecimal figures."""
    runs: list[list[int]] = []
    for sign in sorted(characters):
        if runs and sign == runs[-1][1] + 1:
            runs[-1][1] = sign
        else:
            runs.append([sign, sign])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in runs)


def main() -> None:
    """Make the files, each in a folder of its own, as the typesetter is given folders, and the list of what
    they hold.
    """
    folder = Path(sys.argv[1])
    core, cjk = read(folder, _CORE), read(folder, _CJK)
    FONTS.mkdir(exist_ok=True)
    (FONTS / "noto-copyright.txt").write_bytes(core["copyright"])
    (FONTS / "noto-cjk-copyright.txt").write_bytes(cjk["copyright"])
    has = own()
    holds = {"Libertinus Serif": ranges(has)}
    taken, total = set(has), 0
    for cut in cuts():
        original = core[cut.source] if cut.source else cjk[Path(_COLLECTION).name]
        if cut.name in ("HanJapan", "HanTaiwan"):
            cut = Cut(cut.name, number=cut.number, characters=differing(cut, original))
            made, characters = make(cut, original, has)
        else:
            # Marks of East Asian texts come from one font, though Mongolian's has some of them.
            others = KANA if cut.source else frozenset()
            lacking = others if cut.whole else (others | taken) - JOINERS
            made, characters = make(cut, original, lacking)
            taken |= characters
        (FONTS / cut.name).mkdir(exist_ok=True)
        (FONTS / cut.name / f"{cut.name}.{'ttf' if cut.source else 'otf'}").write_bytes(made)
        holds[f"Undersigned {cut.name}"] = ranges(characters)
        total += len(made)
        print(f"{cut.name}: {len(characters):,} characters, {len(made):,} bytes")
    (FONTS / "characters.json").write_text(json.dumps(holds, indent=1) + "\n")
    (FONTS / "SHA256SUMS").write_text(sums(FONTS))
    print(f"{total:,} bytes")


if __name__ == "__main__":
    main()
