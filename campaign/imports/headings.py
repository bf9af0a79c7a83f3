"""Rows of a list that name nobody: headings of countries and kinds, totals, numbers of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaign.core.countries import country_of, is_shared_name
from campaign.core.text import clean_line
from campaign.signatures.models import SignatoryKind

_ENDS = ' \t\u00a0-–—−=_*#~|.·•>"“”„«»'
# "Poland (12)", "BELARUS – 14", "Total: 3 organisations".
_COUNTED = (
    r"(?:sign|organi|people|person|individual|member|name|entr|row|подпис|подпіс|підпис|организ|арганіз|організ"
    r"|человек|чалавек|люд|осіб|асоб|особ|имен|имён|імён|імен|podpis|os[oó]b|organiz|sygnatar|unterschr"
    r"|unterzeichn|einzel|person|eintr|firma|firmas|signat)\w*"
)
_NUMBER = r"\d[\d \u00a0.,’']*"
_SMALL = r"(?:l|of|the|in|and|all|from|von|der|die|in|na|на|у|в|з|из|і|и|i|und|de|des|les|di)"
_TOTAL = (
    r"(?:grand |sub-?|overall )?(?:total|totals|sum|altogether|number(?: of)?|count|усяго|ўсяго|разам|агулам"
    r"|лік|колькасць|итого|всего|итог|количество|число|усього|всього|разом|загалом|кількість|razem|łącznie"
    r"|ogółem|suma|w sumie|liczba|summe|gesamt|gesamtzahl|insgesamt|zusammen|anzahl|somme|totale|nombre de"
    r"|número de|numero di)"
)
_IS_TOTAL = re.compile(
    rf"{_TOTAL}(?:[\s:.=–—-]+(?:{_NUMBER}|{_COUNTED}|{_SMALL}|{_TOTAL}))*[\s:.=–—-]*|{_NUMBER}\s*{_COUNTED}",
    re.IGNORECASE,
)
_BEGINS_TOTAL = re.compile(rf"{_TOTAL}\b", re.IGNORECASE)
_IS_PAGE = re.compile(
    r"(?:page|p\.|pg\.?|стр\.?|страница|старонка|стар\.|сторінка|стор\.|strona|str\.|seite|s\.|página|pagina|pág\.)"
    r"\s*№?\s*\d+(?:\s*(?:of|/|из|з|із|z|von|de|sur|di|–|-)\s*\d+)?|\d{1,4}(?:\s*(?:/|of|из|з|із|z|von|sur)\s*\d{1,4})?",
    re.IGNORECASE,
)
_COUNT = rf"{_NUMBER}(?:\s*{_COUNTED})?"
_COUNT_BEHIND = re.compile(rf"\s*(?:[(\[]\s*{_COUNT}\s*[)\]]|[:–—-]\s*{_COUNT})\s*$")
_NUMBER_BEFORE = re.compile(r"\s*(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])[.)]\s+")
_PARTS = re.compile(r"\s*[:,(/\[]\s*|\s+[–—-]\s+|\s+(?:from|in|из|з|із|z|aus|de|in)\s+", re.IGNORECASE)

_WORDS = re.compile(r"[\w'’ʼ]+")
_BESIDE = frozenset(
    """
    the and of by signed signing signatory supporting endorsing member following civil society non
    governmental nongovernmental other all our individual organisational organizational private
    natural collective local national international human rights грамадскія праваабарончыя іншыя
    міжнародныя індывідуальныя фізічныя прыватныя і общественные правозащитные другие международные
    индивидуальные физические частные юридические и громадські правозахисні інші міжнародні
    індивідуальні фізичні приватні та юрыдычныя юридичні pozarządowe społeczne inne międzynarodowe
    indywidualne fizyczne prywatne i oraz unterzeichnende weitere andere internationale
    zivilgesellschaftliche und signataires autres physiques et civiles firmantes otras sociedad y
    firmatarie altre e
    """.split()  # noqa: SIM905
)
_KINDS = {
    SignatoryKind.ORGANISATION: frozenset(
        """
    organisations organizations ngos ngo's csos groups associations institutions coalitions
    organisation's арганізацыі суполкі аб'яднанні ініцыятывы установы организации объединения
    инициативы учреждения нко нпо лица-организации організації об'єднання ініціативи установи нуо
    organizacje stowarzyszenia instytucje organisationen verbände vereine initiativen gruppen
    institutionen organizaciones asociaciones organizzazioni associazioni
    """.split()  # noqa: SIM905
    ),
    SignatoryKind.PERSON: frozenset(
        """
    individuals individual people persons citizens личности люди граждане лица персоны человек
    физлица персоналии асобы людзі грамадзяне персаналіі фізасобы особи громадяни фізособи osoby
    obywatele personen einzelpersonen privatpersonen bürgerinnen bürger menschen personnes individus
    particuliers citoyens personas individuos particulares persone individui cittadini
    """.split()  # noqa: SIM905
    ),
}
_PLAIN = frozenset(
    """
    signatures signatories signers signed undersigned cosignatories names list supporters
    endorsements endorsers подпісы падпісалі падпісанты падпісаліся подписи подписали подписанты
    подписались подписавшиеся підписи підписали підписанти підписалися podpisy sygnatariusze
    podpisali sygnatariuszki unterschriften unterzeichner unterzeichnerinnen unterzeichnende
    erstunterzeichner erstunterzeichnerinnen signataires firmantes firmas firmatari firme імёны
    имена імена imiona namen noms nombres nomi others іншыя другие інші inni inne andere sonstige
    autres otros altri remaining rest international міжнародныя международные міжнародні
    międzynarodowe europe asia africa america americas oceania worldwide abroad еўропа европа європа
    азія азия афрыка африка europa azja afryka asien afrika amérique amérika continued
    """.split()  # noqa: SIM905
)
# Countries that are given names, surnames or words as well, in Latin and Cyrillic letters.
_GIVEN_NAMES = frozenset(
    """
    georgia chad jordan israel india kenya malta china ireland cuba cyprus samoa dominica mali niger
    romania panama austria holland jersey france jamaica trinidad martin lucia helena vincent
    maurice italia georgien georges джорджия иордания джордан чад израиль индия кения мальта куба
    доминика ізраіль ізраїль малі izrael montserrat nevada
    """.split()  # noqa: SIM905
)
_LONGEST, _MOST_WORDS, _LONGEST_CODE = 80, 7, 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A row that names nobody. `country` (ISO code) and `kind` are what it says of the rows below it.

    `divides`: it begins a part of the list; a total and a number of a page do not. Without `sure` it may be
    somebody's name as well. `asks`: a name that two countries have.
    """

    text: str
    country: str = ""
    kind: SignatoryKind | None = None
    divides: bool = True
    sure: bool = True
    asks: str = ""


