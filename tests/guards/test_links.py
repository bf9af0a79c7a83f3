"""Links to other languages lead to a page, also from pages of trouble, and repeat no token that a page of
trouble was asked for.
"""

from __future__ import annotations

import re
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from campaign.config import OFFERED
from campaign.core.language import in_language
from campaign.extensions import db
from campaign.signing import views as signing
from tests.support import csrf_of
from tests.world.addresses import READING, House

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")


def _languages(response: TestResponse) -> list[str]:
    """Where the links of the foot lead to."""
    if not response.content_type.startswith("text/html"):
        return []
    found = re.search(r'<nav class="languages".*?</nav>', response.text, re.S)
    return re.findall(r'href="([^"]+)"', found[0]) if found else []


def in_each_language(path: str) -> list[str]:
    """The addresses of a page, as the foot names them."""
    return [in_language(code, path) for code in OFFERED]


def test_from_every_refused_form_the_links_lead_on(house: House) -> None:
    """With nothing filled in, each form is refused in its own way."""
    token, seen, followed = csrf_of(house.team.get("/desk/team")), set(), set()
    methods = {method for rule in house.app.url_map.iter_rules() for method in rule.methods or ()} - set(
        READING
    )
    for method in methods:
        for address in house.addresses(method):
            if address.endpoint in ("accounts.sign_out", "accounts.end_session"):
                continue
            for data in ({"csrf_token": token}, {"csrf_token": token, "draft": "another"}, {}):
                with house.browser(address).open(f"/be{address.path}", method=method, data=data) as response:
                    links = {link for link in _languages(response) if (address.of_team, link) not in followed}
                    seen.add(response.status_code)
                # Two languages stand for all: the others differ in their prefix alone.
                for link in sorted(links)[:2]:
                    assert house.browser(address).get(link).status_code in (200, 302, 303), (address, link)
                    followed.add((address.of_team, link))
    assert {400, 422} <= seen


def test_the_links_of_a_refused_form_of_the_desk_lead_to_the_page_it_stands_on(house: House) -> None:
    token = csrf_of(house.team.get("/desk/team"))
    signature = house.values["signature_id"]
    for path, page in {
        f"/desk/signatures/{signature}/approve": "/desk/review",
        f"/desk/signatures/{signature}/reject": "/desk/review",
        "/desk/statements/draft/publish": "/desk/statements/draft/publish",
        "/desk/statements/free/export": "/desk/statements/free/export",
    }.items():
        response = house.team.post(
            f"/ru{path}", data={"csrf_token": token, "draft": "another", "organisation": "x"}
        )
        assert (response.status_code, _languages(response)) == (422, in_each_language(page))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("kind", ["ours", "outage"])
def test_a_page_of_trouble_does_not_repeat_a_token(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: str, method: str
) -> None:
    def fail(*_arguments: object, **_named: object) -> NoReturn:
        raise LookupError if kind == "ours" else OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(signing.tokens, "read", fail)
    tokens = (house.values["token"], house.values["accounts.invitation.token"])
    for path in (
        f"/c/{tokens[0]}",
        f"/c/{tokens[0]}/data.json",
        f"/c/{tokens[0]}/",
        f"/desk/invitation/{tokens[1]}",
        f"/c/{tokens[0]}/more",
    ):
        response = house.stranger.open(f"/be{path}?x={tokens[0]}", method=method)
        assert response.status_code >= 400
        assert not any(token in response.text for token in tokens), path
        assert len(_languages(response)) == len(OFFERED)


def test_a_cut_token_is_not_repeated_either(house: House) -> None:
    cut = house.values["token"][:-3]
    response = house.stranger.get(f"/ru/c/{cut}")
    assert (response.status_code, cut in response.text) == (404, False)
    assert _languages(response)[0] == "/check-your-mail"


def test_the_page_of_a_genuine_link_is_there_in_other_languages(house: House) -> None:
    path = f"/c/{house.values['token']}"
    assert _languages(house.stranger.get(path)) == in_each_language(path)


def test_other_pages_of_trouble_lead_to_themselves(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        db.session.__class__, "execute", lambda *_a, **_n: (_ for _ in ()).throw(LookupError())
    )
    response = house.stranger.get("/be/s/free/signatories?q=x")
    assert response.status_code == 500
    assert _languages(response)[0] == "/s/free/signatories?q=x"
