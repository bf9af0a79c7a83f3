"""The processes of the Procfile, for tests of a whole running site."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def procfile(process: str, factory: str = "wsgi:create_front") -> list[str]:
    """The command of a process of the Procfile, which reads its settings from the environment; `factory` takes
    the place of the site's.
    """
    line = next(
        line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith(f"{process}:")
    )
    # exec, so that stopping the shell's process stops the program.
    return ["sh", "-c", f"exec {line.partition(':')[2].strip().replace('wsgi:create_front', factory)}"]


def free_port() -> int:
    """A port that is not in use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def settings_in(folder: Path) -> dict[str, str]:
    """The settings of a site on this machine whose files are in `folder`."""
    port = free_port()
    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEYS", "VAULT_KEYS")}
    return keys | {
        "INSTANCE_PATH": str(folder),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "MAIL_SENDER": "post@neutral.example",
        "FLASK_SKIP_DOTENV": "1",
    }


@contextmanager
def running(
    settings: Mapping[str, str], *processes: str, factory: str = "wsgi:create_front"
) -> Iterator[None]:
    """Processes of the Procfile with these settings, until the block ends; it begins once the web answers."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = os.environ | {"PATH": path} | settings
    started = [
        subprocess.Popen(procfile(name, factory), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        for name in processes
    ]
    try:
        wait_for(f"{settings['SITE_URL']}/healthz")
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def wait_for(address: str) -> None:
    """Wait until an address of ours is answered well."""
    for _try in range(900):
        try:
            urllib.request.urlopen(address, timeout=2)  # noqa: S310  our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} did not come up")