def heading_of(cells: Sequence[str]) -> Heading | None:
    """The heading, total or page number that a row is; None for one that may name a signatory."""
    filled = list(dict.fromkeys(line for cell in cells if (line := clean_line(cell))))
    if not filled or len(filled) > _MOST_WORDS or sum(map(len, filled)) > _LONGEST:
        return None

    text = " ".join(filled)
    bare = text.strip(_ENDS + ":")
    if _IS_PAGE.fullmatch(bare) or (_IS_TOTAL.fullmatch(bare) and _is_total(filled)):
        return Heading(text, divides=False)
    if len(filled) > 1:
        return None
    return _of_one(text)


def is_decorated(text: str) -> bool:
    """True for a text that is written as headings are: in capitals, with a colon, between dashes."""
    bare = text.strip()
    letters = [char for char in bare if char.isalpha()]
    is_loud = len(letters) > _LONGEST_CODE and all(
        char.isupper() for char in letters if char.upper() != char.lower()
    )
    marked = (
        bare.endswith(":") or (bare[:1] in "-–—−=_*#~|" and bare[-1:] in "-–—−=_*#~|") or bare.startswith("#")
    )
    return marked or bool(_COUNT_BEHIND.search(bare)) or (is_loud and any(map(str.isupper, letters)))


def _is_total(filled: Sequence[str]) -> bool:
    """Several cells are a total where one says so, and the others are numbers."""
    return len(filled) == 1 or any(
        _BEGINS_TOTAL.match(cell.strip(_ENDS + ":")) and not cell.strip(_ENDS)[:1].isdigit()
        for cell in filled
    )


def _of_one(text: str) -> Heading | None:
    bare = _COUNT_BEHIND.sub("", text.strip(_ENDS + ":")).strip(_ENDS + ":")
    is_decorated_ = is_decorated(text)
    for said in (bare, _NUMBER_BEFORE.sub("", bare)):
        if found := _said(text, said, decorated=is_decorated_):
            return found
    parts = [part for part in _PARTS.split(bare.rstrip(")]")) if part]
    if len(parts) > 1:
        each = [_said(text, part.strip(_ENDS), decorated=True) for part in parts]
        known = [one for one in each if one]
        kinds = {one.kind for one in known if one.kind}
        countries = {one.country for one in known if one.country}
        if len(known) == len(each) and len(kinds) <= 1 and len(countries) <= 1:
            return Heading(text, "".join(countries), kinds.pop() if kinds else None)
    return Heading(text) if text.rstrip().endswith(":") else None


def _said(text: str, bare: str, *, decorated: bool) -> Heading | None:
    words = [word.replace("’", "'").replace("ʼ", "'") for word in _WORDS.findall(bare.casefold())]
    if not words or len(words) > _MOST_WORDS:
        return None
    main = [word for word in words if word not in _BESIDE] or words
    for kind, known in _KINDS.items():
        if any(word in known for word in words) and all(word in known or word in _PLAIN for word in main):
            return Heading(text, kind=kind)
    if all(word in _PLAIN for word in main):
        return Heading(text)
    is_code = len(bare) <= _LONGEST_CODE and bare.isascii()
    if is_code and not bare.isupper():
        return None
    if country := country_of(bare):
        sure = decorated or not (is_code or " ".join(words) in _GIVEN_NAMES)
        return Heading(text, country, sure=sure)
    return Heading(text, asks=bare, sure=decorated) if is_shared_name(bare) else None
