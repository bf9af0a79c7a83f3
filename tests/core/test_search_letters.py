"""Searches that people type, in letters that their keyboard has, for names in the letters of their own."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.world.searches import find

pytestmark = pytest.mark.databases("sqlite", "postgresql")

# What was typed, and the name that it means.
FOUND = [
    ("Елкин", "Ёлкин Пётр"), ("Ёлкин", "Елкин"), ("Yolkin", "Ёлкин"), ("елк", "Ёлкин"), ("Йолкін", "Елкин"),
    ("Абилова", "Әбілова Айгүл"), ("Aigul", "Әбілова Айгүл"), ("Abilova", "Әбілова"), ("Касым", "Қасым"),
    ("Галым", "Ғалым"), ("Омир", "Өмір"), ("Улан", "Ұлан"), ("Хасан", "Һасан"), ("Джамиля", "Җәмилә"),
    ("Hasanov", "Xasanov"), ("Хасанов", "Xasanov"), ("Кодиров", "Qodirov"), ("Кодиров", "Қодиров"), ("Джамшед", "Ҷамшед"),
    ("Aliyeva", "Əliyeva Xədicə"), ("Алиева", "Əliyeva"), ("Hadija", "Xədicə"), ("Джафаров", "Cəfərov"), ("Jafarov", "Джафаров"),
    ("Isik", "Işık"), ("ibrahim", "İbrahim"), ("IŞIK", "ışık"), ("Erdogan", "Erdoğan"),
    ("Lodz", "Łódź"), ("Soren", "Søren"), ("Soeren", "Søren"), ("Strasse", "Straße"), ("Djordjevic", "Đorđević"), ("Thor", "Þór"),
    ("Уладзимир", "Ўладзімір"), ("Ганна", "Ґанна"), ("Демян", "Дем`ян"), ("Дем'ян", "Дем’ян"), ("Николаи", "Николай"),
    ("Burjanadze", "ნინო ბურჯანაძე"), ("Бурджанадзе", "ნინო ბურჯანაძე"), ("Nino", "ნინო"),
    ("Petrosyan", "Աննա Պետրոսյան"), ("Erevan", "Երևան"), ("Yerevan", "Երևան"),
    ("Vasilis", "Βασίλης"), ("ΒΑΣΙΛΗΣ", "Βασίλης"), ("Evangelos", "Ευάγγελος"), ("Christos", "Χρήστος"), ("Papadopoulos", "Παπαδόπουλος"),
    ("محمد", "مُحَمَّد"), ("احمد", "أحمد"), ("أحمد", "احمد"), ("علی", "علي"), ("فاطمة", "فاطمه"), ("דוד", "דָּוִד"),
    ("김철", "김철수"), ("김", "김철수"), ("김철수", "김 철수"), ("Kim", "김철수"), ("Lee", "이영희"), ("이영", "이영희"),
    ("李明", "李明"), ("明", "李明"), ("王小明", "王 小明"), ("Li Ming", "李明"), ("Ming Li", "李明"), ("張偉", "张伟"),
    ("田中", "田中太郎"), ("タナカ", "たなか"), ("tanaka", "タナカ"), ("ペロシ", "ナンシー・ペロシ"),
    ("Alsayed", "Al-Sayed"), ("al sayed", "Alsayed"), ("Cheolsu", "Kim Cheol-su"), ("Bialiatski Ales", "Алесь Бяляцкі"),
    ("สมชาย", "สมชาย"), ("नरेन्द्र", "नरेन्द्र मोदी"),
]  # fmt: skip
NOT_FOUND = [
    ("李", "Polina"), ("明", "李四"), ("علي", "Lyudmila"), ("김", "박철수"), ("Елкин", "Волкин"), ("Али", "Юлия"),
    ("張偉", "Zhang Li"), ("Jan", "Иван"), ("ת", "דוד"), ("محمد", "أحمد"),
]  # fmt: skip


def test_row_18_names_are_found_by_the_letters_that_people_type(context: Flask) -> None:
    missed = [(typed, name) for typed, name in FOUND if not find([f"Zzz {name} Zzz"], typed)]
    assert missed == []


def test_row_18_other_names_are_not_found(context: Flask) -> None:
    wrong = [(typed, name) for typed, name in NOT_FOUND if find([f"Zzz {name} Zzz"], typed)]
    assert wrong == []


BOTH = [
    ("Тихановская", "Ціханоўская"), ("Тихановская", "Tsikhanouskaya"), ("Дмитрий", "Дзмітрый"), ("Dmitry", "Dzmitry"),
    ("Владимир", "Уладзімір"), ("Владислав", "Уладзіслаў"), ("Валентина", "Валянціна"), ("Константин", "Канстанцін"),
    ("Матвей", "Мацвей"), ("Тимофей", "Цімафей"), ("Людмила", "Людміла"), ("Демьян", "Дзям'ян"), ("Денис", "Дзяніс"),
    ("Артём", "Арцём"), ("Костевич", "Касцевіч"), ("Дедок", "Дзядок"), ("Тереза", "Тэрэза"), ("Беляцкий", "Бяляцкі"),
    ("Бабариков", "Бабарыкаў"), ("Сергей", "Сяргей"), ("Колесникова", "Калеснікава"), ("Наталья", "Наталля"),
    ("Παπαδόπουλος", "Papadopoulos"), ("გიორგი", "Giorgi"), ("Կարապետյան", "Karapetyan"),
]  # fmt: skip


def test_rows_17_and_18_a_name_is_found_by_its_other_spelling_both_ways(context: Flask) -> None:
    pairs = [pair for one, other in BOTH for pair in ((one, other), (other, one))]
    assert [pair for pair in pairs if not find([f"Zzz {pair[0]} Zzz"], pair[1])] == []
    apart = [("Цимур", "Дима"), ("Тимофей", "Димофей"), ("Владимир", "Уладислава"), ("Титов", "Дидов")]
    assert [pair for pair in apart if find([f"Zzz {pair[0]} Zzz"], pair[1])] == []
