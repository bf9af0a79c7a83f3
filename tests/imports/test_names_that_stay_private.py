"""Lists in which somebody does not want to be named, or only by another name, and columns that mislead."""

from __future__ import annotations

import io

import pytest

from campaign.imports.column_mapping import guess
from campaign.imports.left_out import LeftOut
from campaign.imports.row_parser import ParsedSignatory, parsed_signatory
from campaign.imports.wanted_rows import wanted_rows
from campaign.sheets.questions import Asked
from campaign.sheets.readers import read_file

pytestmark = pytest.mark.usefixtures("context")


def read(header: str, row: str) -> tuple[list[ParsedSignatory], list[str]]:
    """The signatories of a list with one row, and the codes of the questions it raises."""
    rows = list(read_file(io.BytesIO(f"{header}\n{row}\n".encode())).rows)
    layout, asked = guess(rows), Asked({})
    taken = [
        parsed_signatory(number, cells, layout)[0]
        for number, cells in wanted_rows(rows, layout, asked, LeftOut())
        if number > layout.header
    ]
    return [entry for entry in taken if entry], [question.code for question in asked.questions]


def shown(header: str, row: str) -> tuple[str, str, str]:
    """(name, city, country) of the only signatory."""
    (entry,), questions = read(header, row)
    assert questions == []
    return entry.name, entry.city, entry.country


@pytest.mark.parametrize(
    "header",
    [
        "Full name,Public name", "Full name,Name for publication", "Full name,Name as it should appear",
        "Name,Pseudonym", "ФИО,Имя для списка", "Имя и фамилия (не для публикации),Псевдоним",
        "ФИО,Под каким именем опубликовать?", "Name,Anzeigename", "Імя,Імя для спісу",
        "ПІБ,Ім'я для публікації", "Imię i nazwisko,Imię do publikacji", "Nom complet,Nom à afficher",
        "Nombre completo,Nombre público", "Nome completo,Nome da pubblicare", "Real name,Name",
        "Name (confidential),Name", "Legal name,Preferred name", "Full name,How should we list you?",
        "Full name,Sign as", "Vor- und Nachname,Name (öffentlich)", "ФИО,Как вас подписать?",
    ],
)  # fmt: skip
def test_row_06_the_name_that_is_meant_for_the_list_is_listed(header: str) -> None:
    assert shown(f"{header},Country", "Anna Realnowak,Anna R.,PL")[0] == "Anna R."
    first, second = header.split(",")
    assert shown(f"{second},{first},Country", "Anna R.,Anna Realnowak,PL")[0] == "Anna R."


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        ("Vorname,Nachname,Anzeigename", "Anna,Realnowak,Anna R.", "Anna R."),
        ("First name,Last name (not shown)", "Anna,Realnowak", "Anna"),
        ("First name (public),Last name (public)", "Anna,Nowak", "Anna Nowak"),
        ("Имя (будет опубликовано),Фамилия (не для публикации)", "Анна,Новик", "Анна"),
    ],
)
def test_row_06_a_family_name_is_shown_unless_it_is_not_for_the_list(
    header: str, row: str, name: str
) -> None:
    assert shown(header, row)[0] == name


def test_row_06_a_name_that_is_not_for_the_list_is_in_none() -> None:
    assert read("Name (not for publication),Occupation,Country", "Anna Nowak,teacher,PL") == ([], [])


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Nicht veröffentlichen", "ja"), ("Don't publish", "yes"), ("I do not agree to publication", "x"),
        ("Ne pas publier", "oui"), ("No publicar", "sí"), ("Non pubblicare", "sì"),
        ("Не согласен на публикацию", "да"), ("Против публикации", "да"), ("Без публикации", "да"),
        ("Не апублікоўваць", "так"), ("Не публікувати", "так"), ("Nie zgadzam się na publikację", "tak"),
        ("Withhold consent", "yes"), ("Refuses publication", "Yes"), ("Do not show", "Yes"),
        ("Скрыть имя", "да"), ("Keep my name private", "Yes"), ("Anonymous", "please hide me"),
        ("Anonymous", "не публиковать"), ("Off the record", "yes"), ("Nicht öffentlich", "ja"),
        ("Brak zgody", "tak"), ("Ня згодны на публікацыю", "так"), ("Закрытая подпись", "да"),
        ("Je ne souhaite pas que mon nom apparaisse", "oui"), ("No deseo que mi nombre aparezca", "sí"),
    ],
)  # fmt: skip
def test_row_07_whoever_refuses_to_be_listed_is_left_out(header: str, cell: str) -> None:
    assert read(f"Name,{header},Country", f"Anna Nowak,{cell},PL") == ([], [])
    assert shown(f"Name,{header},Country", "Anna Nowak,no,PL")[0] == "Anna Nowak"


