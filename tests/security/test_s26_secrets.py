"""S26: without good secrets nothing starts, neither web nor worker, and one sentence says what to set.

The table: tests/core/test_settings.py.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.config import Settings, SettingsError

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {"SECRET_KEYS": secrets.token_urlsafe(48), "VAULT_KEYS": secrets.token_urlsafe(48)}
WEAK = {
    "missing": "",
    "short": "aB3-",
    "a word repeated": "correct-horse-battery" * 3,
    "the alphabet": "abcdefghijklmnopqrstuvwxyz0123456789",
    "backwards": "zyxwvutsrqponmlkjihgfedcba9876543210",
    "one letter": "a" * 64,
    "a sample": "changeme-" + secrets.token_urlsafe(48),
    "twice the same": ",".join([GOOD["VAULT_KEYS"]] * 2),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("weak", WEAK)
def test_a_weak_secret_is_refused_with_a_sentence(name: str, weak: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name} .*: set|{name} is too weak|{name} names a key twice"):
        Settings.from_environment(GOOD | {name: WEAK[weak]})


def test_random_keys_are_never_refused() -> None:
    for length in (24, 32, 48, 64):
        for _each in range(200):
            for key in (secrets.token_urlsafe(length), secrets.token_hex(length)):
                Settings.from_environment(GOOD | {"VAULT_KEYS": key})


def test_a_random_key_that_happens_to_use_few_digits_is_not_refused() -> None:
    """Nine different digits among 48: as unlikely as that is, somebody's key is like this."""
    key = "c0f4a81c7710f8c4ac78f01c4b7a08fc1a0b74c8f1ba70c4"
    assert len(set(key)) == 9
    Settings.from_environment(GOOD | {"VAULT_KEYS": key})


@pytest.mark.parametrize("command", [["campaign", "worker", "--once"], ["routes"]])
def test_no_process_starts_on_a_weak_key(command: list[str], tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in GOOD} | {
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEYS": "short",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "SECRET_KEYS is too weak" in done.stdout + done.stderr and "Traceback" not in done.stderr
