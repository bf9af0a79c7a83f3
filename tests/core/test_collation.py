"""The order of names of five languages in one list, the same in Python and in both databases."""

from __future__ import annotations

import random
import sys
import time
import unicodedata

import pytest
from babel import Locale
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from campaign.core.collation import sort_key
from campaign.core.database import writing
from campaign.core.formats import countries
from campaign.signatures.models import Signature

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ALPHABETS = {
    "Belarusian": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Polish": "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "German": "abcdefghijklmnopqrstuvwxyz",
}
IN_ORDER = [
    ["24 гадзіны", "Zoe", "Анна", "Ωμέγα", "ليلى", "ნინო"],
    ["adam", "Adam", "ADAM", "Ádám", "Adamo"],
    ["Élan", "Elbe"],
    ["Muller", "Müller", "Muller A", "Müller B", "Mullerin"],
    ["Strasse", "Straße", "Strassen"],
    ["Lozano", "Łukasz", "Mazur"],
    ["Azja", "Ącki", "Baca"],
    ["Cygan", "Ćwikła", "Dąb"],
    ["Nowak", "Ńeć", "Ozimek", "Ósemka", "Pan"],
    ["Zyta", "Źrebak", "Żak"],
    ["Cyz", "Čyž", "Ćma"],
    ["Еўтух", "Ёлкін", "Євген", "Жук"],
    ["Зубр", "Иванов", "Іваноў", "Їжак", "Йосіф", "Крук"],
    ["Гурко", "Ґалаґан", "Дуб"],
    ["Бурак", "Бусел", "Быкаў"],
    ["Аўсей", "Афонін"],
    ["Анна Мария", "Анна-Мария", "Анна Марыя", "Анна-Марыя", "Анна Яна", "Аннабель"],
    ["Дерюга", "Дерʼян", "Деряник"],
    ["OBrien", "O’Brien", "Oconnor", "O’Connor", "Odell"],
    ["Вежа", "«Вясна»", "Вясна Б"],
]


@pytest.mark.parametrize(("language", "alphabet"), ALPHABETS.items())
def test_every_alphabet_is_in_its_own_order(language: str, alphabet: str) -> None:
    for letters in (alphabet, alphabet.upper()):
        shuffled = random.Random(language).sample(letters, len(letters))
        assert "".join(sorted(shuffled, key=sort_key)) == letters
        assert [name[0] for name in sorted((f"{letter}ааzz" for letter in shuffled), key=sort_key)] == list(
            letters
        )


@pytest.mark.parametrize("names", IN_ORDER, ids=lambda names: names[0])
def test_names_stand_where_their_readers_look(names: list[str]) -> None:
    assert sorted(random.Random(1).sample(names, len(names)), key=sort_key) == names


def test_all_apostrophes_are_one() -> None:
    assert len({sort_key(f"Дем{sign}ян") for sign in "'’ʼ‘"}) == 1


@pytest.mark.parametrize("code", ["en", "be", "ru", "uk", "pl", "de"])
def test_countries_are_sorted_for_their_readers(code: str) -> None:
    names = [name for _code, name in countries(code)]
    assert names == sorted(names, key=sort_key)
    assert set(names) <= set(Locale.parse(code).territories.values())


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("be", ["Зімбабвэ", "Іарданія", "Японія"]),
        ("ru", ["Иордания", "Йемен", "Казахстан"]),
        ("uk", ["Індія", "Йорданія", "Казахстан"]),
        ("pl", ["Litwa", "Luksemburg", "Łotwa", "Macedonia Północna"]),
        ("de", ["Norwegen", "Österreich", "Pakistan"]),
        ("en", ["Afghanistan", "Åland Islands", "Albania"]),
    ],
)
def test_a_country_stands_where_its_reader_looks(code: str, names: list[str]) -> None:
    listed = [name for _code, name in countries(code)]
    places = [listed.index(name) for name in names]
    assert places == sorted(places)


@given(st.text(max_size=300))
def test_a_key_can_be_stored_and_indexed_everywhere(text: str) -> None:
    key = sort_key(text)
    assert "\0" not in key
    assert len(key) <= 602 and len(key.encode()) <= 2_500
    assert key == sort_key(unicodedata.normalize("NFD", text)) or len(text) > 60


def test_every_character_has_a_place() -> None:
    for point in range(sys.maxunicode + 1):
        assert not set(sort_key(chr(point))) & {"\0", "\n"}, hex(point)


@given(
    st.text(alphabet="aąbäАбеёіїўґ'- ÄŁłż", max_size=8), st.text(alphabet="aąbäАбеёіїўґ'- ÄŁłż", max_size=8)
)
def test_code_points_and_bytes_give_the_same_order(one: str, other: str) -> None:
    assert (sort_key(one) < sort_key(other)) == (sort_key(one).encode() < sort_key(other).encode())


def test_both_databases_sort_as_python_does(context: Flask) -> None:
    names = [name for row in IN_ORDER for name in row] + [
        letter for alphabet in ALPHABETS.values() for letter in alphabet
    ]
    # A column of the same type as that of the list.
    table = Table(
        "try_order",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("key", Signature.__table__.c.sort_key.type),
    )
    with writing() as session:
        table.create(session.connection())
        session.execute(
            insert(table), [{"key": sort_key(name)} for name in random.Random(2).sample(names, len(names))]
        )
        ordered = list(session.scalars(select(table.c.key).order_by(table.c.key)))
        table.drop(session.connection())
    assert ordered == sorted(map(sort_key, names))


def test_an_import_of_many_names_does_not_wait_for_keys() -> None:
    begun = time.perf_counter()
    for number in range(10_000):
        sort_key(f"Алесь Бяляцкі {number}")
    assert time.perf_counter() - begun < 2, "10,000 keys take less than 0.1 s on a free machine"
