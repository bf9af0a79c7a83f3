"""The list as readers and programs see it."""

from __future__ import annotations

import base64

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from campaign.core.collation import sort_key
from campaign.core.database import writing
from campaign.extensions import db
from campaign.signatories.cursor import ListCursor
from campaign.signatures.models import SignatoryKind, Signature
from campaign.statements import lifecycle, operations
from campaign.statements.models import Kind, Signers, Statement
from tests.support import Campaign, organisation_form

pytestmark = [pytest.mark.databases("sqlite", "postgresql"), pytest.mark.usefixtures("app")]


@pytest.fixture
def signed(campaign: Campaign) -> Campaign:
    """Two organisations and three people, one of them unnamed."""
    campaign.statement(goal=10)
    for name in ("Zebra League", "Alpha League"):
        domain = f"{name.split()[0].lower()}.example.org"
        campaign.organisation(name, domain)
        campaign.signed(**organisation_form(organisation=name, email=f"office@{domain}"))
    campaign.signed(name="Алесь Бяляцкі", email="a@post.example.org", country="BY", city="Мінск")
    campaign.signed(name="Łukasz Żak", email="l@post.example.org", country="PL", message="not yet")
    campaign.signed(name=None, visibility="counted", email="q@post.example.org", country="DE")
    return campaign


def test_organisations_come_first_by_name_then_people_newest_first(
    signed: Campaign, client: FlaskClient
) -> None:
    page = client.get("/s/free/signatories").text
    places = [page.index(name) for name in ("Alpha League", "Zebra League", "Łukasz Żak", "Алесь Бяляцкі")]
    assert places == sorted(places)
    assert "and 1 more who asked not to be named" in page


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("Bialiatski", "Алесь Бяляцкі"),
        ("бяляц", "Алесь Бяляцкі"),
        ("zak", "Łukasz Żak"),
        ("ŁUKASZ", "Łukasz Żak"),
        ("alpha", "Alpha League"),
    ],
)
def test_search_finds_names_across_scripts_and_accents(
    signed: Campaign, client: FlaskClient, q: str, found: str
) -> None:
    page = client.get("/s/free/signatories", query_string={"q": q}).text
    assert found in page
    assert sum(name in page for name in ("Алесь Бяляцкі", "Łukasz Żak", "Alpha League", "Zebra League")) == 1


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("Беляцкий", "Алесь Бяляцкі"),
        ("Białacki", "Алесь Бяляцкі"),
        ("Alaksiej", None),
        ("Лукаш", "Łukasz Żak"),
        ("Альфа", "Alpha League"),
        ("mueller", None),
    ],
)
def test_search_finds_names_in_another_spelling(
    signed: Campaign, client: FlaskClient, q: str, found: str | None
) -> None:
    page = client.get("/s/free/signatories", query_string={"q": q}).text
    shown = [name for name in ("Алесь Бяляцкі", "Łukasz Żak", "Alpha League", "Zebra League") if name in page]
    assert shown == ([found] if found else [])


def test_organisations_of_five_languages_stand_in_one_order(campaign: Campaign, client: FlaskClient) -> None:
    names = [
        "Lozanna",
        "Łódzka Liga",
        "Müller-Verein",
        "Muzeum",
        "Ясень",
        "Вясна",
        "Ёлка",
        "Європа",
        "Жаўрук",
        "Искра",
        "Іскра",
        "Їжак",
    ]
    in_order = [
        "Lozanna",
        "Łódzka Liga",
        "Müller-Verein",
        "Muzeum",
        "Вясна",
        "Ёлка",
        "Європа",
        "Жаўрук",
        "Искра",
        "Іскра",
        "Їжак",
        "Ясень",
    ]
    campaign.statement()
    for number, name in enumerate(names):
        campaign.organisation(name, f"org{number}.example.org")
        campaign.signed(**organisation_form(organisation=name, email=f"office@org{number}.example.org"))
    page = client.get("/s/free/signatories").text
    places = [page.index(name) for name in in_order]
    assert places == sorted(places)