@pytest.mark.parametrize(
    ("header", "cell", "question"),
    [
        ("Показывать имя", "Нет", "consent"), ("Можно ли указать ваше имя?", "Нет", "consent"),
        ("Visibility", "private", "consent"), ("Sign as", "Anonymous", "consent"),
        ("Do you want your name to be visible?", "No", "consent"), ("Public name", "No", "consent"),
        ("Согласие", "не согласна", "consent"), ("Publish my name", "Only initials", "unsaid"),
        ("Publish my name", "-", "unsaid"), ("Publish my name", "Yes, but anonymously", "consent"),
        ("Anonymous", "maybe", "unsaid"), ("Public?", "no", "consent"), ("Darf genannt werden", "nein", "consent"),
        ("Публично", "нет", "consent"), ("Публикация имени", "запрещаю", "unsaid"),
    ],
)  # fmt: skip
def test_row_07_what_is_no_clear_yes_is_asked_about(header: str, cell: str, question: str) -> None:
    assert read(f"Name,{header},Country", f'Anna Nowak,"{cell}",PL') == ([], [question])


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Consent (yes/no)", "yes"), ("Do you agree or not?", "Yes, I agree"), ("Consent date", "2026-01-02"),
        ("Не возражаю против публикации", "да"), ("Согласие", "Согласна"), ("Consent", "granted"),
        ("Phone (not shown)", "+375291234567"), ("Email (will not be published)", "a@post.example.org"),
        ("I agree to be listed (my address will not be published)", "yes"), ("Hide my e-mail address", "yes"), ("Sign as", "individual"),
    ],
)  # fmt: skip
def test_row_07_an_agreement_and_what_is_about_something_else_list_the_name(header: str, cell: str) -> None:
    assert shown(f"Name,{header},Country", f'Anna Nowak,"{cell}",PL')[0] == "Anna Nowak"


@pytest.mark.parametrize(
    ("header", "wants"),
    [
        ("Не присылать новости", False), ("No newsletter", False), ("Do not send me updates", False),
        ("Keine Nachrichten", False), ("Не дасылаць навіны", False), ("Pas de nouvelles", False),
        ("Unsubscribed", False), ("Отказ от рассылки", False), ("Nie wysyłać nowości", False),
        ("Updates", True),
    ],
)  # fmt: skip
def test_row_07_no_news_for_whoever_refuses_them(header: str, wants: bool) -> None:
    (entry,), _questions = read(f"Name,Email,{header}", "Anna Nowak,a@post.example.org,yes")
    assert (entry.name, entry.updates) == ("Anna Nowak", wants)


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        ("Фамилия И.О.,Примечание,Страна", "Иванова А.И.,судимость,PL", ("Иванова А.И.", "", "PL")),
        ("Surname,Remarks,Country", "Nowak,ill,PL", ("Nowak", "", "PL")),
        ("Apellidos,Observaciones,País", "Nowak,ill,PL", ("Nowak", "", "PL")),
        ("Ф.И.О.,Город", "Анна Новик,Минск", ("Анна Новик", "Минск", "")),
        ("№,П.І.Б.,Город", "1,Анна Новик,Минск", ("Анна Новик", "Минск", "")),
        ("Name,Diagnosis", "Anna Nowak,HIV", ("Anna Nowak", "", "")),
        ("ФИО,Домашний адрес", "Анна Новик,ул. Ленина", ("Анна Новик", "", "")),
        ("ФИО,Примечание", "Анна Новик,больна", ("Анна Новик", "", "")),
        ("Signatory,Passport no.", "Anna Nowak,AB123", ("Anna Nowak", "", "")),
        ("ФИО,Страна гражданства,Страна проживания", "Анна Новик,BY,PL", ("Анна Новик", "", "PL")),
        ("ФИО,Гражданство,Где живёте", "Анна Новик,BY,PL", ("Анна Новик", "", "PL")),
        ("ПІБ,Країна походження,Країна", "Анна Новик,BY,PL", ("Анна Новик", "", "PL")),
        ("Name,Country of birth,Country", "Anna Nowak,BY,PL", ("Anna Nowak", "", "PL")),
        ("Name,Landkreis,Land", "Anna Nowak,GE,DE", ("Anna Nowak", "", "DE")),
    ],
)
def test_row_04_no_remark_address_or_origin_is_shown(
    header: str, row: str, found: tuple[str, str, str]
) -> None:
    assert shown(header, row) == found


