"""Tables as programs and people save them: what is no name, who agreed, headings in many languages."""

from __future__ import annotations

import pytest

from tests.imports.lists_of_names import read_rows

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.databases("sqlite")]


def names(body: str, **answers: str) -> list[str]:
    """The names that are listed, people's and those of organisations."""
    return [entry.name or entry.organisation for entry in read_rows(body, answers)[0]]


def asked(body: str) -> list[str]:
    """The names of the questions that are asked."""
    return [question.name for question in read_rows(body)[1].open]


@pytest.mark.parametrize(
    ("header", "of"),
    [
        ("Country/Region", "Poland"), ("Страна/регион", "Польша"), ("País/Región", "Polonia"),
        ("Pays / Région", "Pologne"), ("Country or region", "Poland"), ("State/Country", "Poland"),
        ("Краіна (рэгіён)", "Польшча"), ("Land / Bundesland", "Polen"), ("Kraj/województwo", "Polska"),
        ("Область/страна", "Польша"), ("Country & State", "Poland"),
    ],
)  # fmt: skip
def test_row_04_a_column_of_countries_and_regions_has_countries(header: str, of: str) -> None:
    (entry,), questions, _left = read_rows(f"Name;City;{header}\nAnna Nowak;Lublin;{of}\n")
    assert (entry.name, entry.city, entry.country, questions.open) == ("Anna Nowak", "Lublin", "PL", [])


@pytest.mark.parametrize("header", ["Region", "State/Province", "Country of birth", "Country/place of birth"])
def test_row_04_a_column_of_regions_or_births_has_no_countries(header: str) -> None:
    assert read_rows(f"Name;City;{header}\nAnna Nowak;Lublin;Poland\n")[0][0].country == ""


@pytest.mark.parametrize(
    "table",
    [
        "Vardas;Pavardė;Miestas;Šalis\nOna;Petraitė;Vilnius;Lietuva\n=Ona Petraitė/Vilnius/LT",
        "Vardas ir pavardė;Organizacija;Šalis\nOna Petraitė;;Lietuva\n=Ona Petraitė//LT",
        "სახელი;გვარი;ქალაქი;ქვეყანა\nნინო;კაპანაძე;ბათუმი;საქართველო\n=ნინო კაპანაძე/ბათუმი/GE",
        "სახელი და გვარი;ქალაქი\nნინო კაპანაძე;ბათუმი\n=ნინო კაპანაძე/ბათუმი/",
        "Անուն;Ազգանուն;Երկիր\nԱննա;Սարգսյան;Հայաստան\n=Աննա Սարգսյան//AM",
        "Jméno;Příjmení;Město;Země\nAnna;Nováková;Brno;Česko\n=Anna Nováková/Brno/CZ",
        "Vārds;Uzvārds;Pilsēta;Valsts\nAnna;Liepa;Rīga;Latvija\n=Anna Liepa/Rīga/LV",
        "Förnamn;Efternamn;Ort;Land\nAnna;Berg;Lund;Sverige\n=Anna Berg/Lund/SE",
        "Nome;Apelido;Cidade;País\nAna;Silva;Lisboa;Portugal\n=Ana Silva/Lisboa/PT",
        "Nume;Prenume;Țara\nPopescu;Ana;România\n=Ana Popescu//RO",
        "Ad;Soyad;Şehir;Ülke\nAyşe;Yılmaz;Ankara;Türkiye\n=Ayşe Yılmaz/Ankara/TR",
        "Név;Ország\nNagy Anna;Magyarország\n=Nagy Anna//HU",
        "Име;Презиме;Фамилия;Град\nЯна;Петрова;Иванова;София\n=Яна Иванова/София/",
        "Име;Презиме;Град\nЯна;Петровић;Ниш\n=Яна Петровић/Ниш/",
    ],
)
def test_row_06_headings_in_many_languages_are_known(table: str) -> None:
    body, _equals, right = table.partition("\n=")
    (entry,), questions, _left = read_rows(f"{body}\n")
    assert f"{entry.name}/{entry.city}/{entry.country}" == right and questions.open == []


@pytest.mark.parametrize(
    "header",
    [
        "ФИО;Подпись", "Подпись;ФИО", "Імя і прозвішча;Подпіс", "Podpis;Imię i nazwisko",
        "Name;Unterschrift", "Signature;Name", "ПІБ;Підпис", "Подпись (личная);ФИО",
    ],
)  # fmt: skip
def test_row_06_a_column_of_signatures_has_no_names(header: str) -> None:
    is_first = header.casefold().startswith(("подпись", "podpis", "signature"))
    row = ["J. Lis", "Anna Nowak"] if is_first else ["Anna Nowak", "J. Lis"]
    assert names(f"{header}\n{';'.join(row)}\nJan Lis;Jan Lis\n")[0] == "Anna Nowak"
    assert asked(f"{header}\n{';'.join(row)}\n") == []


PSEUDONYMS = "Full name,Pseudonym,Country\nAnna Nowak,,PL\nJan Lis,J. L.,DE\nEwa Kot,-,PL\nIza Bąk,same,PL\n"


