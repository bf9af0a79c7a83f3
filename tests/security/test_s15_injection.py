"""S15: nothing that is typed becomes a header, a recipient or a line of SMTP: what the server received
says so.
"""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support import Campaign, form, text_of

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

ENDS = ["\r\n", "\n", "\r", "\0", "%0d%0a", "\u2028", "\x85", "\r\n.\r\n", "\r\n\r\n"]
EVIL = "Bcc: evil@elsewhere.example.net"


@pytest.mark.parametrize("end", ENDS, ids=ascii)
@pytest.mark.parametrize("field", ["email", "name", "city", "message", "country"])
def test_no_line_end_gets_out_of_its_field(
    campaign: Campaign, client: FlaskClient, field: str, end: str
) -> None:
    campaign.statement()
    good = form().get(field, "")
    for typed in (f"{good}{end}{EVIL}", f"{end}{EVIL}", f"{good}{end}RCPT TO:<evil@elsewhere.example.net>"):
        client.post("/s/free/sign", data=form(**{field: typed}))
    campaign.work()
    for mail in campaign.sink.mails:
        assert mail["Bcc"] is None and mail["Cc"] is None
        assert str(mail["To"]) == "anna@post.example.org"
        assert len(mail.get_all("Subject")) == len(mail.get_all("From")) == 1
        assert "evil" not in mail.as_string().lower() and "evil" not in text_of(mail)


@pytest.mark.parametrize("end", ENDS, ids=ascii)
def test_no_header_of_an_answer_is_made_of_what_is_typed(
    campaign: Campaign, client: FlaskClient, end: str
) -> None:
    campaign.statement()
    answers = [
        client.post("/s/free/sign", data=form(revision=f"1{end}Set-Cookie: a=b")),
        client.get("/s/free/signatories", query_string={"q": f"a{end}Set-Cookie: a=b"}),
        client.get("/s/free", query_string={"text": f"be{end}Set-Cookie: a=b"}),
    ]
    assert [answer.headers.get("Set-Cookie") for answer in answers] == [None] * 3
    assert all(answer.status_code < 500 for answer in answers)
