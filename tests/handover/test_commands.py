"""The commands: a list to a file, a file to a list, the sample content."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from campaign.accounts.models import AuditEntry, TeamMember
from campaign.core.database import writing
from campaign.core.vault import Vault
from campaign.desk.sample_content import FOLDER
from campaign.extensions import db
from campaign.handover import cli, imports
from campaign.handover.errors import ListRepeated
from campaign.handover.imports import Origin
from campaign.handover.sheets import read_sheet
from campaign.organisations import operations as organisations
from campaign.organisations.models import Organisation
from campaign.signatories.operations import drifts
from campaign.signing import naming
from campaign.signing.models import Assent, Signature
from campaign.statements.models import Statement
from tests.support import Campaign

HEADER = "kind,name,country,city,organisation,title,website"
PAPER = ("--source", "paper list of 3 May")


def run(app: Flask, *arguments: str) -> Result:
    """Run `flask campaign …`."""
    return app.test_cli_runner().invoke(args=["campaign", *arguments])


def sheet(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> str:
    """A CSV file."""
    path = folder / "list.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding)
    return str(path)


def names(app: Flask) -> list[tuple[str | None, str | None, str | None]]:
    """(name, organisation, city) of all listed signatures, in their order."""
    with app.app_context():
        rows = db.session.scalars(select(Signature).where(Signature.state == "listed").order_by(Signature.position))
        return [(row.name, row.organisation_name, row.city) for row in rows]


def written(app: Flask) -> int:
    """How many signatures and organisations there are."""
    with app.app_context():
        return sum(db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Signature, Organisation, Assent))


def test_export_writes_the_file_and_is_recorded_without_a_member(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.sign(name="Anna Example", city="Vilnius")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert out.read_text("utf-8") == "Anna Example, Vilnius\n"
    assert list(tmp_path.iterdir()) == [out]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).one()
    assert (entry.member_id, json.loads(entry.details)["rows"]) == (None, 1)


def test_an_export_that_breaks_leaves_the_older_file(app: Flask, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign.statement("free")
    out = tmp_path / "list.txt"
    out.write_text("an older list")
    monkeypatch.setattr(cli.os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    result = run(app, "export", "free", "--format", "text", "--out", str(out))
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(out, "an older list")]


@pytest.mark.parametrize("wanted", ["xlsx"])
def test_formats_that_come_later_say_so(app: Flask, campaign: Campaign, tmp_path: Path, wanted: str) -> None:
    campaign.statement("free")
    result = run(app, "export", "free", "--format", wanted, "--out", str(tmp_path / "list"))
    assert result.exit_code == 1
    assert f"There is no {wanted} yet. There are: csv, json, text." in result.output


def test_drafts_and_unknown_statements_have_no_list(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("draft", publish=False)
    for slug, words in (("draft", "is a draft"), ("unknown", "There is no statement “unknown”")):
        for arguments in (("export", slug, "--format", "csv", "--out", str(tmp_path / "x")), ("import", slug, sheet(tmp_path), *PAPER)):
            result = run(app, *arguments)
            assert result.exit_code == 1
            assert words in result.output


def test_import_lists_people_and_organisations_in_the_order_of_the_file(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    league = campaign.organisation("Test League")
    path = sheet(
        tmp_path,
        "organisation,Lena Leader,pl,,TEST LEAGUE,Director,",
        "person, Анна  Прыклад ,BY,Мінск,,,",
        "organisation,,,,New Network,,https://new.example.org",
        "",
        encoding="utf-8-sig",
    )
    result = run(app, "import", "free", path, *PAPER, "--evidence", "folder 7", "--yes")
    assert result.exit_code == 0, result.output
    assert names(app) == [("Lena Leader", "TEST LEAGUE", None), ("Анна Прыклад", None, "Мінск"), (None, "New Network", None)]
    assert campaign.counts() == (1, 2)
    with app.app_context():
        rows = db.session.scalars(select(Signature).order_by(Signature.position)).all()
        assert {(row.provenance, row.source, row.evidence) for row in rows} == {("imported", "paper list of 3 May", "folder 7")}
        assert rows[0].organisation_id == league
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 2
        assert db.session.scalar(select(func.count()).select_from(Assent)) == 3
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "signatures imported")).one()
    details = json.loads(entry.details)
    assert len(details.pop("list")) == 64 and details == {"people": 1, "organisations": 2}


def test_import_without_yes_only_says_what_would_happen(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.sign(name="Anna Example", country="PL")
    before = written(app)
    path = sheet(tmp_path, "organisation,,,,New Network,,,x", "person,Anna Example,PL,,,,,y", header=f"{HEADER},shoe size")
    result = run(app, "import", "free", path, *PAPER)
    assert result.exit_code == 0, result.output
    assert "free: 1 organisation(s) and 1 person(s) in the file." in result.output
    assert "New in the registry: New Network." in result.output
    assert "1 of the people listed now have the same name" in result.output
    assert "Not read: the columns shoe size." in result.output
    assert "Nothing was written. Add --yes" in result.output
    assert written(app) == before


def test_import_is_all_or_nothing_and_names_every_bad_row(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    bad = {
        3: ("guest,Anna,PL,,,,", "kind must be “person” or “organisation”"),
        4: ("person,,PL,,,,", "name is empty"),
        5: ("person,buy at shop.com,PL,,,,", "name holds a web address"),
        6: ("person,Anna \u202eelpmaxE,PL,,,,", "name holds invisible characters"),
        7: ("person,Anna,Poland,,,,", "country must be a code"),
        8: ("person," + "a" * 201 + ",PL,,,,", "name is 201 characters long"),
        9: ("organisation,Anna,PL,,,,", "organisation is empty"),
        10: ("person,Anna,PL,,League,Chair,", "organisation and title must be empty for a person"),
        11: ("organisation,,PL,,League,,javascript:alert(1)", "website must begin with https://"),
        12: ("person,1234,PL,,,,", "name has no letters"),
        13: ("person,Anna,PL,,,,,,", "has more cells than the first row"),
    }
    result = run(app, "import", "free", sheet(tmp_path, "person,Good Person,PL,,,,", *(row for row, _text in bad.values())), *PAPER, "--yes")
    assert result.exit_code == 1
    for row, (_line, text) in bad.items():
        assert f"row {row}: {text}" in result.output
    assert "11 problem(s) found. Nothing was written." in result.output
    assert written(app) == 0


def test_organisations_twice_are_named_by_row(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.organisation("Test League", "league.example.org", aliases=["TL"])
    campaign.sign(kind="organisation", organisation="Test League", name="Lena", email="lena@league.example.org")
    before = written(app)
    path = sheet(tmp_path, "organisation,,,,New Network,,", "organisation,,,,TL,,", "organisation,,,,new NETWORK,,")
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert "row 3: this organisation has signed already" in result.output
    assert "row 4: this organisation stands in row 2 too" in result.output
    assert (result.exit_code, written(app)) == (1, before)


def test_a_statement_takes_only_those_who_may_sign_it(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free", signers="organisations")
    result = run(app, "import", "free", sheet(tmp_path, "person,Anna,PL,,,,"), *PAPER, "--yes")
    assert "row 2: only organisations sign this statement" in result.output
    assert written(app) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name;country\n", "Missing: kind, name"),
        (b"", "The first row must name the columns"),
        (f"{HEADER},name\n".encode(), "names a column twice"),
        (f"{HEADER}\nperson,Ганна,BY,,,,\n".encode("cp1251"), "not in UTF-8"),
        (f'{HEADER}\nperson,"Anna" x,BY,,,,\n'.encode(), "not well-formed CSV"),
    ],
)
def test_files_that_are_no_sheets_say_why(app: Flask, campaign: Campaign, tmp_path: Path, content: bytes, words: str) -> None:
    campaign.statement("free")
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    result = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert (result.exit_code, words in result.output) == (1, True), result.output


def test_an_exported_list_can_be_imported_again(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.organisation("=League", "league.example.org")
    campaign.sign(kind="organisation", organisation="=League", name="Lena Leader", email="lena@league.example.org")
    campaign.sign(name="+ \"Anna\", the 'first'", city="Мінск")
    out = tmp_path / "out.csv"
    run(app, "export", "free", "--format", "csv", "--out", str(out))
    campaign.statement("again")
    result = run(app, "import", "again", str(out), *PAPER, "--yes")
    assert result.exit_code == 0, result.output
    with app.app_context():
        columns = (
            Signature.kind,
            Signature.name,
            Signature.organisation_name,
            Signature.title,
            Signature.city,
            Signature.country,
            Signature.organisation_id,
        )
        lists = [set(db.session.execute(select(*columns).join(Statement).where(Statement.slug == slug)).tuples()) for slug in ("free", "again")]
    assert lists[0] == lists[1]


def test_a_long_list_keeps_its_order(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, *(f"person,Person Number {number},BY,,,," for number in range(6_500)))
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert result.exit_code == 0, result.output
    assert [name for name, _organisation, _city in names(app)] == [f"Person Number {number}" for number in range(6_500)]


def test_the_same_list_is_imported_once_unless_asked_for_again(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.statement("other")
    rows = ("person,Anna Example,PL,,,,", "person,Boris Example,PL,,,,")
    assert run(app, "import", "free", sheet(tmp_path, *rows), *PAPER, "--yes").exit_code == 0
    for order, arguments in ((rows, ()), (rows, ("--yes",)), (rows[::-1], ("--yes",))):
        result = run(app, "import", "free", sheet(tmp_path, *order), "--source", "another paper", *arguments)
        assert result.exit_code == 1
        assert "This very list was imported into this statement before. Nothing was written. Add --again" in result.output
    assert campaign.counts() == (2, 0)
    assert run(app, "import", "other", sheet(tmp_path, *rows), *PAPER, "--yes").exit_code == 0
    assert run(app, "import", "free", sheet(tmp_path, *rows, "person,Clara Example,PL,,,,"), *PAPER, "--yes").exit_code == 0
    assert run(app, "import", "free", sheet(tmp_path, *rows), *PAPER, "--again", "--yes").exit_code == 0
    campaign.work()
    assert (campaign.counts("other"), campaign.counts()) == ((2, 0), (7, 0))


def test_a_list_that_somebody_imports_meanwhile_is_refused(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    path = Path(sheet(tmp_path, "person,Anna Example,PL,,,,"))
    with app.app_context():
        statement = db.session.scalars(select(Statement)).one()
        plans = [imports.plan_import(statement, read_sheet(path)) for _operator in range(2)]
        imports.carry_out(plans[0], Origin("paper"))
        with pytest.raises(ListRepeated):
            imports.carry_out(plans[1], Origin("paper"))
    assert campaign.counts() == (1, 0)


def test_the_mark_of_a_list_is_found_after_a_rotation_and_tells_nobody_who_was_on_it(
    app: Flask, campaign: Campaign, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, "person,Anna Example,PL,,,,")
    assert run(app, "import", "free", path, *PAPER, "--yes").exit_code == 0
    kept, newer = environment["VAULT_KEYS"], secrets.token_urlsafe(48)
    marks = []
    for keys in ((kept, newer), (newer,)):
        with app.app_context(), monkeypatch.context() as patch:
            patch.setitem(app.extensions, "vault", Vault(keys))
            marks.append(imports._marks(1, read_sheet(Path(path)).entries))
            if kept in keys:
                assert run(app, "import", "free", path, *PAPER, "--yes").exit_code == 1
    assert len(marks[0]) == 2 and marks[0][:1] == marks[1]


def test_everything_is_computed_before_others_have_to_wait(app: Flask, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign.statement("free")
    people = [f"person,Person Number {number},BY,Мінск,,," for number in range(2_500)]
    path = sheet(tmp_path, *people, *(f"organisation,,,,League Number {number},," for number in range(300)))
    computed, asked, inside = [], [], []

    @contextmanager
    def watched() -> Iterator[Session]:
        with writing() as session:
            inside.append(True)
            yield session
            inside.clear()

    def watch(module: ModuleType, name: str) -> None:
        real = getattr(module, name)

        def counted(*arguments: Any, **named: Any) -> Any:
            computed.append(bool(inside))
            return real(*arguments, **named)

        monkeypatch.setattr(module, name, counted)

    def ask(*arguments: Any) -> None:
        if inside:
            asked.append(arguments[2].split()[0])

    monkeypatch.setattr(imports, "writing", watched)
    monkeypatch.setattr(imports, "list_now", lambda _statement: None)
    for module, name in ((naming, "sort_key"), (naming, "search_key"), (organisations, "search_key"), (organisations, "make_slug")):
        watch(module, name)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", ask)
        try:
            result = run(app, "import", "free", path, *PAPER, "--yes")
        finally:
            event.remove(db.engine, "before_cursor_execute", ask)
    assert result.exit_code == 0, result.output
    assert (len(computed), any(computed)) == (2 * 2_800 + 2 * 300, False)
    assert set(asked) == {"SELECT", "INSERT"} and len(asked) < 25


def test_new_organisations_whose_names_begin_alike_get_addresses_of_their_own(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    long = "Association of the relatives of those who were detained without trial in that year"
    campaign.organisation(f"{long} one")
    path = sheet(tmp_path, f"organisation,,BY,,{long} two,,https://two.example", f"organisation,,,,{long} three,,")
    assert run(app, "import", "free", path, *PAPER, "--yes").exit_code == 0
    with app.app_context():
        entered = {row.slug: row for row in db.session.scalars(select(Organisation))}
        slug = min(entered)
        assert set(entered) == {slug, f"{slug}-2", f"{slug}-3"}
        two = entered[f"{slug}-2"]
        assert (two.country, two.website) == ("BY", "https://two.example")
        assert [(name.name, name.language, name.use, name.canonical) for name in two.names] == [(f"{long} two", "en", "name", True)]


def test_the_sample_loads_once(app: Flask) -> None:
    first, second = run(app, "sample", "--password", "correct horse battery"), run(app, "sample")
    assert "Loaded 6 statements with 14 signatories." in first.output, first.output
    assert "correct horse" not in first.output
    assert "is here already" in second.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Signature)) == 14
        statements = db.session.scalars(select(Statement).order_by(Statement.id)).all()
        assert [(row.status, row.sample) for row in statements] == [
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("closed", True),
            ("handed over", True),
            ("open", True),
        ]
        assert db.session.scalars(select(TeamMember)).one().email == "team@undersigned.example"
        assert drifts() == []


def test_the_sample_names_a_password_that_it_made(app: Flask) -> None:
    assert "Sign in at /desk/sign-in as team@undersigned.example with " in run(app, "sample").output


def test_the_sample_letter_as_text(app: Flask, tmp_path: Path) -> None:
    run(app, "sample")
    out = tmp_path / "letter.txt"
    run(app, "export", "withdraw-the-lawsuit-against-the-belarusian-helsinki-committee", "--format", "text", "--out", str(out))
    assert out.read_text("utf-8").splitlines() == [
        "1. Marie Struthers, Director, Eastern Europe and Central Asia Regional Office, Amnesty International, United Kingdom",
        "2. Andrew Anderson, Executive Director, Front Line Defenders, Ireland",
        "3. Maria Dahle, Director, Human Rights House Foundation, Norway",
        "4. Hugh Williamson, Director, Europe and Central Asia Division, Human Rights Watch, United States",
        "5. Alice Mogwe, President, International Federation for Human Rights (FIDH), France",
    ]


def test_the_sample_pages_can_be_read(app: Flask) -> None:
    run(app, "sample")
    client = app.test_client()
    slugs = {file.name.partition(".")[0] for file in FOLDER.glob("*.md")}
    assert len(slugs) == 6
    for slug in slugs:
        for prefix in ("", "/be"):
            assert client.get(f"{prefix}/s/{slug}").status_code == 200
            assert client.get(f"{prefix}/s/{slug}/versions").status_code == 200
    assert "Lawtrend" in client.get("/s/human-rights-work-is-not-extremism").text


def test_the_sample_claims_no_day_that_is_not_recorded(app: Flask) -> None:
    run(app, "sample")
    client = app.test_client()
    assert '<p class="meta">January 2023' in client.get("/s/the-moscow-helsinki-group-must-not-be-silenced").text
    assert '<p class="meta">студзень 2023' in client.get("/be/s/the-moscow-helsinki-group-must-not-be-silenced").text
    assert '<p class="meta">2021' in client.get("/s/freedom-of-association-is-not-a-favour").text
    assert client.get("/api/v1/statements/the-moscow-helsinki-group-must-not-be-silenced").get_json()["dated"] == "2023-01"


def test_the_sample_letter_was_handed_over_and_never_answered(app: Flask) -> None:
    run(app, "sample")
    text = app.test_client().get("/s/withdraw-the-lawsuit-against-the-belarusian-helsinki-committee").text
    assert "Five international human rights organisations" in text
    assert "No reply for" in text
    assert "Demands change" in app.test_client().get("/s/free-viasna/versions").text
