"""The rules of docs/names.md, by table."""

from __future__ import annotations

import pytest

from campaign.core.address_slips import suggested_address
from campaign.core.mail_addresses import (
    AddressRefused,
    AddressTrouble,
    coarse,
    deliverable,
    normal_address,
)
from campaign.core.names import NameKind, NameTrouble, contact_trouble, name_trouble
from campaign.core.text import clean_line, clean_text, has_hidden_characters, searchable
from campaign.core.web_addresses import WebsiteRefused, WebsiteTrouble, website
from campaign.organisations.domains import own_domain
from campaign.signatures.mailbox_identity import canonical, domain_of

PERSON, ORGANISATION, PLACE, ROLE = NameKind


def _trouble(name: str, kind: NameKind = PERSON) -> NameTrouble | None:
    return name_trouble(clean_line(name), kind)


@pytest.mark.parametrize("kind", list(NameKind))
@pytest.mark.parametrize(
    "name",
    [
        "anna.nowak@uni.kz",
        "Anna Nowak anna@uni.kz",
        "anna (at) uni.kz",
        "anna [at] uni [dot] kz",
        "anna at uni dot kz",
        "anna (собака) почта.бел",
        "anna＠uni.kz",
        "anna @ uni . kz",
        "anna@uni。kz",
        "іван@пошта.укр",
        "anna@\u200buni.kz",
        "a@posttest.museum",
        "<anna@uni.kz>",
        "anna at uni.kz",
        *(f"anna{sign}at{sign}uni.kz" for sign in ("*", "_", "~", "|", " * ", "/", "#", " = ")),
        "anna собака uni.kz",
        "anna małpa uni.kz",
    ],
)
def test_row_02_a_mail_address_is_no_name(name: str, kind: NameKind) -> None:
    assert _trouble(name, kind) is NameTrouble.MAIL


@pytest.mark.parametrize("kind", list(NameKind))
@pytest.mark.parametrize(
    "name",
    [
        "Anna 291234567",
        "Anna +375 29 123-45-67",
        "Anna (8029) 123 45 67",
        "8/029/123/45/67 Anna",
        "Anna +48.22.123.45.67",
        "Anna 123–4567",
        "محمد ٠٢٩١٢٣٤٥٦٧",
        "Anna ０２９１２３４５６",
        "Anna १२३४५६७८",
        "Anna 19122020",
        "Anna 29\u00a0123\u00a045\u00a067",
        *(f"Anna 600{sign}100{sign}200" for sign in (*"|,•:;#='…\\°", " • ", " | ", " … ", " = ")),
        "Anna 375|29|123|45|67",
        "375,29,123,45,67",
    ],
)
def test_row_02_a_telephone_number_is_no_name(name: str, kind: NameKind) -> None:
    assert _trouble(name, kind) is NameTrouble.PHONE


@pytest.mark.parametrize(
    "name",
    [
        "Group 484",
        "484",
        "23.34",
        "Committee 25 February 1991",
        "Committee 25.02.1991",
        "Committee 1991-02-25",
        "Memorial 1937–1938",
        "1937-1938 (2020-2024)",
        "Article 19, 10.12.1948",
        "1 000 000 Voices",
        "24/7",
        "Art@Work",
        "School no. 123-456",
        "Committees 12, 13, 14, 15, 16",
        "Schools 12,13,14,15",
        "1,234,567 Voices",
        "1,000,000 Voices",
        "Open 10:00-18:30",
        "Memorial 1937,1938",
    ],
)
def test_row_02_days_years_and_round_numbers_are_no_telephone(name: str) -> None:
    assert _trouble(name, ORGANISATION) is None


def test_row_02_a_public_text_holds_no_way_to_reach_somebody() -> None:
    assert contact_trouble("Write to anna@uni.kz!") is NameTrouble.MAIL
    assert contact_trouble("My number:\n+375 29 123 45 67") is NameTrouble.PHONE
    assert contact_trouble("An editor at belsat.eu; 12,345,678 people; 10:00-18:30") is None
    assert contact_trouble("In prison since 09.08.2020, for 1 000 000 days") is None


