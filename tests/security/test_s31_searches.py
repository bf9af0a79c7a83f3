"""S31: a search reads a bounded part of a long list, says so, and goes on; everybody on it is found all the
same.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from campaign.core import places
from campaign.signatories import queries
from tests.support import Campaign, organisation_form

NAMES = [f"Signer {word}" for word in ("Anna", "Bela", "Cyril", "Dora", "Emil")]
NEXT = re.compile(r'href="([^"]*after=[^"]*)">Continue the search<')


@pytest.fixture
def long_list(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three organisations and five people, of whom a search reads two at a time."""
    monkeypatch.setattr(queries, "SLICE", 2)
    monkeypatch.setattr(queries, "SEARCH_SECONDS", -1)
    campaign.statement()
    for name in ("alpha", "beta", "gamma"):
        campaign.organisation(f"League {name}", f"{name}.example.org")
        organisation = organisation_form(email=f"anna@{name}.example.org", organisation=f"League {name}")
        campaign.signed(**organisation)
    for name in NAMES:
        campaign.signed(name=name, email=f"{name.split()[1].lower()}@post.example.org")


def _walk(client: FlaskClient, path: str) -> list[str]:
    """The pages of a search, to its end."""
    pages = []
    following: str | None = path
    while following and len(pages) < 20:
        pages.append(client.get(following).text)
        found = NEXT.search(pages[-1])
        following = unescape(found.group(1)) if found else None
    return pages


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("sought", [NAMES[0], NAMES[-1], "League alpha", "League gamma"])
def test_everybody_is_found_in_the_end(long_list: None, client: FlaskClient, sought: str) -> None:
    pages = _walk(client, f"/s/free/signatories?q={sought}")
    lists = [page.partition('<section class="list">')[2].partition("</section>")[0] for page in pages]
    assert [sought in found for found in lists].count(True) == 1
    assert len(lists) > 2


@pytest.mark.databases("sqlite")
def test_a_hopeless_search_reads_a_part_and_says_so(long_list: None, client: FlaskClient) -> None:
    page = client.get("/s/free/signatories?q=Nobody").text
    assert "only a part of it has been searched" in page
    assert "Nobody on this list matches" not in page
    pages = _walk(client, "/s/free/signatories?q=Nobody")
    assert len(pages) > 2
    assert "Nobody else on this list matches." in pages[-1]


@pytest.mark.databases("sqlite")
def test_the_way_to_report_a_name_goes_on_as_well(long_list: None, client: FlaskClient) -> None:
    pages = _walk(client, "/s/free/report?q=Signer Anna")
    assert [page.count('type="radio"') for page in pages].count(1) == 1


@pytest.mark.databases("sqlite")
def test_a_country_is_sought_like_a_name(long_list: None, client: FlaskClient) -> None:
    assert "only a part of it has been searched" in client.get("/s/free/signatories?country=TV").text


@pytest.mark.databases("sqlite")
def test_while_the_places_are_taken_a_search_is_asked_to_come_again_at_once(
    long_list: None, client: FlaskClient
) -> None:
    with places.SEARCHES.taken(), places.SEARCHES._all:
        answer = client.get("/be/s/free/signatories?q=Anna")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert 'lang="be"' in answer.text
        assert client.get("/s/free/signatories").status_code == 200
    assert client.get("/s/free/signatories?q=Anna").status_code == 200
