"""The stage of a run: a temporary database, the web server and worker of the Procfile, and an SMTP server."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """The place of a run. `settings` are those of the site, without a port."""

    folder: Path
    settings: Mapping[str, str]

    def at(self, port: int, **more: str) -> dict[str, str]:
        """The whole environment of a process of the site at `port`; nothing leaks in from the caller's."""
        binaries = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
        return {
            "PATH": binaries,
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "FLASK_SKIP_DOTENV": "1",
            "PORT": str(port),
            **self.settings,
            **more,
        }


def stage_in(folder: Path, database_url: str) -> Stage:
    """A stage whose files are in `folder`."""
    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEYS", "VAULT_KEYS")}
    sample = {"SAMPLE_PASSWORD": secrets.token_urlsafe(12)}
    return Stage(
        folder,
        keys
        | sample
        | {"DATABASE_URL": database_url, "INSTANCE_PATH": str(folder), "MAIL_SENDER": "post@confirm.example"},
    )


def free_port() -> int:
    """A port that is not in use."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def procfile(process: str, factory: str = "wsgi:create_front") -> list[str]:
    """The command of a process of the Procfile; `factory` takes the place of the site's."""
    line = next(
        line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith(f"{process}:")
    )
    # exec, so that stopping the shell's process stops the program.
    return ["sh", "-c", f"exec {line.partition(':')[2].strip().replace('wsgi:create_front', factory)}"]


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process until the block ends; its output is appended to a file."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves, or is about to."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def first_answer(self, path: str) -> None:
        """Wait for an answer from `path`. Raises SystemExit when the process ends, or after a minute."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            try:
                if get(self.port, path)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        raise SystemExit(
            f"{path} was not answered. The last words of the server:\n{self.log.read_text()[-3000:]}"
        )


@contextmanager
def serving(
    stage: Stage, factory: str = "wsgi:create_front", command: list[str] | None = None, **more: str
) -> Iterator[Server]:
    """The web server of the Procfile with an app, or another command that serves."""
    port = free_port()
    log = stage.folder / f"{port}.log"
    with running(command or procfile("web", factory), stage.at(port, **more), log) as process:
        yield Server(process, port, log)


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """(status, headers, body) of one GET."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()