MARKS = "\u200e\u200f\u00ad\u200b\ufeff\u202a\u202b\u202c\u2060\u061c\u034f\u180b\u2063\ufffc"


@pytest.mark.parametrize("mark", [*MARKS, "\u200d", "\u200c"])
def test_row_12_a_mark_that_nobody_sees_is_taken_out(mark: str) -> None:
    for typed in (f"An{mark}na", f"{mark}Anna", f"Anna{mark}", f"{mark} Anna {mark}"):
        assert clean_line(typed) == "Anna"
    assert normal_address(f"{mark}anna@posttest.org{mark}") == "anna@posttest.org"
    assert searchable(f"An{mark}na") == "Anna"


@pytest.mark.parametrize("blank", list("\t\x0b\x0c\u00a0\u202f\u2009\u3000\u2028\u0085\u2800"))
def test_row_12_white_space_of_every_kind_is_a_blank(blank: str) -> None:
    assert clean_line(f"Anna{blank}Nowak{blank}") == "Anna Nowak"


def test_row_12_lines_stay_and_tabs_go() -> None:
    assert clean_text("a\tb\x0bc\r\nd\u2028e\u200b") == "a b c\nd\ne"


@pytest.mark.parametrize(
    "sign",
    [
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\ud800",
        "\ue000",
        "\U000e0041",
        "\0",
        "\x1b",
    ],
)
def test_row_12_what_changes_how_the_rest_reads_is_refused(sign: str) -> None:
    assert has_hidden_characters(clean_line(f"An{sign}na"))
    assert _trouble(f"An{sign}na") is NameTrouble.HIDDEN


@pytest.mark.parametrize(
    "name",
    ["محمد\u200cرضا", "क\u094d\u200dष", "ക\u0d4d\u200d", "می\u200cخواهم", "ශ\u0dca\u200dරී", "👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈"],
)  # fmt: skip
def test_row_12_joiners_stay_where_a_script_needs_them(name: str) -> None:
    assert clean_line(name) == name