@pytest.mark.parametrize("q", ["%", "_", "' OR 1=1 --", "\\", "x" * 5000, "\u202e"])
def test_a_search_for_anything_is_answered(signed: Campaign, client: FlaskClient, q: str) -> None:
    assert client.get("/s/free/signatories", query_string={"q": q}).status_code == 200


def test_filters_narrow_by_kind_and_country(signed: Campaign, client: FlaskClient) -> None:
    people = client.get("/s/free/signatories?kind=person").text
    assert "Alpha League" not in people
    assert "Łukasz Żak" in people
    polish = client.get("/s/free/signatories?country=PL&kind=person").text
    assert "Łukasz Żak" in polish
    assert "Алесь Бяляцкі" not in polish


def test_pages_follow_each_other_without_gap_or_repeat(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    names = [f"Person {letter}" for letter in "abcdefg"]
    for number, name in enumerate(names):
        campaign.signed(name=name, email=f"p{number}@post.example.org")
    _pages_of(monkeypatch, 3)
    seen: list[str] = []
    path: str | None = "/s/free/signatories"
    while path:
        page = client.get(path).text
        seen += [name for name in reversed(names) if f">{name}" in page.replace("<span>", ">")]
        path = _next(page)
    assert seen == list(reversed(names))


def _pages_of(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    defaults = {"kind": None, "query": "", "country": "", "after": None, "most": most}
    monkeypatch.setattr("campaign.signatories.queries.browse.__kwdefaults__", defaults)


def _next(page: str) -> str | None:
    return (
        page.split('rel="next" href="')[1].partition('"')[0].replace("&amp;", "&")
        if 'rel="next"' in page
        else None
    )


def _cursor(page: str) -> str:
    path = _next(page)
    assert path
    return path.partition("after=")[2]


@pytest.mark.parametrize("kind", ["person", "organisation"])
@pytest.mark.parametrize("gone", [["c"], ["a", "b", "c"], ["b", "c", "d"]])
def test_paging_goes_on_at_its_place_when_those_who_stood_there_left(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str, gone: list[str]
) -> None:
    campaign.statement()
    names = {letter: f"{letter} League" for letter in "abcdefg"}
    links = {
        letter: _sign(campaign, kind, name)
        for letter, name in sorted(names.items(), reverse=kind == "person")
    }
    _pages_of(monkeypatch, 3)
    first = client.get("/s/free/signatories").text
    assert [letter for letter, name in names.items() if name in first] == list("abc")
    for letter in gone:
        client.post(links[letter], data={"action": "withdraw"})
    campaign.work()
    onward = client.get(_next(first) or "").text
    assert [letter for letter, name in names.items() if name in onward] == [
        letter for letter in "defg" if letter not in gone
    ][:3]


def test_paging_goes_on_at_its_place_when_an_organisation_there_is_known_by_another_name_now(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    names = {letter: f"{letter} League" for letter in "abcde"}
    for name in names.values():
        _sign(campaign, "organisation", name)
    _pages_of(monkeypatch, 2)
    first = client.get("/s/free/signatories").text
    with campaign.app.app_context(), writing() as session:
        session.execute(
            update(Signature)
            .where(Signature.organisation_name == "b League")
            .values(organisation_name="z", sort_key=sort_key("z"))
        )
    onward = client.get(_next(first) or "").text
    assert [letter for letter, name in names.items() if name in onward] == ["c", "d"]


def _sign(campaign: Campaign, kind: str, name: str) -> str:
    host = f"{name[0]}.example.org"
    if kind == "person":
        return campaign.signed(name=name, email=f"p@{host}")
    campaign.organisation(name, host)
    return campaign.signed(**organisation_form(organisation=name, email=f"office@{host}"))


def test_a_wrong_cursor_shows_the_first_page(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("other", "free"):
        campaign.statement(slug)
        for letter in "abc":
            campaign.signed(slug, name=f"Person {letter}", email=f"{letter}@post.example.org")
    _pages_of(monkeypatch, 2)
    first = client.get("/s/free/signatories").text
    good, foreign = _cursor(first), _cursor(client.get("/s/other/signatories").text)
    assert client.get(f"/s/free/signatories?after={good}").text != first
    flipped = [
        good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :]
        for place in range(0, len(good) - 1, 5)
    ]
    for wrong in (
        foreign,
        good[:-2],
        good[4:],
        good + good,
        "17",
        "x",
        "=",
        "ё",
        "%F0%9F",
        "A" * 3_000,
        *flipped,
    ):
        answer = client.get(f"/s/free/signatories?after={wrong}")
        assert answer.status_code == 400 and "is not complete" in answer.text, wrong
        assert ('href="/s/free/signatories"' in answer.text and wrong not in answer.text[100:]) or len(
            wrong
        ) < 3


WRONG = [
    *(
        "country=XX",
        "country=Poland",
        "country=0",
        "country=%F0%9F%87%B5",
        "kind=robot",
        "kind=PERSON",
        "demands=x",
    ),
    *("by=name", "sort=name", "per_page=5", "page=-1", "lang=xx", "language=klingon", "text=zz", "start=1"),
    *(
        "kind=person&kind=organisation",
        "country=PL&country=DE",
        "after=x&after=y",
        "limit=99999999999999999999",
    ),
    *("order=%3Cscript%3E", "offset=-1", "kind=%00"),
]


@pytest.mark.parametrize("query", WRONG)
def test_the_list_refuses_what_it_does_not_know(campaign: Campaign, client: FlaskClient, query: str) -> None:
    campaign.statement()
    answer = client.get(f"/be/s/free/signatories?{query}")
    assert answer.status_code == 400 and "<h1>" in answer.text and "<script>" not in answer.text
    assert "%00" in query or 'href="/be/s/free/signatories"' in answer.text
    assert client.get(f"/s/free/signatories?q=anna&{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["", "?kind=&country=&q=&after=", "?country=pl", "?utm_source=x&fbclid=y", "?text=fr"]
)
def test_the_list_takes_what_forms_and_trackers_add(
    campaign: Campaign, client: FlaskClient, query: str
) -> None:
    campaign.statement()
    assert client.get(f"/s/free/signatories{query}").status_code == 200


@pytest.mark.parametrize(
    "after", ["-1", "x", "2147483648", "1e3", "%D9%A1", "9" * 400, "1.5", "null", "1&after=2"]
)
def test_the_api_refuses_what_it_does_not_know(campaign: Campaign, client: FlaskClient, after: str) -> None:
    campaign.statement()
    answer = client.get(f"/api/v1/statements/free/signatures?after={after}")
    assert answer.status_code == 400 and answer.get_json()["error"]
    for path in ("statements", "statements/free", "statements/free/signatures", "people"):
        for query in ("kind=robot", "country=XX", "lang=xx", "text=zz", "sort=name", "per_page=0"):
            answer = client.get(f"/api/v1/{path}?{query}")
            assert answer.status_code == 400 and list(answer.get_json()) == ["error"], (path, query)
        assert client.get(f"/api/v1/{path}?utm_source=x").status_code == 200


def test_a_cursor_tells_no_name_and_is_the_same_each_time(
    campaign: Campaign, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement()
    for letter in "abc":
        _sign(campaign, "organisation", f"{letter} League")
    _pages_of(monkeypatch, 2)
    cursor = _cursor(client.get("/s/free/signatories").text)
    plain = base64.urlsafe_b64decode(cursor + "==")
    for told in ("b League", sort_key("b League"), "organisation"):
        assert told not in cursor and told.encode() not in plain
    campaign.app.extensions["page_cache"].clear()
    again = client.get("/s/free/signatories").text
    assert _cursor(again) == cursor
    assert (
        f'href="/be/s/free/signatories?after={cursor}"'
        in client.get(f"/s/free/signatories?after={cursor}").text
    )


def test_the_api_pages_through_everything(signed: Campaign, client: FlaskClient) -> None:
    body = client.get("/api/v1/statements/free/signatures?after=2").get_json()
    assert [line["position"] for line in body["signatures"]] == [3, 4, 5]
    assert body["next"] is None
    assert set(body["signatures"][0]) == {
        "position",
        "kind",
        "name",
        "organisation",
        "title",
        "affiliation",
        "country",
        "message",
        "revision",
    }
    assert body["signatures"][1]["message"] is None


@pytest.mark.parametrize("after", ["-1", "abc", "99999999999999", "²", ""])
def test_a_strange_cursor_is_refused_and_an_empty_one_is_none(
    signed: Campaign, client: FlaskClient, after: str
) -> None:
    for path in ("/api/v1/statements/free/signatures", "/s/free/signatories"):
        assert client.get(path, query_string={"after": after}).status_code == (400 if after else 200)


def test_the_api_lists_statements_with_counts_apart(signed: Campaign, client: FlaskClient) -> None:
    statement = client.get("/api/v1/statements").get_json()["statements"][0]
    assert statement == {
        "slug": "free",
        "fictional": False,
        "safety": "standard",
        "title": "Free them all",
        "kind": "petition",
        "status": "open",
        "counts": {"people": 3, "organisations": 2, "total": 5},
    }


def test_live_answers_304_until_something_changes(signed: Campaign, client: FlaskClient) -> None:
    for path in ("/s/free/live", "/s/free/live.json", "/s/free", "/api/v1/statements"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    before = client.get("/s/free/live.json").headers["ETag"]
    signed.sign(name="New Person", email="new@post.example.org")
    again = client.get("/s/free/live.json", headers={"If-None-Match": before})
    assert again.status_code == 200
    assert again.get_json()["version"] == 6


def test_an_open_page_is_told_nothing_while_nothing_changed(signed: Campaign, client: FlaskClient) -> None:
    version = client.get("/s/free/live.json").get_json()["version"]
    assert client.get(f"/s/free/live?after={version}").status_code == 204
    fragment = client.get(f"/s/free/live?after={version - 1}")
    assert fragment.status_code == 200
    assert 'id="live-list" hx-swap-oob="true"' in fragment.text


def test_the_goal_is_drawn_with_its_words(signed: Campaign, client: FlaskClient) -> None:
    page = client.get("/s/free").text
    assert '<progress max="10" value="5"' in page
    assert "5 of 10 signatures, people and organisations together" in page


def test_an_old_address_redirects(campaign: Campaign, client: FlaskClient) -> None:
    statement_id = campaign.statement("old-name")
    with campaign.app.app_context(), writing() as session:
        operations.change_settings(
            session,
            session.get_one(Statement, statement_id),
            operations.StatementSettings("new-name", Kind.PETITION, Signers.BOTH),
        )
    for path, now in (
        ("/s/old-name", "/s/new-name"),
        ("/be/s/old-name/signatories?q=a", "/be/s/new-name/signatories?q=a"),
        ("/api/v1/statements/old-name", "/api/v1/statements/new-name"),
    ):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, now)
        assert client.head(path).headers["Location"] == now


@pytest.mark.parametrize(
    "query",
    [
        "_method=POST",
        "endpoint=pages.home",
        "_external=1",
        "_anchor=x",
        "_scheme=ftp",
        "values=1",
        "slug=other",
        "q=a%20b&q=%D0%BC%26",
        "a=%0d%0aX-Y:z",
    ],
)
def test_an_old_address_passes_its_query_on_as_it_is(
    campaign: Campaign, client: FlaskClient, query: str
) -> None:
    statement_id = campaign.statement("old-name")
    with campaign.app.app_context(), writing() as session:
        operations.change_settings(
            session,
            session.get_one(Statement, statement_id),
            operations.StatementSettings("new-name", Kind.PETITION, Signers.BOTH),
        )
    response = client.get(f"/ru/s/old-name/signatories?{query}")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/ru/s/new-name/signatories?{query}",
    )


def test_an_old_address_that_comes_back_is_not_hidden_by_what_a_browser_remembers(
    campaign: Campaign, client: FlaskClient
) -> None:
    statement_id = campaign.statement("old-name")
    for slug in ("new-name", "old-name"):
        with campaign.app.app_context(), writing() as session:
            operations.change_settings(
                session,
                session.get_one(Statement, statement_id),
                operations.StatementSettings(slug, Kind.PETITION, Signers.BOTH),
            )
        campaign.work()
        response = client.get("/s/old-name")
        assert response.status_code == (302 if slug == "new-name" else 200)
        assert "max-age" not in response.headers.get("Cache-Control", "")


def test_made_up_values_in_an_address_are_one_page_in_the_cache(
    app: Flask, signed: Campaign, client: FlaskClient
) -> None:
    cache = app.extensions["page_cache"]
    for path, values in {
        "/s/free?text=": ("de", "EN", "kk", "fr-CA"),
        "/s/free/signatories?after=": ("0", "77", "99999999", "-1", "x", "9" * 5000, "1e3"),
        "/s/free/signatories?country=": ("xx", "zzz", "1"),
        "/s/free/signatories?kind=": ("xx", "Person"),
        "/api/v1/statements/free/signatures?after=": ("6", "77", "2147483647", "5"),
        "/s/free?utm_source=": ("a", "b"),
    }.items():
        cache.clear()
        pages = {client.get(path + value).text for value in values}
        assert (len(cache._pages), len(pages)) in ((1, 1), (0, 1)), path


def test_known_values_in_an_address_have_pages_of_their_own(
    app: Flask, signed: Campaign, client: FlaskClient
) -> None:
    with app.app_context():
        statement_id = db.session.scalars(select(Statement.id)).one()
        places = [
            f"?after={ListCursor(SignatoryKind.PERSON, position).cursor(statement_id)}" for position in (4, 5)
        ]
    pages = [
        client.get(f"/s/free/signatories{query}").text
        for query in ("", *places, "?country=PL", "?kind=person")
    ]
    assert len(set(pages)) == len(pages)
    follow = [
        client.get(f"/api/v1/statements/free/signatures?after={after}").get_json() for after in (0, 2, 4)
    ]
    assert [answer["signatures"][0]["position"] for answer in follow] == [1, 3, 5]


def test_who_comes_first_leaves_nothing_of_their_address_on_the_page_of_all(
    signed: Campaign, client: FlaskClient
) -> None:
    for path in ("/", "/s/", "/s/free", "/be/s/free", "/s/free/signatories"):
        assert "canary" not in client.get(f"{path}?canary=1&text=en").text
        assert "canary" not in client.get(path).text
    assert 'href="/ru/s/free?text=en"' in client.get("/s/free?text=en&canary=1").text
    assert (
        'href="/ru/s/free/signatories?country=PL"'
        in client.get("/be/s/free/signatories?country=pl&canary=1").text
    )


def test_the_list_says_who_signed_from_where(campaign: Campaign, client: FlaskClient) -> None:
    campaign.statement()
    for number, country in enumerate(("PL", "PL", "DE")):
        campaign.signed(name=f"Signer {'ABC'[number]}", email=f"s{number}@post.example.org", country=country)
    page = client.get("/s/free/signatories").text
    part = page[page.index("By country") :]
    assert part.index("Poland") < part.index("Germany")
    assert "country=PL" in part
    assert "By country" not in client.get("/s/free/signatories?country=PL").text


def test_only_an_open_text_without_names_asks_for_the_first(
    campaign: Campaign, client: FlaskClient, app: Flask
) -> None:
    campaign.statement()
    assert "Be the first to sign" in client.get("/s/free").text

    for end in (lifecycle.close, lifecycle.archive):
        with app.app_context(), writing() as session:
            end(session, session.scalars(select(Statement)).one())
        app.extensions["page_cache"].clear()
        page = client.get("/s/free").text
        assert "Be the first" not in page and "No signatures" in page
