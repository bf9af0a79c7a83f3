"""Names of columns as people and forms write them."""

from __future__ import annotations

import io

import pytest

from campaign.imports.column_mapping import guess
from campaign.imports.column_vocabulary import Field
from campaign.imports.row_parser import parsed_signatory
from campaign.sheets.readers import read_file

pytestmark = pytest.mark.usefixtures("context")


def first(text: str) -> tuple[str, str, str]:
    """(name, city, country) of the first signatory."""
    rows = list(read_file(io.BytesIO(text.encode())).rows)
    layout = guess(rows)
    entry, problems = next(parsed_signatory(row, cells, layout) for row, cells in rows if row > layout.header)
    assert entry is not None, [problem.text for problem in problems]
    return entry.name, entry.city, entry.country


@pytest.mark.parametrize("name", ["State", "state", "US State", "Region", "IP", "Phone number", "Gender"])
def test_row_04_a_column_whose_name_says_what_it_is_is_not_guessed_by_its_content(name: str) -> None:
    """CA is California here, and not Canada."""
    rows = [(1, ["Full name", name]), *((row, [f"John Doe {row}", "CA"]) for row in range(2, 9))]
    assert Field.COUNTRY not in guess(rows).columns


def test_row_04_a_state_is_no_country_beside_a_column_of_countries() -> None:
    text = "full_name,email,city,state,country_code\nJohn Doe,j@post.example.org,San Francisco,CA,Germany\n"
    assert first(text) == ("John Doe", "San Francisco", "DE")


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("First,Last,Email,Country", "Anna,Nowak,a@post.example.org,PL", "Anna Nowak"),
        ("Nom,Prénom,Pays", "Dupont,Anne,FR", "Anne Dupont"),
        ("Nom,Pays", "Anne Dupont,FR", "Anne Dupont"),
        ("Nombre,Apellidos,País", "Ana,García Ruiz,ES", "Ana García Ruiz"),
        ("Cognome,Nome,Paese", "Rossi,Anna,IT", "Anna Rossi"),
        ("Прозвішча,Імя", "Новік,Ганна", "Ганна Новік"),
        ("Прозвішча,Імя,Імя па бацьку", "Новік,Ганна,Іванаўна", "Ганна Іванаўна Новік"),
        ("Фамилия,Имя,Отчество", "Иванова,Анна,Ивановна", "Анна Ивановна Иванова"),
        ("Imię,Nazwisko,Kraj", "Anna,Nowak,PL", "Anna Nowak"),
        ("Vorname,Nachname,Land", "Anna,Müller,DE", "Anna Müller"),
    ],
)
def test_row_06_names_in_several_columns_are_joined_in_their_order(header: str, row: str, name: str) -> None:
    assert first(f"{header}\n{row}\n")[0] == name


@pytest.mark.parametrize("asked", ["I agree to the publication of my name", "My name may be shown"])
def test_row_07_the_export_of_a_form_has_its_names(asked: str) -> None:
    text = f"Timestamp,{asked},Full name,Country\n2026/11/02 10:11,Yes,Anna Nowak,PL\n2026/11/03 9:00,Yes,Jan,PL\n"
    assert first(text) == ("Anna Nowak", "", "PL")


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Nombre;Apellido 1;Apellido 2;País", "Ana;García;Ruiz;España", "Ana García Ruiz"),
        ("Nombre;Primer apellido;Segundo apellido;País", "Ana;García;Ruiz;España", "Ana García Ruiz"),
        ("First name;Middle name;Last name;Country", "Anna;Maria;Nowak;PL", "Anna Maria Nowak"),
        ("first_name;last_name;email;country", "Anna;Nowak;a@post.example.org;PL", "Anna Nowak"),
        ("Name 1;Name 2;Land", "Anna;Nowak;Polen", "Anna Nowak"),
        ("Name;Vorname;Ort", "Müller;Anna;Köln", "Anna Müller"),
        ("Прізвище;Імʼя;По батькові", "Новак;Анна;Іванівна", "Анна Іванівна Новак"),
        ("Title;First name;Last name;Country", "Dr;Anna;Nowak;PL", "Dr Anna Nowak"),
        ("Imię;Drugie imię;Nazwisko;Kraj", "Anna;Maria;Nowak;PL", "Anna Maria Nowak"),
    ],
)
def test_row_06_two_family_names_patronymics_and_middle_names(header: str, row: str, name: str) -> None:
    assert first(f"{header}\n{row}\n")[0] == name


