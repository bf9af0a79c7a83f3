"""Settings from the environment.

A setting that would make the site unsafe stops the start with a sentence.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
from dotenv import dotenv_values, find_dotenv
from flask.helpers import get_load_dotenv
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from campaign.core.catalogues import HOUSE_LANGUAGES, catalogue_languages

# Languages that the interface can be shown in, by code: those of the house, and every other whose
# catalogue is there.
LANGUAGES = catalogue_languages()
# Those that a site offers until its owners choose others.
OFFERED = {code: LANGUAGES[code] for code in HOUSE_LANGUAGES if code in LANGUAGES}

_HOW = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
_SAMPLE_WORDS = (
    "changeme",
    "change-me",
    "change_me",
    "sample",
    "example",
    "insecure",
    "your-secret",
    "password",
    "notasecret",
)
# Of 48 random hexadecimal digits fewer than twelve different ones are seen once in 15,000 keys, fewer than
# eight once in 10¹³: a bound of twelve refused good keys.
_LEAST_DIFFERENT = 8
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_MAIL_ADDRESS = r"[^\s@<>\"]+@[^\s@<>\"]+"
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class SettingsError(click.ClickException):
    """A setting is missing, weak or contradictory; the message says what to set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings from the environment. Keys are newest last; URLs carry no trailing slash."""

    database_url: str
    redis_url: str
    secret_keys: tuple[str, ...]
    vault_keys: tuple[str, ...]
    site_url: str
    site_name: str
    link_url: str
    onion_url: str
    trusted_proxies: int
    mail_server: str
    mail_port: int
    mail_username: str
    mail_password: str
    mail_use_tls: bool
    mail_use_ssl: bool
    mail_sender: str
    mail_max_per_hour: int
    mail_max_per_day: int
    instance_path: Path
    tombstones_path: Path
    web_processes: int
    web_threads: int
    port: int
    local_mailbox: bool
    unusual_flow: int
    # For so many days a rejected or invalidated signature can be restored; then its name is erased.
    undo_days: int
    # The log of the team keeps times of day for so long, and only days afterwards.
    log_times_days: int
    # The confirmations that a statement under attack may send in a minute.
    attack_mails_per_minute: int
    # A member added less than so many days ago can't be the second person where it takes two.
    second_person_after_days: int
    # From the eighth day on nobody works on the desk without a passkey or an app that shows codes.
    second_factor_required: bool
    # The data controller, name and address in lines; contacts for questions about data, and for security
    # holes of the site.
    operator: tuple[str, ...]
    privacy_contact: str
    security_contact: str
    # Where relatives of prisoners find help: no help itself passes through this site.
    relatives_channels: tuple[str, ...]
    # Where answers to questions of the team go; empty: to the press contact, or to the member who asks.
    team_mail: str = ""
    # The mailbox to which bounces come, where the worker shall read it.
    bounces_imap_host: str = ""
    bounces_imap_port: int = 993
    bounces_imap_username: str = ""
    bounces_imap_password: str = ""
    bounces_imap_folder: str = "INBOX"
    # Which of the settings the environment has: the desk says so, and shows no value.
    given: frozenset[str] = frozenset()

    @property
    def on_loopback(self) -> bool:
        """True when the site is served over plain http on this machine only: the team's cookie is
        then plain.
        """
        return is_loopback(self.site_url) and self.site_url.startswith("http://")

    @property
    def origins(self) -> frozenset[str]:
        """The origins from which a public form may be posted."""
        return frozenset(origin_of(url) for url in (self.site_url, self.link_url, self.onion_url) if url)

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the site answers, as they stand in a Host header, without ports."""
        names = frozenset(self.host_of(url) for url in (self.site_url, self.link_url, self.onion_url) if url)
        return names | _LOOPBACK if is_loopback(self.site_url) else names

    @staticmethod
    def host_of(url: str) -> str:
        """The name in an address as it stands in a Host header, without a port."""
        return _ascii(urlsplit(url).hostname or "")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check all settings. Raises SettingsError with a sentence that says what to set."""
        read = _Reader(_environment() if environ is None else environ)
        instance = Path(read.text("INSTANCE_PATH", "instance")).resolve()
        port = read.number("PORT", 8000)
        site_url = read.url("SITE_URL", f"http://localhost:{port}")
        secret_keys = read.keys("SECRET_KEYS")
        vault_keys = read.keys("VAULT_KEYS")
        settings = cls(
            database_url=_database_url(read.text("DATABASE_URL", f"sqlite:///{instance / 'undersigned.db'}")),
            redis_url=read.text("REDIS_URL", ""),
            secret_keys=secret_keys,
            vault_keys=vault_keys,
            site_url=site_url,
            site_name=read.text("SITE_NAME", "Undersigned"),
            link_url=read.url("LINK_URL", site_url),
            onion_url=read.url("ONION_URL", ""),
            trusted_proxies=read.number("TRUSTED_PROXIES", 0),
            mail_server=read.text("MAIL_SERVER", "127.0.0.1"),
            mail_port=read.number("MAIL_PORT", 25),
            mail_username=read.text("MAIL_USERNAME", ""),
            mail_password=read.text("MAIL_PASSWORD", ""),
            mail_use_tls=read.flag("MAIL_USE_TLS"),
            mail_use_ssl=read.flag("MAIL_USE_SSL"),
            mail_sender=read.text("MAIL_SENDER", f"confirm@{urlsplit(site_url).hostname}"),
            mail_max_per_hour=read.number("MAIL_MAX_PER_HOUR", 0),
            mail_max_per_day=read.number("MAIL_MAX_PER_DAY", 0),
            instance_path=instance,
            tombstones_path=Path(read.text("TOMBSTONES_PATH", str(instance / "tombstones.log"))).resolve(),
            web_processes=read.number("WEB_PROCESSES", 1),
            web_threads=read.number("WEB_THREADS", 8),
            port=port,
            local_mailbox=read.flag("LOCAL_MAILBOX"),
            # On loopback nobody attacks, and whoever measures means it.
            unusual_flow=read.number("UNUSUAL_FLOW", 0 if is_loopback(site_url) else 300),
            undo_days=read.number("UNDO_DAYS", 30),
            log_times_days=read.number("LOG_TIMES_DAYS", 30),
            attack_mails_per_minute=max(1, read.number("ATTACK_MAILS_PER_MINUTE", 60)),
            second_person_after_days=read.number("SECOND_PERSON_AFTER_DAYS", 14),
            second_factor_required=read.flag("SECOND_FACTOR_REQUIRED", default=True),
            operator=read.lines("OPERATOR"),
            privacy_contact=read.contact("PRIVACY_CONTACT"),
            security_contact=read.contact("SECURITY_CONTACT") or read.contact("PRIVACY_CONTACT"),
            relatives_channels=read.lines("RELATIVES_CHANNELS"),
            team_mail=read.text("TEAM_MAIL", ""),
            bounces_imap_host=read.text("BOUNCES_IMAP_HOST", ""),
            bounces_imap_port=read.number("BOUNCES_IMAP_PORT", 993),
            bounces_imap_username=read.text("BOUNCES_IMAP_USERNAME", ""),
            bounces_imap_password=read.text("BOUNCES_IMAP_PASSWORD", ""),
            bounces_imap_folder=read.text("BOUNCES_IMAP_FOLDER", "INBOX"),
            given=frozenset(name for name in read.environ if read.text(name, "")),
        )
        _refuse_contradictions(settings)

        return settings


def is_loopback(url: str) -> bool:
    """True when the host of `url` is this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def origin_of(url: str) -> str:
    """The origin of a URL: `https://host:port/path` to `https://host:port`, as browsers write it in the
    Origin header.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _ascii(host: str) -> str:
    """The name of a host in other letters, as browsers send it (IDNA)."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _environment() -> Mapping[str, str]:
    """The environment, unless the flask command has filled gaps in it from another site's `.env`.

    `make run` leaves such a file. Which variables came from it can't be told afterwards, so a site with keys
    of its own beside it is refused, rather than run on a database that is not its own. Raises SettingsError.
    """
    from_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true" and get_load_dotenv()
    path = find_dotenv(usecwd=True) if from_command else ""
    written = dotenv_values(path) if path else {}
    if all(
        name in written and os.environ.get(name) != written[name] for name in ("SECRET_KEYS", "VAULT_KEYS")
    ):
        raise SettingsError(
            f"{path} holds the settings of another site, and the flask command fills gaps in yours from it:"
            " set FLASK_SKIP_DOTENV=1, or move that file away."
        )
    return os.environ


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def lines(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name, "").split("|") if part.strip())

    def contact(self, name: str) -> str:
        """A mail address or a web address, as a URI; empty where none is set."""
        value = self.text(name, "")
        if not value or _is_web_address(value):
            return value
        address = value.removeprefix("mailto:")
        if not re.fullmatch(_MAIL_ADDRESS, address):
            raise SettingsError(
                f"{name} is “{value}”: set it to a mail address, or to a web address such as "
                "https://our-coalition.org/contact."
            )
        return f"mailto:{address}"

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal():
            raise SettingsError(
                f"{name} is “{value}”, which is not a whole number: set it to one, or leave it out for "
                f"{default}."
            )
        return int(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name, "1" if default else "").lower()
        if value not in _TRUE | _FALSE:
            raise SettingsError(f"{name} is “{value}”: set it to 1 or 0.")
        return value in _TRUE

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        if value and not _is_web_address(value):
            raise SettingsError(
                f"{name} is “{value}”: set it to an address such as https://sign.our-coalition.org."
            )
        return value

    def keys(self, name: str) -> tuple[str, ...]:
        values = tuple(part.strip() for part in self.environ.get(name, "").split(",") if part.strip())
        if not values:
            raise SettingsError(
                f"{name} is missing: set it to a long random value (several: comma separated, newest last). "
                f"{_HOW}"
            )

        for value in values:
            if any(word in value.lower() for word in _SAMPLE_WORDS):
                raise SettingsError(
                    f"{name} holds a sample value that everyone can read: set a random one of your own. "
                    f"{_HOW}"
                )
            if len(value) < 32 or len(set(value)) < _LEAST_DIFFERENT or _has_a_pattern(value):
                raise SettingsError(
                    f"{name} is too weak: each key needs at least 32 random characters. {_HOW}"
                )

        if len(set(values)) < len(values):
            raise SettingsError(f"{name} names a key twice: set each one once, the newest last.")
        return values


