"""`make run`: the whole product on this machine, with SQLite, sample content and a local mailbox."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask.helpers import get_load_dotenv

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deploy.local_settings import choose, keep_settings  # noqa: E402  needs the path

SAMPLE_ADDRESS = "team@undersigned.example"


def choose_settings() -> None:
    """Choose the settings for one's own machine. With FLASK_SKIP_DOTENV no file is read or written."""
    os.environ |= keep_settings(ROOT, os.environ) if get_load_dotenv() else choose(ROOT, {}, os.environ)
    # Everything is in the environment now, also in that of the processes started from here.
    os.environ["FLASK_SKIP_DOTENV"] = "1"


def prepare() -> None:
    """Migrate, and load the sample content if it is not there; the worker fills in the long list of it."""
    from flask_migrate import upgrade  # noqa: PLC0415  after the settings

    from campaign import create_app  # noqa: PLC0415
    from campaign.desk.made_up_sample import enter_made_up  # noqa: PLC0415
    from campaign.desk.sample_content import load_sample  # noqa: PLC0415
    from campaign.desk.sample_removal import sample_was_removed  # noqa: PLC0415
    from campaign.pages.readiness import readiness  # noqa: PLC0415

    app = create_app()
    with app.app_context():
        if not readiness()["migrations"]:
            upgrade()
        if not sample_was_removed():
            load_sample(os.environ["SAMPLE_PASSWORD"])
            enter_made_up()


def say() -> None:
    """Print the addresses to go to."""
    site = os.environ["SITE_URL"]
    from campaign.config import OFFERED  # noqa: PLC0415  after the settings

    _first, *others = OFFERED
    print(f"\n  The site       {site}/   (also {', '.join(f'{site}/{code}/' for code in others)})")
    if os.environ.get("LOCAL_MAILBOX"):
        print(f"  The mailbox    {site}/mailbox   (every mail that the site sends arrives there)")
    print(
        f"  The team       {site}/desk/   as {SAMPLE_ADDRESS} with the password "
        f"{os.environ['SAMPLE_PASSWORD']}"
    )
    print("  Commands       flask campaign --help   (with .venv/bin on the PATH, in this folder)")
    print("  To stop        Ctrl-C\n", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    choose_settings()
    prepare()
    say()
    processes = ["web", "worker", *(["mailbox"] if os.environ.get("LOCAL_MAILBOX") else [])]
    programs = Path(sys.executable).parent
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    # Its own reading of .env would put the file above the environment.
    honcho = str(programs / "honcho")
    os.execv(honcho, [honcho, "--no-prefix", "--env", os.devnull, "start", *processes])  # noqa: S606  our own program, in place of this one