@pytest.mark.parametrize(
    ("header", "row", "read"),
    [
        (
            "ID,Start time,Completion time,Email,Name,Last modified time,What is your full name?,Country",
            "1,5/1/26 10:00,5/1/26 10:01,anonymous,,,Anna Nowak,Poland",
            ("Anna Nowak", "", "PL"),
        ),
        (
            "id,submitdate,lastpage,startlanguage,seed,Як вас завуць?,У якой краіне вы жывяце?",
            "1,2026-01-01 10:00:00,1,be,123,Ганна Новік,Польшча",
            ("Ганна Новік", "", "PL"),
        ),
        (
            "start,end,Full name,Country,_id,_uuid,_submission_time",
            "2026-01-01,2026-01-01,Anna Nowak,Poland,1,a-b,2026",
            ("Anna Nowak", "", "PL"),
        ),
        (
            "#,Network ID,Start Date (UTC),Submit Date (UTC),What's your name?,Where do you live?,Response Type",
            "a1,b,2026-01-01,2026-01-01,Anna Nowak,Poland,completed",
            ("Anna Nowak", "", "PL"),
        ),
        (
            "Name,City,State,Postal Code,Country,Signed On",
            "Anna Nowak,Boston,MA,02101,United States,2026-05-01",
            ("Anna Nowak", "Boston", "US"),
        ),
        (
            "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CC,REGION,LEID,EUID,TAGS",
            "a@post.example.org,Anna,Nowak,2,2026,PL,MA,1,2,",
            ("Anna Nowak", "", "PL"),
        ),
        (
            "Отметка времени,Адрес электронной почты,Ваше имя и фамилия,Согласны ли вы на публикацию имени?",
            "1,a@post.example.org,Анна Новик,Да",
            ("Анна Новик", "", ""),
        ),
        (
            "Znacznik czasu,Imię i nazwisko (zostanie opublikowane),Kraj",
            "1.05.2026,Anna Nowak,Polska",
            ("Anna Nowak", "", "PL"),
        ),
        (
            "Submission Date,What is your full name as it should appear in the list of signatories below the letter?",
            "2026-05-01,Anna Nowak",
            ("Anna Nowak", "", ""),
        ),
    ],
)
def test_row_07_exports_of_forms_and_petitions_are_known(
    header: str, row: str, read: tuple[str, str, str]
) -> None:
    assert first(f"{header}\n{row}\n") == read


@pytest.mark.parametrize(
    "asked",
    [
        "May we publish your name?", "Do you agree to be listed?", "Можно ли опубликовать ваше имя?",
        "Ці можна апублікаваць вашае імя?", "Czy zgadza się Pan/Pani na publikację?", "Sind Sie einverstanden?",
    ],
)  # fmt: skip
def test_row_07_a_question_about_publication_is_no_name(asked: str) -> None:
    rows = [(1, ["Name", asked]), (2, ["Anna Nowak", "Yes"]), (3, ["Jan Lis", "No"])]
    assert guess(rows).columns == {Field.NAME: 0, Field.CONSENT: 1}


COUNTRIES = """
    Country/Region|Country / Region|COUNTRY/REGION:|Country or region|Country (region)|Country/State|Land/Region
    Страна/регион|Страна (регион)|Краіна/рэгіён|Країна / регіон|Kraj/region|Pays/région|País o región
"""


def test_row_04_a_country_with_its_region_is_a_column_of_countries() -> None:
    for header in (each.strip() for line in COUNTRIES.strip().split("\n") for each in line.split("|")):
        assert first(f"Full name,{header}\nAnna Nowak,Poland\n") == ("Anna Nowak", "", "PL"), header
        assert first(f"Full name,{header},State\nAnna Nowak,Poland,GA\n") == ("Anna Nowak", "", "PL"), header
    for header in ("State / Country", "Region/Country", "Регион / страна"):
        assert first(f"Full name,{header}\nAnna Nowak,Poland\n") == ("Anna Nowak", "", "PL"), header
        states = [(1, ["Full name", header]), *((row, [f"John {row}", "Ohio"]) for row in range(2, 9))]
        assert Field.COUNTRY not in guess(states).columns, header


@pytest.mark.parametrize(
    "header", ["ФИО,Подпись", "Подпись,ФИО", "ПІБ;Підпис", "Імя;Подпіс", "Name;Signature"]
)
def test_row_06_what_is_signed_beside_a_name_is_no_name(header: str) -> None:
    separator = ";" if ";" in header else ","
    row = separator.join(
        reversed(["Анна Новак", "Аня"]) if header.startswith("Подп") else ["Анна Новак", "Аня"]
    )
    assert first(f"{header}\n{row}\n") == ("Анна Новак", "", "")
