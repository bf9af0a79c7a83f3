"""Inviting from a pasted list: to whom a secret link is mailed, and what is asked before."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from campaign.circulation.contacts import contact_of
from campaign.circulation.models import Invitation
from campaign.circulation.pasted_lines import read_lines
from campaign.extensions import db
from tests.world.circulation import Round

PASTED = """1. ola1@gmail.com
Prof. anna@posttest.org
\u200eLena Leader <lena@x.org>\u200e
2.kasia@x.org
jan.
nowak@uni.kz
-ela@x.org
ala@x.org; "Nowak, Otto" <otto@y.org>, 1)ewa@z.org"""
CERTAIN = {"ola1@gmail.com", "anna@posttest.org", "lena@x.org", "ala@x.org", "otto@y.org"}


def invited(going: Round) -> dict[str, str]:
    """The addresses that mails really went to, and the name on record of each."""
    going.campaign.work()
    sent = {str(mail["To"]) for mail in going.campaign.sink.mails}
    with going.app.app_context():
        found = [contact_of(one) for one in db.session.scalars(select(Invitation))]
    assert sent == {contact.email for contact in found}
    return {contact.email: contact.person or contact.organisation for contact in found}


def hidden(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def question(page: str, typed: str) -> str:
    """The name of the select below a line as it was typed."""
    found = re.search(
        rf"<bdi[^>]*>{re.escape(typed)}</bdi>.*?<select id=\"[^\"]*\" name=\"([^\"]*)\"", page, re.S
    )
    assert found, typed
    return found[1]


def test_row_01_invitations_are_mailed_to_what_can_be_read_in_one_way_only(going: Round) -> None:
    page = going.post("/invite", pasted=PASTED, language="en").text
    assert "5 invitations" in page
    assert "4 lines are not invited: they can be read in several ways" in page
    for reading in (
        "2.kasia@x.org",
        "kasia@x.org",
        "jan.nowak@uni.kz",
        "nowak@uni.kz",
        "ela@x.org",
        "ewa@z.org",
    ):
        assert f'<option value="{reading}">' in page, reading
    assert not going.campaign.sink.mails
    going.post("/invite", pasted=PASTED, language="en", confirm="y")
    assert invited(going) == dict.fromkeys(CERTAIN, "") | {
        "lena@x.org": "Lena Leader",
        "otto@y.org": "Nowak, Otto",
    }


def test_row_01_an_answer_is_shown_again_before_anything_is_sent_and_only_what_was_offered_counts(
    going: Round,
) -> None:
    lines = {"pasted": "2.kasia@x.org\n-ela@x.org\nnowak (at) uni.kz", "language": "en"}
    page = going.post("/invite", **lines).text
    kasia, ela, nowak = (question(page, typed) for typed in lines["pasted"].split("\n"))
    forged = {kasia: "stranger@x.org", ela: "y", "shown": hidden(page, "shown"), "confirm": "y"}
    assert "0 invitations" in going.post("/invite", **lines, **forged).text
    doubtful = {ela: "anew", ela.replace("reading", "anew"): "1.ela@x.org, b@y.org"}
    assert (
        "The address written anew can be read in several ways too"
        in going.post("/invite", **lines, **doubtful).text
    )

    answers = {kasia: "kasia@x.org", ela: "anew", ela.replace("reading", "anew"): "ela@y.org"}
    page = going.post("/invite", **lines, **answers, shown=hidden(page, "shown"), confirm="y").text
    assert "Nothing was sent yet" in page
    assert "1 line is not invited" in page
    assert '<option value="kasia@x.org" selected>' in page
    assert invited(going) == {}
    going.post("/invite", **lines, **answers, shown=hidden(page, "shown"), confirm="y")
    assert set(invited(going)) == {"kasia@x.org", "ela@y.org"}
    assert nowak not in answers


SHAPES = [
    ("Test House\tlena@x.org\tPL", [("lena@x.org", "", "Test House", "PL")]),
    ("1.\tTest House\tlena@x.org", [("lena@x.org", "", "Test House", None)]),
    ("sep;\nNom;Prénom;Courriel;Pays\nNowak;Anna;a@x.org;Pologne", [("a@x.org", "Anna Nowak", "", "PL")]),
    ("Прозвішча,Імя,Пошта,Краіна\nНовак,Ганна,a@x.org,Польшча", [("a@x.org", "Ганна Новак", "", "PL")]),
    ("Назва;Эл. пошта\nДом;a@x.org", [("a@x.org", "", "Дом", None)]),
    ("Organisation,Email,Country\nhouse,a@x.org,by", [("a@x.org", "", "house", "BY")]),
    (
        "Nazwa\tOsoba\tE-mail\nDom\tAnna\ta@x.org; b@x.org",
        [("a@x.org", "Anna", "Dom", None), ("b@x.org", "Anna", "Dom", None)],
    ),
    ("E-mail\r\na@x.org\r\n\r\nb@x.org\r\n", [("a@x.org", "", "", None), ("b@x.org", "", "", None)]),
    ('"Test\nHouse","a@x.org","PL"', [("a@x.org", "", "Test House", "PL")]),
    (
        "To: Anna <a@x.org>; Nowak, Otto <b@x.org>",
        [("a@x.org", "Anna", "", None), ("b@x.org", "Nowak, Otto", "", None)],
    ),
    (
        "a@x.org b@x.org / c@x.org",
        [("a@x.org", "", "", None), ("b@x.org", "", "", None), ("c@x.org", "", "", None)],
    ),
    ("Prof. Anna Nowak – a@x.org", [("a@x.org", "Prof. Anna Nowak", "", None)]),
    ("Contact: Lena Leader, +48 22 123 45 67, a@x.org", [("a@x.org", "", "Lena Leader", None)]),
    (
        "Anna Nowak (a@x.org) ; Jan (b@x.org)",
        [("a@x.org", "Anna Nowak", "", None), ("b@x.org", "Jan", "", None)],
    ),
    ("Anna Nowak\t<a@x.org>", [("a@x.org", "Anna Nowak", "", None)]),
    ("Dom\ta@x.org\tcall first", [("a@x.org", "", "Dom", None)]),
    ("a@x.org, Tel. 22 123", [("a@x.org", "", "", None)]),
    ("Nr. 1: a@x.org\n[x] b@x.org", [("a@x.org", "", "", None), ("b@x.org", "", "", None)]),
    ("Name,Email,Remark\nAnna,a@x.org,ask b@x.org", [("a@x.org", "Anna", "", None)]),
    ("Name,Email,Remark\nAnna,b@x.org or a@x.org,ask c@x.org", []),
    ("EMAIL;TYPE=INTERNET:a@x.org", [("a@x.org", "", "", None)]),
    (
        "BEGIN:VCARD\nVERSION:3.0\nN:Nowak;Anna;;;\nORG:Dom\\, Warszawa;Board\nTEL:+48221234567\n"
        "item1.EMAIL;type=INTERNET;type=pref:a@x.org\nEMAIL:b@x.org\nEND:VCARD\nc@x.org",
        [
            ("a@x.org", "Anna Nowak", "Dom, Warszawa", None),
            ("b@x.org", "Anna Nowak", "Dom, Warszawa", None),
            ("c@x.org", "", "", None),
        ],
    ),
    (
        "BEGIN:VCARD\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=90=\n=D0=BD=D1=8F\nEMAIL:a@\n x.org\n"
        "EMAIL:1.b@x.org\nEND:VCARD",
        [("a@x.org", "Аня", "", None)],
    ),
    ("BEGIN:VCARD\nFN:Anna\na@x.org", [("a@x.org", "", "", None)]),
    ("ФИО,Подпись,Почта\nАнна Новак,Аня,a@x.org", [("a@x.org", "Анна Новак", "", None)]),
    ("Организация,Страна/регион,Почта\nДом,Польша,a@x.org", [("a@x.org", "", "Дом", "PL")]),
    ("Name;Country / Region;Email\nAnna;Poland, Mazovia;a@x.org", [("a@x.org", "Anna", "", "PL")]),
    ("ФИО,Подпись\nАнна Новак,a@x.org", [("a@x.org", "Анна Новак", "", None)]),
    ("Test House; a@x.org; b@x.org; PL", []),
    ("Anna a@x.org or b@x.org", []),
    ("b@x.org <a@x.org>", []),
    ('no address here\nbroken@@x\n"ola nowak"@x.org', []),
]


def test_row_01_lists_and_tables_of_every_shape_are_read(context: Flask) -> None:
    for pasted, right in SHAPES:
        lines = [line for line in read_lines(pasted, "en") if not line.problem]
        assert [(line.email, line.person, line.organisation, line.country) for line in lines] == right, pasted


# What stands beside `a@x.org`: the person, the language, the country, and whether it says that it was left out.
MARKS = {
    "a@x.org (br)": ("", "en", "BR", False),
    "a@x.org (de)": ("", "de", None, False),
    "a@x.org (EN)": ("", "en", None, False),
    "a@x.org [ru]": ("", "ru", None, False),
    "a@x.org – BY": ("", "en", "BY", False),
    "a@x.org (Belarus)": ("", "en", "BY", False),
    "a@x.org (Польша, po polsku)": ("", "pl", "PL", False),
    "a@x.org (BY/ru)": ("", "ru", "BY", False),
    "a@x.org - по-русски": ("", "ru", None, False),
    "Anna <a@x.org> (auf Deutsch)": ("Anna", "de", None, False),
    "a@x.org (PL)": ("", "en", None, True),
    "a@x.org (RU)": ("", "en", None, True),
    "a@x.org (me)": ("", "en", None, True),
    "a@x.org (en/ru)": ("", "en", None, True),
    "a@x.org (Chad)": ("", "en", None, True),
    "EN: a@x.org": ("", "en", None, False),
    "[BY] a@x.org": ("", "en", "BY", False),
    "a@x.org; Anna; PL": ("", "en", "PL", False),
    "a@x.org; Anna; BE": ("", "en", None, True),
    "a@x.org; Anna; BY; RU": ("", "ru", "BY", False),
    "a@x.org; Anna; BE; be": ("", "be", "BE", False),
    "a@x.org; Anna; EN": ("", "en", None, False),
    "a@x.org; Anna; Ukrainian": ("", "uk", None, False),
    "a@x.org; Anna; no": ("", "en", None, True),
    "Email;Language\na@x.org;Polish": ("", "pl", None, False),
    "Anna Nowak (BY) <a@x.org>": ("Anna Nowak", "en", "BY", False),
    "Anna Nowak, MD <a@x.org>": ("Anna Nowak, MD", "en", None, False),
    "AI <a@x.org>": ("AI", "en", None, False),
    "a@x.org (PR)": ("", "en", None, True),
    "Dom; Anna; a@x.org; MD": ("Anna", "en", "MD", False),
    "Anna Nowak, PL <a@x.org>": ("Anna Nowak", "en", None, True),
    "Anna Nowak [ru] a@x.org": ("Anna Nowak", "ru", None, False),
    "Od: Anna Nowak <a@x.org>": ("Anna Nowak", "en", None, False),
    "Кому: a@x.org": ("", "en", None, False),
    "Reply-To: a@x.org": ("", "en", None, False),
    "On Mon, 3 Nov 2026 at 10:12, Anna Nowak <a@x.org> wrote:": ("Anna Nowak", "en", None, False),
    "a@x.org NEW": ("", "en", None, False),
    "a@x.org, dr": ("", "en", None, False),
    "www.x.org, a@x.org": ("", "en", None, False),
    "@anna a@x.org": ("", "en", None, False),
    "a@x.org in Warsaw": ("", "en", None, False),
    "a@x.org (no phone)": ("", "en", None, False),
    "a@x.org (Anna)": ("Anna", "en", None, False),
    "Chad <a@x.org>": ("Chad", "en", None, False),
    "a@x.org – Jan de Bruyn": ("Jan de Bruyn", "en", None, False),
}


def test_row_01_a_language_or_country_beside_an_address_is_no_name_and_is_not_guessed(context: Flask) -> None:
    for pasted, right in MARKS.items():
        (line,) = read_lines(pasted, "en")
        assert line.email == "a@x.org", pasted
        assert (line.person, line.language, line.country, bool(line.note)) == right, pasted


GLUED_NUMBERS = [
    "5a@x.org\n6b@x.org\n7c@x.org",
    "Our list\nof the people\nto invite\n1a@x.org\n2b@x.org",
    "Members:\n\nof the network\n\n1a@x.org",
    "10a@x.org, 11b@x.org; 12c@x.org",
    "Name;Email\nDom;12a@x.org\nHut;13b@x.org",
    "101a@x.org\n\n103b@x.org",
]


def test_row_01_numbers_that_go_on_from_line_to_line_may_be_those_of_a_list(context: Flask) -> None:
    for pasted in GLUED_NUMBERS:
        lines = [line for line in read_lines(pasted, "en") if "@" in line.typed]
        assert [line.email for line in lines if not line.readings] == [], pasted
        assert all(re.sub(r"^.*?\d+(?=[abc]@)", "", line.readings[-1]) == line.readings[-1] for line in lines)
    certain = "24info@x.org\nola@x.org\n7days@y.org\n365@z.org\n1. a@x.org\n2. b@x.org"
    assert not [line for line in read_lines(certain, "en") if not line.email]


NOT_WANTED = """
    Do not contact|Don't e-mail|DoNotEmail|do_not_mail|No mailings|Opt-out|Opted out?|Unsubscribed|DNC|No contact
    Does not wish to be contacted by e-mail|Не пісаць|Не запрашаць|Адпісаўся|Не писать|Не связываться|Отписался
    Отказ|Не писати|Не зв’язуватися|Відписався|Nie pisać|Nie kontaktować się|Wypisany|Nicht kontaktieren
    Bitte nicht anschreiben|Keine E-Mails|Abgemeldet