@pytest.mark.parametrize(
    ("answers", "listed"),
    [
        ({}, ["J. L.", "Iza Bąk"]),
        ({"unnamed": "leave-out"}, ["J. L.", "Iza Bąk"]),
        ({"unnamed": "other-name"}, ["Anna Nowak", "J. L.", "Ewa Kot", "Iza Bąk"]),
    ],
)
def test_row_06_whoever_leaves_the_name_for_the_list_empty_is_asked_about(
    answers: dict[str, str], listed: list[str]
) -> None:
    entries, questions, left = read_rows(PSEUDONYMS, answers)
    assert [entry.name for entry in entries] == listed
    (question,) = questions.questions
    assert (question.code, question.count) == ("unnamed", 2) and bool(questions.open) == (not answers)
    assert left.unnamed == (0 if "Anna Nowak" in listed else 2)


@pytest.mark.parametrize(
    "body",
    [
        "Full name,Pseudonym,Country\nAnna Nowak,,PL\nJan Lis,,DE\n",
        "First name,Last name,Name as it should appear,Country\nAnna,Nowak,,PL\nJan,Lis,,DE\n",
        "ФИО,Имя для публикации\nАнна Новик,\nЯн Лис,\n",
    ],
)
def test_row_06_a_column_of_names_for_the_list_that_is_empty_throughout_is_asked_about(body: str) -> None:
    assert (names(body), asked(body)) == ([], ["unnamed"])
    assert len(names(body, unnamed="other-name")) == 2


@pytest.mark.parametrize(
    "cell",
    [
        "-", "—", "N/A", "n/a", "none", "Anonymous", "Аноним", "Ананім", "Name withheld", "имя скрыто", "???",
        "не указано", "няма", "brak", "keine Angabe", "…", "#N/A",
    ],
)  # fmt: skip
def test_row_11_a_cell_that_gives_no_name_lists_nobody(cell: str) -> None:
    entries, questions, left = read_rows(f"Name;Country\n{cell};PL\nAnna Nowak;PL\n-;-\n")
    assert [entry.name for entry in entries] == ["Anna Nowak"] and questions.open == []
    assert left.row_count == 2
    (entry,), _asked, _left = read_rows(f"Organisation;Representative\nHuman Rights House;{cell}\n")
    assert (entry.organisation, entry.name) == ("Human Rights House", "")


@pytest.mark.parametrize(
    "body",
    [
        "Name,Country\nІмя,Краіна\nAnna Nowak,PL\n",
        "Имя,Фамилия,Страна\n(name),(surname),(country)\nAnna,Nowak,PL\n",
        "Signatory,,Place,\nFirst name,Last name,City,Country\nAnna,Nowak,Lublin,Poland\n",
        "Open letter to the Prime Minister,,\n,,\nName,City,Country\nAnna Nowak,Lublin,Poland\n",
        "Table 1,,\nName,Country,\nAnna Nowak,Poland,\n",
        ",Name,,Country,,\n,Anna Nowak,,Poland,,\n",
        "Name,Country\nAnna Nowak,Poland\nTotal signatures:,1\nВсего: 1,\n---,---\n",
    ],
)
def test_row_11_second_headings_titles_totals_and_empty_columns_list_nobody(body: str) -> None:
    assert (names(body), asked(body)) == (["Anna Nowak"], [])


@pytest.mark.parametrize(
    ("header", "yes", "no", "question"),
    [
        ("Confirmed", "yes", "no", "consent"), ("Status", "Confirmed", "Pending", "unsaid"),
        ("Status", "Signed", "Declined", "consent"), ("Signed?", "checked", "", "unsaid"),
        ("Will sign?", "yes", "not yet", "consent"), ("Подтверждение", "да", "ждём ответа", "unsaid"),
        ("Статус", "подписали", "отказ", "consent"), ("Падпісалі", "так", "не", "consent"),
        ("Potwierdzone", "tak", "nie", "consent"), ("Zugesagt", "ja", "offen", "unsaid"),
    ],
)  # fmt: skip
def test_row_07_whoever_has_not_signed_yet_is_asked_about(
    header: str, yes: str, no: str, question: str
) -> None:
    body = (
        f"Organisation;Country;{header}\nAlpha Centre;PL;{yes}\nGamma Centre;PL;{yes}\nBeta Union;DE;{no}\n"
    )
    assert (names(body), asked(body)) == (["Alpha Centre", "Gamma Centre"], [question])
    assert asked(body.replace(f";DE;{no}", f";DE;{yes}")) == []


@pytest.mark.parametrize("cell", ["yes", "x", "withdrawn", "да"])
def test_row_07_whoever_has_withdrawn_is_left_out(cell: str) -> None:
    for header in ("Withdrawn", "Отозвано", "Removed"):
        body = f"Name;Country;{header}\nAnna Nowak;PL;\nJan Lis;DE;{cell}\n"
        assert names(body) == ["Anna Nowak"]
    assert asked(body.replace(cell, "3 May")) == ["unsaid"]


@pytest.mark.parametrize(
    ("header", "cell"), [("Статус", "учитель"), ("Signed", "Anna Nowak"), ("Answer", "I like it")]
)
def test_row_07_a_column_of_something_else_asks_for_no_agreement(header: str, cell: str) -> None:
    assert asked(f"Organisation;Country;{header}\nAlpha Centre;PL;{cell}\n") == []
