"""Rows of a list that name nobody: headings of countries and kinds, totals, numbers of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale
from rapidfuzz import process
from rapidfuzz.distance import OSA

from campaign.core.countries import country_of, is_shared_name
from campaign.core.text import clean_line
from campaign.signatures.models import SignatoryKind

_ENDS = ' \t\u00a0-–—−=_*#~|.·•>"“”„«»'
# "Poland (12)", "BELARUS – 14", "Total: 3 organisations".
_COUNTED = (
    r"(?:sign|organi|people|person|individual|member|name|entr|row|подпис|подпіс"
    r"|підпис|организ|арганіз|організ"
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
    r"(?:page|p\.|pg\.?|стр\.?|страница|старонка|стар\.|сторінка|стор\.|strona|str\."
    r"|seite|s\.|página|pagina|pág\.)"
    r"\s*№?\s*\d+(?:\s*(?:of|/|из|з|із|z|von|de|sur|di|–|-)\s*\d+)?|\d{1,4}(?:\s*(?:/"
    r"|of|из|з|із|z|von|sur)\s*\d{1,4})?",
    re.IGNORECASE,
)
_COUNT = rf"{_NUMBER}(?:\s*{_COUNTED})?"
_COUNT_BEHIND = re.compile(rf"\s*(?:[(\[]\s*{_COUNT}\s*[)\]]|[:–—-]\s*{_COUNT})\s*$")
_NUMBER_BEFORE = re.compile(r"\s*(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])[.)]\s+")
_FROM = (
    r"(?:from|out of|из|с|со|з|зь|із|зі|z|ze|aus|depuis|desde|in|inside|в|во|у|ў|w|we)"
    r"(?:\s+(?:the|der|dem|den))?"
)
_OF = r"(?:en|au|aux|de|du|des|del|de la|dalla|dal|d')"
_PARTS = re.compile(rf"\s*[:,(/\[]\s*|\s+[–—-]\s+|\s+(?:{_FROM}|{_OF})\s+", re.IGNORECASE)
_FROM_COUNTRY = re.compile(rf"(?:(?P<sure>{_FROM})|{_OF})\s+(?P<country>\S.*)", re.IGNORECASE)
# "12 signatures so far": behind the number and what it counts stand small words.
_SO_FAR = re.compile(
    rf"{_NUMBER}\s*(?:sign|подпис|подпіс|підпис|podpis|sygnat|unterschr|unterzeichn"
    rf"|firm)\w*(?:\s+\w+){{1,3}}",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:[…+&.\s]|and|und|oraz|et|und|и|і|та|й|i|y|e)*\s*"
    r"(?:(?:another|further|more|about|over|ещё|еще|яшчэ|ще|jeszcze|noch|altri|altre|otros|otras|outros)\s+)?"
    r"(?:\d[\d .,]*|many|several|some|many|многие|шмат|багато|wiele|viele)\s*"
    r"(?:(?:more|further|ещё|еще|яшчэ|ще|weitere)\s+)?"
    r"(?:others?|more|anonym\w*|further|additional|unnamed|друг\w+|іншы\w*|інш\w+|ины\w+|иных|аноним\w*"
    r"|ананім\w*|анонім\w*|inn\w+|weitere\w*|andere\w*|autres?|otr[oa]s|más|altr[ie]|sygnatariuszy"
    r"|человек\w*|чалавек\w*|осіб|osób|людей|подписант\w*|падпісант\w*|підписант\w*)"
    r"(?:\s+(?:people|persons|individuals|organi[sz]ations|signatories|signatures|signers|supporters|citizens"
    r"|чалавек|человек|осіб|людей|osób|personen|personnes|personas|persone|подпис\w+|подпіс\w+|підпис\w+"
    r"|unterzeichn\w*|sygnatariuszy|организаци\w+|арганізацы\w+|організаці\w+|organizacj\w*))?",
    re.IGNORECASE,
)
# What stands about the list below or above it, and not in it.
_OF_FILE = re.compile(
    r"(?:list )?(?:prepared|compiled|collected|generated|exported|printed) (?:by|on|at|from) .+"
    r"|(?:last )?(?:updated|modified|changed)(?: (?:on|at|by))?[: ]+.*\d.*|as of (?:the )?.*\d.*"
    r"|(?:по состоянию|станом|станам) на .*\d.*|stan na .*\d.*|stand:? (?:vom )?\d.*"
    r"|(?:последнее обновление|обновлено|апошняе абнаўленне|абноўлена|оновлено|zaktualizowano|aktualizacja"
    r"|zuletzt aktualisiert|aktualisiert am|mis à jour le)[: ]+.*\d.*"
    r"|(?:and others|et al|и др|и другие|і інш|і іншыя|та інші|та ін|i inni|u\.? ?a|etc)"
    r"|(?:signatures?|signatories|list|names) (?:continues?|continued|to be continued|follow)"
    r"|(?:continued|continues) (?:on|from|over).*|(?:продолжение|працяг|продовження) .*|ciąg dalszy.*",
    re.IGNORECASE,
)
_CLOSINGS = frozenset(
    """
    sincerely; yours sincerely; sincerely yours; yours faithfully; yours truly; faithfully;
    respectfully; yours respectfully; respectfully yours; respectfully submitted; best regards; kind
    regards; warm regards; with kind regards; with best regards; regards; best wishes; with best wishes;
    with respect; in solidarity; yours in solidarity; yours; с уважением; с глубоким уважением; с
    наилучшими пожеланиями; искренне ваш; искренне ваши; искренне; с почтением; с благодарностью; з
    павагай; з глыбокай павагай; з найлепшымі пажаданнямі; шчыра ваш; шчыра вашыя; шчыра вашы; з
    удзячнасцю; з повагою; з глибокою повагою; щиро ваш; щиро ваші; з найкращими побажаннями; з
    вдячністю; z poważaniem; z wyrazami szacunku; łączę wyrazy szacunku; pozdrawiam; z szacunkiem; z
    pozdrowieniami; łączymy wyrazy szacunku; serdecznie pozdrawiam; mit freundlichen grüßen; mit
    freundlichem gruß; mit freundlichen grüssen; mit freundlichen gruessen; freundliche grüße; viele
    grüße; herzliche grüße; beste grüße; mit besten grüßen; mit herzlichen grüßen; mit solidarischen
    grüßen; hochachtungsvoll; cordialement; bien cordialement; bien à vous; respectueusement;
    sincèrement; salutations distinguées; meilleures salutations; atentamente; saludos cordiales; un
    cordial saludo; saludos; respetuosamente; cordialmente; cordiali saluti; distinti saluti; in fede;
    con ossequio
    """.replace("\n", " ").split(";")
)
_CLOSED = frozenset(" ".join(closing.split()) for closing in _CLOSINGS)
_WITHHELD = re.compile(
    r"(?:(?:the |full )?names? (?:is |are |has been )?(?:withheld|hidden"
    r"|not (?:disclosed|published|public|given)"
    r"|undisclosed|suppressed|removed)(?: (?:by|on|at|for|upon)\b.*)?|(?:имя|фамилия"
    r"|имена) (?:скрыт\w+|не (?:разглаша\w+"
    r"|указан\w+|публику\w+|называ\w+))|(?:імя|імёны|прозвішча) (?:схаван\w+"
    r"|не (?:раскрыва\w+|указан\w+|публіку\w+"
    r"|называ\w+|выдае\w+))|(?:ім['’ʼ]я|імена) (?:приховано|не (?:розголошу\w+|вказано|публіку\w+))"
    r"|(?:imię|nazwisko|imię i nazwisko|dane) (?:utajnion\w+|zastrzeżon\w+|do wiadomości redakcji)"
    r"|name (?:ist )?(?:der redaktion )?(?:bekannt|nicht (?:genannt|veröffentlicht"
    r"|öffentlich))|nom (?:non|pas) (?:communiqué|publié)"
    r"|nombre (?:reservado|omitido)|nome (?:omesso|riservato))",
    re.IGNORECASE,
)
_NAMELESS = frozenset(
    """
    anonymous anonym anonyme anónimo anónima anonimo anonima anonim anonimowo anonimowy аноним анонимно
    анонимный     ананім ананімна анонім анонімно
    """.split()  # noqa: SIM905
)
# Countries in the form that they have behind "from" and "in" where endings do not tell it.
_INFLECTED = {
    "niemiec": "DE", "niemczech": "DE",
    "węgier": "HU", "węgrzech": "HU", "polsce": "PL", "włoszech": "IT",
    "stanów zjednoczonych": "US", "соединённых штатов": "US", "соединенных штатов": "US",
    "сполучених штатів": "US",
    "злучаных штатаў": "US", "wielkiej brytanii": "GB", "великої британії": "GB", "вялікай брытаніі": "GB",
    "южной кореи": "KR", "чешской республики": "CZ", "чэшскай рэспублікі": "CZ", "республики беларусь": "BY",
    "рэспублікі беларусь": "BY",
    "vereinigten staaten": "US", "vereinigten königreich": "GB", "niederlanden": "NL",
    "szwecji": "SE", "chorwacji": "HR", "северной македонии": "MK", "сша": "US", "зша": "US",
}  # fmt: skip
_UNION = re.compile(
    r"(?:the )?(?:european union|union européenne|unión europea|unione europea|europäische union"
    r"|unia europejska|европейский союз|евросоюз|еўрапейскі саюз|еўрасаюз|європейський союз|євросоюз)",
    re.IGNORECASE,
)
_OTHER_ENDINGS = ("", "а", "я", "ь", "ы", "и", "і", "a", "y", "e")
_ELSEWHERE = frozenset(
    """
    eu ес єс ue exile exil exilio esilio diaspora diáspora emigration emigracja эмиграция эміграцыя еміграція
    диаспора дыяспара діаспора изгнание выгнанне unknown unspecified неизвестно невядома невідомо nieznane
    unbekannt stateless
    """.split()  # noqa: SIM905
)

_WORDS = re.compile(r"[\w'’ʼ]+")
_BESIDE = frozenset(
    """
    the and of by signed signing signatory supporting endorsing member following civil society non
    governmental nongovernmental other all our individual organisational organizational private
    natural collective local national international human rights first initial initiating original additional
    new latest more первые новые перші нові першыя новыя pierwsi pierwsze nowi erste neue premiers premières
    primeros primeras primi prime грамадскія праваабарончыя іншыя
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
    autres otros altri remaining rest other другое иное іншае інше inne varia countries страны краіны країни
    kraje länder pays países paesi world international міжнародныя международные міжнародні
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
# Texts so long and so much alike differ by a slip.
_LONG, _NEARLY = 6, 0.84


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
    if len(filled) == 1 and (found := _of_nobody(text, bare)):
        return found
    if _IS_PAGE.fullmatch(bare) or (_IS_TOTAL.fullmatch(bare) and _is_total(filled)):
        return Heading(text, divides=False)
    if len(filled) > 1:
        return None
    return _of_one(text)


