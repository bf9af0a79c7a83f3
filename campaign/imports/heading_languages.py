"""Names of columns that are known as a whole: in languages beside those of the interface, and of columns that
hold two things, such as "Country/Region".
"""

from __future__ import annotations

import re

# By the name of a field. A whole name of a column, so that short words mislead nowhere else.
_HEADINGS = {
    # Lithuanian, Latvian, Estonian, Czech, Slovak, Hungarian, Romanian, Turkish, the languages of the north,
    # Portuguese, Bulgarian, Serbian, Croatian, Georgian, Armenian, Azerbaijani, Kazakh, Greek.
    "name": """
        vardas; vardas ir pavardė; vardas, pavardė; vardas pavardė; pavardė, vardas; vārds; vārds, uzvārds;
        vārds un uzvārds; vārds uzvārds; eesnimi; nimi; täisnimi; ees- ja perekonnanimi; jméno; křestní jméno;
        jméno a příjmení; meno; meno a priezvisko; krstné meno; keresztnév; utónév; név; teljes név; prenume;
        nume; nume și prenume; nume si prenume; nume complet; numele complet; ad; adı; adı soyadı; ad soyad;
        ad, soyad; isim; ad və soyad; adı, soyadı; förnamn; fornavn; etunimi; namn; navn; för- och efternamn;
        for- og etternavn; fullständigt namn; fullt navn; primeiro nome; nome completo; nome e apelido; име;
        име и фамилия; име и презиме; ime; ime i prezime; სახელი; სახელი და გვარი;
        სახელი, გვარი; სახელი გვარი;
        անուն; անուն ազգանուն; անուն, ազգանուն; аты; аты-жөні; аты жөні; όνομα; ονοματεπώνυμο
    """,
    "surname": """
        pavardė; uzvārds; perekonnanimi; příjmení; priezvisko; vezetéknév; családnév; nume de familie; soyad;
        soyadı; soyisim; efternamn; etternavn; efternavn; sukunimi; apelido; apelidos; sobrenome; фамилно име;
        презиме; prezime; გვარი; ազգանուն; тегі; επώνυμο; επίθετο
    """,
    "country": """
        šalis; valstybė; valsts; riik; elukohariik; země; stát; krajina; štát; ország; țara; țară; tara; ţara;
        ülke; ölkə; maa; zemlja; država; држава; земља; държава; ქვეყანა; երկիր; ел; елі; χώρα
    """,
    "city": """
        miestas; vietovė; pilsēta; linn; asula; město; obec; mesto; város; település; oraș; oraşul; orașul;
        localitate; şehir; şəhər; il; by; kaupunki; paikkakunta; cidade; град; grad; ქალაქი; քաղաք; қала; πόλη
    """,
    "organisation": """
        organizacija; įstaiga; organizācija; iestāde; asutus; organisatsioon; organizace; instituce;
        organizácia; szervezet; organizația; organizatie; organizaţie; kuruluş; kurum; təşkilat; järjestö;
        organisasjon; organização; организация; организација; ორგანიზაცია; կազմակերպություն; ұйым;
        οργάνωση; οργανισμός
    """,
    "title": """
        pareigos; amats; amet; funkce; pozice; funkcia; beosztás; funcția; funcţia; görev; görevi; vəzifə;
        befattning; stilling; tehtävä; cargo; длъжност; funkcija; თანამდებობა; պաշտոն; лауазымы; θέση
    """,
    "email": "el. paštas; e-pasts; e-post; sähköposti; correio eletrónico; имейл; ელფოსტა; էլ. փոստ",
}
_FIELD_OF = {
    " ".join(heading.split()): field for field, text in _HEADINGS.items() for heading in text.split(";")
}
_COUNTRIES = frozenset(
    """
    country countries страна краіна країна kraj państwo land staat pays país pais paese nation šalis valsts
    riik země ország țara ülke ქვეყანა երկիր χώρα
    """.split()  # noqa: SIM905
)
_PARTS = re.compile(
    r"\s*[/|,;(&+\\]\s*|\s+(?:or|and|oder|und|или|и|або|ці|чи|та|і|lub|i|ou|et|o|u|y|e)\s+", re.IGNORECASE
)
_REGIONS = re.compile(
    r"r[eé]gi[oó]n\w*|регион\w*|рэгіён\w*|регіон\w*|\bstates?\b|\bestado\b|\bstato\b|territor\w+"
    r"|територ\w+|территор\w+|тэрытор\w+|province|provin[cz]\w*|województwo|область|вобласць|bundesland"
)
_SIGNATURE = re.compile(
    r"\b(?:подпись|подпіс|підпис|podpis|podpisy|unterschrift|signature|firma|assinatura|parašas|paraksts"
    r"|allkiri|aláírás|semnătura?|imza|imzası|underskrift|allekirjoitus|потпис|ხელმოწერა|ստորագրություն"
    r"|қолы|υπογραφή)\b"
)
_OF_NAMES = re.compile(
    r"name|имя|имен|імя|імен|ім[’'ʼ]я|imi|nazwisk|nombre|\bnom\b|nome|фамил|прозв|прізв|расшиф"
)


def known_heading(header: str) -> str | None:
    """The field that a whole name of a column says, by its name; None for one that is not known."""
    said = " ".join(header.casefold().strip(" :*.?№#").split())
    return _FIELD_OF.get(said)


def names_country_and_region(header: str) -> bool:
    """True for "Country/Region" and "State or country", which holds countries where it can."""
    parts = _parts(header)
    return len(parts) > 1 and any(part in _COUNTRIES for part in parts)


def names_region_first(header: str) -> bool:
    """True for "State / Country": there the cells have to tell what they are."""
    return names_country_and_region(header) and _parts(header)[0] not in _COUNTRIES


def _parts(header: str) -> list[str]:
    return [part.strip(" ):.*?") for part in _PARTS.split(header.casefold())]


def without_regions(header: str) -> str:
    """The name of a column in small letters without its words for regions and states."""
    return _REGIONS.sub(" ", header.casefold())


def is_of_signatures(header: str) -> bool:
    """True for the column of a list on paper in which people sign by hand: their names are beside it."""
    said = header.casefold()
    return bool(_SIGNATURE.search(said)) and not _OF_NAMES.search(said)
