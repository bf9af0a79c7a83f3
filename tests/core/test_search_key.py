"""Names are found in another script, without accents, in another romanisation; and other names are not."""

from __future__ import annotations

import unicodedata

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, column

from campaign.core.search import has_words, search_key
from campaign.core.text import clean_line
from tests.world.searches import find

pytestmark = pytest.mark.databases("sqlite", "postgresql")

# Each of a row is found by each of it.
SAME = [
    ["Бяляцкі", "Беляцкий", "Bialiatski", "Bialacki", "Białacki", "Byalyatski", "Beliatsky", "Biełacki"],
    ["Святлана", "Светлана", "Sviatlana", "Svetlana", "Swiatłana", "Śviatłana"],
    ["Müller", "muller", "mueller", "MÜLLER", "Мюллер"],
    ["Łukasz", "lukasz", "Lukáš", "Лукаш"],
    ["Зеленський", "Зеленский", "Zelenskyi", "Zelenskyy", "Zelensky", "Zelenski", "Zelenskiy", "Zieleński"],
    ["Домбровский", "Домбровски", "Дамброўскі", "Dombrovski", "Dąbrowski", "Dabrowski"],
    ["Лукашенко", "Лукашэнка", "Lukashenka", "Lukashenko", "Łukašenka", "Lukasenka", "Łukaszenka"],
    ["Ціханоўская", "Tsikhanouskaya", "Cichanoŭskaja", "Cichanouskaja", "Tsikhanouskaia"],
    ["Шаўчук", "Шевчук", "Shauchuk", "Shevchuk", "Šaŭčuk", "Szewczuk", "Schewtschuk"],
    ["Чарноў", "Чернов", "Charnou", "Chernov", "Čarnoŭ", "Czarnow", "Tschernow"],
    ["Хадыка", "Khadyka", "Chadyka", "Hadyka"],
    ["Шчарбіна", "Щербина", "Shcherbyna", "Ščarbina", "Szczerbina", "Schtscherbina"],
    ["Жданаў", "Жданов", "Zhdanov", "Ždanaŭ", "Żdanow", "Zdanov"],
    ["Ганна", "Hanna", "Ganna", "Ґанна"],
    ["Алена", "Елена", "Алёна", "Олена", "Alena", "Yelena", "Jelena", "Elena"],
    ["Яна", "Jana", "Yana", "Iana"],
    ["Юлия", "Юлія", "Julia", "Yuliya", "Julija", "Iuliia"],
    ["Марыя", "Мария", "Марія", "Maria", "Maryja", "Mariya"],
    ["Ігар", "Игорь", "Ігор", "Ihar", "Igor", "Ihor"],
    ["Сяргей", "Сергей", "Siarhei", "Siarhiej", "Sergey", "Sergei", "Sierhiej"],
    ["Аляксандр", "Александр", "Олександр", "Aliaksandr", "Alaksandr", "Aleksandr", "Alexandr"],
    ["Раман", "Роман", "Roman", "Raman"],
    ["Віктар", "Виктор", "Viktar", "Victor", "Wiktor"],
    ["Schröder", "Шрёдер", "schroeder", "schroder"],
    ["Groß", "gross", "Гросс"],
    ["Дем’ян", "Демʼян", "Demian", "Demyan"],
    ["José", "jose", "JOSE\u0301"],
]
DIFFERENT = [
    ("Анна", "Инна"), ("Анна", "Яна"), ("Іван", "Яна"), ("Пётр", "Павел"), ("Новік", "Новак"), ("Müller", "Miller"),
    ("Бяляцкі", "Бялкоўскі"), ("Бяляцкі", "Бяляўскі"), ("Зеленський", "Зелінський"), ("Лукашенко", "Лукашевич"), ("Ткачук", "Ткаченко"),
    ("Иванов", "Иваницкий"), ("Марыя", "Марына"), ("Марыя", "Марк"), ("Марыя", "Морозов"), ("Алена", "Аліна"), ("Ігар", "Ягор"),
    ("Аляксандр", "Аляксей"), ("Цокал", "Сокал"), ("Дубко", "Тупко"), ("Ana", "Ivanov"), ("Чыж", "Чэх"), ("Ян", "Іван"),
    ("Ольга", "Олег"), ("Кац", "Кот"),
]  # fmt: skip
KEY = column("key", Text)


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_a_name_is_found_by_each_of_its_spellings(context: Flask, names: list[str]) -> None:
    for typed in names:
        assert find(names, typed) == names


def test_other_names_are_not_found(context: Flask) -> None:
    for typed, name in DIFFERENT:
        assert find([f"Zzz {name} Zzz"], typed) == [], (typed, name)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("бяляц", True),
        ("lacki", False),
        ("ляцк", True),
        ("ales bialacki", True),
        ("bialacki minsk", True),
        ("bialacki hrodna", False),
        ("anna", False),
        ("%", False),
        ("_", False),
        ("|", False),
        ("*", False),
        ("🙂", False),
        ("", True),
    ],
)
def test_every_word_is_asked_for(context: Flask, typed: str, found: bool) -> None:
    assert bool(find(["Алесь Бяляцкі Мінск"], typed)) is found


def test_what_has_no_letter_is_found_as_it_is(context: Flask) -> None:
    assert find(["🙂", "Анна"], "🙂") == ["🙂"]


@given(st.text(max_size=60))
def test_a_key_is_never_a_question_of_normal_form_and_never_empty(text: str) -> None:
    line = clean_line(text)
    assert search_key(line) == search_key(unicodedata.normalize("NFD", line)) or not any(
        map(str.isalpha, line)
    )
    assert bool(search_key(line)) == bool(line)
    assert has_words(KEY, text.replace("\0", "")) is not None


@given(st.text(alphabet="абвгґдеёєжзиіїйклмнопрстуўфхцчшщъыьэюя -'", max_size=40))
def test_keys_are_equal_for_a_name_and_its_latin_words_only(name: str) -> None:
    words = search_key(name).split("|")[0]
    assert search_key(words) == search_key(name)
    assert words.isascii() or "|" not in search_key(name)


@given(
    st.text(
        alphabet="абвгґдеёєжзиіїйклмнопрстуўфхцчшщыьэюяchszjyiaeoucwgkłóżźćńśąęšžčŭöüß",
        min_size=1,
        max_size=20,
    )
)
def test_a_word_is_found_by_itself(word: str) -> None:
    key = search_key(word)
    for condition in has_words(KEY, word):
        parts = [str(value).replace("/", "") for value in condition.compile().params.values()]
        assert any(part in key for part in parts)
