"""Forms of the team: sign-in, the password of an invitation, and inviting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import StopValidation

from campaign.accounts.common_passwords import is_common
from campaign.accounts.grants import ROLES, Permission
from campaign.accounts.passwords import LONGEST, SHORTEST
from campaign.core.forms import (
    ExactMailField,
    Filled,
    LineField,
    NoLongerThan,
    PlainName,
    PlainText,
    TeamForm,
)
from campaign.core.mail_addresses import sole_address
from campaign.core.origin import TEAM_PREFIX


class Address:
    """A check of a mail address by its syntax."""

    def __call__(self, form: Form, field: Any) -> None:
        try:
            sole_address(field.data)
        except ValueError:
            raise StopValidation(
                _("This is not a complete e-mail address, such as name@organisation.org.")
            ) from None


class SignInForm(TeamForm):
    """Address and password. The form never says which of the two is wrong."""

    email = StringField(_l("E-mail"), [Filled(_l("Please enter your e-mail address."))])
    password = PasswordField(
        _l("Password"), [Filled(_l("Please enter your password.")), NoLongerThan(LONGEST)]
    )
    code = LineField(_l("Code of the second factor, if you have one"), [NoLongerThan(40)])
    next = HiddenField()
    # The token of the link in the mail about wrong passwords.
    way = HiddenField()
    # The answer of a device with a passkey, which the script of the page fills in.
    credential = HiddenField()


class ProveForm(TeamForm):
    """The password once more, and a code where there is a second factor; or a passkey."""

    password = PasswordField(
        _l("Password"), [Filled(_l("Please enter your password.")), NoLongerThan(LONGEST)]
    )
    code = LineField(_l("Code of the second factor"), [NoLongerThan(40)])
    next = HiddenField()
    credential = HiddenField()


class ForgottenForm(TeamForm):
    """The address of an account whose password is forgotten."""

    email = ExactMailField(
        _l("E-mail"),
        [Filled(_l("Please enter your e-mail address.")), NoLongerThan(254), Address()],
    )


class PasskeyNameForm(TeamForm):
    """The name by which a member knows a passkey."""

    name = LineField(
        _l("Name of the passkey"),
        [Filled(_l("Please give the passkey a name.")), NoLongerThan(60), PlainText()],
    )
    credential = HiddenField()


class SecondFactorForm(TeamForm):
    """A code of the app in which the secret has just been entered."""

    secret = HiddenField()
    code = LineField(
        _l("Code shown by the app"),
        [Filled(_l("Please enter the six digits that the app shows.")), NoLongerThan(40)],
    )


class PasswordForm(TeamForm):
    """The password that an invited member chooses."""

    password = PasswordField(_l("Password"), [Filled(_l("Please choose a password.")), NoLongerThan(LONGEST)])

    def __init__(self, known: Iterable[str]) -> None:
        """`known`: what everybody knows of the member and the site, and tries."""
        self.known = tuple(known)
        super().__init__()

    def validate_password(self, field: Any) -> None:
        """At least twelve characters, and nothing that is guessed among the first."""
        if len(field.data) < SHORTEST:
            raise StopValidation(
                _(
                    "This has %(length)s characters. Please use at least %(least)s.",
                    length=len(field.data),
                    least=SHORTEST,
                )
            )

        if is_common(field.data, self.known):
            raise StopValidation(
                _(
                    "This is too easy to guess: many people use it or something like it, or it is made of "
                    "names that everybody knows. Four or five words without connection are good."
                )
            )


class TeamInvitationForm(TeamForm):
    """A new member of the team."""

    name = LineField(
        _l("Name of the person"), [Filled(_l("Please enter a name.")), NoLongerThan(200), PlainName()]
    )
    email = ExactMailField(
        _l("E-mail"), [Filled(_l("Please enter an e-mail address.")), NoLongerThan(254), Address()]
    )
    role = RadioField(_l("Role in the team"), default="reader", choices=lambda: list(role_names().items()))

    def __init__(self, *, by_owner: bool) -> None:
        """`by_owner`: only they invite further owners."""
        super().__init__()
        if not by_owner:
            self.role.choices = [choice for choice in self.role.choices if choice[0] != "owner"]


def role_names() -> dict[str, str]:
    """The roles in the reader's language, from the widest to the narrowest."""
    return {
        "owner": _("Owner"),
        "administrator": _("Administrator"),
        "editor": _("Editor"),
        "moderator": _("Moderator"),
        "exporter": _("Exporter"),
        "reader": _("Reader"),
    }


def permission_words() -> dict[Permission, str]:
    """What each permission lets a member do, in the reader's language."""
    return {
        Permission.MANAGE_TEAM: _("invites and removes members, changes roles, reads the log"),
        Permission.MANAGE_SITE: _("sets the site up: name, looks, languages, keys"),
        Permission.WRITE_STATEMENTS: _("writes and publishes statements, people, news and invitations"),
        Permission.MODERATE: _("decides on signatures and organisations that wait"),
        Permission.EXPORT: _("takes lists away from the site"),
        Permission.READ: _("sees statements, signatures that are public, and figures"),
        Permission.ACCOUNT: _("sets up the own account and its sessions"),
    }


def role_permissions() -> dict[str, list[str]]:
    """What each role may do, in words; the table itself is `permissions.ROLES`."""
    words = permission_words()
    return {
        role: [said for each, said in words.items() if each in allowed] for role, allowed in ROLES.items()
    }


def role_hints() -> dict[str, str]:
    """What each role may do, in the reader's language."""
    return {
        "owner": _("Can do everything, and manages the team."),
        "administrator": _("Sets up site and team. Sees no statements in work, no signers and no contacts."),
        "editor": _("Writes statements, reviews, exports lists."),
        "moderator": _("Reviews organisations and signatures."),
        "exporter": _("Sees the desk and takes lists away. Changes nothing."),
        "reader": _("Sees the desk, but no names that are not public. Changes nothing."),
    }


def safe_next(target: str | None) -> str | None:
    """The `target` when it is an address of the desk on this site, else None."""
    if not target or "\\" in target or not target.isprintable():
        return None
    parts = urlsplit(target)
    segments = unquote(parts.path).split("/")
    inside = parts.path == TEAM_PREFIX or parts.path.startswith(TEAM_PREFIX + "/")
    return (
        target
        if inside and not parts.scheme and not parts.netloc and ".." not in segments and "." not in segments
        else None
    )