def _of_nobody(text: str, bare: str) -> Heading | None:
    """The end of a letter, a number of others, a name that nobody gives, or the letter of an alphabet."""
    said = " ".join(bare.casefold().strip(" ,.!").split())
    if said in _CLOSED or _WITHHELD.fullmatch(said.strip("()[]")):
        return Heading(text, divides=False)
    if _MORE.fullmatch(text.strip().strip("()[]").rstrip(".!… ")):
        return Heading(text, divides=False)
    if _SO_FAR.fullmatch(said) or _OF_FILE.fullmatch(said.strip("()[]")):
        return Heading(text, divides=False)
    if (len(said) == 1 and said.isalpha()) or said.strip("()[]") in _NAMELESS:
        return Heading(text, divides=False, sure=len(said) == 1 and bare != text.strip())
    return None


def is_nameless(text: str) -> bool:
    """True for “Anonymous” and “Name withheld” in the place of a name."""
    said = " ".join(clean_line(text).casefold().strip(_ENDS + ":,!()[]").split())
    return said in _NAMELESS or bool(_WITHHELD.fullmatch(said))


def nearly_names_country(text: str) -> bool:
    """True for a country with a slip or with something said of it: “Czeck Republic”, “Belarus (in exile)”."""
    first, *more = _PARTS.split(text.strip(_ENDS + ":"))
    if more and len(first) > _LONGEST_CODE and country_of(first):
        return True
    said = text.casefold().strip(_ENDS + ":,;")
    close = OSA.normalized_similarity
    return len(said) >= _LONG and bool(
        process.extractOne(said, _country_names(), scorer=close, score_cutoff=_NEARLY)
    )


