"""The sounds of organisations' names: the words that distinguish one from others, and the marks by which the
database finds names that have something in common.

Who changes what a mark is made of gives the release a migration that makes the stored ones anew (0029 shows
how).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from campaign.core.search import spoken_words
from campaign.organisations.models import MARK_LENGTH
from campaign.organisations.name_variants import title_of, variants, without_country

# Endings distinguish cases and languages, not organisations: a word is compared by its beginning.
STEM = 7
_BEGINNING = 4
# Before an abbreviation that a name gives, and before one that could be made of its initials.
_GIVEN, _INITIALS = "=", "~"
# Words that half of all organisations have in their names, in the languages of this field: they distinguish
# none from another.
_COMMON = """
    a an and at da de des do du dla el for fur i im in la le les of on the to und y z za w dlia i u v na pa po
    pry pri ta po
    human rights right law defenders defender defence defense defending center centre foundation fund
    association union committee council group
    organisation organization initiative movement network international public civil civic society social non
    governmental ngo campaign
    institute house
    праваабарончы праваабарончая правоў права чалавека абарона абаронцы цэнтр фонд фундацыя асацыяцыя саюз
    камітэт рада група суполка
    арганізацыя ініцыятыва рух сетка міжнародны міжнародная грамадскі грамадская грамадзянскі аб'яднанне
    таварыства інстытут дом кампанія
    правозащитный правозащитная правозащитников прав права человека защита защиты центр фонд ассоциация союз
    комитет совет группа
    организация инициатива движение сеть международный международная общественный общественная общественное
    гражданский гражданская объединение
    общество институт кампания
    правозахисний правозахисна людини захист спілка асоціація рух мережа міжнародний міжнародна громадський
    громадська організація товариство
    ініціатива
    prawa praw człowieka prawoobronne centrum fundacja stowarzyszenie związek komitet rada grupa organizacja
    inicjatywa ruch sieć międzynarodowy
    międzynarodowa
    menschenrechte menschenrechts zentrum stiftung verein verband komitee rat gruppe initiative bewegung
    netzwerk internationale gesellschaft
    für und der die das
    pravaabaronchy centr fundacyja kamitet
    ngo npo ong inc ltd llc gmbh ggmbh e v ev z s zs o p os asbl vzw mtu sia ry ab as bv sro ooo oao zao
    ano nko
    ano go vgo bo gs oo roo moo rpoo uchrezhdenie uo tov hromadska spilka mgo
    asociación asociacion fundación fundacion derechos humanos derecho centro instituto red comité
    droits homme humains pour ligue fédération associazione diritti umani
    stowarzyszenia fundacji spolek zapsany ustav nadace spolok sdruzhenie udruga udruzenje
    таа ооо общественная некоммерческая автономная благотворительный благодійна благодійний
    әлем қоғамдық қор бірлестігі ictimai birliyi insan hüquqları dernek derneği vakfı
"""


Sounds = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A name by its sound: the words that distinguish it from others, all of it in one, and its numbers."""

    telling: Sounds
    whole: str
    numbers: str


@lru_cache(maxsize=20_000)
def heard(name: str) -> Heard:
    """A name by its sound: words by their beginnings, each in all its readings, without those that every
    second name has.
    """
    spoken = spoken_words(name)
    words = tuple(tuple(dict.fromkeys(reading[:STEM] for reading in readings)) for readings in spoken)
    telling = tuple(word for word in words if not set(word) & _common())
    return Heard(
        telling or words, "".join(readings[0] for readings in spoken), "".join(filter(str.isdigit, name))
    )


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(reading[:STEM] for readings in spoken_words(_COMMON) for reading in readings)


def beginnings(name: Heard) -> set[str]:
    """The entries under which a name is looked up: the beginnings of its distinguishing words, and of the
    whole, in which words may be written apart.
    """
    return {reading[:_BEGINNING] for word in name.telling for reading in word} | {name.whole[:_BEGINNING]}


def marks_of(name: str) -> set[str]:
    """The marks under which a name is kept: beginnings of the words that distinguish it in each of its forms,
    and its abbreviations.
    """
    return _sounds_of(name) | _abbreviated(name, _GIVEN, _INITIALS)


def marks_sought(name: str) -> set[str]:
    """The marks of names that may say the same as this one."""
    given, initials = _abbreviated(name, _GIVEN, ""), _abbreviated(name, "", _GIVEN)
    sought = {_INITIALS + mark.removeprefix(_GIVEN) for mark in given}
    return _sounds_of(name) | given | initials | {mark[:MARK_LENGTH] for mark in sought}


def _sounds_of(name: str) -> set[str]:
    forms = variants(name).forms
    written = {*forms, *(title_of(form) for form in forms), *(without_country(form) for form in forms)} - {""}
    return {mark for form in written for mark in beginnings(heard(form))} - {""}


def _abbreviated(name: str, given: str, initials: str) -> set[str]:
    """The abbreviations of a name, each behind the sign of its kind; without one, that kind is left out."""
    forms = variants(name)
    kinds = ((given, forms.given), (initials, forms.initials))
    return {f"{sign}{short}"[:MARK_LENGTH] for sign, shorts in kinds if sign for short in shorts}
