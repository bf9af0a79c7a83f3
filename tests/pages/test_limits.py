"""Limits hold across processes, with a real Redis."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask_migrate import upgrade

from campaign import create_app
from campaign.config import Settings
from campaign.extensions import limiter
from tests import machine
from tests.support import PublicClient

pytestmark = pytest.mark.needs("redis")
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def limiter_of_other_tests() -> Iterator[None]:
    """The one limiter of the process, put back: an app that counts in Redis binds it to a server that is gone
    when the next test asks.
    """
    before = dict(vars(limiter))
    yield
    vars(limiter).clear()
    vars(limiter).update(before)


@pytest.fixture
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of our own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    server = subprocess.Popen(
        [
            machine.program("redis"),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ],
        stdout=subprocess.DEVNULL,
    )
    for _try in range(100):
        try:
            redis.Redis(port=port).ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait(10)


_TYPE_WRONG_CODES = """
from campaign import create_app
from tests.support import PublicClient
client = PublicClient(create_app(), use_cookies=False)
print(*(client.post("/code", data={"code": f"{number:012}"}, environ_base={"REMOTE_ADDR": "8.8.4.4"}).status_code for number in range(20)))
"""


def test_two_processes_count_wrong_codes_together(
    environment: dict[str, str], redis_url: str, tmp_path: Path
) -> None:
    settings = environment | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/test.db",
        "REDIS_URL": redis_url,
        "WEB_PROCESSES": "2",
    }
    with create_app(Settings.from_environment(settings)).app_context():
        upgrade()
    answers: list[str] = []
    for _process in range(2):
        done = subprocess.run(
            [sys.executable, "-c", _TYPE_WRONG_CODES],
            env=os.environ | settings,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        answers += done.stdout.split()
    assert answers.count("422") == 30
    assert answers.count("429") == 10


def test_without_redis_forms_are_put_off_and_pages_are_not(
    environment: dict[str, str], tmp_path: Path
) -> None:
    away = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/test.db",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "WEB_PROCESSES": "2",
    }
    app = create_app(Settings.from_environment(environment | away))
    app.test_client_class = PublicClient
    with app.app_context():
        upgrade()
    client = app.test_client()
    for path in ("/code", "/s/free/sign"):
        answer = client.post(path, data={"code": "1"}, environ_base={"REMOTE_ADDR": "8.8.4.4"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30"), path
    assert client.get("/about").status_code == 200