def _has_a_pattern(value: str) -> bool:
    """True for a repeated word, and for characters in the order of the alphabet or of the numbers."""
    steps = [ord(after) - ord(before) for before, after in itertools.pairwise(value.lower())]
    return value in (value + value)[1:-1] or max(steps.count(step) for step in (-1, 0, 1)) > len(steps) // 2


def _is_web_address(value: str) -> bool:
    try:
        return urlsplit(value).scheme in {"http", "https"} and bool(_ascii(urlsplit(value).hostname or ""))
    except ValueError:
        return False


def _database_url(text: str) -> str:
    """The address of the database with the drivers that we ship."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise SettingsError(
            "DATABASE_URL can't be read: set it to sqlite:////path/file.db or postgresql://user@host/name."
        ) from error

    drivers = {
        "sqlite": "sqlite+pysqlite",
        "postgresql": "postgresql+psycopg",
        "postgres": "postgresql+psycopg",
    }
    if url.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError(
            f"DATABASE_URL names “{url.get_backend_name()}”: set it to an SQLite or PostgreSQL address."
        )

    return url.set(drivername=drivers.get(url.drivername, url.drivername)).render_as_string(
        hide_password=False
    )


def _refuse_contradictions(settings: Settings) -> None:
    if set(settings.secret_keys) & set(settings.vault_keys):
        raise SettingsError(
            "SECRET_KEYS and VAULT_KEYS share a value: set different ones, so that one leak does not open "
            "both."
        )

    if settings.web_processes > 1 and not settings.redis_url:
        raise SettingsError(
            "WEB_PROCESSES is above 1, and limits must hold across processes: set REDIS_URL, or "
            "WEB_PROCESSES=1."
        )

    if settings.mail_use_tls and settings.mail_use_ssl:
        raise SettingsError(
            "MAIL_USE_TLS and MAIL_USE_SSL are both on: set one of them (TLS for port 587, SSL for port 465)."
        )

    if settings.local_mailbox and not is_loopback(settings.site_url):
        raise SettingsError(
            "LOCAL_MAILBOX shows every mail to every visitor: unset it, or set SITE_URL to this machine."
        )

    if "@" not in settings.mail_sender:
        raise SettingsError(
            f"MAIL_SENDER is “{settings.mail_sender}”: set it to the mail address that confirmations come "
            "from."
        )

    if settings.bounces_imap_host and not (settings.bounces_imap_username and settings.bounces_imap_password):
        raise SettingsError(
            "BOUNCES_IMAP_HOST is set without BOUNCES_IMAP_USERNAME and BOUNCES_IMAP_PASSWORD: set all three,"
            " or none."
        )

    if settings.team_mail and not re.fullmatch(_MAIL_ADDRESS, settings.team_mail):
        raise SettingsError(
            f"TEAM_MAIL is “{settings.team_mail}”: set it to the mail address where the team reads "
            "answers to its questions, or leave it out."
        )