def test_row_12_an_arabic_name_loses_only_its_marks() -> None:
    assert clean_line("\u200fمحمد بن سلمان\u200f") == "محمد بن سلمان"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Prof.De Smet", PERSON),
        ("Ma.De Lourdes Santos", PERSON),
        ("m.de smet", PERSON),
        ("will.i.am", PERSON),
        ("Will.I.Am", PERSON),
        ("St.John", PERSON),
        ("J.De Vries", PERSON),
        ("Editor of Zerkalo.io", ROLE),
        ("Editor at Belsat.eu", ROLE),
        ("23.34", ORGANISATION),
        ("Belsat.eu", ORGANISATION),
        ("D.O.M.", ORGANISATION),
        ("Tut.by", ORGANISATION),
        ("Reform.by Sp. z o.o.", ORGANISATION),
        ("ул.Ленина/Маркса", PLACE),
        ("St.Paul/Minnesota", PLACE),
    ],
)
def test_row_13_a_dot_makes_no_web_address(name: str, kind: NameKind) -> None:
    assert _trouble(name, kind) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, kind) for kind in NameKind for name in ("https://reform.by", "www.spam", "t.me/canal", "x://y")),
        *((name, kind) for kind in (PERSON, PLACE) for name in ("spam.com", "«buy-pills.xyz»", "SPAM.ORG", "a.bc.ru", "anna.i.ua")),
        ("see evil.com", PERSON),
    ],
)  # fmt: skip
def test_row_13_a_web_address_is_no_name(name: str, kind: NameKind) -> None:
    assert _trouble(name, kind) is NameTrouble.WEB


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Https://Spring96.org", "https://spring96.org"),
        ("spring96.org ", "https://spring96.org"),
        ("HTTP://EXAMPLE.ORG/Path?q=1", "http://example.org/Path?q=1"),
        ("https://spring96.org/", "https://spring96.org"),
        ("www.spring96.org.", "https://www.spring96.org"),
        ("https:// spring96.org", "https://spring96.org"),
        ("https://web.archive.org/web/2020/https://x.org", "https://web.archive.org/web/2020/https://x.org"),
        ("http:/spring96.org", "http://spring96.org"),
        ("htps://spring96.org", "https://spring96.org"),
        ("https://Https://Spring96.org", "https://spring96.org"),
        ("<https://spring96.org>", "https://spring96.org"),
        ("spring96.org:8080/a", "https://spring96.org:8080/a"),
        ("https://spring96.org:443", "https://spring96.org"),
        ("Весна.БЕЛ", "https://весна.бел"),
        ("straße.de", "https://straße.de"),
        ("https://t.me/@viasna", "https://t.me/@viasna"),
        *((nothing, "") for nothing in ("-", "—", "...", "no website", "No web site yet", "N/A", "none", "нет", "няма")),
        *((nothing, "") for nothing in ("немає", "brak", "brak strony", "keine", "keine Website", "нет сайта", "")),
    ],
)  # fmt: skip
def test_row_14_a_website_has_one_form_or_is_empty(typed: str, normal: str) -> None:
    assert website(typed) == normal
    assert website(normal) == normal


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("//x", WebsiteTrouble.INCOMPLETE),
        ("http://", WebsiteTrouble.INCOMPLETE),
        *(
            (f"https://x.org{more}", WebsiteTrouble.INCOMPLETE)
            for more in (" by", " Minsk", "\tby", "\n by", " (by)")
        ),
        *(
            (f"https://x.org{more}", WebsiteTrouble.INCOMPLETE)
            for more in (" https://y.org", "https://y.org", " y.org")
        ),
        *(
            (f"https://x.org{more}", WebsiteTrouble.INCOMPLETE)
            for more in (",https://y.org", "/a;www.y.org", "/a b")
        ),
        ("www.x.orgwww.y.org", WebsiteTrouble.INCOMPLETE),
        ("spring96", WebsiteTrouble.INCOMPLETE),
        ("our site", WebsiteTrouble.INCOMPLETE),
        ("https://a..b", WebsiteTrouble.INCOMPLETE),
        ("https://spring96.org\\@evil.org", WebsiteTrouble.INCOMPLETE),
        ("javascript:alert(1)", WebsiteTrouble.SCHEME),
        ("ftp://spring96.org", WebsiteTrouble.SCHEME),
        ("data:text/html,x", WebsiteTrouble.SCHEME),
        ("localhost", WebsiteTrouble.PRIVATE),
        ("http://127.0.0.1/", WebsiteTrouble.PRIVATE),
        ("http://[::1]/", WebsiteTrouble.PRIVATE),
        ("office@spring96.org", WebsiteTrouble.MAIL),
        ("mailto:office@spring96.org", WebsiteTrouble.MAIL),
        ("https://user:word@spring96.org", WebsiteTrouble.CREDENTIALS),
        ("https://spring96.оrg", WebsiteTrouble.MIXED),
    ],
)
def test_row_14_what_is_no_website_gets_a_sentence(typed: str, trouble: WebsiteTrouble) -> None:
    with pytest.raises(WebsiteRefused) as refused:
        website(typed)
    assert refused.value.trouble is trouble


def test_row_15_sharp_s_is_a_letter_of_its_own() -> None:
    assert deliverable(normal_address("x@straße-test.de")) == "x@xn--strae-test-83a.de"
    assert canonical("x@straße-test.de") != canonical("x@strasse-test.de")
    assert domain_of("x@Straße-test.de") == own_domain("Straße-test.de") == "xn--strae-test-83a.de"
    assert coarse("x@straße-test.de") == "x@xn--strae-test-83a.de"