def test_row_04_names_that_look_like_names_of_columns_stay_names() -> None:
    taken, _questions = read("Nomi Ortiz,Tel Aviv", "Фиона,Минск")
    assert [entry.name for entry in taken] == ["Nomi Ortiz", "Фиона"]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Full name,First name,Last name", "Anna Nowak,Anna,Nowak"),
        ("Name,First name,Last name", "Anna,Anna,Nowak"), ("Maiden name,First name,Last name", "Lis,Anna,Nowak"),
        ("Прозьвішча,Імя", "Nowak,Anna"), ("Zuname,Vorname", "Nowak,Anna"), ("Prénom(s),Nom(s)", "Anna,Nowak"),
        ("Nom d'usage,Nom de naissance,Prénom", "Nowak,Lis,Anna"), ("Family,Given", "Nowak,Anna"),
        ("Nome,Sobrenome", "Anna,Nowak"), ("fname,lname", "Anna,Nowak"), ("f_name,l_name", "Anna,Nowak"),
        ("Collector name,Signatory name", "Jan Lis,Anna Nowak"), ("Имя сборщика,Имя", "Jan Lis,Anna Nowak"),
        ("Имя,Фамилия,Девичья фамилия", "Anna,Nowak,Lis"),
    ],
)  # fmt: skip
def test_row_06_a_name_is_neither_doubled_nor_that_of_somebody_else(header: str, row: str) -> None:
    assert shown(header, row)[0] == "Anna Nowak"


WISHES = """
    please do not publish|anonymous please|Anonymously|Initials only|не публиковать|просит анонимно|DO NOT LIST
    keep private!|asked to be removed|withdrew|signature withdrawn|confidential|не ўказваць імя|nie publikować
    bitte nicht veröffentlichen|don't show|Please don't publish my name, I still have family there|not public
    не публікаваць|хоче залишитися анонімом|wants anonymity|отозвал подпись|prosi o anonimowość
"""
NO_WISHES = """
    Because it matters|please do not publish my email|private person|Private University|no newsletter
    Belarus must not be forgotten by the world today|I do not agree with torture|not anonymous|secretariat
    removed from his post in 2020 for taking part in the protests|не показывать почту|show my name|full name
"""


def _table(text: str) -> list[str]:
    return [each.strip() for line in text.strip().split("\n") for each in line.split("|")]


def test_row_07_a_remark_that_a_name_is_not_to_be_listed_is_asked_about_and_never_read_over() -> None:
    for remark in _table(WISHES):
        assert read("Name,Country,Remarks", f'Anna Nowak,PL,"{remark}"') == ([], ["remark"]), remark
    for remark in _table(NO_WISHES):
        assert shown("Name,Country,Remarks", f'Anna Nowak,PL,"{remark}"')[0] == "Anna Nowak", remark
    for name in ("Jan Lis (withdrew)", "Ewa Kos - signature withdrawn", "Ola Kos (anonymous)"):
        assert read("Name,Country", f"{name},PL") == ([], ["remark"]), name
    for name in ("Alcoholics Anonymous", "Anna Nowak (Warsaw)", "Anonymous Test Group (ATG)"):
        assert read("Name,Country", f"{name},PL")[1] == [], name
