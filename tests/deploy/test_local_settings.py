"""After `make run` every command of the README works as typed; its `.env` keeps keys, and stands behind
what the environment says.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from campaign.config import OFFERED
from deploy import run_local
from deploy.local_settings import keep_settings

# What is tried here is what happens before any database is asked; the commands have their own.
pytestmark = pytest.mark.databases("sqlite")

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = "from deploy import run_local; run_local.choose_settings(); run_local.prepare()"
KEYS = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEYS", "VAULT_KEYS")}
# It runs until it is stopped: the browser's tests run it.
ENDLESS = {"flask campaign worker"}
PLACES = {"ADDRESS": "new@team.example", "NAME": "'New Colleague'"}


def bare() -> dict[str, str]:
    """An environment in which only programs are found."""
    return {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"}


def ran(folder: Path, command: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    """A command, as it ended."""
    return subprocess.run(command, cwd=folder, env=bare() | more, capture_output=True, text=True, check=False)


def said(folder: Path, command: list[str], **more: str) -> str:
    """What a command says that ends well."""
    done = ran(folder, command, **more)
    assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


def commands_of_readme() -> list[str]:
    """Every command of flask in the README, as it stands there."""
    text = (ROOT / "README.md").read_text()
    found = re.findall(r"`(flask [^`]+)`", text) + re.findall(
        r"^    (flask [^#\n]+?)\s*(?:#.*)?$", text, re.MULTILINE
    )
    return sorted(set(found) - ENDLESS)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product, prepared as `make run` does it."""
    copy = tmp_path_factory.mktemp("copy")
    for part in ("campaign", "deploy", "migrations", "templates", "static"):
        shutil.copytree(ROOT / part, copy / part)
    for part in ("wsgi.py", ".flaskenv"):
        shutil.copy(ROOT / part, copy / part)
    said(copy, [sys.executable, "-c", PREPARE])
    return copy


def test_the_readme_names_commands() -> None:
    assert {
        "flask db upgrade",
        "flask campaign --help",
        "flask campaign export free-viasna --format csv",
    } <= set(commands_of_readme())


@pytest.mark.parametrize("command", commands_of_readme())
def test_every_command_of_the_readme_works_as_typed(prepared: Path, command: str) -> None:
    for place, value in PLACES.items():
        command = re.sub(rf"\b{place}\b", value, command)
    printed = said(prepared, shlex.split(command))
    if "export" in command:
        # Nobody has signed the sample yet: the head of the table.
        assert printed.removeprefix("\ufeff").startswith("position,kind,name,")
    if "team add" in command:
        assert re.match(r"http://localhost:\d+/desk/invitation/", printed)


def test_the_file_is_its_owners_alone_and_git_ignores_it(prepared: Path) -> None:
    file = prepared / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    assert {"SECRET_KEYS", "VAULT_KEYS", "SAMPLE_PASSWORD", "SITE_URL", "INSTANCE_PATH", "MAIL_PORT"} <= set(
        dotenv_values(file)
    )
    assert {".env", ".env.new"} <= set((ROOT / ".gitignore").read_text().splitlines())


def test_a_deployed_site_beside_it_is_refused_until_it_says_that_the_file_is_not_its_own(
    prepared: Path, tmp_path: Path
) -> None:
    own = KEYS | {"SITE_URL": "https://sign.coalition.org", "INSTANCE_PATH": str(tmp_path)}
    refused = ran(prepared, ["flask", "db", "upgrade"], **own)
    assert refused.returncode != 0 and "FLASK_SKIP_DOTENV=1" in refused.stderr
    assert not (tmp_path / "undersigned.db").exists()
    own |= {"FLASK_SKIP_DOTENV": "1"}
    said(prepared, ["flask", "db", "upgrade"], **own)
    assert (tmp_path / "undersigned.db").exists()
    link = said(
        prepared, shlex.split("flask campaign team add own@team.example --name Own --role owner"), **own
    )
    assert link.startswith("https://sign.coalition.org/desk/invitation/")


