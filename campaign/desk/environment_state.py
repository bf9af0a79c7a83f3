"""What a browser must not set, and what state it is in: never its value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from campaign.config import Settings


class SettingState(StrEnum):
    """The state of a setting from the environment."""

    SET = "set"
    UNSET = "unset"
    # Good for trying out on this machine alone.
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting, what it is for, its state, and what holds while it is not set."""

    name: str
    purpose: str
    state: SettingState
    otherwise: str = ""


def environment_state(settings: Settings) -> list[SettingLine]:
    """The settings that stay with the operator, in the order in which one sets them."""
    local = _("e-mails are only shown on this machine, and reach nobody")
    lines = (
        ("SECRET_KEYS", _("Keys that sign sessions and links"), ""),
        ("VAULT_KEYS", _("Keys that encrypt personal data"), ""),
        ("DATABASE_URL", _("Database"), _("an SQLite file on this machine")),
        ("REDIS_URL", _("Redis, for limits across several processes"), _("one process keeps them in memory")),
        ("SITE_URL", _("Address of the site"), _("this machine only")),
        ("LINK_URL", _("Neutral address for links in e-mails"), _("the address of the site")),
        ("ONION_URL", _("Address in Tor"), _("none")),
        ("MAIL_SERVER", _("Mail server"), _("a server on this machine")),
        ("MAIL_USERNAME", _("Name for signing in to the mail server"), _("no sign-in")),
        ("MAIL_PASSWORD", _("Password for the mail server"), _("no sign-in")),
        ("MAIL_SENDER", _("Address that e-mails come from"), _("an address made of the site’s")),
        ("BOUNCES_IMAP_HOST", _("Mailbox to which bounced e-mails come"), _("none")),
        ("TOMBSTONES_PATH", _("Journal of erased signatures"), _("a file beside the database")),
    )
    return [
        SettingLine(
            name,
            purpose,
            _state(settings, name),
            local if name == "MAIL_SERVER" and settings.local_mailbox else otherwise,
        )
        for name, purpose, otherwise in lines
    ]


def _state(settings: Settings, name: str) -> SettingState:
    if name == "MAIL_SERVER" and settings.local_mailbox:
        return SettingState.SAMPLE
    if name in {"SITE_URL", "LINK_URL"} and name in settings.given and settings.on_loopback:
        return SettingState.SAMPLE
    return SettingState.SET if name in settings.given else SettingState.UNSET
