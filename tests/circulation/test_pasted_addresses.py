"""Addresses in pasted lines: read as they stand, or asked about."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.circulation.pasted_addresses import Surroundings, addresses_in, visible
from campaign.core.mail_addresses import AddressRefused, sole_address

READ = {
    "ola1@gmail.com": """
        1. ola1@gmail.com|1) ola1@gmail.com|(1) ola1@gmail.com|a) ola1@gmail.com|III. ola1@gmail.com|№ 1 ola1@gmail.com
        • ola1@gmail.com|•ola1@gmail.com|- ola1@gmail.com|* ola1@gmail.com|– ola1@gmail.com|1.1. ola1@gmail.com
        Prof. ola1@gmail.com|Dr ola1@gmail.com|inż. ola1@gmail.com|Проф. ola1@gmail.com|Frau Nowak ola1@gmail.com
        E-mail: ola1@gmail.com|e-mail:ola1@gmail.com|mailto:ola1@gmail.com|тел./e-mail: ola1@gmail.com
        Эл. почта: ola1@gmail.com|пошта:ola1@gmail.com|Ola <ola1@gmail.com>|Ola<ola1@gmail.com>|(ola1@gmail.com)
        ola1@gmail.com.|ola1@gmail.com,|ola1@gmail.com);|"ola1@gmail.com"|'ola1@gmail.com'|«ola1@gmail.com»
        Nowak, Ola <ola1@gmail.com>|Test House,ola1@gmail.com,PL|HRW,ola1@gmail.com|Ola Nowak,ola1@gmail.com
        Test Inc. ola1@gmail.com|See ola1@gmail.com. Thanks|[ola1@gmail.com](mailto:ola1@gmail.com)
        Follow @ola_n ola1@gmail.com|ola1@gmail.com (Ola)|ola1@gmail.com – Ola|\u200eola1@gmail.com\u200f
        \u00a0ola1@gmail.com\u200b|\ufeffola1@gmail.com\u00ad|Аня. ola1@gmail.com|1\tola1@gmail.com
    """,
    "ola@x.org": """
        1] ola@x.org|[1] ola@x.org|{1} ola@x.org|#1 ola@x.org|1 – ola@x.org|1: ola@x.org|1° ola@x.org|1st ola@x.org|1/ ola@x.org
        2- ola@x.org|Nr. 1: ola@x.org|п. 1 ola@x.org|① ola@x.org|IV) ola@x.org|☐ ola@x.org|[x] ola@x.org|- [ ] ola@x.org|>> ola@x.org
        Dott.ssa ola@x.org|д.ю.н. ola@x.org|Univ.-Prof. ola@x.org|Prof. Dr. h.c. mult. ola@x.org|Спадарыня ola@x.org|Sra. ola@x.org
        <mailto:ola@x.org>|ola@x.org<mailto:ola@x.org>|Ola N <ola@x.org<mailto:ola@x.org>>|From: Ola N [mailto:ola@x.org]
        <<ola@x.org>>|‹ola@x.org›|（ola@x.org）|【ola@x.org】|「ola@x.org」|ola@x.org。|Оля，ola@x.org|ola@x.org [1]|ola@x.org (1)
        ✉️ola@x.org|📧: ola@x.org|ola@x.org...|ola@x.org: director|ola@x.org - work|Пошта (рабочая): ola@x.org|ola@x.org †
    """,
    "x@straße-test.de": "x@straße-test.de",
    "a@пример.рф": "a@пример.рф",
    "a.nowak@uni.kz": "a.nowak@uni.KZ",
    "24info@x.com.by": "24info@x.com.by",
    "contact@x.example": "contact@x.example",
    "ola-n_2+a@yahoo.com.br": "ola-n_2+a@yahoo.com.br",
}
ASKED = """
    1.ola@x.org|1)ola@x.org|(1)ola@x.org|1:ola@x.org|ii.ola@x.org|1ola@x.org|prof.ola@x.org|mr-ola@x.org|tel.ola@x.org
    -ola@x.org|*ola@x.org|**ola@x.org**|_ola@x.org_|–ola@x.org|`ola@x.org|#ola@x.org|/ola@x.org|<b>ola@x.org</b>
    jan. ola@x.org|Jan N. ola@x.org|jan- ola@x.org|jan_ ola@x.org|jan+ ola@x.org|jan . ola@x.org|jan.\u00a0ola@x.org
    jan,ola@x.org|ola@x.org,by|ola@x,org|ola@x.org. pl|ola@uni .org|ola@uni. org|ola @x.org|ola@ x.org|ola @ x.org
    ola (at) x.org|ola [at] x.org|ola(собака)x.org|ola%40x.org|ola&#64;x.org|ola=40x.org|ola＠x.org|ola at x dot org
    &lt;ola@x.org&gt;|&#60;ola@x.org|ola@x.orgTel.:+48|+48123456789ola@x.org|48123456789ola@x.org|ola@x.org1
    ola@x.org¹|ola@x.orgPoland|ola@x.orgЗвоните|ola@x.org.tel|Email addressOla@x.org|mailtoola@x.org|ola@x.org'
    a@x.org/ola@x.org|a@x.org-ola@x.org|a@x.orgola@x.org|a@x.org+ola@x.org|o'la@x.org|jan"ola@x.org|jan…ola@x.org
    оla@x.org|ola@gmail.сom|ola@gmial.com|ola@gmail.com.pl|ola@www.x.org|ola@сосо.com|o\u00adla@x.org|1.\u200bola@x.org
    o\u202ela@x.org|ola@x..org|ola@x.orgg|http://u:ola@x.org|git@github.com:ola|ola@x.org>pl|mailto:ola@x.org?cc=a
    jan ola@x.org|jan maria ola@x.org|1. jan ola@x.org|Dom;jan ola@x.org|józef ola@x.org|@ ola@x.org|@ola@x.org
    {ola,jan}@x.org|{ola, jan} @ x.org|ola/jan@x.org
    Sen.ola@x.org|Bp.ola@x.org|bp.ola@x.org|Acad.ola@x.org|akad.ola@x.org|d-r.ola@x.org|kand.ola@x.org|mec.ola@x.org
    Mag.ola@x.org|Xyz.ola@x.org|Ks.ola@x.org|Sen.Ola@x.org|Dep.ola@x.org|dir.ola@x.org|Prof.dr.ola@x.org
    ⑴ola@x.org|①ola@x.org|ola@x．org|ola@x。org|ola@x dot org|ola @ x . org|ola собака x точка org|ola[at]x[dot]org
    an na@x.org|ola@@x.org|ola@x.org*|ola@x.org…|ola@x.org1|https://x.org/ola@x.org|mailto:ola@x.org?subject=a|A. ola@x.org
    ola@mail.uni|пошта.ola@x.org|jan·ola@x.org|1️⃣ola@x.org|x=ola@x.org|ola@x.org-|ola@x.org:8080
"""
BROKEN = [
    ("jan.", "ola@x.org", "", "jan.ola@x.org"),
    ("jan", "ola@x.org", "", "janola@x.org"),
    ("to jan-", "ola@x.org", "", "jan-ola@x.org"),
    ("ola.jan", "@x.org", "", "ola.jan@x.org"),
    ("", "ola@x.", "org", "ola@x.org"),
    ("", "ola@mail.x", ".org", "ola@mail.x.org"),
    ("", "ola@x.org", ".pl", "ola@x.org.pl"),
    ("", "ola@x-", "y.org", "ola@x-y.org"),
    ("", "ola@gmail.co", "m", "ola@gmail.com"),
    ("", "ola@", "x.org", "ola@x.org"),
    ("", "ola@x.com", "br", "ola@x.com.br"),
    ("", "ola@x.com", "br Brazil", "ola@x.com.br"),
]
ENDINGS = {
    "ola@x.co.uk": "ola@x.co uk|ola@x.co . uk|ola@x.co - uk|ola@x. co uk|ola@x co uk|<ola@x.co uk>|ola@x.co u k",
    "ola@x.com.br": "ola@x.com br|ola@x.com  br|ola@x.com\u00a0br|ola@x.com br, Ola|Ola; ola@x.com br; x",
    "ola@x.edu.pl": "ola@x.edu pl|ola@x.edu .pl|ola@x.edu. pl|OLA@X.EDU PL",
    "ola@x.com": "ola@x.co m|ola@x.c om|ola@x com",
    "ola@x.info": "ola@x.in fo|ola@x.inf o",
    "ola@x.net": "ola@x.ne t",
    "ola@почта.ком.укр": "ola@почта.ком укр",
}
WHOLE = [
    ("Jan Nowak", "2. ola@x.org", "Jan"),
    ("1.", "ola@x.org", "2."),
    ("a@x.org.", "ola@x.org", "2. b@x.org"),
    ("a. a@x.org", "b. ola@x.org", ""),
    ("", "a. ola@x.org", "b. b@x.org"),
    ("А. a@x.org", "Б. ola@x.org", "В. b@x.org"),
]


def _table(text: str) -> list[str]:
    return [each.strip(" ") for line in text.strip("\n ").split("\n") for each in line.strip(" ").split("|")]


@pytest.mark.parametrize("address", READ)
def test_row_01_an_address_that_stands_alone_is_read_without_what_stands_beside_it(address: str) -> None:
    for typed in _table(READ[address]):
        found = addresses_in(visible(typed), Surroundings(number=9))
        assert {one.address for one in found} == {address}, typed


def test_row_01_what_can_be_read_in_two_ways_is_asked_about_and_its_readings_are_offered() -> None:
    for typed in _table(ASKED):
        found = addresses_in(visible(typed), Surroundings(number=1))
        assert found, typed
        assert not any(one.address for one in found), typed
        assert any(one.readings for one in found), typed


@pytest.mark.parametrize(("above", "typed", "below", "joined"), BROKEN)
def test_row_01_an_address_broken_over_two_lines_is_asked_about(
    above: str, typed: str, below: str, joined: str
) -> None:
    found = addresses_in(typed, Surroundings(above, below))
    assert [one.address for one in found] == [""]
    assert joined in found[0].readings


# With the letters that most mailboxes are written in; never the end of the word alone.
MARKED = {
    "łukasz@x.org": "lukasz@x.org",
    "m.łoś@x.org": "m.los@x.org los@x.org",
    "ján@x.org": "jan@x.org",
    "ja\u0301n@x.org": "jan@x.org",
    "anna\u0328@x.org": "anna@x.org",
    "nguyễn@x.org": "nguyen@x.org",
    "müller.jan@x.org": "mueller.jan@x.org muller.jan@x.org",
    "jan.müller@x.org": "jan.mueller@x.org jan.muller@x.org",
    "øle@x.org": "ole@x.org",
    "%C5%82ukasz@x.org": "lukasz@x.org",
    "&eacute;ola@x.org": "",
    "é&#322;a@x.org": "",
    "józef nowak@x.org": "nowak@x.org jozef.nowak@x.org jozefnowak@x.org",
    "1. maria józefa nowak@x.org": "nowak@x.org maria.jozefa.nowak@x.org maria.jozefanowak@x.org",
    "Jan Nowak@x.org": "Nowak@x.org Jan.Nowak@x.org JanNowak@x.org",
    "JAN NOWAK@X.ORG": "NOWAK@x.org JAN.NOWAK@x.org JANNOWAK@x.org",
}
DECODED = """
    \\nola@x.org|\\tola@x.org|%3Cola@x.org%3E|%253Cola@x.org|%20ola@x.org|&lt;ola@x.org&gt;|&#60;ola@x.org&#62;
    =3Cola@x.org=3E|\\u003cola@x.org\\u003e|mailto%3Aola@x.org|%E2%80%8Bola@x.org|ola@x.org\\n|@ola@x.org
"""


def test_row_01_letters_with_marks_and_names_that_a_blank_cuts_are_asked_about_as_a_whole() -> None:
    for typed, readings in MARKED.items():
        for one in addresses_in(visible(typed), Surroundings(number=9)):
            assert (one.address, one.readings) == ("", tuple(readings.split())), typed


def test_row_01_a_name_before_a_whole_address_is_no_part_of_it() -> None:
    for typed in _table("Ola ola@x.org|Ola Ola@x.org|Viasna Info@x.org|Jan Nowak ola@x.org|Аня Ola@x.org"):
        assert [one.address.lower() for one in addresses_in(typed, Surroundings())] in (
            ["ola@x.org"],
            ["info@x.org"],
        ), typed


def test_row_01_codes_are_read_before_readings_are_offered() -> None:
    for typed in _table(DECODED):
        found = addresses_in(visible(typed), Surroundings(number=9))
        assert [(one.address, one.readings) for one in found] == [("", ("ola@x.org",))], typed


@pytest.mark.parametrize("whole", ENDINGS)
def test_row_01_an_ending_behind_a_blank_is_asked_about(whole: str) -> None:
    for typed in _table(ENDINGS[whole]):
        found = addresses_in(visible(typed), Surroundings(number=9))
        assert [one.address for one in found] == [""], typed
        assert whole.casefold() in [each.casefold() for each in found[0].readings], typed


def test_row_01_words_behind_an_address_are_no_ending() -> None:
    for typed in _table(
        "ola@x.org Ola|ola@x.org PL|ola@x.org – Ola|ola@x.org - Ola|ola@x.org, pl|ola@x.org and"
    ):
        assert [one.address for one in addresses_in(typed, Surroundings(number=9))] == ["ola@x.org"], typed


REMARKS = """
    no phone given|so what is this|in Warsaw|In Warsaw: call him|is our contact|at work until five|to be asked by Ales
    it is a good one|de Bruyn|team leader|work address|now in Berlin|tel|ola|me too|by phone only|na razie bez telefonu
"""


def test_row_01_a_remark_is_no_ending_of_an_address_though_it_begins_as_one() -> None:
    for remark in _table(REMARKS):
        for typed, below in ((f"ola@x.com {remark}", ""), ("ola@x.com", remark)):
            found = addresses_in(typed, Surroundings("", below, 9))
            assert [one.address for one in found] == ["ola@x.com"], remark
    for typed in _table("ola@x.by by|ola@x.eu eu|ola@x.co.uk uk|ola@x.com - in Berlin"):
        assert [one.address for one in addresses_in(typed, Surroundings(number=9))] == typed.split()[:1], (
            typed
        )
    for typed in _table("ola@x.co in Delhi|ola@x.com br Brazil|ola@x.com in|ola@x.co uk office|ola@x co uk"):
        assert [one.address for one in addresses_in(typed, Surroundings(number=9))] == [""], typed


def test_row_01_a_code_that_a_separator_parts_from_the_domain_is_asked_about_where_it_may_be_its_ending() -> (
    None
):
    for typed in _table("ola@x.com;br|ola@x.com; br|ola@x.com, br|1. ola@x.org; by|ola@x.edu;by"):
        (one,) = addresses_in(typed, Surroundings(number=9))
        assert (one.address, one.readings[1].rpartition(".")[2]) == ("", typed[-2:]), typed
    for typed in _table("ola@x.com;BR|ola@x.com; pl|ola@x.de; at|ola@gmail.com; by|Dom; ola@x.com; br"):
        (one,) = addresses_in(typed, Surroundings(number=9))
        assert one.address == one.given, typed
    for beside in ("a@x.by; by", "b@y.com; ua", "c@z.com; DE"):
        (one,) = addresses_in("ola@x.com; br", Surroundings(beside, "", 9))
        assert one.address == "ola@x.com", beside


def test_row_01_lines_of_a_list_are_no_broken_address() -> None:
    for above, typed, below in WHOLE:
        assert [one.address for one in addresses_in(typed, Surroundings(above, below, 9))] == ["ola@x.org"]


_SIGNS = "123aAbЖ.-_+@,;:|<>()[]\"'/*&%#=~•–…\t\n  \u200b\u00ad\u200e\u00a0"
_WORDS = "ola@x.org kasia.n@uni.kz 1. a) Prof. mailto: E-mail: x.org .org gmail.com anna Anna"
_PIECES = st.sampled_from([*_SIGNS, *_WORDS.split()])
_PARTS = re.compile(r"[\s<>()\[\]{},;|:\"“”„«»]+")


@settings(max_examples=600, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_row_01_whatever_is_pasted_only_what_stands_between_blanks_or_separators_is_read(pasted: str) -> None:
    lines = pasted.split("\n")
    for at, line in enumerate(lines):
        above, below = (lines[at - 1] if at else ""), "".join(lines[at + 1 : at + 2])
        standing = {
            part.strip("\u200b\u00ad\u200e•").strip("'").rstrip(".!?'") for part in _PARTS.split(line)
        }
        for one in addresses_in(visible(line), Surroundings(visible(above), visible(below), at + 1)):
            assert not one.address or one.given in standing


@pytest.mark.parametrize(
    "typed",
    [
        "1. ola@x.org",
        "ola@x.org, a@x.org",
        "ola@x..org",
        "ola@x,by",
        "jan, ola@x.org",
        "ola@x.org. Me",
        "ola @x.org",
    ],
)
def test_row_01_where_one_address_is_asked_for_nothing_is_mended(typed: str) -> None:
    with pytest.raises(AddressRefused):
        sole_address(typed)
    assert sole_address(" <ola@x.org>. ") == sole_address("mailto:ola@x.org") == "ola@x.org"