@cache
def _country_names() -> tuple[str, ...]:
    """Names of countries in the languages that lists are written in, if they are long enough for a slip."""
    said = {
        name.casefold()
        for language in ("en", "be", "ru", "uk", "pl", "de", "fr", "es", "it")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    said |= {
        str(getattr(one, field)).casefold()
        for one in pycountry.countries
        for field in ("name", "common_name", "official_name")
        if hasattr(one, field)
    }
    return tuple(sorted(name for name in {*said, "czech republic"} if len(name) >= _LONG))


def inflected_country(text: str) -> str | None:
    """The country in a form that it has behind “from” and “in”: Беларуси, Polski, Польщі."""
    said = " ".join(text.casefold().split())
    if known := _INFLECTED.get(said) or country_of(text):
        return known
    ends = {
        said[: len(said) - cut] + end
        for cut in (0, 1, 2)
        for end in _OTHER_ENDINGS
        if len(said) - cut >= _LONGEST_CODE + 1
    }
    found = {code for end in ends if len(end) > _LONGEST_CODE and (code := country_of(end))}
    return found.pop() if len(found) == 1 else None


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
        if plain := _said(text, said, decorated=is_decorated_):
            return plain
    if (found := _FROM_COUNTRY.fullmatch(bare)) and (country := inflected_country(found["country"])):
        return Heading(text, country, sure=bool(found["sure"]) or is_decorated_)
    parts = [part for part in _PARTS.split(bare.rstrip(")]")) if part]
    if len(parts) > 1:
        each = [_said_of(text, part.strip(_ENDS)) for part in parts]
        known = [one for one in each if one]
        kinds = {one.kind for one in known if one.kind}
        countries = {one.country for one in known if one.country}
        if len(known) == len(each) and len(kinds) <= 1 and len(countries) <= 1:
            return Heading(text, "".join(countries), kinds.pop() if kinds else None)
    return Heading(text) if text.rstrip().endswith(":") else None


def _said_of(text: str, part: str) -> Heading | None:
    """What a part of a heading says: “organisations” and “Беларуси”, of those from Belarus."""
    if said := _said(text, part, decorated=True):
        return said
    country = inflected_country(part) if len(part) > _LONGEST_CODE else None
    return Heading(text, country) if country else None


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
    if (
        all(word in _ELSEWHERE or word in _BESIDE for word in words) and words[0] in _ELSEWHERE
    ) or _UNION.fullmatch(bare):
        return Heading(text, sure=decorated)
    is_code = len(bare) <= _LONGEST_CODE and bare.isascii()
    if is_code and not bare.isupper():
        return None
    if country := country_of(bare):
        sure = decorated or not (is_code or " ".join(words) in _GIVEN_NAMES)
        return Heading(text, country, sure=sure)
    return Heading(text, asks=bare, sure=decorated) if is_shared_name(bare) else None
