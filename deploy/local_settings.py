"""The settings of a site on one's own machine: `.env`, which `make run` writes and the flask command reads.

Its upper part belongs to its owner: keys and anything else set there. Below the mark are the settings that
`make run` used last.
"""

from __future__ import annotations

import io
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

_HEAD = (
    "# Settings for this machine, for `make run` and for the flask command in this folder. What the "
    "environment says comes first.\n"
    "# Yours to edit. The keys open what is in the database: do not lose them, do not show them.\n"
)
_MARK = "# What `make run` last ran with. It writes all below this line anew at each start.\n"
_KEYS = ("SECRET_KEYS", "VAULT_KEYS")
# The settings with which a command uses the same database and mailbox, and prints the right addresses.
_RAN_WITH = (
    "INSTANCE_PATH",
    "DATABASE_URL",
    "PORT",
    "SITE_URL",
    "MAIL_SENDER",
    "MAIL_SERVER",
    "MAIL_PORT",
    "LOCAL_MAILBOX",
)

Values = dict[str, str]


def keep_settings(root: Path, environ: Mapping[str, str]) -> Values:
    """All settings that `make run` adds to the environment, as `root/.env` has them afterwards.

    Raises SystemExit with a sentence.
    """
    file = root / ".env"
    said = {name: value for name, value in environ.items() if value.strip()}
    text = _own_part(file)
    own = _parsed(text)
    former = _former_file(root, own | said)
    made = {name: value for name, value in (new_keys() | _read(former)).items() if name not in own | said}
    _refuse_other_keys(former, own | made, said)
    chosen = choose(root, own | made, said)
    _refuse_new_keys({*_KEYS} & {*made} - {*_read(former)}, chosen)
    # With keys in the environment, commands get them from there, too, and the file belongs to another site
    # (campaign.config).
    kept = () if {*_KEYS} <= {*said} else _RAN_WITH
    ran_with = {name: chosen[name] for name in kept if name in chosen and chosen[name] != own.get(name)}
    _write(file, f"{text}{_lines(made)}\n{_MARK}{_lines(ran_with)}")
    if not _missing_keys(former, _read(file)):
        former.unlink(missing_ok=True)

    return chosen


def choose(root: Path, own: Values, environ: Mapping[str, str]) -> Values:
    """The environment first, then one's own settings, then the defaults."""
    said = own | {name: environ[name] for name in {*_RAN_WITH, *own} if environ.get(name)}
    instance = Path(said.get("INSTANCE_PATH") or root / "instance").resolve()
    return _defaults(said) | said | {"INSTANCE_PATH": str(instance)}


def new_keys() -> Values:
    """Random keys, and a password for the sample team."""
    return {name: secrets.token_urlsafe(48) for name in _KEYS} | {
        "SAMPLE_PASSWORD": f"try-{secrets.token_hex(6)}"
    }


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


def _defaults(said: Values) -> Values:
    """The address of the site, and the mailbox in place of a mail server, where they are not set."""
    port = said.get("PORT") or str(free_port(8000))
    # By its name: browsers bind passkeys to a name, never to an IP address.
    found = {"PORT": port, "SITE_URL": f"http://localhost:{port}", "MAIL_SENDER": "post@confirm.example"}
    if "MAIL_SERVER" not in said:
        found |= {
            "LOCAL_MAILBOX": "1",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": said.get("MAIL_PORT") or str(free_port(8025)),
        }
    return found


def _former_file(root: Path, said: Values) -> Path:
    """The file in which earlier releases kept the keys: beside the database."""
    return Path(said.get("INSTANCE_PATH") or root / "instance").resolve() / "local.env"


def _missing_keys(former: Path, kept: Values) -> set[str]:
    """The names of the settings whose keys in the former file are not all kept."""
    keys = {name: value for name, value in _read(former).items() if name in _KEYS}
    return {
        name for name, value in keys.items() if set(value.split(",")) - set(kept.get(name, "").split(","))
    }


def _refuse_other_keys(former: Path, own: Values, said: Values) -> None:
    """Refuse keys that can't read the database, before it is filled with data that its own keys can't
    read.
    """
    if missing := sorted(_missing_keys(former, own) - set(said)):
        raise SystemExit(
            f"{former} and .env hold different keys: put those of this database into "
            f"{' and '.join(missing)} in .env, the newest last."
        )


def _refuse_new_keys(new: set[str], chosen: Values) -> None:
    """Refuse to make keys for a database that is there already: its own were set in the environment, and are
    not now.
    """
    if new and _holds_tables(chosen):
        raise SystemExit(
            f"There is a database already, and {' and '.join(sorted(new))}, with which it was made, can't be"
            " found: they were set in the environment of an earlier run. Set them again, or put them into"
            " .env. New keys could not open what is in the database. To begin anew, move the database away."
        )


def _holds_tables(chosen: Values) -> bool:
    """True where the database of these settings has been filled before."""
    url = make_url(chosen.get("DATABASE_URL") or f"sqlite:///{chosen['INSTANCE_PATH']}/undersigned.db")
    if url.get_backend_name() == "sqlite":
        return bool(url.database) and Path(str(url.database)).exists()
    engine = create_engine(url.set(drivername="postgresql+psycopg"))
    try:
        return inspect(engine).has_table("alembic_version")
    except SQLAlchemyError:
        # Nothing can be asked of it; the start will say so.
        return False
    finally:
        engine.dispose()


def _own_part(file: Path) -> str:
    if not file.exists():
        return _HEAD
    return file.read_text().partition(_MARK)[0].rstrip("\n") + "\n"


def _parsed(text: str) -> Values:
    return {name: value for name, value in dotenv_values(stream=io.StringIO(text)).items() if value}


def _read(file: Path) -> Values:
    return _parsed(file.read_text()) if file.exists() else {}


def _lines(values: Values) -> str:
    quoted = ((name, value.replace("\\", "\\\\").replace("'", "\\'")) for name, value in values.items())
    return "".join(f"{name}='{value}'\n" for name, value in quoted)


def _write(file: Path, text: str) -> None:
    """Replace a file that only its owner reads, as a whole or not at all."""
    new = file.with_name(".env.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
