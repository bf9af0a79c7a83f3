"""Header fields and long lines of mails, read by two parsers that are not ours: Python's own and mailparse (Rust)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import fast_mail_parser
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.ids import new_id
from campaign.mailing.messages import Rendered, message
from campaign.mailing.operations import Inviter

pytestmark = pytest.mark.databases("sqlite")

SUBJECTS = [
    "Зебра пад эмбарга да дванаццатай гадзіны: заява трыццаці праваабарончых арганізацый Беларусі",
    "Заява: Human Constanta, Viasna і яшчэ 38 арганізацый патрабуюць неадкладнага вызвалення",
    "Short and plain",
    "Łódź, Świnoujście, Žďár: " + "ąęśćżźń " * 12 + "koniec",
    "A plain one that is so long that it has to be folded " * 4 + "end",
    "=?utf-8?Q?not_an_encoded_word?= but typed so",
    "x" * 300,
    "بيان مشترك من أجل الإفراج الفوري عن المدافعين عن حقوق الإنسان المحتجزين في بيلاروس",
    "Family 👨‍👩‍👧‍👦 " * 8 + "🇧🇾🇵🇱 👍🏽",
    "и̌" * 60,
    "a" * 60 + " і яшчэ",
    "Слова " + "б" * 200 + " пасля",
    "한국인권단체 연합의 공동 성명서 " * 5 + "끝",
    "Two: colons; and, commas <and> brackets @ sign",
]
NAMES = [
    "Праваабарончы цэнтр «Вясна» і Беларускі Хельсінкскі камітэт, Мінск",
    'O"Neil, Anna (HRC)',
    "Anna Nowak",
    "Ł. @ home",
    "نینو " * 20 + "x",
    "Human Rights " * 12 + "end",
]


def _built(subject: str, text: str = "Text\n", inviter: Inviter | None = None) -> bytes:
    rendered = Rendered(subject, text, f"<p>{text}</p>")
    return message(new_id().hex, "anna@post.example.org", rendered, inviter).as_bytes()


def _read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _well_formed(content: bytes) -> None:
    head = content.partition(b"\r\n\r\n")[0]
    assert head.isascii() and all(
        len(line) <= 78 or line.startswith(b"Content-Type") for line in head.split(b"\r\n")
    )
    for word in re.findall(rb"=\?utf-8\?[BQ]\?[^?]*\?=", head):
        assert len(word) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("subject", SUBJECTS)
def test_row_22_a_long_subject_arrives_whole(context: Flask, subject: str) -> None:
    content = _built(subject)
    _well_formed(content)
    assert str(_read(content)["Subject"]) == subject
    assert fast_mail_parser.parse_email(content).subject == subject


@given(
    words=st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=25), min_size=1)
)
def test_row_22_any_subject_arrives_whole(context: Flask, words: list[str]) -> None:
    subject = " ".join(" ".join(words).split())
    content = _built(subject)
    assert fast_mail_parser.parse_email(content).subject == subject
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", content))


@pytest.mark.parametrize("name", NAMES)
def test_row_22_a_long_name_of_an_inviter_arrives_whole_and_leaves_one_address(
    context: Flask, name: str
) -> None:
    content = _built("Subject", inviter=Inviter(name, "anna@civic.example.org"))
    _well_formed(content)
    parsed = _read(content)
    (sender,) = parsed["From"].addresses
    # Python 3.11 adds a blank between encoded words of a name, against RFC 2047, 6.2.
    assert " ".join(sender.display_name.split()) == name
    raw = message_from_bytes(content)["From"]
    assert (
        str(make_header(decode_header(raw)))
        .replace("\\", "")
        .replace(" <", '" <')
        .strip('"')
        .startswith(name)
    )
    assert parsed["Reply-To"].addresses[0].addr_spec == "anna@civic.example.org"
    said = fast_mail_parser.parse_email(content).headers["From"]
    shown = said if isinstance(said, str) else said[0]
    assert shown.replace("\\", "").strip('"').startswith(name)


@pytest.mark.parametrize(
    "line", ["Праваабарончы цэнтр " * 90, "ж" * 3_000, "word " * 500 + "end.", "𝔘" * 700]
)
def test_row_22_a_long_line_of_a_body_arrives_whole(context: Flask, line: str) -> None:
    content = _built("Subject", text=f"{line}\n\n.\nFrom here\n")
    _well_formed(content)
    body = _read(content).get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n") == f"{line}\n\n.\nFrom here\n"
    assert fast_mail_parser.parse_email(content).text_plain[0].replace("\r\n", "\n").startswith(line)
