"""Load from wrk, the only load generator: one thread, 16 connections, on the machine that serves."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WRK = shutil.which("wrk")
_SCRIPT = Path(__file__).with_name("post.lua")
# What browsers send with every request; the site answers forms of its own pages only.
_BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "same-origin"}
_FORM = _BROWSER | {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load: answers in a second, and their total."""

    rate: float
    answers: int


def load(port: int, path: str, seconds: int, headers: Mapping[str, str] | None = None) -> Load:
    """Request one address again and again."""
    return _wrk(port, path, seconds, _BROWSER | dict(headers or {}))


def post(port: int, requests: Sequence[tuple[str, str]], seconds: int, folder: Path) -> Load:
    """Post forms, each once: (path, body). Raises SystemExit when there are too few for so many seconds."""
    file = folder / "requests.txt"
    file.write_text("".join(f"{path} {body}\n" for path, body in requests))
    done = _wrk(port, "/", seconds, _FORM, ["-s", str(_SCRIPT)], ["--", str(file)])
    if done.answers >= len(requests):
        raise SystemExit(
            f"{len(requests)} forms were too few for {seconds} s: prepare more in benchmarks/forms.py."
        )
    return done


def _wrk(
    port: int,
    path: str,
    seconds: int,
    headers: Mapping[str, str],
    options: Sequence[str] = (),
    arguments: Sequence[str] = (),
) -> Load:
    named = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        str(WRK),
        "-t1",
        "-c16",
        f"-d{seconds}s",
        *named,
        *options,
        f"http://127.0.0.1:{port}{path}",
        *arguments,
    ]

    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, answers = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if not rate or not answers or "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"Under load {path} was not answered well:\n{said}")

    return Load(float(rate.group(1)), int(answers.group(1)))