"""


def test_row_01_nobody_is_invited_of_whom_a_column_or_a_remark_says_not_to(context: Flask) -> None:
    for heading in (each.strip() for line in NOT_WANTED.strip().split("\n") for each in line.split("|")):
        rows = ["yes;a@x.org", "x;b@x.org", "TRUE;c@x.org", "2024-02-01;d@x.org", ";e@x.org", "no;f@x.org"]
        lines = read_lines("\n".join([f"{heading};Email", *rows]), "en")
        assert [line.email for line in lines if not line.problem] == ["e@x.org", "f@x.org"], heading
        assert not any(line.person or line.readings for line in lines), heading
    remarks = [
        "a@x.org; Ola; do not contact",
        "Ola (отписался) <b@x.org>",
        "c@x.org – nie pisać",
        "d@x.org;unsubscribed",
        "e@x.org (do not use!)",
        "bounced: f@x.org",
        "Ola <g@x.org> (bounces)",
        "h@x.org – не работает",
        "i@x.org; old address",
        "j@x.org (nie działa)",
        "❌ k@x.org",
    ]
    assert all(line.problem for line in read_lines("\n".join(remarks), "en"))
    names = "No;Email;Name\n1;a@x.org;Отказ от насилия\n2;b@x.org;Stop the War\n3;c@x.org;Do Not Forget\n4;d@x.org;Old Town"
    assert not [line for line in read_lines(names, "en") if line.problem]


CELLS = {
    "Ola Kos (Test League, Director) ola@x.org": ("Ola Kos (Test League, Director)", ""),
    "Ola Kos [Test League; Director] ola@x.org": ("Ola Kos [Test League; Director]", ""),
    "Dom (Test, Ltd); Ola Kos; ola@x.org": ("Ola Kos", "Dom (Test, Ltd)"),
    "info@gmail,com": ("", ""),
    "ola@x,org; Test House": ("", "Test House"),
}


def test_row_10_a_separator_in_brackets_or_in_an_address_begins_no_cell(context: Flask) -> None:
    for typed, named in CELLS.items():
        (line,) = read_lines(typed, "en")
        assert (line.person, line.organisation) == named, typed


NAMED = {
    "Human Constanta <one@x.org>": "",
    "HUMAN CONSTANTA (HC) <two@x.org>": "",
    "Хьюман Константа three@x.org": "",
    "Anna Nowak (Human Constanta) <four@x.org>": "Anna Nowak",
    "Nowak, Human Constanta <five@x.org>": "Nowak",
    "Olga Nowak; Human Constanta; six@x.org": "Olga Nowak",
    "Human Constanta; Ola Nowak; seven@x.org": "Ola Nowak",
}


def test_row_17_a_pasted_name_that_the_registry_knows_is_that_organisation(going: Round) -> None:
    organisation_id = going.campaign.organisation(
        "Human Constanta", "hc.example.org", aliases=("Хьюман Константа",)
    )
    going.post("/invite", pasted="\n".join(NAMED), language="en", confirm="y")
    with going.app.app_context():
        found = list(db.session.scalars(select(Invitation)))
        assert {one.organisation_id for one in found} == {organisation_id}
        assert sorted(contact_of(one).person for one in found) == sorted(NAMED.values())


def test_row_17_a_name_that_is_only_alike_is_asked_about(going: Round) -> None:
    organisation_id = going.campaign.organisation("Human Rights Center Viasna", "spring.example.org")
    lines = {"pasted": 'HRC "Viasna" <mail@x.org>\nOlga Other <other@x.org>', "language": "en"}
    page = going.post("/invite", **lines).text
    assert "2 invitations" in page
    assert "in the registry" not in page
    asked = re.search(r'name="(organisation-[^"]*)"', page)
    assert asked
    assert page.count("Did you mean an organisation of the registry?") == 1
    answer = {asked[1]: str(organisation_id)}
    page = going.post("/invite", **lines, **answer, confirm="y").text
    assert "Nothing was sent yet" in page and "in the registry" in page
    going.post("/invite", **lines, **answer, shown=hidden(page, "shown"), confirm="y")
    assert set(invited(going)) == {"mail@x.org", "other@x.org"}
    with going.app.app_context():
        found = {one.organisation_id for one in db.session.scalars(select(Invitation))}
    assert found == {organisation_id, None}
