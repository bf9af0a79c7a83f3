"""`make check`: every check that needs no running site, two at a time, with a line for each."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# The longest first.
CHECKS = {
    "mypy": ["mypy"],
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "import contracts": ["lint-imports", "--no-logo"],
    "migrations equal models": ["flask", "--app", "wsgi", "db", "check"],
    "audit of packages": [
        "pip-audit",
        "--progress-spinner",
        "off",
        "--disable-pip",
        "--require-hashes",
        "-r",
        "requirements.txt",
    ],
}


def run(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check; its output is shown only when it fails."""
    done = subprocess.run(  # noqa: S603
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    # Without the service that lists vulnerabilities the audit succeeds, having checked nothing.
    blind = "could not be audited" in done.stdout + done.stderr
    verdict = "FAILED " if done.returncode else ("NOT RUN" if blind else "ok     ")
    said = [
        f"{verdict}  {name}{' (the list of vulnerabilities can not be reached from here)' if blind else ''}"
    ]
    if done.returncode:
        said += [done.stdout[-6000:], done.stderr[-6000:]]

    # In one piece: another check may print at the same time.
    print("\n".join(said), flush=True)

    return done.returncode == 0


def main() -> int:
    """Run all checks; 1 when one fails."""
    with tempfile.TemporaryDirectory() as instance:
        keys = {"SECRET_KEYS": secrets.token_urlsafe(48), "VAULT_KEYS": secrets.token_urlsafe(48)}
        environment = (
            os.environ
            | keys
            | {
                "FLASK_SKIP_DOTENV": "1",
                "INSTANCE_PATH": instance,
                "DATABASE_URL": f"sqlite:///{instance}/check.db",
            }
        )

        migrated = run("migrations run", ["flask", "--app", "wsgi", "db", "upgrade"], environment)
        with ThreadPoolExecutor(2) as pool:
            passed = list(pool.map(lambda check: run(check, CHECKS[check], environment), CHECKS))

    return 0 if migrated and all(passed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
