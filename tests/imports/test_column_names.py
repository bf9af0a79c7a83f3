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
