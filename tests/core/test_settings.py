"""A setting that would make the site unsafe stops the start, and the sentence says what to set."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.config import Settings, SettingsError, origin_of

SECRET, OLDER, VAULT, FORMER = (f"{sign}9fK2-vTqLw8{sign}XzR4mBn7_cYsJd6Hg1Pp5Ee0AaUu3" for sign in "abcd")
GOOD = {"SECRET_KEYS": SECRET, "VAULT_KEYS": VAULT}

REFUSED = [
    ({"SECRET_KEYS": ""}, "SECRET_KEYS is missing: set it"),
    ({"SECRET_KEYS": " , "}, "SECRET_KEYS is missing: set it"),
    ({"VAULT_KEYS": ""}, "VAULT_KEYS is missing: set it"),
    (
        {"SECRET_KEYS": "short-9fK2vTqLw8"},
        "SECRET_KEYS is too weak: each key needs at least 32 random characters",
    ),
    ({"VAULT_KEYS": "ab" * 32}, "VAULT_KEYS is too weak"),
    ({"SECRET_KEYS": f"{SECRET},short"}, "SECRET_KEYS is too weak"),
    ({"SECRET_KEYS": "ChangeMe-" + SECRET}, "SECRET_KEYS holds a sample value.*set a random one of your own"),
    ({"VAULT_KEYS": f"{VAULT},{SECRET}-example"}, "VAULT_KEYS holds a sample value"),
    ({"VAULT_KEYS": SECRET}, "SECRET_KEYS and VAULT_KEYS share a value: set different ones"),
    ({"SECRET_KEYS": f"{OLDER},{VAULT}"}, "SECRET_KEYS and VAULT_KEYS share a value: set different ones"),
    ({"WEB_PROCESSES": "2"}, "set REDIS_URL, or WEB_PROCESSES=1"),
    (
        {"MAIL_USE_TLS": "1", "MAIL_USE_SSL": "yes"},
        "MAIL_USE_TLS and MAIL_USE_SSL are both on: set one of them",
    ),
    (
        {"LOCAL_MAILBOX": "1", "SITE_URL": "https://sign.coalition.org"},
        "LOCAL_MAILBOX shows every mail.*unset it",
    ),
    ({"PORT": "http"}, "PORT is “http”.*set it to one"),
    ({"WEB_THREADS": "-1"}, "WEB_THREADS is “-1”.*set it to one"),
    ({"MAIL_USE_TLS": "maybe"}, "MAIL_USE_TLS is “maybe”: set it to 1 or 0"),
    ({"SITE_URL": "sign.coalition.org"}, "SITE_URL is “sign.coalition.org”: set it to an address"),
    ({"LINK_URL": "ftp://coalition.org"}, "LINK_URL is .*set it to an address"),
    (
        {"DATABASE_URL": "mysql://localhost/x"},
        "DATABASE_URL names “mysql”: set it to an SQLite or PostgreSQL",
    ),
    ({"DATABASE_URL": "a file"}, "DATABASE_URL can't be read: set it to sqlite:"),
    ({"MAIL_SENDER": "nobody"}, "MAIL_SENDER is “nobody”: set it to the mail address"),
]


@pytest.mark.parametrize(
    ("changes", "message"), REFUSED, ids=lambda part: " ".join(part) if isinstance(part, dict) else ""
)
def test_an_unsafe_setting_stops_the_start_and_says_what_to_set(
    changes: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.from_environment(GOOD | changes)


@pytest.mark.parametrize("changes", [changes for changes, _message in REFUSED], ids=" ".join)
def test_no_message_repeats_a_secret(changes: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment(GOOD | changes)
    for name in ("SECRET_KEYS", "VAULT_KEYS"):
        for key in (GOOD | changes)[name].split(","):
            assert not key.strip() or key not in refusal.value.message


def test_two_random_keys_are_all_that_must_be_set() -> None:
    settings = Settings.from_environment(GOOD)
    assert settings.database_url.startswith("sqlite+pysqlite:///") and settings.database_url.endswith(
        "undersigned.db"
    )
    assert (settings.site_url, settings.link_url, settings.on_loopback) == (
        "http://localhost:8000",
        "http://localhost:8000",
        True,
    )
    assert not settings.local_mailbox


def test_several_keys_are_kept_in_their_order_without_spaces() -> None:
    assert Settings.from_environment(GOOD | {"SECRET_KEYS": f" {OLDER} , {SECRET},"}).secret_keys == (
        OLDER,
        SECRET,
    )


def test_several_processes_are_allowed_with_redis() -> None:
    settings = Settings.from_environment(GOOD | {"WEB_PROCESSES": "4", "REDIS_URL": "redis://127.0.0.1/0"})
    assert (settings.web_processes, settings.redis_url) == (4, "redis://127.0.0.1/0")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://localhost", "http://[::1]:80"])
def test_the_local_mailbox_is_allowed_on_this_machine(url: str) -> None:
    assert Settings.from_environment(GOOD | {"LOCAL_MAILBOX": "1", "SITE_URL": url}).local_mailbox


@pytest.mark.parametrize("written", ["postgres://me:pa%40ss@host/name", "postgresql://me:pa%40ss@host/name"])
def test_the_driver_and_the_password_of_postgresql_arrive(written: str) -> None:
    assert (
        Settings.from_environment(GOOD | {"DATABASE_URL": written}).database_url
        == "postgresql+psycopg://me:pa%40ss@host/name"
    )


def test_forms_are_taken_from_the_three_addresses_of_the_site_without_their_paths() -> None:
    urls = {
        "SITE_URL": "https://sign.org/campaign/",
        "LINK_URL": "https://mail.net:8443",
        "ONION_URL": "http://abc.onion",
    }
    assert Settings.from_environment(GOOD | urls).origins == {
        "https://sign.org",
        "https://mail.net:8443",
        "http://abc.onion",
    }
    assert origin_of("https://sign.org/a/b?c") == "https://sign.org"


def test_a_site_with_keys_of_its_own_is_refused_beside_the_file_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(f"SECRET_KEYS={OLDER}\nVAULT_KEYS={FORMER}\nMAIL_PORT=8025\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLASK_SKIP_DOTENV", "0")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    # As Flask does it: what the environment lacks is taken from the file.
    for name, value in (GOOD | {"MAIL_PORT": "8025"}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="set FLASK_SKIP_DOTENV=1, or move that file away"):
        Settings.from_environment()
    with monkeypatch.context() as told:
        told.setenv("FLASK_SKIP_DOTENV", "1")
        assert Settings.from_environment().mail_port == 8025
    # One key of the file, and it is the same site: here its SECRET_KEYS were renewed in the environment.
    monkeypatch.setenv("VAULT_KEYS", FORMER)
    assert Settings.from_environment().mail_port == 8025


def test_https_on_this_machine_is_not_plain_loopback() -> None:
    assert not Settings.from_environment(GOOD | {"SITE_URL": "https://localhost"}).on_loopback
