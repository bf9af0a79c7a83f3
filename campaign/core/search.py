"""Search keys of names, found however they are spelled: without case and accents, in another script or
romanisation. See decisions 0009 and 0042.

Who changes what a key is made of gives the release a migration that makes the stored keys anew (0019 shows
how). Keyed hashes of names do not follow: see `core/hashed_names.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, pairwise, product

from sqlalchemy import ColumnElement, SQLColumnExpression, or_
from unidecode import unidecode

_MOST_WORDS = 6
# A shorter sound has to be the whole word: too many names begin with it.
_SHORT_SOUND = 6
# Spellings of one sound, longer ones first. `<`, `>`, `{` and others are sounds with two readings.
_SPELLINGS = (
    ("schtsch", "sts"), ("shch", "sts"), ("szcz", "sts"), ("tsch", "ts"), ("tch", "ts"), ("sch", "s"),
    ("cz", "ts"), ("ch", "<"), ("sh", "s"), ("zh", "z"), ("sz", "s"), ("kh", "h"), ("gh", "h"), ("ph", "f"),
    ("th", "t"), ("tz", "ts"), ("x", "{"), ("qu", "kv"),
)  # fmt: skip
_ALIKE = str.maketrans("gwyjq", "hviik")
# `ch` is the one in Charnou or in Chadyka, a plain `c` the one in Bialacki, in Victor or (Azerbaijani) in
# Cəfərov; `x` that in Max or in Xasanov; `j` that in Jelena or in Jafarov; `io` that in Yolkin, which is
# written Елкин too.
_READINGS = {
    "<": ("ts", "h"),
    ">": ("ts", "k"),
    ")": ("ts", "k", "dz"),
    "(": ("ts", "dz"),
    "{": ("ks", "h"),
    "}": ("i", "dz"),
    "~": ("io", "o"),
}
_MOST_READINGS = 8
_HARD_C = re.compile(r"c(?![ei])")
_SPOKEN_C = re.compile(r"c(?=[aou])")
_SOFT_C = re.compile(r"c(?=[ei])")
_SPOKEN_J = re.compile(r"j(?=[aeiou])")
_FIRST_IO = re.compile(r"\b[iy]o")
# Letters that have no Latin ones in the library, or those of another language.
_OWN_LATIN = {
    "ё": "e", "ә": "a", "ə": "a", "ǝ": "a", "җ": "dzh", "ҷ": "dzh", "ҳ": "h", "ћ": "c", "џ": "dzh", "ђ": "dj",
    "ძ": "dz", "ც": "ts", "წ": "ts", "ხ": "kh", "և": "ev",
    "β": "v", "η": "i", "υ": "i", "χ": "kh",
}  # fmt: skip
# Two letters that are one sound, in Greek and in Armenian.
_PAIRS = tuple(
    (re.compile(pair), sound)
    for pair, sound in (
        ("αυ", "av"), ("ευ", "ev"), ("ου", "ou"), ("γγ", "ng"), ("μπ", "mb"), (r"\bντ", "d"),
        ("ու", "u"), ("եւ", "ev"), (r"\bո", "vo"),
    )
)  # fmt: skip
_PAIRED = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0531-\u058f]")
# Scripts whose words are kept as they are beside the Latin ones: Latin letters lose too much of them (Hebrew,
# Arabic, the scripts of India, Thai), or there are no blanks between words (Chinese, Japanese, Korean names).
_OWN_SCRIPT = re.compile(
    "[\u0590-\u109f\u1100-\u139f\u1780-\u17ff\u3005\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]+"
)
_WITHOUT_BLANKS = re.compile("[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff]")
# Vowel signs of Hebrew and Arabic, which are rarely written; punctuation and the lengthening sign.
_SIGNS = re.compile(
    "[\u0591-\u05bd\u05bf-\u05c7\u05f3\u05f4\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]"
)
_PUNCTUATION = re.compile("[\u05be\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u30fb]")
_ONE_LETTER = str.maketrans("أإآٱىیئؤةکھہךםןףץ", "ااااييي" + "وهكهه" + "כמנפצ") | {
    point: chr(point - 0x60) for point in range(0x30A1, 0x30F7)
}
_LONG_LATIN = 5
# Korean family names as they are written abroad; the rest follows the library.
_KOREAN = re.compile("^[\uac00-\ud7a3]{2,4}$")
_KOREAN_FAMILIES = {
    "김": "kim", "이": "lee", "박": "park", "최": "choi", "정": "jung", "강": "kang", "조": "cho",
    "윤": "yoon",
    "장": "jang", "임": "lim", "한": "han", "오": "oh", "서": "seo", "신": "shin", "권": "kwon",
    "황": "hwang",
    "안": "ahn", "송": "song", "류": "ryu", "유": "yoo", "홍": "hong", "전": "jeon", "고": "ko", "문": "moon",
    "양": "yang", "손": "son", "배": "bae", "백": "baek", "허": "heo", "노": "noh", "남": "nam", "심": "shim",
}  # fmt: skip
# A short part of a name is written apart or not: Al-Sayed, Alsayed.
_SHORT_PART = 3
_MOST_JOINED = 5
_FIRST_E = re.compile(r"\bie")
_SOFTENING = re.compile(r"\Bi+(?=[au])")
# In sounds: `ts`, `dz` of Belarusian before a soft vowel, and `t`, `d`. `+` is i; `*` is e, but a and o as
# well, so that only the first before it is taken for soft.
_SOFT = re.compile(r"(?:ts)+(?=[+*]|v\*)|dz(?=[+*]|m\+)")
_HARD = re.compile(r"t(?=[+*]|v\*)|d(?=[+*]|m\+)")
_HARD_BEFORE_I = re.compile(r"t(?=\+)|d(?=\+|m\+)")
_UNSTRESSED_U, _VL = re.compile(r"^=l(?=\*)"), re.compile(r"^vl(?=\*d)")
_DOUBLED = re.compile(r"([a-z])(?=\1)")
_SPOKEN = str.maketrans("oe", "aa")
# Vowels as signs, so that what is typed as text never meets the middle of a sound.
_WRITTEN = str.maketrans("aiu", "*+=")


class _Latin(dict[int, str]):
    """A table for `str.translate`: each character in small Latin letters and digits, separators as a
    space.
    """

    def __missing__(self, point: int) -> str:
        latin = _OWN_LATIN.get(chr(point)) or (
            unidecode(chr(point)) if not 0xD800 <= point <= 0xDFFF else " "
        )
        bare = latin.lower().replace("'", "").replace("`", "")
        self[point] = found = re.sub(r"[^a-z0-9]", " ", bare)
        return found


_LATIN = _Latin()


def search_key(value: str) -> str:
    """The search key: `latin words|sound|sound|`, and further words of other scripts as they are written.

    Equal for a name with other accents, case or script. A text without any letter is kept as it is, in lower
    case.
    """
    words, own = _words(value), _own_words(value)
    if not words and not own:
        return value.casefold()
    joined = "".join(word for word in own if _WITHOUT_BLANKS.match(word))
    korean = [word for name in own for word in _korean(name)]
    sounds = [*_all(_sounds(words)), *_joined(words), *_all(_sounds(korean))]
    kept = dict.fromkeys([*sounds, *own, *([joined] if joined else [])])
    return f"{' '.join(words)}|{'|'.join(kept)}|"


def latin_words(value: str) -> str:
    """The first part of the search key: the words in small Latin letters."""
    words = _words(value)
    return " ".join(words) if words or _own_words(value) else value.casefold().partition("|")[0]


def spoken_words(value: str) -> list[tuple[str, ...]]:
    """The sounds of each word, one for each way to read it, to compare names with each other."""
    return _sounds(_words(value))


def has_words(
    column: SQLColumnExpression[str] | SQLColumnExpression[str | None], typed: str
) -> list[ColumnElement[bool]]:
    """The conditions, one for each of the first six words of `typed`, that a column of search keys has it as
    spelled or as it sounds.
    """
    plain = _normal(typed)
    own, words = _own_words(typed), _words(_OWN_SCRIPT.sub(" ", plain))
    if not words and not own:
        return [column == typed.casefold()] if typed else []

    said = [_has_own_word(column, word) for word in own]
    said += [_has_word(column, word, sounds) for word, sounds in zip(words, _sounds(words), strict=True)]
    return said[:_MOST_WORDS]


def _has_own_word(
    column: SQLColumnExpression[str] | SQLColumnExpression[str | None], word: str
) -> ColumnElement[bool]:
    """The condition of having a word of another script as written, or, when it is long enough to say
    something, by the same Latin letters (traditional and simplified characters have them in common).
    """
    latin = " ".join(_words(word))
    wanted = [word, *([latin] if len(word) > 1 and len(latin) >= _LONG_LATIN else [])]
    return or_(*(column.contains(part, autoescape=True) for part in wanted))


def _has_word(
    column: SQLColumnExpression[str] | SQLColumnExpression[str | None], word: str, sounds: Iterable[str]
) -> ColumnElement[bool]:
    said = dict.fromkeys((*sounds, *_softened(next(iter(sounds), ""))))
    wanted = [word, *(f"|{sound}" if len(sound) >= _SHORT_SOUND else f"|{sound}|" for sound in said)]
    return or_(*(column.contains(part, autoescape=True) for part in wanted))


def _softened(sound: str) -> Iterable[str]:
    """The sound as the other of Belarusian and Russian has it: Ціханоўская is Тихановская, Дзмітрый Дмитрий,
    Уладзімір Владимир. Only what is typed is varied, so stored keys stay as they are.
    """
    if _SOFT.search(sound):
        yield _UNSTRESSED_U.sub("vl", _SOFT.sub(lambda found: found[0][0], sound))
    elif _HARD.search(sound):
        before_i = _HARD_BEFORE_I.search(sound) is not None
        where, most = (_HARD_BEFORE_I, 0) if before_i else (_HARD, 1)
        soft = where.sub(lambda found: "ts" if found[0] == "t" else "dz", sound, count=most)
        yield _VL.sub("=l", soft)


def _words(value: str) -> list[str]:
    plain = _normal(value)
    if _PAIRED.search(plain):
        plain = _paired(plain)
    return plain.translate(_LATIN).split()


def _normal(value: str) -> str:
    """The text in lower case, without the signs that are written or not."""
    plain = unicodedata.normalize("NFKC", value).lower()
    if plain.isascii():
        return plain
    return _PUNCTUATION.sub(" ", _SIGNS.sub("", plain)).translate(_ONE_LETTER)


def _paired(plain: str) -> str:
    """Greek and Armenian with one sound for two letters."""
    bare = (
        "".join(sign for sign in unicodedata.normalize("NFD", plain) if not "\u0300" <= sign <= "\u0345")
        if re.search("[\u0370-\u03ff\u1f00-\u1fff]", plain)
        else plain
    )
    for pair, sound in _PAIRS:
        bare = pair.sub(sound, bare)
    return bare


def _own_words(value: str) -> list[str]:
    """The words in scripts that are kept as they are."""
    return [] if value.isascii() else _OWN_SCRIPT.findall(_normal(value))


def _korean(name: str) -> list[str]:
    """A Korean name in Latin letters, the family name first; empty where this is none."""
    if not _KOREAN.match(name) or name[0] not in _KOREAN_FAMILIES:
        return []
    return [_KOREAN_FAMILIES[name[0]], "".join(_words(name[1:]))]


def _joined(words: list[str]) -> Iterable[str]:
    """The sounds of two words of a short name written as one, where one of the two is short."""
    if not 1 < len(words) <= _MOST_JOINED:
        return ()
    pairs = pairwise(words)
    short = [one + other for one, other in pairs if min(len(one), len(other)) <= _SHORT_PART]
    return (readings[0] for readings in _sounds(short))


def _all(sounds: Iterable[Iterable[str]]) -> Iterable[str]:
    return (sound for readings in sounds for sound in readings)


def _sounds(words: list[str]) -> list[tuple[str, ...]]:
    """The sounds of each word, one for each way to read it."""
    spelled = " ".join(words)
    for spelling, sound in _SPELLINGS:
        spelled = spelled.replace(spelling, sound)

    spelled = _FIRST_IO.sub("~", _SPOKEN_J.sub("}", spelled))
    if "c" in spelled:
        spelled = _SOFT_C.sub("(", _SPOKEN_C.sub(")", spelled))
        spelled = _HARD_C.sub(">", spelled).replace("c", "ts")
    return [_readings(word) for word in spelled.translate(_ALIKE).split()]


def _readings(spelled: str) -> tuple[str, ...]:
    """One word in each of its readings."""
    unclear = [sign for sign in _READINGS if sign in spelled]
    tables = (
        dict(zip(map(ord, unclear), reading, strict=True))
        for reading in product(*(_READINGS[sign] for sign in unclear))
    )
    spoken = (_spoken(spelled.translate(table)) for table in islice(tables, _MOST_READINGS))
    return tuple(dict.fromkeys(spoken))


def _spoken(spelled: str) -> str:
    """A word as it sounds: a, o and e are one vowel, a consonant is neither soft nor double, `u` after a
    vowel is Belarusian ў.
    """
    spoken = _FIRST_E.sub("e", spelled.replace("ue", "u")).translate(_SPOKEN).replace("au", "av")
    spoken = _DOUBLED.sub("", _SOFTENING.sub("", spoken))
    # Polish writes these as a nasal vowel: Dąbrowski is Домбровский.
    return spoken.replace("mb", "b").replace("mp", "p").translate(_WRITTEN)