def test_a_second_start_keeps_keys_and_what_was_added_by_hand(tmp_path: Path) -> None:
    first = keep_settings(tmp_path, {})
    file = tmp_path / ".env"
    file.write_text("SITE_NAME='Our Site' # by hand\n" + file.read_text())
    second = keep_settings(tmp_path, {"PORT": "8123"})
    assert {name: second[name] for name in (*KEYS, "SAMPLE_PASSWORD")} == {
        name: first[name] for name in (*KEYS, "SAMPLE_PASSWORD")
    }
    assert (second["SITE_NAME"], second["SITE_URL"]) == ("Our Site", "http://localhost:8123")
    assert dotenv_values(file)["SITE_URL"] == "http://localhost:8123" and "# by hand" in file.read_text()
    # What was said for one start does not bind the next.
    assert keep_settings(tmp_path, {"PORT": "8124"})["SITE_URL"] == "http://localhost:8124"
    assert file.read_text().count("SITE_URL") == 1


def test_what_the_environment_says_comes_first_and_its_keys_are_not_written(tmp_path: Path) -> None:
    environment = KEYS | {"DATABASE_URL": "postgresql://nobody@localhost/none", "MAIL_SERVER": "mail.example"}
    chosen = keep_settings(tmp_path, environment)
    assert chosen["DATABASE_URL"] == environment["DATABASE_URL"] and "LOCAL_MAILBOX" not in chosen
    assert not set(KEYS.values()) & set(dotenv_values(tmp_path / ".env").values())


def test_a_database_that_the_environment_names_is_that_of_the_commands_too(tmp_path: Path) -> None:
    address = r"postgresql://me:it's\\a#secret@localhost/name"
    keep_settings(tmp_path, {"DATABASE_URL": address})
    assert dotenv_values(tmp_path / ".env")["DATABASE_URL"] == address
    keep_settings(tmp_path, {})
    assert "DATABASE_URL" not in dotenv_values(tmp_path / ".env")


def former(root: Path, **more: str) -> Path:
    """The file of an earlier release."""
    path = root / "instance" / "local.env"
    path.parent.mkdir()
    path.write_text(
        "".join(
            f"{name}={value}\n"
            for name, value in (KEYS | {"SAMPLE_PASSWORD": "try-0123456789ab"} | more).items()
        )
    )
    return path


def test_keys_of_an_earlier_release_are_carried_over_once(tmp_path: Path) -> None:
    path = former(tmp_path)
    chosen = keep_settings(tmp_path, {})
    assert {name: chosen[name] for name in KEYS} == KEYS and chosen["SAMPLE_PASSWORD"] == "try-0123456789ab"
    assert not path.exists()
    assert KEYS.items() <= keep_settings(tmp_path, {}).items()


def test_a_former_file_stays_while_the_environment_brings_the_keys(tmp_path: Path) -> None:
    path = former(tmp_path)
    keep_settings(tmp_path, KEYS)
    # The environment's keys are not written, so those of the file stay where they are.
    assert path.exists()


def test_different_keys_in_both_places_stop_the_start_and_nothing_is_lost(tmp_path: Path) -> None:
    keep_settings(tmp_path, {})
    before = (tmp_path / ".env").read_text()
    path = former(tmp_path)
    with pytest.raises(
        SystemExit, match=r"put those of this database into SECRET_KEYS and VAULT_KEYS in \.env"
    ):
        keep_settings(tmp_path, {})
    assert (tmp_path / ".env").read_text() == before and path.exists()
    # After a rotation the former key is one of several.
    (tmp_path / ".env").write_text(
        "".join(f"{name}={value},{secrets.token_urlsafe(48)}\n" for name, value in KEYS.items())
    )
    keep_settings(tmp_path, {})
    assert not path.exists()


def test_no_keys_are_made_for_a_database_that_has_some(tmp_path: Path) -> None:
    keep_settings(tmp_path, KEYS)
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "undersigned.db").touch()
    before = (tmp_path / ".env").read_text()
    for known, missing in (
        ({}, "SECRET_KEYS and VAULT_KEYS"),
        ({"SECRET_KEYS": KEYS["SECRET_KEYS"]}, "VAULT_KEYS"),
    ):
        with pytest.raises(SystemExit, match=f"database already, and {missing}, with which it was made"):
            keep_settings(tmp_path, known)
    assert (tmp_path / ".env").read_text() == before
    (tmp_path / "instance" / "undersigned.db").unlink()
    assert keep_settings(tmp_path, {})["VAULT_KEYS"]


def test_the_addresses_of_all_languages_are_printed_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITE_URL", "http://site.example")
    monkeypatch.setenv("SAMPLE_PASSWORD", "seven words")
    run_local.say()
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "The site" in line]
    assert all(f"http://site.example/{code}/" in line for code in OFFERED if code != "en")
