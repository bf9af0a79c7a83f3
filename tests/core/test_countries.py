"""Countries as people write them."""

from __future__ import annotations

import pytest

from campaign.core.countries import country_of, country_of_cell, has_several_countries
from campaign.core.country_names import AMBIGUOUS
from campaign.core.formats import countries

KNOWN = {
    "AE": "UAE|U.A.E.|ОАЭ|United Arab Emirates",
    "AT": "Österreich|OSTERREICH|Oesterreich|Ausztria",
    "BA": "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia|Bosnia-Herzegovina|BiH|Босния и Герцеговина",
    "BY": (
        "BLR|by|Belarus.| BELARUS |Беларусь|Белоруссия|Białoruś|Bialorus|Republic of Belarus|Рэспубліка Беларусь|"
        "Weißrussland|Baltarusija|Baltkrievija|Vitryssland|ბელარუსი|🇧🇾|🇧🇾 Belarus|Belarus (BY)|Belarus\u00a0"
    ),
    "CD": "Zaire|DR Congo|Congo (Kinshasa)|Congo, Democratic Republic of the",
    "CG": "Congo - Brazzaville|Republic of the Congo",
    "CI": "Côte d'Ivoire|Côte d’Ivoire|cote d`ivoire|Cote dIvoire|Ivory Coast|Кот-д'Ивуар",
    "CZ": "Czechia|Czech Republic|Česko|ČR|Чехия|Чэхія|Tschechien|Repubblica Ceca",
    "DE": "Нямеччына|Germany|DEUTSCHLAND|Niemcy|Alemania|Federal Republic of Germany|Німеччина|saksa",
    "GB": "UK|U.K.|Great Britain|England|Scotland|Wales|Northern Ireland|Zjednoczone Królestwo|Велика Британія|Royaume-Uni",
    "GE": "Georgia|Грузия|საქართველო|Sakartvelo",
    "GM": "The Gambia|Gambia, The",
    "IR": "Iran (Islamic Republic of)|Iran, Islamic Republic of|IRN",
    "KP": "North Korea|Korea, North|Democratic People's Republic of Korea|КНДР",
    "KR": "Южная Корея|South Korea|Korea (South)|Korea, Republic of|대한민국|Паўднёвая Карэя",
    "LC": "St. Lucia|Saint Lucia",
    "LT": "Lietuva|Літва|Republika Litewska",
    "MD": "Moldova, Republic of|Rep. of Moldova|Молдавия",
    "MK": "Macedonia|North Macedonia|FYROM|Македония",
    "MM": "Burma|Myanmar (Burma)",
    "NL": "Holland|the netherlands|Nederland|Голландия",
    "PS": "Palestine|Палестина",
    "RU": "Российская Федерация|Russia|РФ|Rossiya|RUSSIAN FEDERATION|Расія",
    "SZ": "Swaziland|Eswatini",
    "TR": "Turkey|Türkiye|TURKIYE|Турция|Tuerkei",
    "TT": "Trinidad & Tobago|Trinidad and Tobago|Trinidad y Tobago",
    "TW": "Taiwan|Taiwan, Province of China",
    "UA": "Ukraina|Украина|The Ukraine|Україна",
    "US": "U.S.A.|U. S. A.|USA|US|United States of America|США|ЗША|Estados Unidos|EE. UU.|États-Unis",
    "VN": "Viet Nam|Vietnam|Việt Nam|Вьетнам",
    "XK": "Kosovo|Kosova|XK",
}
UNKNOWN = (
    "Korea|Congo|America|Republic of China|USSR|Yugoslavia|Crimea|Transnistria|Abkhazia|Northern Cyprus|Tibet|Warsaw|"
    "Europe|EU|ZZ|Narnia|Poland / Belarus|Poland, Belarus|Georgia (USA)|Belarus 🇵🇱|Polish|-|?|12|"
)


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, names in KNOWN.items() for name in names.split("|")]
)
def test_row_08_a_country_is_known_by_any_of_its_names(code: str, name: str) -> None:
    assert country_of(name) == code


@pytest.mark.parametrize("name", UNKNOWN.split("|"))
def test_row_08_what_names_no_country_or_two_is_not_guessed(name: str) -> None:
    assert country_of(name) is None


def test_row_08_the_names_that_the_site_shows_are_known() -> None:
    for language in ("en", "be", "ru", "uk", "pl", "de"):
        for code, name in countries(language):
            if name not in AMBIGUOUS:
                assert country_of(name) == code, (language, name)


def test_row_08_several_countries_in_one_cell() -> None:
    assert has_several_countries("Poland / Belarus") and has_several_countries("Литва и Польша")
    assert not has_several_countries("Bosnia and Herzegovina") and not has_several_countries("Narnia")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cote d Ivoire", "CI"), ("한국", "KR"), ("São Tomé", "ST"), ("Trinidad", "TT"), ("Cymru", "GB"),
        ("Shqipëria", "AL"), ("Летува", "LT"), ("Беларусь/Belarus", "BY"), ("PL - Poland", "PL"), ("Poland (PL)", "PL"),
        ("PL-Poland", "PL"), ("Лiтва", "LT"), ("ENG", "GB"), ("SCO", "GB"), ("WAL", "GB"), ("NIR", "GB"),
        ("Polska / Poland / Польшча", "PL"), ("Poland – Belarus", None), ("Polska / PL / Belarus", None),
    ],
)  # fmt: skip
def test_row_08_one_country_by_several_names_is_known(name: str, code: str | None) -> None:
    assert country_of(name) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Vilnius, Lithuania", "LT"), ("Беларусь, Мінск", "BY"), ("London (UK)", "GB"), ("Berlin/Germany", "DE"),
        ("Poland / Belarus", None), ("Atlanta, Georgia", None), ("Crimea, Ukraine", None), ("Minsk, Narnia", None),
        ("Belarus, now Poland", None), ("Georgia (USA)", None), ("Belarus, 2020", None), ("Atlanta, GA", None),
    ],
)  # fmt: skip
def test_row_08_a_place_beside_the_only_country_of_a_cell(cell: str, code: str | None) -> None:
    assert country_of(cell) in (None, code) and country_of_cell(cell) == code