@pytest.mark.parametrize("typed", ["ivan@gmail.сom", "ivan@gmаil.com", "ivan@postο.org", "ivan@gmail.ruс"])
def test_row_15_letters_of_two_alphabets_in_one_part_are_refused(typed: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        normal_address(typed)
    assert refused.value.trouble is AddressTrouble.MIXED


def test_row_15_letters_before_the_at_point_to_the_keyboard() -> None:
    with pytest.raises(AddressRefused) as refused:
        normal_address("іvan@gmail.com")
    assert refused.value.trouble is AddressTrouble.LETTERS


@pytest.mark.parametrize(
    "typed",
    [
        " anna@posttest.org ",
        "anna@posttest.org.",
        "anna@posttest.org,",
        "<anna@posttest.org>",
        '"anna@posttest.org"',
        "„anna@posttest.org”",
        "Anna Nowak <anna@posttest.org>",
        "mailto:anna@posttest.org",
        "E-mail: anna@posttest.org",
        "anna @ posttest.org",
        "anna@posttest,org",
        "anna@posttest..org",
        "anna＠posttest.org",
        "anna@posttest。org",
        "anna@posttest.org, ANNA@posttest.org",
    ],
)
def test_row_15_what_can_only_be_a_slip_is_mended(typed: str) -> None:
    assert normal_address(typed) == "anna@posttest.org"


@pytest.mark.parametrize(
    "typed", ["a@posttest.org, b@posttest.org", "a@posttest.org b@x.org", "a@b.org;c@d.org"]
)
def test_row_15_of_several_addresses_none_is_chosen(typed: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        normal_address(typed)
    assert refused.value.trouble is AddressTrouble.SEVERAL


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("mail.ri", "mail.ru"),
        ("yandex.r", "yandex.ru"),
        ("yaho.com", "yahoo.com"),
        ("outlok.com", "outlook.com"),
        ("protonmial.com", "protonmail.com"),
        ("tut.bu", "tut.by"),
        ("posttest.orgtel", "posttest.org"),
        ("gmail.ру", "gmail.com"),
        *((fine, None) for fine in ("gmail.com", "mail.com", "ya.ru", "yandex.lv", "yahoo.co.uk", "outlook.de")),
        *((fine, None) for fine in ("hrw.org", "posttest.org", "uni.kz", "company.co", "пошта.бел", "gmx.com")),
    ],
)  # fmt: skip
def test_row_15_a_common_slip_has_a_suggestion(domain: str, meant: str | None) -> None:
    assert suggested_address(f"anna@{domain}") == (f"anna@{meant}" if meant else None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ул. Ленина", PLACE),
        ("Dr h.c. mult. Anna Nowak", PERSON),
        *((name, PERSON) for name in ("X", "Ó", "李", "O")),
        *((name, PERSON) for name in ("Sukarno", "Айша", "김철수", "สมชาย", "ნინო ბურჯანაძე", "דוד בן־גוריון")),
        *((name, PERSON) for name in ("O'Neill", "O’Neill", "Oʼneill", "d'Arc", "Ng`ang`a", "Лук'яненко", "Nowak-Kowalska")),
        *((name, PERSON) for name in ("Anna Nowak Jr.", "John Smith III", "Jennifer 8. Lee", "ANNA NOWAK", "anna nowak")),
        ("A" * 120, PERSON),
        ("Nguyễn Thị Ánh", PERSON),
        ("שָׁלוֹם", PERSON),
        ("བསྟན་འཛིན་རྒྱ་མཚོ", PERSON),
        ("ကောင်းမြတ်", PERSON),
    ],
)  # fmt: skip
def test_row_24_names_of_people_all_over_the_world_are_taken(name: str, kind: NameKind) -> None:
    assert _trouble(name, kind) is None


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("👨\u200d👩\u200d👧 Anna", NameTrouble.EMOJI),
        ("Anna ❤️", NameTrouble.EMOJI),
        ("1\ufe0f\u20e3 Anna", NameTrouble.EMOJI),
        ("A\u0301\u0302\u0303\u0304\u0305nna", NameTrouble.MARKS),
        ("\u0301Anna", NameTrouble.MARKS),
        ("An\ufffda", NameTrouble.HIDDEN),
        *((name, NameTrouble.LETTERS) for name in ("...", "—", "!!!", "123", "'", "()")),
    ],
)
def test_row_24_what_is_no_name_is_refused(name: str, trouble: NameTrouble) -> None:
    assert _trouble(name) is trouble
