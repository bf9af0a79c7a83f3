"""`make run`: the whole product on this machine, with SQLite, sample content and a local mailbox."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SAMPLE_ADDRESS = "team@undersigned.example"


def keep_keys(instance: Path) -> dict[str, str]:
    """Keys and the sample password of this installation: made at the first start, kept in a file that only its owner reads."""
    path = instance / "local.env"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = {"SECRET_KEYS": secrets.token_urlsafe(48), "VAULT_KEYS": secrets.token_urlsafe(48), "SAMPLE_PASSWORD": f"try-{secrets.token_hex(6)}"}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in made.items())
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)


def free_port(wanted: int) -> int:
    """`wanted`, or the next port that nobody listens on."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port between {wanted} and {wanted + 49}: set PORT to one.")


def choose_settings() -> None:
    """Settings for one's own machine; what the environment says comes first."""
    instance = Path(os.environ.setdefault("INSTANCE_PATH", str(ROOT / "instance"))).resolve()
    for name, value in keep_keys(instance).items():
        os.environ.setdefault(name, value)
    if "PORT" not in os.environ:
        os.environ["PORT"] = str(free_port(8000))
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{os.environ['PORT']}")
    os.environ.setdefault("MAIL_SENDER", "post@confirm.example")
    if "MAIL_SERVER" not in os.environ:
        os.environ |= {"LOCAL_MAILBOX": "1", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": os.environ.get("MAIL_PORT") or str(free_port(8025))}


def prepare() -> None:
    """Migrate, and load the sample content if it is not there."""
    from flask_migrate import upgrade  # noqa: PLC0415  after the settings

    from campaign import create_app  # noqa: PLC0415
    from campaign.desk.sample_content import load_sample  # noqa: PLC0415
    from campaign.pages.readiness import readiness  # noqa: PLC0415

    app = create_app()
    with app.app_context():
        if not readiness()["migrations"]:
            upgrade()
        load_sample(os.environ["SAMPLE_PASSWORD"])


def say() -> None:
    """Where to go now."""
    site = os.environ["SITE_URL"]
    print(f"\n  The site       {site}/   (also {site}/be/ and {site}/ru/)")
    if os.environ.get("LOCAL_MAILBOX"):
        print(f"  The mailbox    {site}/mailbox   (every mail that the site sends arrives there)")
    print(f"  The team       {site}/desk/   as {SAMPLE_ADDRESS} with the password {os.environ['SAMPLE_PASSWORD']}")
    print("  To stop        Ctrl-C\n", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    choose_settings()
    prepare()
    say()
    processes = ["web", "worker", *(["mailbox"] if os.environ.get("LOCAL_MAILBOX") else [])]
    programs = Path(sys.executable).parent
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    honcho = str(programs / "honcho")
    os.execv(honcho, [honcho, "--no-prefix", "start", *processes])  # noqa: S606  our own program, in place of this one
