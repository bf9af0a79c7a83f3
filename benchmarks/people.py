"""Names to fill a list with: invented combinations of common names, in the scripts of real lists."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """Common first names, surnames and cities of a country, in its script; `share` of all signatories."""

    code: str
    share: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    cities: tuple[str, ...]


COUNTRIES = (
    Country(
        "BY", 30,
        (
            "Алесь", "Ганна", "Марыя", "Уладзімір", "Ксенія", "Наста", "Зміцер",
            "Вольга", "Ян", "Святлана", "Ігар", "Таццяна",
        ),
        (
            "Кавалёнак", "Шчарбіна", "Лукашэвіч", "Мацкевіч", "Ждановіч", "Дубоўскі",
            "Сініца", "Ярашэвіч", "Гурыновіч", "Бандарэнка", "Крук",
        ),
        ("Мінск", "Брэст", "Гродна", "Віцебск", "Гомель", "Магілёў", "Баранавічы"),
    ),
    Country(
        "PL", 20,
        (
            "Anna", "Katarzyna", "Łukasz", "Paweł", "Zofia", "Michał",
            "Agnieszka", "Tomasz", "Małgorzata", "Jędrzej",
        ),
        (
            "Nowak", "Wiśniewska", "Wójcik", "Kowalczyk", "Zieliński", "Szymańska",
            "Dąbrowski", "Kozłowska", "Jabłoński", "Ćwikła",
        ),
        ("Warszawa", "Białystok", "Kraków", "Wrocław", "Łódź", ""),
    ),
    Country(
        "LT", 12,
        ("Jonas", "Rūta", "Žydrūnas", "Eglė", "Vytautas", "Aušra", "Mantas", "Živilė"),
        ("Kazlauskas", "Petrauskienė", "Žukauskas", "Stankevičiūtė", "Balčiūnas", "Urbonaitė", "Šimkus"),
        ("Vilnius", "Kaunas", "Klaipėda", ""),
    ),
    Country(
        "UA", 10,
        ("Олена", "Тарас", "Ірина", "Юрій", "Наталія", "Андрій", "Оксана", "Ґжегож"),
        ("Шевченко", "Коваленко", "Бондар", "Ткачук", "Олійник", "Гнатюк", "Їжакевич"),
        ("Київ", "Львів", "Харків", "Одеса", ""),
    ),
    Country(
        "DE", 12,
        ("Johanna", "Jürgen", "Käthe", "Matthias", "Sabine", "Björn", "Ulrike", "Stefan"),
        ("Müller", "Schäfer", "Weiß", "Krüger", "Lindner", "Vogt", "Groß", "Özdemir"),
        ("Berlin", "Köln", "München", "Leipzig", ""),
    ),
    Country(
        "GB", 10,
        ("Emily", "James", "Siân", "Oliver", "Aoife", "George", "Priya", "Daniel"),
        ("Smith", "O’Connor", "Patel", "Davies", "MacLeod", "Hughes", "Fletcher"),
        ("London", "Edinburgh", "Cardiff", "Leeds", ""),
    ),
    Country(
        "GE", 4,
        ("ნინო", "გიორგი", "თამარ", "ლევან"),
        ("ბერიძე", "კაპანაძე", "გელაშვილი", "მაისურაძე"),
        ("თბილისი", "ქუთაისი", ""),
    ),
    Country("LB", 2, ("ليلى", "كريم", "هالة"), ("حداد", "خوري", "منصور"), ("بيروت", "")),
)  # fmt: skip
_SHARES = tuple(country.share for country in COUNTRIES)
_KINDS = (
    "Human Rights Centre",
    "Helsinki Committee",
    "Праваабарончы цэнтр",
    "Stowarzyszenie",
    "Centras",
    "Спілка",
    "Verein",
    "PEN Club",
)


def countries(chance: random.Random, number: int) -> list[Country]:
    """`number` countries, each as often as its share."""
    return chance.choices(COUNTRIES, _SHARES, k=number)


def person(chance: random.Random, country: Country) -> tuple[str, str]:
    """(name, city) of an invented person there; the city may be empty."""
    pick = chance.random
    first, last, cities = country.first, country.last, country.cities
    return f"{first[int(pick() * len(first))]} {last[int(pick() * len(last))]}", cities[
        int(pick() * len(cities))
    ]


def organisation(chance: random.Random, number: int) -> str:
    """The name of an organisation; `number` makes it unique."""
    return f"{chance.choice(_KINDS)} {chance.choice(COUNTRIES).cities[0]} {number}"
