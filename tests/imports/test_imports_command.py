"""The command that imports: a file to a list, all of it or nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.accounts.models import AuditEntry
from campaign.core.database import writing
from campaign.core.vault import Vault
from campaign.extensions import db
from campaign.imports import operations
from campaign.imports.errors import ListRepeated
from campaign.imports.models import Import, ImportPart
from campaign.imports.operations import Order, Origin
from campaign.organisations import operations as organisations
from campaign.organisations.models import Organisation
from campaign.sheets.readers import read_file
from campaign.signatures import names as signature_names
from campaign.signatures.bulk_insert import Imported, import_signatures, prepare
from campaign.signatures.errors import OrganisationSigned
from campaign.signatures.models import Assent, SignatoryKind, Signature
from campaign.statements.models import Revision, Statement
from tests.support import Campaign
from tests.world.lists import HEADER, PAPER, names, run, sheet, written

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def kept(app: Flask) -> int:
    """How much of uploaded lists is left in the database."""
    with app.app_context():
        return sum(
            db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (Import, ImportPart)
        )


def test_import_lists_people_and_organisations_in_the_order_of_the_file(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
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
    assert names(app) == [
        ("Lena Leader", "TEST LEAGUE", None),
        ("Анна Прыклад", None, "Мінск"),
        (None, "New Network", None),
    ]
    assert campaign.counts() == (1, 2)
    with app.app_context():
        rows = db.session.scalars(select(Signature).order_by(Signature.position)).all()
        assert {(row.provenance, row.source, row.evidence) for row in rows} == {
            ("imported", "paper list of 3 May", "folder 7")
        }
        assert rows[0].organisation_id == league
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == 2
        assert db.session.scalar(select(func.count()).select_from(Assent)) == 3
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "signatures imported")).one()
        marked = db.session.scalars(select(Import)).one()
    assert json.loads(entry.details) == {"people": 1, "organisations": 2}
    assert len(marked.list_mark or b"") == 32


def test_import_without_yes_only_says_what_would_happen(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    campaign.signed(name="Anna Example", country="PL")
    before = written(app)
    path = sheet(
        tmp_path,
        "organisation,,,,New Network,,,x",
        "person,Anna Example,PL,,,,,y",
        header=f"{HEADER},shoe size",
    )
    result = run(app, "import", "free", path, *PAPER)
    assert result.exit_code == 0, result.output
    assert "free: 1 organisation(s) and 1 person(s) in the file." in result.output
    assert "New in the registry: New Network." in result.output
    assert "Please check row 3: Somebody with this name and place is already on the list." in result.output
    assert "Not read: the columns H: shoe size — x." in result.output
    assert "Nothing was written. Add --yes" in result.output
    assert written(app) == before


def test_import_is_all_or_nothing_and_names_every_bad_row(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    bad = {
        3: ("guest,Anna,PL,,,,", "The row does not say whether this is a person or an organisation."),
        4: ("person,,PL,,,,", "The name is empty."),
        5: ("person,buy at shop.com,PL,,,,", "Name: it contains an e-mail address, which would be public."),
        6: ("person,Anna \u202eelpmaxE,PL,,,,", "Name: it contains invisible characters."),
        7: ("person,@@@,PL,,,,", "Name: it contains no letters."),
        8: ("person," + "a" * 201 + ",PL,,,,", "Name: 201 characters; at most 200 are allowed."),
        9: ("organisation,Anna,PL,,,,", "The name of the organisation is empty."),
        10: (
            "person,Anna,PL,,League,Chair,https://league.example.org",
            "“Website” must be empty for a person.",
        ),
        11: ("organisation,,PL,,League,,javascript:alert(1)", "The website must be an address"),
        12: ("person,1234,PL,,,,", "Name: it contains no letters."),
        13: ("person,Anna,PL,,,,,,x", "This row has more cells than there are column names."),
        14: ('person,"=HYPERLINK(""x"")",PL,,,,', "Name: it contains a formula instead of text."),
    }
    result = run(
        app,
        "import",
        "free",
        sheet(tmp_path, "person,Good Person,PL,,,,", *(row for row, _text in bad.values())),
        *PAPER,
        "--yes",
    )
    assert result.exit_code == 1
    for row, (_line, text) in bad.items():
        assert f"row {row}: {text}" in result.output
    assert "12 row(s) with problems. Nothing was written." in result.output
    assert written(app) == kept(app) == 0


def test_organisations_twice_are_named_by_row(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.organisation("Test League", "league.example.org", aliases=["TL"])
    campaign.signed(
        kind="organisation", organisation="Test League", name="Lena", email="lena@league.example.org"
    )
    before = written(app)
    path = sheet(
        tmp_path, "organisation,,,,New Network,,", "organisation,,,,TL,,", "organisation,,,,new NETWORK,,"
    )
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert "row 3: This organisation has already signed." in result.output
    assert "row 4: This organisation is also in row 2." in result.output
    assert (result.exit_code, written(app)) == (1, before)


def test_a_statement_takes_only_those_who_may_sign_it(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free", signers="organisations")
    result = run(app, "import", "free", sheet(tmp_path, "person,Anna,PL,,,,"), *PAPER, "--yes")
    assert "row 2: Only organisations can sign this statement." in result.output
    assert written(app) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"\n\n ; ;\n", "This file contains nothing."),
        (f'{HEADER}\nperson,"Anna" x,BY,,,,\n'.encode(), "not well-formed CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old workbook (.xls)"),
        (b"%PDF-1.7", "This is a PDF."),
        (b"PK\x03\x04 and nothing else", "This workbook is damaged."),
        (("a;" * 400 + "a\n").encode(), "Row 1 has more than 300 cells"),
    ],
)
def test_files_that_are_no_sheets_say_why(
    app: Flask, campaign: Campaign, tmp_path: Path, content: bytes, words: str
) -> None:
    campaign.statement("free")
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    result = run(app, "import", "free", str(path), *PAPER, "--yes")
    assert (result.exit_code, words in result.output) == (1, True), result.output
    assert kept(app) == 0


def test_an_exported_list_can_be_imported_again(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    campaign.organisation("=League", "league.example.org")
    campaign.signed(
        kind="organisation", organisation="=League", name="Lena Leader", email="lena@league.example.org"
    )
    campaign.signed(name="+ \"Anna\", the 'first'", city="Мінск")
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
        lists = [
            set(db.session.execute(select(*columns).join(Statement).where(Statement.slug == slug)).tuples())
            for slug in ("free", "again")
        ]
    assert lists[0] == lists[1]


def test_a_long_list_keeps_its_order(app: Flask, campaign: Campaign, tmp_path: Path) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, *(f"person,Person Number {number},BY,,,," for number in range(6_500)))
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert result.exit_code == 0, result.output
    assert [name for name, _organisation, _city in names(app)] == [
        f"Person Number {number}" for number in range(6_500)
    ]


def test_the_same_list_is_imported_once_unless_asked_for_again(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    campaign.statement("other")
    rows = ("person,Anna Example,PL,,,,", "person,Boris Example,PL,,,,")
    assert run(app, "import", "free", sheet(tmp_path, *rows), *PAPER, "--yes").exit_code == 0
    for order, arguments in ((rows, ()), (rows, ("--yes",)), (rows[::-1], ("--yes",))):
        result = run(app, "import", "free", sheet(tmp_path, *order), "--source", "another paper", *arguments)
        assert result.exit_code == 1
        assert (
            "This very list was imported into this statement before. Nothing was written. Add --again"
            in result.output
        )
    assert campaign.counts() == (2, 0)
    assert run(app, "import", "other", sheet(tmp_path, *rows), *PAPER, "--yes").exit_code == 0
    assert (
        run(
            app, "import", "free", sheet(tmp_path, *rows, "person,Clara Example,PL,,,,"), *PAPER, "--yes"
        ).exit_code
        == 0
    )
    assert run(app, "import", "free", sheet(tmp_path, *rows), *PAPER, "--again", "--yes").exit_code == 0
    campaign.work()
    assert (campaign.counts("other"), campaign.counts()) == ((2, 0), (7, 0))


def test_a_list_that_somebody_imports_meanwhile_is_refused(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    path = Path(sheet(tmp_path, "person,Anna Example,PL,,,,"))
    with app.app_context():
        keys = []
        for _operator in range(2):
            with path.open("rb") as file:
                keys.append(
                    operations.receive(
                        db.session.scalars(select(Statement)).one(), read_file(file), Origin("paper")
                    )
                )
            operations.check(keys[-1])
            operations.tell(keys[-1], Order())
        operations.carry_out(keys[0])
        with pytest.raises(ListRepeated):
            operations.carry_out(keys[1])
    campaign.work()
    assert campaign.counts() == (1, 0)


def test_the_mark_of_a_list_is_found_after_a_rotation_and_tells_nobody_who_was_on_it(
    app: Flask,
    campaign: Campaign,
    tmp_path: Path,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign.statement("free")
    path = sheet(tmp_path, "person,Anna Example,PL,,,,")
    assert run(app, "import", "free", path, *PAPER, "--yes").exit_code == 0
    keys, newer = environment["VAULT_KEYS"], secrets.token_urlsafe(48)
    marks = []
    for ring in ((keys, newer), (newer,)):
        with app.app_context(), monkeypatch.context() as patch:
            patch.setitem(app.extensions, "vault", Vault(ring))
            marks.append(operations._marks(1, "the same rows"))
            if keys in ring:
                assert run(app, "import", "free", path, *PAPER, "--yes").exit_code == 1
    assert len(marks[0]) == 2 and marks[0][:1] == marks[1]


def test_everything_is_computed_before_others_have_to_wait(
    app: Flask, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.statement("free")
    people = [f"person,Person Number {number},BY,Мінск,,," for number in range(2_500)]
    path = sheet(tmp_path, *people, *(f"organisation,,,,League Number {number},," for number in range(300)))
    computed, inside = [], []

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

    monkeypatch.setattr(operations, "writing", watched)
    monkeypatch.setattr(operations, "list_now", lambda _statement: None)
    for module, name in (
        (signature_names, "sort_key"),
        (signature_names, "search_key"),
        (organisations, "search_key"),
        (organisations, "make_slug"),
    ):
        watch(module, name)
    result = run(app, "import", "free", path, *PAPER, "--yes")
    assert result.exit_code == 0, result.output
    assert (len(computed), any(computed)) == (2 * 2_800 + 2 * 300, False)


def test_new_organisations_whose_names_begin_alike_get_addresses_of_their_own(
    app: Flask, campaign: Campaign, tmp_path: Path
) -> None:
    campaign.statement("free")
    long = "Association of the relatives of those who were detained without trial in that year"
    campaign.organisation(f"{long} one")
    path = sheet(
        tmp_path, f"organisation,,BY,,{long} two,,https://two.example", f"organisation,,,,{long} three,,"
    )
    new = [part for last in ("two", "three") for part in ("--answer", f"registry:{long} {last}=new")]
    assert run(app, "import", "free", path, *PAPER, *new, "--yes").exit_code == 0
    with app.app_context():
        entered = {row.slug: row for row in db.session.scalars(select(Organisation))}
        slug = min(entered)
        assert set(entered) == {slug, f"{slug}-2", f"{slug}-3"}
        two = entered[f"{slug}-2"]
        assert (two.country, two.website) == ("BY", "https://two.example")
        assert [(name.name, name.language, name.use, name.canonical) for name in two.names] == [
            (f"{long} two", "en", "name", True)
        ]


def test_the_database_decides_that_an_organisation_signs_once(app: Flask, campaign: Campaign) -> None:
    statement_id, league = campaign.statement("free"), campaign.organisation("Test League")
    with app.app_context():
        entries = prepare(
            [Imported(SignatoryKind.ORGANISATION, {"organisation_name": "Test League"}, "PL", "paper")]
        )
        more = prepare(
            [Imported(SignatoryKind.ORGANISATION, {"organisation_name": "Test League"}, "PL", "paper")]
        )
        revision = db.session.scalars(select(Revision.id)).one()
        with pytest.raises(OrganisationSigned), writing() as session:
            import_signatures(session, statement_id, revision, "en", entries, {"Test League": league})
            import_signatures(session, statement_id, revision, "en", more, {"Test League": league})
    assert written(app) == 1
